"""The case (work order): where it stands, who owns it, and every moment somebody has to look at it.

What may be done with it is the table in ``casework.lifecycle``; when, is ``casework.clocks``.
Status names follow the work-order flow of civic hotlines (domain reference §4.5).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    TRIAGE = "triage"
    DISPATCHED = "dispatched"
    WORKING = "working"
    AWAIT_INFO = "await_info"
    MEDIATION = "mediation"
    WHISTLE = "whistle"
    DONE_WAIT = "done_wait"
    REWORK = "rework"
    CONFIRMED = "confirmed"
    CONFIRMATION = "confirmation"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


OPEN = frozenset(
    {
        Status.TRIAGE,
        Status.DISPATCHED,
        Status.WORKING,
        Status.AWAIT_INFO,
        Status.MEDIATION,
        Status.WHISTLE,
        Status.REWORK,
    }
)
"""Somebody has to work on it."""
CLOSED = frozenset(
    {
        Status.CONFIRMED,
        Status.CONFIRMATION,
        Status.REFERRED,
        Status.WITHDRAWN,
        Status.ARCHIVED,
    }
)


UNFOLLOWING = CLOSED | {Status.TRIAGE, Status.AWAIT_INFO}
"""A case that follows another does not move with it while it is over, waits for its owner, or for
what its own resident was asked for: it catches up when it is being worked on again."""


class Source(StrEnum):
    """How a matter came to us (civic mechanism S1-20, S2-13)."""

    RESIDENT = "resident"
    LINK = "link"
    PATROL = "patrol"
    VISIT = "visit"
    WALK_IN = "walk_in"
    LETTER = "letter"
    HOTLINE = "hotline"


class Supervision(StrEnum):
    """Whether somebody above watches the case: asked for, soon due (yellow), overdue (red)."""

    NONE = "none"
    ORDINARY = "ordinary"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class SlotValue:
    """A slot with the words it came from (``start``/``end`` count characters in that turn)."""

    value: Any
    text: str = ""
    turn_id: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One work order. ``version`` grows with every save; ``round`` with every reopening.

    ``unit_id`` is where it lies, ``org_id`` the unit that owns it and ``owner_id`` the named person
    there; a case without either cannot be made. ``kind`` is the form's sub-kind, ``sla`` the code
    of its deadline class, ``began_at`` when this round's clock started.

    ``contact_by`` is when the owner must have spoken to the resident, ``accept_by`` when somebody
    must have accepted it, ``warn_at`` when it is soon due, ``level_dues`` when it leaves this level
    of the ladder for the next, and that one for the one above, ``due_at`` when the answer is due.
    ``accept_late_at``, ``warned_at`` and ``breached_at`` are set once each by the clock.
    ``resume_at`` ends a pause that began at ``paused_at``; a case that was answered closes at
    ``lapse_at``, a closed one is put away at ``archive_at``.

    ``returned``: given back once at this level already; ``final``: the unit that has it was named
    after a return and may not give it back, in no round, until another unit has it.
    ``asked_info``: the resident was asked once for more. ``extend_to`` is the date somebody
    (``extend_by``) asks for, ``extended`` how often one was granted.

    ``joined`` is the number of the case it follows (the same issue, somebody else's report) and
    ``followed`` that case's version it has kept up with; ``linked`` are other matters of the same
    resident told in one breath. ``forget`` is set when the resident asked for deletion while it
    was open: it loses everything personal when it is closed, at ``anonymised_at``.
    ``restricted`` cases are seen by named roles only; ``placed`` is False while no grid is known
    (待划界).
    """

    number: str
    conversation_id: str
    category: str
    opened_at: datetime
    owner_id: str
    unit_id: str
    status: Status = Status.DRAFT
    version: int = 1
    round: int = 1
    secondary: str | None = None
    urgent: bool = False
    crisis: str = "none"
    title: str = ""
    slots: dict[str, SlotValue] = field(default_factory=dict)
    filed_at: datetime | None = None
    contact_by: datetime | None = None
    due_at: datetime | None = None
    contacted_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    closed_at: datetime | None = None
    result: str | None = None
    rating: int | None = None
    rating_text: str | None = None
    kind: str | None = None
    joined: str | None = None
    followed: int = 0
    linked: tuple[str, ...] = ()
    restricted: bool = False
    placed: bool = True
    forget: bool = False
    anonymised_at: datetime | None = None
    org_id: str = ""
    source: Source = Source.RESIDENT
    sla: str = ""
    began_at: datetime | None = None
    accept_by: datetime | None = None
    accept_late_at: datetime | None = None
    warn_at: datetime | None = None
    level_dues: tuple[datetime, ...] = ()
    paused_at: datetime | None = None
    resume_at: datetime | None = None
    lapse_at: datetime | None = None
    archive_at: datetime | None = None
    returned: bool = False
    final: bool = False
    asked_info: bool = False
    extend_to: datetime | None = None
    extend_by: str | None = None
    extended: int = 0
    resolution: str | None = None
    proof: tuple[str, ...] = ()
    resolved_by: str | None = None
    supervision: Supervision = Supervision.NONE

    def __post_init__(self) -> None:
        if not self.org_id:  # until it is routed elsewhere, the unit it lies in owns it
            object.__setattr__(self, "org_id", self.unit_id)
        if not (self.owner_id and self.org_id):
            raise ValueError(f"case {self.number} has no owner")


@dataclass(frozen=True, slots=True)
class Outline:
    """A case as far as it is compared with others: a dozen of its fields, read by the fifty."""

    number: str
    conversation_id: str
    category: str
    status: Status
    opened_at: datetime
    kind: str | None
    restricted: bool
    crisis: str
    joined: str | None
    slots: dict[str, SlotValue]


def rate(case: Case, score: int | None, text: str | None) -> Case:
    """The case with the resident's rating; raises ValueError outside 1–5."""
    if score is not None and not 1 <= score <= 5:
        raise ValueError(f"a rating is 1 to 5, not {score}")
    return replace(
        case,
        rating=score if score is not None else case.rating,
        rating_text=text if text is not None else case.rating_text,
    )
