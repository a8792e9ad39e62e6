"""Two matters of one resident, told in one breath: two cases that name each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework.errors import NotAllowed
from casework.events import BOT, Event, Kind
from casework.ports import Transaction


def link(tx: Transaction, number: str, other: str, now: datetime) -> None:
    """Let two cases of one conversation, and all linked to either, name each other.

    Raises NotAllowed for cases of different residents.
    """
    first, second = tx.cases.get(number), tx.cases.get(other)
    if first.conversation_id != second.conversation_id:
        raise NotAllowed
    group = {number, other, *first.linked, *second.linked}
    for each in sorted(group):
        case = tx.cases.get(each, lock=True)
        ties = tuple(sorted(group - {each}))
        if case.linked == ties:
            continue
        saved = tx.cases.save(replace(case, linked=ties), now)
        data = {"linked": list(ties)}
        tx.events.append(
            Event(Kind.CASE_LINKED, now, BOT, saved.conversation_id, saved.number, data)
        )
