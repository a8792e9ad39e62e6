"""The cases a conversation knows of, with what its resident is told about them."""

from __future__ import annotations

from bot.dialogue.state import KnownCase
from casework.conversation import Conversation
from casework.desk.collective import progress
from casework.ports import Transaction


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
    return [
        KnownCase(
            case,
            owners[case.owner_id].name,
            unit.name if unit is not None else "",
            tuple(each for each in running if each.case_number == case.number),
            progress(tx, case),
        )
        for case in cases
        for unit in [units[seats[case.number]]]
    ]
