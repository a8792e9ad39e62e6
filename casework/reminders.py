"""The resident's own countdowns (casework.statutory): told once after filing, then reminded of.

A reminder outlives its case: that we have closed a matter does not stop a year running out. It
ends when the resident says so, takes the matter back, or the day has come.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from casework.lengths import last_day
from casework.statutory import Countdown, Statutes
from casework.working_calendar import CHINA

DONE, UNWANTED, OVER, MOOT = "done", "unwanted", "over", "moot"
"""Why it ended: the resident has applied; wants no reminder; the day has come; it concerns the
case no more."""
BUSY_REST = timedelta(hours=1)  # while an officer talks with the resident


@dataclass(frozen=True, slots=True)
class Reminder:
    """One countdown of one case. ``rule`` is a key of the statutory table.

    ``next_at`` is when something is to be said, None when nothing is; ``told_at`` is None until the
    resident was told of the countdown, ``said`` how often they were reminded since.
    """

    id: str
    case_number: str
    conversation_id: str
    rule: str
    since: date
    exact: bool
    due_at: datetime
    created_at: datetime
    next_at: datetime | None
    told_at: datetime | None = None
    said: int = 0
    ended: str | None = None

    @property
    def last_day(self) -> date:
        """The last day on which something can be done."""
        return last_day(self.due_at)

    def days_left(self, now: datetime) -> int:
        """Days until the last day; 0 on that day."""
        return (self.last_day - now.astimezone(CHINA).date()).days


def begun(id_: str, number: str, conversation_id: str, found: Countdown, now: datetime) -> Reminder:
    """A countdown that has just become known: it is told as soon as the clock comes by."""
    return Reminder(
        id=id_,
        case_number=number,
        conversation_id=conversation_id,
        rule=found.row.id,
        since=found.since,
        exact=found.exact,
        due_at=found.due_at,
        created_at=now,
        next_at=now,
    )


def moved(reminder: Reminder, found: Countdown, now: datetime) -> Reminder:
    """The same with another day to count from, which is told anew: also where the day before made
    it seem over. Nothing for one that the resident has ended."""
    settled = reminder.ended in {DONE, UNWANTED}
    if settled or (reminder.since, reminder.exact) == (found.since, found.exact):
        return reminder
    return replace(
        reminder,
        since=found.since,
        exact=found.exact,
        due_at=found.due_at,
        told_at=None,
        next_at=now,
        ended=None,
    )


def spoken(reminder: Reminder, statutes: Statutes, now: datetime) -> Reminder:
    """The reminder after it was said; several that were due at once are said as one."""
    times = statutes.before(reminder.last_day, reminder.since)
    said = reminder.said + (reminder.told_at is not None)
    following = next((each for each in times if each > now), None)
    ended = OVER if following is None and reminder.told_at is not None else None
    return replace(
        reminder,
        told_at=reminder.told_at or now,
        said=said,
        next_at=following,
        ended=reminder.ended or ended,
    )


def ended(reminder: Reminder, why: str) -> Reminder:
    """Nothing more is said of it."""
    return reminder if reminder.ended else replace(reminder, ended=why, next_at=None)


def rested(reminder: Reminder, now: datetime) -> Reminder:
    """Put off while an officer talks with the resident."""
    return replace(reminder, next_at=now + BUSY_REST)


class Reminders(Protocol):
    """All countdowns that are kept."""

    def add(self, reminder: Reminder) -> None: ...

    def get(self, reminder_id: str, *, lock: bool = False) -> Reminder:
        """Raises NotFound."""
        ...

    def save(self, reminder: Reminder) -> None: ...

    def of_case(self, number: str) -> list[Reminder]:
        """The case's, by rule."""
        ...

    def running(self, conversation_id: str) -> list[Reminder]:
        """Those of a conversation that have not ended, the one that is over first at first."""
        ...

    def due(self, now: datetime, limit: int) -> list[Reminder]:
        """Those of which something is to be said, the longest due first."""
        ...

    def forget(self, conversation_id: str) -> None:
        """Delete those of a conversation: the resident wants nothing kept."""
        ...
