"""The verbs of the lifecycle as the console offers them, and the register of their use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import Field

from casework.case import Case
from casework.desk.conversations import actor_of
from casework.desk.moving import require_reach
from casework.effects import REFERRALS, RESOLUTIONS, RETURN_CODES, Given
from casework.errors import ForbiddenTransition
from casework.lifecycle import FIELDS, VERBS, allowed_verbs
from casework.moves import Move
from casework.organisation import Officer
from casework.reach import reach_of
from handoff_console.shapes import (
    CaseRow,
    DossierShape,
    EventShape,
    Moment,
    PlacingShape,
    Shape,
    TiesShape,
    Words,
)
from handoff_console.texts import console_texts
from storage.unit_of_work import SqlTransaction
from storage.views_ties import hidden_among

LONGEST_NUMBER = 24  # characters of a case's number
DOORS: Mapping[str, str] = {
    "mediate": "mediation",
    "end_mediation": "mediation",
    "seek_confirmation": "mediation",
    "end_confirmation": "mediation",
    "whistle": "whistle",
    "end_whistle": "whistle",
}
"""Verbs that need more than words: the part of the console where they are done."""
CODES: Mapping[str, tuple[str, ...]] = {
    "return": RETURN_CODES,
    "resolve": RESOLUTIONS,
    "refer": REFERRALS,
}
_ROUTED = frozenset({"return", "escalate"})  # who gets it is looked up, not chosen


class VerbCodeShape(Shape):
    """One of the codes a verb is given."""

    code: str
    name: str


class VerbShape(Shape):
    """What an officer may do with a case now, what it needs, and where it is done."""

    verb: str
    name: str
    needs: list[str]
    codes: list[VerbCodeShape]
    door: str | None


class MoveShape(Shape):
    """One use of a verb, with the reason that was given."""

    verb: str
    name: str
    at: datetime
    by: str
    owner: str
    org: str
    code_name: str | None
    text: str
    until: datetime | None


class CaseDetail(Shape):
    """A case with its history. ``correctable``: the caller may say that its category is wrong."""

    case: CaseRow
    correctable: bool
    dossier: DossierShape
    timeline: list[EventShape]
    moves: list[MoveShape]
    verbs: list[VerbShape]
    undeliverable: bool
    placing: PlacingShape
    ties: TiesShape


class VerbBody(Shape):
    """What a verb is given. ``version``: refuse when the case has changed since. ``result``,
    ``reason`` and ``text`` are the same words under the name that fits the verb."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    result: Annotated[Words, Field(max_length=4000)] | None = None
    reason: Annotated[Words, Field(max_length=4000)] | None = None
    text: Annotated[Words, Field(max_length=4000)] | None = None
    code: Annotated[Words, Field(max_length=24)] | None = None
    proof: Annotated[tuple[Annotated[Words, Field(max_length=32)], ...], Field(max_length=20)] = ()
    officer_id: Annotated[Words, Field(max_length=32)] | None = None
    unit_id: Annotated[Words, Field(max_length=32)] | None = None
    until: Moment | None = None
    other: Annotated[Words, Field(max_length=24)] | None = None

    def given(self) -> Given:
        """As the lifecycle takes it."""
        return Given(
            text=self.text or self.result or self.reason or "",
            code=self.code,
            proof=self.proof,
            officer_id=self.officer_id,
            unit_id=self.unit_id,
            until=self.until,
            other=self.other,
        )


def officer_verbs(
    tx: SqlTransaction, case: Case, officer: Officer, now: datetime
) -> tuple[str, ...]:
    """What this officer may do with the case now, as far as the table goes."""
    return allowed_verbs(case, actor_of(officer), now, reach_of(tx, case, officer, now))


def require_verb(
    tx: SqlTransaction, case: Case, verb: str, officer: Officer, now: datetime
) -> None:
    """Raise ForbiddenTransition, naming what is allowed, for every other verb; InOtherHands for
    one that is only for whoever has the case."""
    near = require_reach(tx, case, verb, officer, now)
    allowed = allowed_verbs(case, actor_of(officer), now, near)
    if verb not in allowed:
        raise ForbiddenTransition(verb, case.status, allowed)


def verb_shapes(tx: SqlTransaction, case: Case, officer: Officer, now: datetime) -> list[VerbShape]:
    """The verbs with their names, what each needs and its codes."""
    texts = console_texts()
    return [
        VerbShape(
            verb=verb,
            name=texts.verbs.get(verb, verb),
            needs=_needs(verb),
            codes=[
                VerbCodeShape(code=code, name=texts.codes.get(code, code))
                for code in CODES.get(verb, ())
            ],
            door=DOORS.get(verb),
        )
        for verb in officer_verbs(tx, case, officer, now)
    ]


def _needs(verb: str) -> list[str]:
    hidden = {"officer_id"} if verb in _ROUTED else set()
    return [FIELDS.get((verb, name), name) for name in VERBS[verb].needs if name not in hidden]


def moves_of(tx: SqlTransaction, number: str, after: int = 0) -> list[MoveShape]:
    """What was done with the case beyond version ``after``, oldest first. What follows another
    case has its number for a reason: of a restricted one not even that is told."""
    moves = tx.moves.of_case(number, after)
    hidden = hidden_among(tx, {each.text for each in moves if 0 < len(each.text) <= LONGEST_NUMBER})
    moves = [replace(each, text="") if each.text in hidden else each for each in moves]
    people = {each.officer_id or "" for each in moves} | {each.owner_id for each in moves}
    officers = {each.id: each.name for each in tx.people.officers(people)}
    units = {each.id: each.name for each in tx.people.units({each.org_id for each in moves})}
    return [_shape(each, officers, units) for each in moves]


def _shape(move: Move, officers: Mapping[str, str], units: Mapping[str, str]) -> MoveShape:
    texts = console_texts()
    by = officers.get(move.officer_id or "") or texts.actors.get(move.actor.value, "")
    return MoveShape(
        verb=move.verb,
        name=texts.verbs.get(move.verb, move.verb),
        at=move.at,
        by=by,
        owner=officers.get(move.owner_id, ""),
        org=units.get(move.org_id, ""),
        code_name=texts.codes.get(move.code) if move.code else None,
        text=move.text,
        until=move.until,
    )
