"""Who holds a conversation, and the epoch that fences everyone else out.

The epoch grows with every change of holder. Whoever writes to the resident names the epoch
under which it decided; a write under an older epoch is refused in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework.errors import NotAllowed, Superseded


class HolderKind(StrEnum):
    """The three who can hold a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who may speak to the resident now; ``officer_id`` only for an officer."""

    kind: HolderKind
    officer_id: str | None = None

    def __post_init__(self) -> None:
        if (self.kind is HolderKind.OFFICER) != (self.officer_id is not None):
            raise ValueError("an officer holder needs an officer id, no other may have one")


BOT = Holder(HolderKind.BOT)
QUEUE = Holder(HolderKind.QUEUE)


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns with one resident in one chat.

    ``last_seq`` counts turns from 1 without gaps. ``dialogue`` is the bot's own state, opaque
    here. ``waiting_since`` is set while a resident waits for a human. ``seen_seq`` is the last
    turn any officer has had on screen. ``language`` is what the resident writes and is answered
    in (``zh``, ``zh-Hant`` or ``en``); ``restricted`` hides it from all but named roles.
    ``forgotten_seq`` is the last turn whose words were forgotten with all before it;
    ``unheard`` counts voice messages nobody has listened to yet.
    """

    id: str
    channel: str
    chat: str
    created_at: datetime
    last_at: datetime
    holder: Holder = BOT
    epoch: int = 1
    last_seq: int = 0
    seen_seq: int = 0
    title: str = ""
    preview: str = ""
    category: str | None = None
    crisis: str = "none"
    urgent: bool = False
    waiting_since: datetime | None = None
    handoff_reason: str | None = None
    unreachable: str | None = None
    unit_id: str | None = None
    has_cases: bool = False
    language: str = "zh"
    restricted: bool = False
    forgotten_seq: int = 0
    unheard: int = 0
    dialogue: dict[str, Any] = field(default_factory=dict)


def hand_off(conversation: Conversation, reason: str, now: datetime) -> Conversation:
    """The bot asks for a human. In the queue already, or with an officer: nothing changes."""
    if conversation.holder.kind is not HolderKind.BOT:
        return conversation
    return replace(
        conversation,
        holder=QUEUE,
        epoch=conversation.epoch + 1,
        waiting_since=conversation.waiting_since or now,
        handoff_reason=reason,
    )


def take_over(conversation: Conversation, officer_id: str, *, force: bool = False) -> Conversation:
    """An officer takes the conversation from the bot or the queue.

    Taking what one already holds changes nothing, so that a repeated click is harmless.
    Raises Superseded when another officer holds it and ``force`` is not given.
    """
    mine = Holder(HolderKind.OFFICER, officer_id)
    if conversation.holder == mine:
        return conversation
    if conversation.holder.kind is HolderKind.OFFICER and not force:
        raise Superseded(conversation.holder, conversation.epoch)
    return replace(
        conversation,
        holder=mine,
        epoch=conversation.epoch + 1,
        waiting_since=None,
        seen_seq=conversation.last_seq,
    )


def release(
    conversation: Conversation, officer_id: str, epoch: int, to: Holder, now: datetime
) -> Conversation:
    """The holder gives the conversation back to the bot, the queue or a colleague."""
    require_holder(conversation, officer_id, epoch)
    if to == conversation.holder:
        raise NotAllowed("the conversation is already with this officer")
    return replace(
        conversation,
        holder=to,
        epoch=conversation.epoch + 1,
        waiting_since=now if to.kind is HolderKind.QUEUE else None,
        handoff_reason=conversation.handoff_reason if to.kind is HolderKind.QUEUE else None,
    )


def require_holder(conversation: Conversation, officer_id: str, epoch: int) -> None:
    """Raise Superseded unless this officer holds the conversation under this epoch."""
    mine = Holder(HolderKind.OFFICER, officer_id)
    if conversation.holder != mine or conversation.epoch != epoch:
        raise Superseded(conversation.holder, conversation.epoch)


def take_back(conversation: Conversation) -> Conversation:
    """The bot has it back from the queue, where nobody has taken it yet."""
    if conversation.holder.kind is not HolderKind.QUEUE:
        return conversation
    return replace(
        conversation,
        holder=BOT,
        epoch=conversation.epoch + 1,
        waiting_since=None,
        handoff_reason=None,
    )


def waits_in_queue(conversation: Conversation) -> bool:
    """Whether a human is wanted and none has taken the conversation."""
    return conversation.holder.kind is HolderKind.QUEUE


def bot_may_speak(conversation: Conversation) -> bool:
    """Whether the bot holds the conversation."""
    return conversation.holder.kind is HolderKind.BOT
