"""When somebody must have spoken to the resident, and when the answer is due.

Classes and their lengths are configuration (our proposal, domain reference §4.2); the clock
starts when the case is dispatched, never when it is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.lengths import Length, Unit, after, part, shifted
from casework.working_calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class DeadlineClass:
    """``contact``, ``on_site`` and ``answer`` run from dispatch; the shares are of ``answer``.

    ``accept_at`` is the share by which the owner must have signed for it, ``warn_at`` when it is
    due soon, ``levels`` how the grid, the community and the street share the time (they add up
    to 1). ``renewal`` is how much longer it may take after one reasoned extension. ``statutory``
    classes end with a day and roll over holidays; the others run to the minute.
    """

    code: str
    contact: Length
    answer: Length
    warn_at: float = 0.7
    accept_at: float = 0.25
    levels: tuple[float, float, float] = (0.5, 0.3, 0.2)
    on_site: Length | None = None
    renewal: Length | None = None
    statutory: bool = False

    def __post_init__(self) -> None:
        about = self.answer.about
        if self.contact.about > about or not 0 < self.warn_at < 1:
            raise ValueError(f"deadline class {self.code}: contact ≤ answer, 0 < warn_at < 1")
        if self.on_site is not None and self.on_site.about > about:
            raise ValueError(f"deadline class {self.code}: on_site ≤ answer")
        if not 0 < self.accept_at < 1:
            raise ValueError(f"deadline class {self.code}: 0 < accept_at < 1")
        if min(self.levels) <= 0 or abs(sum(self.levels) - 1) > 1e-9:
            raise ValueError(f"deadline class {self.code}: levels are above 0 and add up to 1")


@dataclass(frozen=True, slots=True)
class Instants:
    """Everything a class makes due, as moments. ``level_due_at`` is for the 1st, 2nd, 3rd level."""

    contact_by: datetime
    accept_by: datetime
    warn_at: datetime
    level_due_at: tuple[datetime, datetime, datetime]
    due_at: datetime
    on_site_by: datetime | None = None


def instants(cls: DeadlineClass, started: datetime, calendar: WorkingCalendar) -> Instants:
    """The moments of a case dispatched at ``started``; shares run on the answer's own time."""
    due_at = after(started, cls.answer, calendar, statutory=cls.statutory)

    def share(of: float) -> datetime:
        return part(started, cls.answer, of, calendar, statutory=cls.statutory)

    first, second, _ = cls.levels
    contact_by = after(started, cls.contact, calendar, statutory=cls.statutory)
    on_site = cls.on_site
    return Instants(
        contact_by=min(contact_by, due_at),
        accept_by=share(cls.accept_at),
        warn_at=share(cls.warn_at),
        level_due_at=(share(first), share(first + second), due_at),
        due_at=due_at,
        on_site_by=None if on_site is None else min(after(started, on_site, calendar), due_at),
    )


def put_off(
    moment: datetime,
    by: timedelta,
    *,
    length: Length,
    began: datetime,
    calendar: WorkingCalendar,
) -> datetime:
    """A moment when the clock stood still for ``by`` since ``began``, on its own kind of time.

    ``length`` is what it was reckoned by. It stays when it was due by then.
    """
    if moment <= began:
        return moment
    if length.unit is Unit.WORKDAY:
        return shifted(moment, began, by, calendar)
    return moment + by


def renewed(due_at: datetime, cls: DeadlineClass, calendar: WorkingCalendar) -> datetime | None:
    """The latest an extension may put the answer to; None when the class knows none."""
    if cls.renewal is None:
        return None
    # A period by law goes on from its last day, not from the 00:00 behind it.
    start = due_at - timedelta.resolution if cls.statutory else due_at
    return after(start, cls.renewal, calendar, statutory=cls.statutory)
