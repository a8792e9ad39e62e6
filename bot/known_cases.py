"""The cases a conversation knows of, with what its resident is told about them."""

from __future__ import annotations

from bot.dialogue.state import Asked, KnownCase
from casework.conversation import Conversation
from casework.desk.collective import progress
from casework.mediation import Mediation
from casework.ports import Transaction
from casework.turn import Speaker


def known_cases(tx: Transaction, conversation: Conversation) -> list[KnownCase]:
    """The conversation's cases with their owners' names and offices.

    Only these officers and units are read: a city has tens of thousands.
    """
    if not conversation.has_cases:
        return []
    cases = tx.cases.of_conversation(conversation.id)
    owners = {each: tx.people.officer(each) for each in {case.owner_id for case in cases}}
    seats = {case.number: owners[case.owner_id].unit_id or case.unit_id for case in cases}
    units = {each: tx.people.unit(each) for each in set(seats.values())}
    running = tx.reminders.running(conversation.id)
    mediations = tx.mediations.open_questions(conversation.id)
    asked = _asked(tx, conversation, mediations)
    mediating = {each.case_number for each in mediations}
    return [
        KnownCase(
            case,
            owners[case.owner_id].name,
            unit.name if unit is not None else "",
            tuple(each for each in running if each.case_number == case.number),
            progress(tx, case),
            tuple(asked.get(case.number, ())),
            case.number in mediating,
        )
        for case in cases
        for unit in [units[seats[case.number]]]
    ]


def _asked(
    tx: Transaction, conversation: Conversation, mediations: list[Mediation]
) -> dict[str, list[Asked]]:
    """What an officer or the clock asked and nobody has answered, by case."""
    promises = tx.promises.asked_of(conversation.id)
    open_ones = [(each, each.question) for each in mediations]
    seqs = [each.asked_seq for each in mediations] + [each.asked_seq for each in promises]
    spoken = _spoken_since(tx, conversation, min(filter(None, seqs))) if any(seqs) else 0
    found: dict[str, list[Asked]] = {}
    for promise in promises:
        known = Asked("promise", promise.id, 0 < spoken <= promise.asked_seq)
        found.setdefault(promise.case_number, []).append(known)
    for mediation, question in open_ones:
        if question is not None:
            known = Asked(question, mediation.case_number, 0 < spoken <= mediation.asked_seq)
            found.setdefault(mediation.case_number, []).append(known)
    return found


def _spoken_since(tx: Transaction, conversation: Conversation, seq: int) -> int:
    """The seq of the last line that we said, from this one on."""
    later = tx.turns.after(conversation.id, seq - 1)
    return max((turn.seq for turn in later if turn.speaker is not Speaker.RESIDENT), default=0)
