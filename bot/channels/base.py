"""What the inbox and the relay need from a channel.

A pull channel (web chat, terminal) shows turns straight from the store, so committing a turn is
delivering it. A push channel sends each message to a platform and can fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from casework.conversation import Conversation
from casework.outbox import OutgoingMessage
from casework.turn import Inbound, Turn


@dataclass(frozen=True, slots=True)
class Received:
    """A stored line; ``new`` is False when the same line had been stored before."""

    turn: Turn
    conversation: Conversation
    new: bool


class Door(Protocol):
    """The only way in (bot.inbox.Inbox implements it)."""

    async def receive(self, inbound: Inbound) -> Received:
        """Store one line durably; only then may the platform be told. Handling follows."""
        ...

    async def receive_many(self, batch: Sequence[Inbound]) -> list[Received]:
        """Store a batch in one transaction, in order."""
        ...


class PushChannel(Protocol):
    """A platform messages are sent to."""

    name: str

    def is_group(self, chat: str) -> bool:
        """Whether several people read this chat (platforms allow fewer messages there)."""
        ...

    async def send(self, message: OutgoingMessage) -> bool:
        """Send the one piece ``message.part``; True when more pieces are left.

        Raises casework.outbox.DeliveryError.
        """
        ...
