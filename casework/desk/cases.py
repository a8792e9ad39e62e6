"""Verbs on cases: draft, amend, file, and every row of the lifecycle table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from casework import case as rules
from casework import deadlines
from casework.case import Case, SlotValue, Status
from casework.conversation import Conversation, Holder, HolderKind
from casework.deadlines import DeadlineClass
from casework.desk.assigning import Whereabouts, assigned, placed_by_hand, reassigned
from casework.desk.conversations import actor_of, say
from casework.errors import NotAllowed
from casework.events import BOT, RESIDENT, Actor, Event, Kind
from casework.intake import KIND, kind_of
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Line

PLACE_SLOTS = ("place", "project")
TITLE_LENGTH = 120  # characters


class Notices(Protocol):
    """The words a resident is told when a case changes; None where nothing is said.

    ``language`` is the conversation's.
    """

    def notice(self, kind: Kind, case: Case, owner_name: str, language: str) -> Line | None: ...


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
    assignment = assigned(tx, place_text(opening.slots), opening.where)
    case = Case(
        number=tx.cases.next_number(now),
        conversation_id=conversation.id,
        category=opening.category,
        opened_at=now,
        owner_id=assignment.officer.id,
        unit_id=assignment.unit.id,
        placed=assignment.placed,
        secondary=opening.secondary,
        urgent=opening.urgent,
        crisis=opening.crisis,
        title=opening.title[:TITLE_LENGTH],
        slots=dict(opening.slots),
        kind=kind_of(opening.slots),
        restricted=opening.restricted,
    )
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
        changed = reassigned(changed, assigned(tx, place_text(merged), change.where))
    saved = tx.cases.save(changed, now)
    data = {"slots": sorted(change.slots), **_why(change.where)}
    _note(tx, Kind.CASE_AMENDED, now, RESIDENT, saved, **data)
    return saved


def file(
    tx: Transaction, number: str, length: DeadlineClass, now: datetime, *, actor: Actor = BOT
) -> Case:
    """Dispatch a draft to its owner; the clock starts now."""
    case, event = rules.advance(tx.cases.get(number, lock=True), "file", actor.kind, now)
    contact_by, due_at = deadlines.due(now, length)
    case = replace(case, filed_at=now, contact_by=contact_by, due_at=due_at)
    saved = tx.cases.save(case, now)
    _note(tx, event, now, actor, saved, owner=saved.owner_id, unit=saved.unit_id)
    return saved


def act_as_resident(
    tx: Transaction, number: str, verb: str, now: datetime, *, reason: str | None = None
) -> Case:
    """A verb in the resident's own words: confirm, reopen, withdraw."""
    case, event = rules.advance(
        tx.cases.get(number, lock=True), verb, RESIDENT.kind, now, given=reason
    )
    if event is Kind.CASE_REOPENED:
        case = _restart_deadline(tx, case, now)
    saved = tx.cases.save(case, now)
    _note(tx, event, now, RESIDENT, saved, round=saved.round)
    return saved


def rate(
    tx: Transaction,
    number: str,
    now: datetime,
    *,
    score: int | None = None,
    text: str | None = None,
) -> Case:
    """The resident's rating. A score closes a case that waits for the resident's answer."""
    case = rules.rate(tx.cases.get(number, lock=True), score, text)
    kind = Kind.CASE_CONFIRMED
    if case.status is Status.DONE_WAIT and score is not None:
        case, kind = rules.advance(case, "confirm", RESIDENT.kind, now)
    saved = tx.cases.save(case, now)
    _note(tx, kind, now, RESIDENT, saved, rating=saved.rating)
    return saved


def urge(tx: Transaction, number: str, now: datetime) -> Case:
    """The resident asks for haste; the owner sees it."""
    case = tx.cases.get(number, lock=True)
    _note(tx, Kind.CASE_URGED, now, RESIDENT, case)
    return case


def act(
    tx: Transaction,
    number: str,
    verb: str,
    officer: Officer,
    now: datetime,
    notices: Notices,
    *,
    given: str | None = None,
) -> Case:
    """An officer's verb; the resident is told in the same transaction.

    Raises ForbiddenTransition, Incomplete or NotAllowed. Conversation before case: everybody who
    needs both rows locks them in this order.
    """
    conversation_id = tx.cases.get(number).conversation_id
    conversation = tx.conversations.get(conversation_id, lock=True)
    before = tx.cases.get(number, lock=True)
    require_coverage(tx, before, conversation, officer)
    actor = actor_of(officer)
    case, event = rules.advance(before, verb, actor.kind, now, given=given)
    if event is Kind.CASE_REOPENED:
        case = _restart_deadline(tx, case, now)
    if case.contacted_at is None:
        case = replace(case, contacted_at=now)
    saved = tx.cases.save(case, now)
    _note(tx, event, now, actor, saved, round=saved.round)
    tell(tx, conversation, saved, event, officer, notices, now)
    return saved


def dispatch(
    tx: Transaction,
    number: str,
    officer: Officer,
    length: DeadlineClass,
    now: datetime,
    notices: Notices,
) -> Case:
    """An officer files a draft for its resident. Raises as ``act`` does."""
    conversation = tx.conversations.get(tx.cases.get(number).conversation_id, lock=True)
    require_coverage(tx, tx.cases.get(number, lock=True), conversation, officer)
    filed = file(tx, number, length, now, actor=actor_of(officer))
    tell(tx, conversation, filed, Kind.CASE_FILED, officer, notices, now)
    return filed


def _restart_deadline(tx: Transaction, case: Case, now: datetime) -> Case:
    """A new round is due as long after the reopening as the last one was after its own start."""
    return deadlines.restarted(case, round_began(tx, case), now)


def round_began(tx: Transaction, case: Case) -> datetime:
    """When the case was dispatched, or reopened since."""
    starts = (Kind.CASE_FILED, Kind.CASE_REOPENED)
    began = [event.at for event in tx.events.of_case(case.number) if event.kind in starts]
    return max(began, default=case.opened_at)


def require_coverage(
    tx: Transaction, case: Case, conversation: Conversation, officer: Officer
) -> None:
    """Raise NotAllowed unless the officer owns the case, covers its unit or holds its resident."""
    holds = conversation.holder == Holder(HolderKind.OFFICER, officer.id)
    covers = tx.people.organisation().covers(officer, case.unit_id)
    if not (holds or covers or case.owner_id == officer.id):
        raise NotAllowed


def tell(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    event: Kind,
    officer: Officer,
    notices: Notices,
    now: datetime,
) -> None:
    """Tell the resident, in the officer's name. After a result the bot holds again, to ask."""
    owner = event in {Kind.CASE_FILED, Kind.CASE_PLACED}
    named = tx.people.officer(case.owner_id).name if owner else officer.name
    line = notices.notice(event, case, named, conversation.language)
    before = conversation.epoch
    mine = conversation.holder == Holder(HolderKind.OFFICER, officer.id)
    if line is not None:
        conversation, _ = say(tx, conversation, [line], now, officer=officer)
    if event is Kind.CASE_RESOLVED and (mine or conversation.holder.kind is HolderKind.QUEUE):
        released = replace(
            conversation,
            holder=Holder(HolderKind.BOT),
            epoch=conversation.epoch + 1,
            waiting_since=None,
            handoff_reason=None,
        )
        tx.events.append(
            Event(
                Kind.RELEASED,
                now,
                actor_of(officer),
                conversation.id,
                data={"epoch": released.epoch, "to": "bot", "to_officer": None},
            )
        )
        conversation = released
    tx.conversations.save(conversation, before)
