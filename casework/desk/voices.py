"""Voice messages: written down by a machine where one listens, else left for a person to hear."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework.case import OPEN
from casework.conversation import Conversation
from casework.desk.conversations import actor_of
from casework.events import BOT, RESIDENT, Event, Kind
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Turn


def taken(
    tx: Transaction, conversation: Conversation, turn: Turn, transcript: str | None, now: datetime
) -> tuple[Conversation, Turn]:
    """Keep the transcript beside the voice; without one, a person has to listen.

    The caller saves the conversation.
    """
    if not turn.voices:
        return conversation, turn
    if not transcript:
        return left(tx, conversation, turn, now), turn
    written = replace(turn, transcript=transcript)
    tx.turns.amend(written)
    data = {"turn": turn.id, "turn_seq": turn.seq}
    tx.events.append(Event(Kind.TURN_AMENDED, now, BOT, conversation.id, data=data))
    return conversation, written


def left(tx: Transaction, conversation: Conversation, turn: Turn, now: datetime) -> Conversation:
    """A voice message waits for somebody to hear it; the owner of the open case is told."""
    data: dict[str, object] = {"turn": turn.id, "turn_seq": turn.seq}
    number = None
    if conversation.has_cases:
        cases = [c for c in tx.cases.of_conversation(conversation.id) if c.status in OPEN]
        if cases:
            newest = max(cases, key=lambda case: (case.opened_at, case.number))
            number, data["officer"] = newest.number, newest.owner_id
    tx.events.append(Event(Kind.VOICE_LEFT, now, RESIDENT, conversation.id, number, data))
    return replace(conversation, unheard=conversation.unheard + len(turn.voices))


def heard(tx: Transaction, conversation_id: str, officer: Officer, now: datetime) -> Conversation:
    """An officer has listened; nothing waits to be heard any more. Raises NotFound."""
    before = tx.conversations.get(conversation_id, lock=True)
    if not before.unheard:
        return before
    after = replace(before, unheard=0)
    tx.conversations.save(after, before.epoch)
    tx.events.append(Event(Kind.VOICE_HEARD, now, actor_of(officer), conversation_id))
    return after
