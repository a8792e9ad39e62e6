"""A case from its first words to its filing, and what the resident does with it.

Everything else that moves a case is ``casework.desk.moving``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework import case as rules
from casework import clocks, lifecycle
from casework.case import Case, SlotValue, Source, Status
from casework.conversation import Conversation
from casework.copying import replace
from casework.desk import reminding
from casework.desk.assigning import Whereabouts, assigned, placed_by_hand, reassigned, routed
from casework.desk.moving import move
from casework.desk.rulebook import Rulebook
from casework.effects import Given
from casework.events import BOT, RESIDENT, Actor, Event, Kind
from casework.intake import KIND, kind_of
from casework.moves import recorded
from casework.ports import Transaction

PLACE_SLOTS = ("place", "project")
TITLE_LENGTH = 120  # characters


def place_text(slots: Mapping[str, SlotValue]) -> str:
    """The words that tell where, joined."""
    return " ".join(str(slots[name].value) for name in PLACE_SLOTS if name in slots)


def _note(
    tx: Transaction, kind: Kind, at: datetime, actor: Actor, case: Case, **data: object
) -> None:
    tx.events.append(Event(kind, at, actor, case.conversation_id, case.number, dict(data)))


def _why(where: Whereabouts | None) -> dict[str, object]:
    """Why no grid is known, for whoever has to say which it is."""
    return {"why": where.doubt} if where is not None and where.doubt is not None else {}


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new case starts from; ``title`` is the complaint in a few words."""

    category: str
    slots: Mapping[str, SlotValue]
    title: str = ""
    secondary: str | None = None
    urgent: bool = False
    crisis: str = "none"
    restricted: bool = False
    where: Whereabouts | None = None
    source: Source = Source.RESIDENT


@dataclass(frozen=True, slots=True)
class Change:
    """What a resident added or corrected: slots; the category and title only when they changed.

    A case once ``restricted`` stays so.
    """

    slots: Mapping[str, SlotValue]
    category: str | None = None
    title: str | None = None
    restricted: bool = False
    where: Whereabouts | None = None


def draft(tx: Transaction, conversation: Conversation, opening: Opening, now: datetime) -> Case:
    """A case as soon as enough is known, owned from its first moment."""
    assignment = assigned(tx, place_text(opening.slots), opening.where, now)
    case = Case(
        number=tx.cases.next_number(now),
        conversation_id=conversation.id,
        category=opening.category,
        opened_at=now,
        owner_id=assignment.officer.id,
        unit_id=assignment.unit.id,
        secondary=opening.secondary,
        urgent=opening.urgent,
        crisis=opening.crisis,
        title=opening.title[:TITLE_LENGTH],
        slots=dict(opening.slots),
        kind=kind_of(opening.slots),
        restricted=opening.restricted,
        source=opening.source,
    )
    case = reassigned(case, assignment)
    tx.cases.add(case)
    _note(
        tx,
        Kind.CASE_DRAFTED,
        now,
        BOT,
        case,
        category=case.category,
        placed=assignment.placed,
        **_why(opening.where),
    )
    return case


def amend(tx: Transaction, number: str, change: Change, now: datetime) -> Case:
    """The resident added or corrected something. A draft follows its place to the right owner."""
    case = tx.cases.get(number, lock=True)
    merged = {**case.slots, **change.slots}
    if change.category and KIND not in change.slots:
        merged.pop(KIND, None)  # a kind belongs to its category
    changed = replace(
        case,
        slots=merged,
        category=change.category or case.category,
        kind=kind_of(merged),
        restricted=case.restricted or change.restricted,
        title=(change.title or case.title)[:TITLE_LENGTH],
    )
    moved = change.where is not None or place_text(merged) != place_text(case.slots)
    if case.status is Status.DRAFT and moved and not placed_by_hand(tx, number):
        changed = reassigned(changed, assigned(tx, place_text(merged), change.where, now))
    saved = tx.cases.save(changed, now)
    data = {"slots": sorted(change.slots), **_why(change.where)}
    _note(tx, Kind.CASE_AMENDED, now, RESIDENT, saved, **data)
    return saved


def file(
    tx: Transaction, number: str, rulebook: Rulebook, now: datetime, *, actor: Actor = BOT
) -> Case:
    """Dispatch a draft: to the level its kind calls for and the person on duty there. The clock
    starts now. Who files it tells the resident: by a receipt, or by a notice."""
    before = tx.cases.get(number, lock=True)
    case, event = lifecycle.advance(before, "file", actor, now)
    route = routed(tx, case, rulebook, now)
    case = replace(case, filed_at=now, owner_id=route.officer.id, org_id=route.org_id)
    case = clocks.started(case, rulebook.deadline(case), rulebook.calendar, route.rung, now)
    saved = tx.cases.save(case, now)
    tx.moves.add(recorded(before, saved, "file", actor, Given(), now))
    data = {"owner": saved.owner_id, "unit": saved.unit_id, "org": saved.org_id, "why": route.why}
    _note(tx, event, now, actor, saved, **data)
    reminding.count(tx, saved, rulebook, now)
    return saved


def act_as_resident(
    tx: Transaction,
    number: str,
    verb: str,
    rulebook: Rulebook,
    now: datetime,
    *,
    reason: str | None = None,
) -> Case:
    """A verb in the resident's own words: confirm, reopen, withdraw, inform, escalate.

    The dialogue answers; no notice is said.
    """
    return move(tx, number, verb, RESIDENT, rulebook, now, Given(reason or ""), silent=True)


def rate(
    tx: Transaction,
    number: str,
    rulebook: Rulebook,
    now: datetime,
    *,
    score: int | None = None,
    text: str | None = None,
) -> Case:
    """The resident's rating. A score closes a case that waits for the resident's answer."""
    case = rules.rate(tx.cases.get(number, lock=True), score, text)
    if case.status is Status.DONE_WAIT and score is not None:
        tx.cases.save(case, now)
        return move(tx, number, "confirm", RESIDENT, rulebook, now, silent=True)
    saved = tx.cases.save(case, now)
    _note(tx, Kind.CASE_CONFIRMED, now, RESIDENT, saved, rating=saved.rating)
    return saved


def urge(tx: Transaction, number: str, now: datetime) -> Case:
    """The resident asks for haste; the owner sees it."""
    case = tx.cases.get(number, lock=True)
    _note(tx, Kind.CASE_URGED, now, RESIDENT, case)
    return case
