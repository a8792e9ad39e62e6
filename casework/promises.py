"""Promises: who promised what by which day, and whether it was kept. Pure.

A developer «promised first and broke the word later» (mechanism S0-13): so every promise has its
day, on which somebody asks. A promise that was not kept escalates the case one level with its
history, once; one that was kept is told kindly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from casework.errors import Incomplete
from casework.mediation import NotNow
from casework.working_calendar import CHINA

ASK_AT = time(17, 0)
"""On its day, when most of the day is over and nobody is asleep yet."""
CHASE_AFTER = timedelta(days=3)
"""So long after asking in vain an officer is to find out."""
LONGEST = 300  # characters
FARTHEST = timedelta(days=3660)
"""Ten years: what is paid by the month may take long, a slip of the pen longer."""


class Party(StrEnum):
    """Who promised."""

    RESPONDENT = "respondent"
    RESIDENT = "resident"
    THIRD = "third"


@dataclass(frozen=True, slots=True)
class Promise:
    """``what`` is to be done by the end of ``due_on``. ``asked_at`` and ``chased_at`` are set once
    each by the clock; ``answered_by`` is an officer's id, or None when the resident said so.
    ``escalated_at`` is set once, when its case went up because it was broken; ``asked_seq`` is the
    line that asked, ``task_id`` the task of whoever is to find out."""

    id: str
    case_number: str
    conversation_id: str
    party: Party
    what: str
    due_on: date
    made_at: datetime
    mediation_id: str | None = None
    made_by: str | None = None
    asked_at: datetime | None = None
    chased_at: datetime | None = None
    kept: bool | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    escalated_at: datetime | None = None
    asked_seq: int = 0
    task_id: str | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has said yet how it came out."""
        return self.kept is None


class Due(StrEnum):
    """What time makes of a promise."""

    ASK = "ask"
    CHASE = "chase"


def made(promise: Promise, today: date) -> Promise:
    """A new promise. Raises Incomplete without words, or for a day that is over or too far."""
    what = promise.what.strip()
    if not what or len(what) > LONGEST:
        raise Incomplete("what")
    if not today <= promise.due_on <= today + FARTHEST:
        raise Incomplete("due_on")
    return replace(promise, what=what)


def ask_at(promise: Promise) -> datetime:
    """When it is asked about: on its day."""
    return datetime.combine(promise.due_on, ASK_AT, CHINA)


def next_moment(promise: Promise) -> datetime | None:
    """When the clock has to look at it; None when it need not."""
    if not promise.open or promise.chased_at is not None:
        return None
    if promise.asked_at is None:
        return ask_at(promise)
    return promise.asked_at + CHASE_AFTER


def due(promise: Promise, now: datetime) -> Due | None:
    """What is due at ``now``."""
    moment = next_moment(promise)
    if moment is None or moment > now:
        return None
    return Due.ASK if promise.asked_at is None else Due.CHASE


def marked(promise: Promise, what: Due, now: datetime) -> Promise:
    """The promise after the clock did what was due."""
    if what is Due.ASK:
        return replace(promise, asked_at=now)
    return replace(promise, chased_at=now)


def answered(promise: Promise, kept: bool, by: str | None, now: datetime) -> Promise:
    """Somebody says how it came out; a promise kept late is kept. Raises NotNow when that is
    known already."""
    if promise.kept is kept:
        raise NotNow
    return replace(promise, kept=kept, answered_at=now, answered_by=by)


def escalates(promise: Promise) -> bool:
    """Whether the case goes one level up over it now: the other side broke its word, and it has
    not been taken up before. Nobody is escalated over what they promised themselves."""
    return (
        promise.kept is False
        and promise.party is not Party.RESIDENT
        and promise.escalated_at is None
    )


class Promises(Protocol):
    """Promises of all cases."""

    def add(self, promise: Promise) -> None: ...

    def save(self, promise: Promise) -> None: ...

    def get(self, promise_id: str, *, lock: bool = False) -> Promise:
        """Raises NotFound."""
        ...

    def of_case(self, number: str) -> list[Promise]:
        """The case's promises, by their day."""
        ...

    def asked_of(self, conversation_id: str) -> list[Promise]:
        """Those a resident was asked about and nobody has answered, the latest asked first."""
        ...

    def due(self, now: datetime, limit: int) -> list[str]:
        """Ids of promises whose next moment has come, the earliest first."""
        ...
