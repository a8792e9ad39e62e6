"""The case (work order) and its lifecycle: one table of allowed transitions.

Status names follow the work-order flow of civic hotlines (domain reference §4.5): 草稿, 待签收,
办理中, 已反馈待核实, 重办, 已办结, 已撤回. Only the resident's answer, or seven days without one,
closes a case; nobody may close it as solved for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework.errors import ForbiddenTransition, Incomplete
from casework.events import ActorKind, Kind


class Status(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    DISPATCHED = "dispatched"
    WORKING = "working"
    DONE_WAIT = "done_wait"
    REWORK = "rework"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({Status.DISPATCHED, Status.WORKING, Status.REWORK})
CLOSED = frozenset({Status.CONFIRMED, Status.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Transition:
    """A verb: where it may start, where it leads, who may do it, what it needs."""

    verb: str
    sources: frozenset[Status]
    target: Status
    actors: frozenset[ActorKind]
    event: Kind
    needs: str | None = None


def _row(
    verb: str,
    sources: set[Status],
    target: Status,
    actors: set[ActorKind],
    event: Kind,
    needs: str | None = None,
) -> Transition:
    return Transition(verb, frozenset(sources), target, frozenset(actors), event, needs)


_S, _A = Status, ActorKind
LIFECYCLE: tuple[Transition, ...] = (
    _row("file", {_S.DRAFT}, _S.DISPATCHED, {_A.BOT, _A.SYSTEM, _A.OFFICER}, Kind.CASE_FILED),
    _row("accept", {_S.DISPATCHED, _S.REWORK}, _S.WORKING, {_A.OFFICER}, Kind.CASE_ACCEPTED),
    _row(
        "resolve",
        {_S.DISPATCHED, _S.WORKING, _S.REWORK},
        _S.DONE_WAIT,
        {_A.OFFICER},
        Kind.CASE_RESOLVED,
        "result",
    ),
    _row("confirm", {_S.DONE_WAIT}, _S.CONFIRMED, {_A.RESIDENT}, Kind.CASE_CONFIRMED),
    _row("lapse", {_S.DONE_WAIT}, _S.CONFIRMED, {_A.SYSTEM}, Kind.CASE_LAPSED),
    _row(
        "reopen",
        {_S.DONE_WAIT, _S.CONFIRMED},
        _S.REWORK,
        {_A.RESIDENT, _A.OFFICER},
        Kind.CASE_REOPENED,
        "reason",
    ),
    _row(
        "withdraw",
        {_S.DRAFT, _S.DISPATCHED, _S.WORKING, _S.REWORK, _S.DONE_WAIT},
        _S.WITHDRAWN,
        {_A.RESIDENT},
        Kind.CASE_WITHDRAWN,
    ),
)
VERBS = {row.verb: row for row in LIFECYCLE}


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

    ``contact_by`` is when the owner must have spoken to the resident, ``due_at`` when the answer
    is due. ``warned_at`` and ``breached_at`` are set once each by the clock. ``kind`` is the
    form's sub-kind. ``joined`` is the number of the case it follows (the same issue, somebody
    else's report) and ``followed`` that case's version it has kept up with; ``linked`` are other
    matters of the same resident told in one breath.
    ``forget`` is set when the resident asked for deletion while it was open: it loses everything
    personal when it is closed, at ``anonymised_at``.
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


def allowed_verbs(status: Status, actor: ActorKind) -> tuple[str, ...]:
    """The verbs this kind of actor may use on a case in this status, in table order."""
    return tuple(r.verb for r in LIFECYCLE if status in r.sources and actor in r.actors)


def advance(
    case: Case, verb: str, actor: ActorKind, now: datetime, *, given: str | None = None
) -> tuple[Case, Kind]:
    """The case after ``verb``, and the event it makes.

    Raises ForbiddenTransition with the allowed verbs, or Incomplete when the verb needs a text
    (``result`` or ``reason``) and none was given.
    """
    row = VERBS.get(verb)
    if row is None or case.status not in row.sources or actor not in row.actors:
        raise ForbiddenTransition(verb, case.status, allowed_verbs(case.status, actor))
    text = (given or "").strip()
    if row.needs and not text:
        raise Incomplete(row.needs)
    closed = now if row.target in CLOSED else None
    changed = replace(case, status=row.target, closed_at=closed)
    if verb == "resolve":
        changed = replace(changed, result=text)
    if verb == "reopen":
        changed = replace(changed, round=case.round + 1, rating=None, rating_text=None)
    return changed, row.event


def rate(case: Case, score: int | None, text: str | None) -> Case:
    """The case with the resident's rating; raises ValueError outside 1–5."""
    if score is not None and not 1 <= score <= 5:
        raise ValueError(f"a rating is 1 to 5, not {score}")
    return replace(
        case,
        rating=score if score is not None else case.rating,
        rating_text=text if text is not None else case.rating_text,
    )
