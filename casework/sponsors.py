"""包保: a leader answers for an area or for single cases, and keeps a log of what they did.

What is listed are cases that drag on, never persons (domain reference S3-26, S2-8, §6.5). The
leader is reminded when a listed case has had no entry for a while; nobody is scored by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from casework.case import CLOSED, Case, Status
from casework.organisation import Officer, Role
from casework.working_calendar import CHINA

LEADERS = frozenset({Role.COMMUNITY, Role.STREET, Role.DEPARTMENT, Role.SUPERVISOR, Role.ADMIN})
"""Who may be a sponsor: nobody who does the daily work of a grid."""
APPOINTERS = frozenset({Role.STREET, Role.SUPERVISOR, Role.ADMIN})


class Duty(StrEnum):
    """What a sponsor does: 指导, 跟踪, 督办, 回访, 面见."""

    GUIDE = "guide"
    FOLLOW = "follow"
    SUPERVISE = "supervise"
    CALL_BACK = "call_back"
    MEET = "meet"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a city decides: how long a listed case may be without an entry; from what age, or how
    many reopenings, a case is backlog; when in the day sponsored areas are looked through."""

    remind_after: timedelta
    backlog_after: timedelta
    backlog_reopened: int
    look_at: time


@dataclass(frozen=True, slots=True)
class Sponsorship:
    """A leader answers for an area (``unit_id``) or for one case.

    ``through`` is the area's sponsorship by which a case was listed, None when somebody named it.
    ``next_at`` is when the clock looks: at an area once a day, at a case when an entry is missing.
    """

    id: str
    officer_id: str
    made_at: datetime
    next_at: datetime | None
    unit_id: str | None = None
    case_number: str | None = None
    through: str | None = None
    made_by: str | None = None
    last_entry_at: datetime | None = None
    reminded_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. ``day`` is when it was done."""

    id: str
    case_number: str
    officer_id: str
    duty: Duty
    day: date
    note: str
    at: datetime


def may_sponsor(officer: Officer) -> bool:
    """Whether this officer can be a sponsor."""
    return officer.active and officer.role in LEADERS


def is_backlog(case: Case, rules: Rules, now: datetime) -> bool:
    """Whether the case drags on: open for long, or reopened again and again (S2-8: 60 + 30 days,
    or twice)."""
    if case.status in CLOSED or case.status is Status.DRAFT:
        return False
    since = case.filed_at or case.opened_at
    return now - since > rules.backlog_after or case.round > rules.backlog_reopened


def next_look(now: datetime, at: time) -> datetime:
    """The first moment later than ``now`` at which the clock shows ``at`` in China."""
    day = now.astimezone(CHINA).date()
    moment = datetime.combine(day, at, CHINA)
    return moment if moment > now else moment + timedelta(days=1)


def entered(listed: Sponsorship, at: datetime, rules: Rules) -> Sponsorship:
    """The listed case with an entry made at ``at``: the time without one begins anew."""
    return replace(listed, last_entry_at=at, reminded_at=None, next_at=at + rules.remind_after)


def reminded(listed: Sponsorship, now: datetime, rules: Rules) -> Sponsorship:
    """The sponsor was reminded; the next time is as long ahead as the first was."""
    return replace(listed, reminded_at=now, next_at=now + rules.remind_after)


def looked(area: Sponsorship, now: datetime, rules: Rules) -> Sponsorship:
    """The area was looked through; again tomorrow."""
    return replace(area, next_at=next_look(now, rules.look_at))


def ended(each: Sponsorship, now: datetime) -> Sponsorship:
    """It is over."""
    return replace(each, ended_at=now, next_at=None)


def to_list(found: Iterable[Case], listed: Iterable[str], rules: Rules, now: datetime) -> list[str]:
    """The backlog among these cases that is not listed yet. Restricted ones never are: they are
    for named roles only."""
    known = set(listed)
    return sorted(
        case.number
        for case in found
        if case.number not in known and not case.restricted and is_backlog(case, rules, now)
    )


class Sponsors(Protocol):
    """Who answers for what, and the log."""

    def add(self, each: Sponsorship) -> None: ...

    def get(self, sponsorship_id: str, *, lock: bool = False) -> Sponsorship:
        """Raises NotFound."""
        ...

    def save(self, each: Sponsorship) -> Sponsorship:
        """Save under ``each.version``; returns it with the next. Raises VersionConflict."""
        ...

    def of_case(self, case_number: str) -> list[Sponsorship]:
        """Whose list the case is on now, oldest first."""
        ...

    def of_officer(self, officer_id: str) -> list[Sponsorship]:
        """What the officer answers for now, areas first."""
        ...

    def listed_through(self, sponsorship_id: str) -> list[Sponsorship]:
        """The cases listed for an area's sponsorship now."""
        ...

    def of_units(self, unit_ids: Iterable[str]) -> list[Sponsorship]:
        """Who answers for these areas now, oldest first."""
        ...

    def due(self, now: datetime, limit: int) -> list[Sponsorship]:
        """Those whose ``next_at`` has come, the earliest first."""
        ...

    def backlog(
        self, unit_id: str, opened_before: datetime, over_rounds: int, limit: int
    ) -> list[Case]:
        """Open cases in this unit or below it that were opened before, or are in a later round
        than ``over_rounds``; restricted ones left out; the oldest first."""
        ...

    def log(self, entry: Entry) -> None: ...

    def entries(self, case_number: str) -> list[Entry]:
        """The log of a case, oldest first."""
        ...

    def blank(self, case_number: str) -> int:
        """Empty the notes about a case; returns how many had words."""
        ...
