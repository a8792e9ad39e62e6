"""What the rules need from a store of what is said: conversations, their lines, and those on their
way out. Storage implements these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from casework.conversation import Conversation
from casework.outbox import Delivery, OutgoingMessage
from casework.turn import Inbound, Line, Turn


class Conversations(Protocol):
    """Conversations, saved under the epoch they were decided under."""

    def get(self, conversation_id: str, *, lock: bool = False) -> Conversation:
        """Raises NotFound. ``lock`` holds the row until the transaction ends."""
        ...

    def of_chat(self, channel: str, chat: str, *, lock: bool = False) -> Conversation | None: ...

    def add(self, conversation: Conversation) -> None: ...

    def held_by(self, officer_id: str) -> list[str]:
        """The ids of the conversations this officer holds, in order."""
        ...

    def save(self, conversation: Conversation, expected_epoch: int) -> None:
        """Raises Superseded when the stored epoch is another."""
        ...

    def move_chat(self, channel: str, old: str, new: str) -> int:
        """A chat changed its id on the platform; returns how many conversations moved."""
        ...


class Turns(Protocol):
    """The conversation's record, which is the inbox too."""

    def by_external(self, channel: str, external_id: str) -> Turn | None: ...

    def add_received(
        self, conversation: Conversation, inbound: Inbound
    ) -> tuple[Conversation, Turn]:
        """Store a resident's line as the next seq. The caller saves the conversation."""
        ...

    def add_spoken(
        self,
        conversation: Conversation,
        lines: Sequence[Line],
        speaker: str,
        at: datetime,
        *,
        officer_id: str | None = None,
        external_id: str | None = None,
        push: bool = False,
        hold_until: datetime | None = None,
    ) -> tuple[Conversation, tuple[Turn, ...]]:
        """Store outgoing lines as the next seqs; with ``push`` also into the outbox, to be sent
        from ``hold_until`` on. Without it, what was held for this chat goes first, now."""
        ...

    def oldest_unhandled(self, conversation_id: str) -> Turn | None: ...

    def mark_handled(self, turn_id: str, at: datetime) -> bool:
        """False when it was handled already."""
        ...

    def amend(self, turn: Turn) -> None:
        """Save a resident's line whose text, files or transcript have grown, or whose deep link
        is forgotten."""
        ...

    def conversations_with_unhandled(self, before: datetime, limit: int) -> list[str]:
        """Conversations whose oldest undecided line was received before ``before``."""
        ...

    def get(self, turn_id: str) -> Turn: ...

    def after(self, conversation_id: str, seq: int, limit: int = 500) -> list[Turn]: ...


class Outbox(Protocol):
    """Messages on their way to push channels, oldest first per chat."""

    def add(self, message: OutgoingMessage) -> None: ...

    def lease_due(
        self, channel: str, now: datetime, until: datetime, limit: int
    ) -> list[OutgoingMessage]:
        """The oldest pending message of up to ``limit`` chats whose oldest one is due, leased.

        The epochs are checked here, with the conversations locked against a change of holder: a
        message written under an epoch that is over is ended as refused and comes back with that
        status. All others may be sent until ``until``: a take-over waits for them. What belongs
        to a conversation somebody is changing at this moment is left for the next time.
        """
        ...

    def in_flight(self, conversation: Conversation, now: datetime) -> bool:
        """Whether a fenced message of this conversation may be on its way to the platform.

        The caller holds the conversation's lock, so that none can start meanwhile.
        """
        ...

    def settle(
        self,
        messages: Sequence[OutgoingMessage],
        status: Delivery,
        at: datetime,
        error: str | None = None,
    ) -> None:
        """End messages: sent, failed or refused; their turns show it."""
        ...

    def postpone(
        self, message_id: int, due_at: datetime, error: str | None, *, attempts: int, part: int
    ) -> None:
        """Give the lease back; to be sent from ``part`` on, not before ``due_at``."""
        ...

    def move_chat(self, channel: str, old: str, new: str) -> None: ...

    def next_due(self, channel: str) -> datetime | None:
        """When the next pending message is due or its lease ends; None when there is none."""
        ...
