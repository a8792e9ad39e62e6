"""司法确认: 30 days for both to apply to the court, then its ruling. Pure.

人民调解法§33: within thirty days of the agreement's taking effect both sides may together ask the
people's court to confirm it; what was confirmed can be enforced, and of what was found invalid
one may mediate anew or sue. 民事诉讼法§187: the court decides such cases within thirty days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from casework.errors import Incomplete
from casework.lengths import Length, Unit, after, last_day
from casework.mediation import NotNow
from casework.working_calendar import CHINA, WorkingCalendar

APPLY_WITHIN = Length(30, Unit.DAY)
COURT_WITHIN = Length(30, Unit.DAY)
REMIND_BEFORE = (timedelta(days=20), timedelta(days=10), timedelta(days=3))
"""So long before the end of the last day the liaison is reminded, in the morning."""
_MORNING = timedelta(hours=9)


class Stage(StrEnum):
    """Where it stands. DISMISSED: the court did not confirm it; LAPSED: nobody applied in time."""

    OPEN = "open"
    FILED = "filed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    DECLINED = "declined"
    LAPSED = "lapsed"


RULINGS = (Stage.CONFIRMED, Stage.DISMISSED)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Of one agreement. ``apply_by`` and ``court_by`` are the ends of the law's periods,
    ``reminded`` how many reminders are over, ``late_at`` when the court's time was found over."""

    mediation_id: str
    case_number: str
    conversation_id: str
    liaison_id: str
    effective_on: date
    apply_by: datetime
    task_id: str | None = None
    stage: Stage = Stage.OPEN
    reminded: int = 0
    court: str = ""
    filed_on: date | None = None
    court_by: datetime | None = None
    late_at: datetime | None = None
    number: str = ""
    ruled_on: date | None = None
    file_id: str | None = None
    ended_at: datetime | None = None


class Due(StrEnum):
    """What time makes of it."""

    REMIND = "remind"
    LAPSE = "lapse"
    LATE = "late"


def _end(day: date, length: Length, calendar: WorkingCalendar) -> datetime:
    start = datetime.combine(day, time(), CHINA)
    return after(start, length, calendar, statutory=True)


def opened(confirmation: Confirmation, calendar: WorkingCalendar, now: datetime) -> Confirmation:
    """A new one with its period: the day it took effect is not counted (民法典§201), and a last day
    that is not worked moves on (§203). Raises Incomplete when the day is still to come."""
    if confirmation.effective_on > now.astimezone(CHINA).date():
        raise Incomplete("effective_on")
    apply_by = _end(confirmation.effective_on, APPLY_WITHIN, calendar)
    fresh = replace(confirmation, apply_by=apply_by)
    return replace(fresh, reminded=_passed(fresh, now))


def _passed(confirmation: Confirmation, now: datetime) -> int:
    """How many of the reminders' moments are over."""
    return sum(moment <= now for moment in _reminders(confirmation))


def _reminders(confirmation: Confirmation) -> tuple[datetime, ...]:
    return tuple(confirmation.apply_by - ahead + _MORNING for ahead in REMIND_BEFORE)


def next_moment(confirmation: Confirmation) -> datetime | None:
    """When the clock has to look at it; None when it need not."""
    if confirmation.stage is Stage.OPEN:
        left = _reminders(confirmation)[confirmation.reminded :]
        return left[0] if left else confirmation.apply_by
    if confirmation.stage is Stage.FILED and confirmation.late_at is None:
        return confirmation.court_by
    return None


def due(confirmation: Confirmation, now: datetime) -> Due | None:
    """What is due at ``now``. When the last day is over, reminders have come too late."""
    moment = next_moment(confirmation)
    if moment is None or moment > now:
        return None
    if confirmation.stage is Stage.FILED:
        return Due.LATE
    return Due.LAPSE if confirmation.apply_by <= now else Due.REMIND


def marked(confirmation: Confirmation, what: Due, now: datetime) -> Confirmation:
    """The confirmation after the clock did what was due; reminders missed together are one."""
    if what is Due.REMIND:
        return replace(confirmation, reminded=_passed(confirmation, now))
    if what is Due.LATE:
        return replace(confirmation, late_at=now)
    return replace(confirmation, stage=Stage.LAPSED, ended_at=now)


def filed(
    confirmation: Confirmation, court: str, on: date, calendar: WorkingCalendar, now: datetime
) -> Confirmation:
    """Both applied. What they did in time may be written down when the time is over: the period is
    the two sides', not that of whoever writes.

    Raises NotNow when it is settled otherwise, Incomplete for no court, a day that is still to
    come, or one outside the thirty days.
    """
    if confirmation.stage not in {Stage.OPEN, Stage.LAPSED}:
        raise NotNow
    if not court.strip():
        raise Incomplete("court")
    latest = min(now.astimezone(CHINA).date(), last_day(confirmation.apply_by))
    if not confirmation.effective_on <= on <= latest:
        raise Incomplete("on")
    return replace(
        confirmation,
        stage=Stage.FILED,
        ended_at=None,
        court=court.strip(),
        filed_on=on,
        court_by=_end(on, COURT_WITHIN, calendar),
    )


def ruled(
    confirmation: Confirmation,
    stage: Stage,
    *,
    number: str,
    on: date,
    file_id: str | None,
    now: datetime,
) -> Confirmation:
    """The court's ruling. Raises NotNow unless it was filed, Incomplete naming a field."""
    if confirmation.stage is not Stage.FILED:
        raise NotNow
    if stage not in RULINGS:
        raise Incomplete("ruling")
    if not number.strip():
        raise Incomplete("number")
    early = confirmation.filed_on is not None and on < confirmation.filed_on
    if early or on > now.astimezone(CHINA).date():
        raise Incomplete("on")
    return replace(
        confirmation,
        stage=stage,
        number=number.strip(),
        ruled_on=on,
        file_id=file_id,
        ended_at=now,
    )


def declined(confirmation: Confirmation, now: datetime) -> Confirmation:
    """One of the two does not want it; the agreement stands all the same. Raises NotNow."""
    if confirmation.stage is not Stage.OPEN:
        raise NotNow
    return replace(confirmation, stage=Stage.DECLINED, ended_at=now)


class Confirmations(Protocol):
    """Judicial confirmations, one of each agreement at most."""

    def add(self, confirmation: Confirmation) -> None: ...

    def save(self, confirmation: Confirmation) -> None: ...

    def get(self, mediation_id: str, *, lock: bool = False) -> Confirmation | None: ...

    def of_liaison(self, officer_id: str) -> list[str]:
        """Ids of mediations whose confirmation this officer sees to and that are not over."""
        ...

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of mediations whose confirmation's next moment has come, the earliest first."""
        ...
