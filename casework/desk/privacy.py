"""Verbs of the resident's rights: stop keeping, erase, go unnamed; and of retention.

PIPL (个人信息保护法 2021) §15: consent may be taken back, §19: nothing is kept longer than needed,
§47: deletion on request. What the law obliges to be kept, the record of a filed case, is kept
without what is personal (§47(2), §73(4)); an open case keeps what it needs until it is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework import clocks, lifecycle, privacy
from casework.case import CLOSED, Case, SlotValue, Status
from casework.channels import DESK
from casework.conversation import BOT, Conversation, HolderKind
from casework.desk.booking import give_up
from casework.desk.cases import place_text
from casework.desk.left_behind import left
from casework.erasing import Kept, Taken
from casework.events import RESIDENT, SYSTEM, Actor, Event, Kind
from casework.organisation import Organisation
from casework.ports import Transaction
from casework.privacy import Record, Retention


@dataclass(frozen=True, slots=True)
class Erasure:
    """What the resident wants gone. ``turn_id`` is the line that says so.

    ``withdraw``: open cases are taken back; otherwise they are worked on and forgotten when they
    are closed. A case behind danger to life stays open either way (PIPL §13(4)).
    """

    turn_id: str | None
    record: Record
    names: Mapping[str, str]
    withdraw: bool = False


def _note(
    tx: Transaction, kind: Kind, at: datetime, actor: Actor, conversation_id: str, **data: Any
) -> None:
    tx.events.append(Event(kind, at, actor, conversation_id, data=data))


def erase(
    tx: Transaction, conversation: Conversation, wish: Erasure, now: datetime
) -> Conversation:
    """Delete what is kept of the resident. The caller saves the conversation it gets back.

    Whoever holds it, holds nothing any more: the bot answers from here on.
    """
    cases = tx.cases.of_conversation(conversation.id)
    gone, kept = list[Case](), list[Case]()
    for case in cases:
        after = _asked_to_go(tx, case, wish, now)
        (gone if after.anonymised_at is not None else kept).append(after)
    give_up(tx, conversation.id, {case.number for case in kept}, now)
    tx.booking.forget(conversation.id)
    taken = _clear(tx, conversation, kept, wish.turn_id, now)
    fresh = _emptied(conversation, kept)
    if fresh.epoch != conversation.epoch:
        data = {"epoch": fresh.epoch, "to": HolderKind.BOT.value, "to_officer": None}
        _note(tx, Kind.RELEASED, now, SYSTEM, conversation.id, **data)
    numbers = {
        "cases": [case.number for case in gone if case.anonymised_at == now],
        "kept": [case.number for case in kept],
    }
    if taken.anything or numbers["cases"] or conversation.dialogue:
        counts = {"turns": taken.turns, "files": taken.files}
        _note(tx, Kind.RESIDENT_ERASED, now, RESIDENT, conversation.id, **counts, **numbers)
    return fresh


def stop(tx: Transaction, conversation: Conversation, wish: Erasure, now: datetime) -> Conversation:
    """Consent is taken back: what was never filed goes, filed cases go on under the law.

    The caller saves the conversation it gets back.
    """
    cases = tx.cases.of_conversation(conversation.id)
    kept = [_unfiled_goes(tx, case, wish, now) for case in cases]
    filed = [case for case in kept if case.anonymised_at is None]
    taken = _clear(tx, conversation, filed, wish.turn_id, now)
    counts = {"turns": taken.turns, "files": taken.files}
    _note(tx, Kind.CONSENT_WITHDRAWN, now, RESIDENT, conversation.id, **counts)
    return replace(
        conversation,
        preview="",
        has_cases=bool(filed),
        category=conversation.category if filed else None,
        unheard=0,
    )


def hush(
    tx: Transaction,
    conversation: Conversation,
    kept_turns: Collection[str],
    turn_id: str,
    now: datetime,
) -> Conversation:
    """A line to a bot that may keep nothing: answered, and gone."""
    open_ones = [c for c in tx.cases.of_conversation(conversation.id) if c.anonymised_at is None]
    turns, files = _needed(tx, open_ones)
    tx.erasing.blank(conversation.id, Kept(turns | frozenset(kept_turns), files, turn_id), now)
    return replace(conversation, preview="")


def asked_while_held(tx: Transaction, conversation: Conversation, now: datetime) -> None:
    """The resident asked for deletion while a human holds the conversation: they see it."""
    _note(tx, Kind.ERASURE_ASKED, now, RESIDENT, conversation.id)


def guard(tx: Transaction, number: str, record: Record, now: datetime) -> Case:
    """See that the case holds nothing its resident did not want to be known by."""
    case = tx.cases.get(number, lock=True)
    slots = privacy.shielded(case.slots, case.category, record)
    title = privacy.title_for(case.title, case.slots, record)
    if slots == case.slots and title == case.title:
        return case
    if slots != case.slots:
        tx.reclassifications.forget(case.conversation_id)
    return tx.cases.save(replace(case, slots=slots, title=title), now)


def expire_case(
    tx: Transaction,
    number: str,
    record: Record,
    retention: Retention,
    names: Mapping[str, str],
    now: datetime,
) -> bool:
    """A closed case has been kept long enough, or was to be forgotten when closed.

    False when it is not to be done after all. Conversation before case, as everywhere.
    """
    conversation = tx.conversations.get(tx.cases.get(number).conversation_id, lock=True)
    case = tx.cases.get(number, lock=True)
    if not _is_due(case, retention, now):
        return False
    before = now if case.forget else case.closed_at
    _anonymise(tx, case, record, names, now, SYSTEM)
    left = [c for c in tx.cases.of_conversation(conversation.id) if c.anonymised_at is None]
    turns, files = _needed(tx, left, conversation.dialogue)
    tx.erasing.blank(conversation.id, Kept(turns, files, before=before), now)
    tx.reclassifications.forget(conversation.id)
    tx.conversations.save(_left_behind(conversation, left, case), conversation.epoch)
    return True


def _left_behind(conversation: Conversation, left: Sequence[Case], gone: Case) -> Conversation:
    """The row after one of its cases was anonymised: what is being talked about now stays. Where an
    officer registered it there is no chat, and the row is called by the resident's name."""
    changed = replace(conversation, has_cases=bool(left))
    if not left and conversation.channel == DESK:
        changed = replace(changed, title="")
    if not left and not conversation.dialogue.get("draft"):
        changed = replace(changed, dialogue={})
    quiet = gone.forget or (gone.closed_at is not None and conversation.last_at <= gone.closed_at)
    return replace(changed, preview="") if quiet else changed


def expire_talk(tx: Transaction, conversation_id: str, retention: Retention, now: datetime) -> bool:
    """Talk that led to no case has been kept long enough; False when it is not to be done."""
    conversation = tx.conversations.get(conversation_id, lock=True)
    idle = conversation.last_at <= now - retention.unfiled
    held = conversation.holder.kind is not HolderKind.BOT
    if not idle or held or conversation.has_cases:
        return False
    if conversation.forgotten_seq >= conversation.last_seq:
        return False
    tx.booking.forget(conversation.id)
    taken = _clear(tx, conversation, (), None, now)
    tx.conversations.save(_emptied(conversation, ()), conversation.epoch)
    counts = {"turns": taken.turns, "files": taken.files}
    _note(tx, Kind.TALK_FORGOTTEN, now, SYSTEM, conversation.id, **counts)
    return True


def _is_due(case: Case, retention: Retention, now: datetime) -> bool:
    if case.closed_at is None or case.anonymised_at is not None:
        return False
    if case.forget:
        return True
    limits = retention.limits(now)
    if case.filed_at is None:
        return case.closed_at <= limits.unfiled
    return case.closed_at <= (limits.restricted if case.restricted else limits.ordinary)


def _asked_to_go(tx: Transaction, found: Case, wish: Erasure, now: datetime) -> Case:
    """A case after its resident asked for deletion: anonymised, or marked for it."""
    case = tx.cases.get(found.number, lock=True)
    if case.anonymised_at is not None:
        return case
    in_danger = case.crisis in {"R2", "R3"}
    if case.status is Status.DRAFT or (wish.withdraw and not in_danger):
        case = _withdrawn(tx, case, now)
    if case.status in CLOSED:
        return _anonymise(tx, case, wish.record, wish.names, now, RESIDENT)
    return case if case.forget else tx.cases.save(replace(case, forget=True), now)


def _unfiled_goes(tx: Transaction, found: Case, wish: Erasure, now: datetime) -> Case:
    case = tx.cases.get(found.number, lock=True)
    if case.filed_at is not None or case.anonymised_at is not None:
        return case
    return _anonymise(tx, _withdrawn(tx, case, now), wish.record, wish.names, now, RESIDENT)


def _withdrawn(tx: Transaction, case: Case, now: datetime) -> Case:
    if case.status in CLOSED:
        return case
    changed, kind = lifecycle.advance(case, "withdraw", RESIDENT, now)
    saved = tx.cases.save(clocks.closed(changed), now)
    left(tx, case, saved, now)
    data = {"round": saved.round}
    tx.events.append(Event(kind, now, RESIDENT, saved.conversation_id, saved.number, data))
    return saved


def _anonymise(
    tx: Transaction,
    case: Case,
    record: Record,
    names: Mapping[str, str],
    now: datetime,
    actor: Actor,
) -> Case:
    known = Organisation({}, {}, tuple(tx.places.all()))
    place = known.find_place(place_text(case.slots))
    title = names.get(case.category, case.category)
    bare = privacy.anonymised(case, title, place.name if place else None, record, now)
    saved = tx.cases.save(bare, now)
    tx.moves.forget(case.number)
    tx.captures.forget(case.number)
    tx.mediations.forget(case.number)
    tx.booking.forget_case(case.number)
    tx.whistles.forget([case.number])
    for beside in (tx.slips, tx.sponsors, tx.collectives):
        beside.blank(case.number)
    talk = saved.conversation_id
    tx.events.append(Event(Kind.CASE_ANONYMISED, now, actor, talk, saved.number))
    return saved


def _clear(
    tx: Transaction,
    conversation: Conversation,
    kept: Sequence[Case],
    turn_id: str | None,
    now: datetime,
) -> Taken:
    turns, files = _needed(tx, kept)
    tx.reclassifications.forget(conversation.id)
    tx.reminders.forget(conversation.id)
    return tx.erasing.blank(conversation.id, Kept(turns, files, turn_id), now)


def _needed(
    tx: Transaction, cases: Sequence[Case], dialogue: Mapping[str, Any] | None = None
) -> tuple[frozenset[str], frozenset[str]]:
    """The turns and files that cases, and a complaint being taken, stand on: what was said and
    sent, what proves the result, the papers of a mediation."""
    slots = [held for case in cases for held in case.slots.values()]
    draft = (dialogue or {}).get("draft") or {}
    told = (draft.get("slots") or {}).values()
    slots += [SlotValue(held.get("value"), "", held.get("turn_id")) for held in told]
    turns, files = privacy.sources(slots)
    papers = {file for case in cases for file in (*case.proof, *_papers(tx, case))}
    return turns, files | papers


def _papers(tx: Transaction, case: Case) -> set[str]:
    """The agreements and rulings of a case's mediations."""
    found = tx.mediations.of_case(case.number)
    kept = {each.agreement.file_id for each in found if each.agreement}
    kept |= {held.file_id for each in found if (held := tx.confirmations.get(each.id))}
    return {file for file in kept if file}


def _emptied(conversation: Conversation, kept: Sequence[Case]) -> Conversation:
    """The row without what names the resident; with the bot again if a human had it."""
    held = conversation.holder.kind is not HolderKind.BOT
    danger = any(case.crisis in {"R2", "R3"} for case in kept)
    return replace(
        conversation,
        title="",
        preview="",
        dialogue={},
        forgotten_seq=conversation.last_seq,
        has_cases=bool(kept),
        category=kept[-1].category if kept else None,
        crisis=conversation.crisis if danger else "none",
        urgent=conversation.urgent if kept else False,
        unheard=0,
        holder=BOT,
        epoch=conversation.epoch + 1 if held else conversation.epoch,
        waiting_since=None,
        handoff_reason=None,
    )
