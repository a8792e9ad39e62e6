"""Albums: photos sent together reach us as several messages, and are one line all the same.

The first message stored is the line; it carries the album's own external id. Whatever belongs to
it grows it while nobody has decided about it, and is a quiet line of its own afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from casework.conversation import Conversation
from casework.events import RESIDENT, Event, Kind
from casework.ports import Transaction
from casework.turn import Inbound, Turn


def joined(tx: Transaction, conversation: Conversation, inbound: Inbound) -> Turn | None:
    """The album's line once this message is part of it; None when it is a line by itself."""
    first = tx.turns.by_external(inbound.channel, inbound.album or "")
    if first is None or first.conversation_id != conversation.id:
        return None
    if _holds(first, inbound):
        return first
    if first.handled_at is not None:
        return None
    return _grown(tx, conversation, first, inbound)


def as_first(inbound: Inbound) -> Inbound:
    """The message as the line its album is known by."""
    assert inbound.album is not None  # noqa: S101 - the caller looked
    return replace(inbound, external_id=inbound.album)


def _holds(turn: Turn, inbound: Inbound) -> bool:
    known = {media.id for media in turn.media}
    return all(media.id in known for media in inbound.media) and inbound.text in turn.text


def _grown(tx: Transaction, conversation: Conversation, turn: Turn, inbound: Inbound) -> Turn:
    known = {media.id for media in turn.media}
    fresh = tuple(media for media in inbound.media if media.id not in known)
    for media in fresh:
        tx.files.add(media, conversation.id, inbound.at)
    text = turn.text if inbound.text in turn.text else f"{turn.text}\n{inbound.text}".strip()
    grown = replace(turn, text=text, media=turn.media + fresh)
    tx.turns.amend(grown)
    data = {"turn": turn.id, "turn_seq": turn.seq}
    tx.events.append(Event(Kind.TURN_AMENDED, inbound.at, RESIDENT, conversation.id, data=data))
    return grown
