"""When somebody must have spoken to the resident, and when the answer is due.

Classes and their lengths are configuration (our proposal, domain reference §4.2); the clock
starts when the case is dispatched, never when it is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from casework.case import OPEN, Case
from casework.lengths import Length, Unit, after, part
from casework.lengths import shifted as shifted_workdays
from casework.working_calendar import WEEKENDS, WorkingCalendar


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


def shifted(
    moments: Instants,
    by: timedelta,
    *,
    cls: DeadlineClass,
    began: datetime,
    calendar: WorkingCalendar,
) -> Instants:
    """The moments when the clock stood still for ``by`` since ``began``.

    What was due by then stays as it was; the rest is put off, on its own kind of time.
    """

    def put(moment: datetime, length: Length = cls.answer) -> datetime:
        return put_off(moment, by, length=length, began=began, calendar=calendar)

    first, second, third = moments.level_due_at
    on_site = moments.on_site_by
    return Instants(
        contact_by=put(moments.contact_by, cls.contact),
        accept_by=put(moments.accept_by),
        warn_at=put(moments.warn_at),
        level_due_at=(put(first), put(second), put(third)),
        due_at=put(moments.due_at),
        on_site_by=None if on_site is None else put(on_site, cls.on_site or cls.answer),
    )


def put_off(
    moment: datetime,
    by: timedelta,
    *,
    length: Length,
    began: datetime,
    calendar: WorkingCalendar,
) -> datetime:
    """One such moment, reckoned by ``length``; it stays when it was due by ``began``."""
    if moment <= began:
        return moment
    if length.unit is Unit.WORKDAY:
        return shifted_workdays(moment, began, by, calendar)
    return moment + by


def renewed(due_at: datetime, cls: DeadlineClass, calendar: WorkingCalendar) -> datetime | None:
    """The latest an extension may put the answer to; None when the class knows none."""
    if cls.renewal is None:
        return None
    # A period by law goes on from its last day, not from the 00:00 behind it.
    start = due_at - timedelta.resolution if cls.statutory else due_at
    return after(start, cls.renewal, calendar, statutory=cls.statutory)


class Judgement(StrEnum):
    """What the clock finds."""

    PENDING = "pending"
    WARNED = "warned"
    BREACHED = "breached"
    MET = "met"


def due(
    filed_at: datetime, length: DeadlineClass, calendar: WorkingCalendar = WEEKENDS
) -> tuple[datetime, datetime]:
    """(contact by, answer due) for a case dispatched at ``filed_at``."""
    moments = instants(length, filed_at, calendar)
    return moments.contact_by, moments.due_at


def restarted(case: Case, began: datetime, now: datetime) -> Case:
    """A reopened case, which has as long again as it had from ``began``, and is judged anew."""
    if case.due_at is None:
        return case
    return replace(case, due_at=now + (case.due_at - began), warned_at=None, breached_at=None)


def hastened(case: Case, began: datetime, length: DeadlineClass, now: datetime) -> Case:
    """A case that belongs to another class since ``now``; its round began at ``began``.

    What was promised to the resident is never put off. A shorter class brings the dates forward,
    counted from when the round began; where its time is over already, it starts now, so that
    nobody has missed a deadline that did not exist until this moment.
    """
    if case.status not in OPEN or case.due_at is None:
        return case
    contact_by, due_at = due(began, length)
    if due_at <= now:
        contact_by, due_at = due(now, length)
    if due_at >= case.due_at:
        return case
    promised = case.contact_by
    spoken = case.contacted_at is not None or promised is None or contact_by >= promised
    return replace(
        case, due_at=due_at, contact_by=promised if spoken else contact_by, warned_at=None
    )


def judge(case: Case, length: DeadlineClass, now: datetime) -> Judgement:
    """Where the case stands against its deadline at ``now``."""
    if case.status not in OPEN or case.due_at is None:
        return Judgement.MET
    if now >= case.due_at:
        return Judgement.BREACHED
    if now >= case.due_at - length.answer.about * (1 - length.warn_at):
        return Judgement.WARNED
    return Judgement.PENDING
