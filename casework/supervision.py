"""督办: somebody above watches a case, and asks an organisation for something by a certain day.

A slip asks an organisation, never scores a person, and never goes to the resident (domain
reference S3-27, §4.5, §6.5). Yellow and red are set by the clock of the case; what people may do
by hand is ask for attention (ordinary), say it is overdue (red), and call it off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from casework.case import Supervision
from casework.errors import Incomplete, NotAllowed
from casework.lengths import Length, Unit, after
from casework.organisation import Officer, Role
from casework.organisation import Unit as Area
from casework.working_calendar import WorkingCalendar

SUPERVISORS = frozenset({Role.SUPERVISOR, Role.STREET, Role.ADMIN})
BY_HAND = (Supervision.ORDINARY, Supervision.RED)
_RANK = {level: rank for rank, level in enumerate(Supervision)}
_ABOVE = (Role.STREET, Role.SUPERVISOR, Role.ADMIN, Role.COMMUNITY)
"""Who hears that a slip was not answered, in this order, one level above who was asked."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a city decides. ``reasons`` and their names; the workdays an answer may take, by level;
    ``number`` is the pattern of a slip's number with ``{year}`` and ``{serial}``."""

    reasons: Mapping[str, str]
    workdays: Mapping[Supervision, int]
    number: str
    longest: int = 30


class State(StrEnum):
    """Where a slip stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the organisation said in one round, and what became of it: ``accepted`` is None until
    whoever asked has judged it."""

    text: str
    officer_id: str
    at: datetime
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """督办单. ``org_id`` is the organisation asked, ``action`` what is demanded of it.

    ``next_at`` is when the clock looks at it: the due moment while it waits for an answer and
    nobody was told that it is late, otherwise None. ``reported_to`` heard so, at ``reported_at``.
    """

    id: str
    number: str
    case_number: str
    org_id: str
    level: Supervision
    reason: str
    action: str
    issued_by: str
    issued_at: datetime
    due_at: datetime
    next_at: datetime | None
    answers: tuple[Answer, ...] = field(default=())
    reported_at: datetime | None = None
    reported_to: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    version: int = 1

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.closed_at is not None:
            return State.CLOSED
        waits = self.answers and self.answers[-1].accepted is None
        return State.ANSWERED if waits else State.ASKED


def number(rules: Rules, year: int, serial: int) -> str:
    """The number of a slip."""
    return rules.number.format(year=year, serial=serial)


def due(issued_at: datetime, workdays: int, calendar: WorkingCalendar) -> datetime:
    """When the answer is due: at the end of the last of so many workdays, the first of which is
    the one after the day of issue."""
    return after(issued_at, Length(workdays, Unit.WORKDAY), calendar, statutory=True)


def rises(now: Supervision, wanted: Supervision) -> bool:
    """Whether ``wanted`` is closer supervision than there is now."""
    return _RANK[wanted] > _RANK[now]


def lifted(now: Supervision, wanted: Supervision) -> Supervision:
    """The level after an officer asks for ``wanted``: it only ever rises.

    Raises NotAllowed for what only the clock sets, and when the case is watched as closely already.
    """
    if wanted not in BY_HAND or not rises(now, wanted):
        raise NotAllowed("the case is supervised like that already, or only the clock may say so")
    return wanted


def may_answer(officer: Officer, slip: Slip, owner_id: str) -> bool:
    """Whether the officer speaks for the organisation that was asked, as the case's owner does."""
    if officer.role in {Role.AUDITOR, Role.VOLUNTEER}:
        return False
    return officer.unit_id == slip.org_id or officer.id == owner_id


def above(chain: Sequence[Area], staff: Iterable[Officer]) -> Officer | None:
    """Who hears that an organisation did not answer: of the next level above it that has somebody,
    else an admin; None when there is neither.

    ``chain`` is the organisation and the units above it, ``staff`` who may be turned to.
    """
    able = [o for o in staff if o.active and o.role in _ABOVE]
    admins = [o for o in able if o.role is Role.ADMIN]
    levels = [[o for o in able if o.unit_id == unit.id] for unit in chain[1:]]
    found = next((here for here in (*levels, admins) if here), [])
    return min(found, key=lambda o: (_ABOVE.index(o.role), o.username), default=None)


def answered(slip: Slip, officer_id: str, text: str, now: datetime) -> Slip:
    """The slip with the organisation's answer; late ones are taken too.

    Raises Incomplete without words, NotAllowed when it is not waiting for any.
    """
    if slip.state is not State.ASKED:
        raise NotAllowed("the slip does not wait for an answer")
    if not text.strip():
        raise Incomplete("text")
    answer = Answer(text.strip(), officer_id, now)
    return replace(slip, answers=(*slip.answers, answer), next_at=None)


def judges_itself(slip: Slip, officer_id: str) -> bool:
    """Whether the answer that waits is the officer's own: nobody accepts what they said."""
    return slip.state is State.ANSWERED and slip.answers[-1].officer_id == officer_id


def accepted(slip: Slip, officer_id: str, now: datetime) -> Slip:
    """The answer is enough: the slip is closed.

    Raises NotAllowed when there is none, or when it is the officer's own.
    """
    if judges_itself(slip, officer_id):
        raise NotAllowed("nobody accepts their own answer")
    return closed(_judged(slip, accepted=True), officer_id, now)


def again(slip: Slip, due_at: datetime, action: str) -> Slip:
    """The answer is not enough: the organisation is asked once more, by another day.

    Raises NotAllowed when there is none, Incomplete when nothing is demanded.
    """
    if not action.strip():
        raise Incomplete("action")
    judged = _judged(slip, accepted=False)
    return replace(
        judged,
        action=action.strip(),
        due_at=due_at,
        next_at=due_at,
        reported_at=None,
        reported_to=None,
    )


def _judged(slip: Slip, *, accepted: bool) -> Slip:
    if slip.state is not State.ANSWERED:
        raise NotAllowed("there is no answer to judge")
    *before, last = slip.answers
    return replace(slip, answers=(*before, replace(last, accepted=accepted)))


def closed(slip: Slip, officer_id: str | None, now: datetime) -> Slip:
    """Nothing more is asked; by nobody when its case is over. Raises NotAllowed when it is."""
    if slip.state is State.CLOSED:
        raise NotAllowed("the slip is closed")
    return replace(slip, closed_at=now, closed_by=officer_id, next_at=None)


def is_late(slip: Slip, now: datetime) -> bool:
    """Whether the organisation has not answered in time."""
    return slip.state is State.ASKED and now >= slip.due_at


def reported(slip: Slip, officer_id: str | None, now: datetime) -> Slip:
    """Somebody above was told, once, that it was not answered in time."""
    return replace(slip, reported_at=now, reported_to=officer_id, next_at=None)


class Slips(Protocol):
    """Supervision slips, saved under the version they were read at."""

    def next_serial(self, year: int) -> int:
        """The running number of this year, from 1; never given twice."""
        ...

    def add(self, slip: Slip) -> None: ...

    def get(self, slip_id: str, *, lock: bool = False) -> Slip:
        """Raises NotFound."""
        ...

    def save(self, slip: Slip) -> Slip:
        """Save under ``slip.version``; returns it with the next. Raises VersionConflict."""
        ...

    def of_case(self, case_number: str) -> list[Slip]:
        """The case's slips, oldest first."""
        ...

    def due(self, now: datetime, limit: int) -> list[Slip]:
        """Those whose ``next_at`` has come, the earliest first."""
        ...

    def blank(self, case_number: str) -> int:
        """Empty the words of the case's slips; returns how many had some."""
        ...
