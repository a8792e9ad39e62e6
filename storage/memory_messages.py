"""Turns and the outbox in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.conversation import Conversation
from casework.errors import NotFound
from casework.outbox import Delivery, OutgoingMessage
from casework.turn import Inbound, Line, Speaker, Turn, received
from storage.ids import new_id

if TYPE_CHECKING:
    from storage.memory import Tables


class MemoryTurns:
    """casework.ports.Turns."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows = tables.turns
        self.added: list[Turn] = []
        self.pushed: set[str] = set()

    def by_external(self, channel: str, external_id: str) -> Turn | None:
        """The line stored under the platform's id."""
        for turn in self._rows.values():
            if turn.external_id == external_id and self._tables.channels[turn.id] == channel:
                return turn
        return None

    def get(self, turn_id: str) -> Turn:
        """Raises NotFound."""
        if turn_id not in self._rows:
            raise NotFound
        return self._rows[turn_id]

    def add_received(
        self, conversation: Conversation, inbound: Inbound
    ) -> tuple[Conversation, Turn]:
        """Store a resident's line as the next seq."""
        turn = received(new_id(), conversation, inbound)
        self._keep(turn, conversation)
        return replace(conversation, last_seq=turn.seq, last_at=inbound.at), turn

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
        if push and hold_until is None:
            MemoryOutbox(self._tables).let_go(conversation, at)
        new: list[Turn] = []
        for line in lines:
            turn = Turn(
                id=new_id(),
                conversation_id=conversation.id,
                seq=conversation.last_seq + 1,
                speaker=Speaker(speaker),
                text=line.text,
                at=at,
                epoch=conversation.epoch,
                officer_id=officer_id,
                external_id=external_id if not new else None,
                buttons=line.buttons,
                media=line.media,
                handled_at=at,
                delivery=Delivery.PENDING.value if push else None,
            )
            conversation = replace(conversation, last_seq=turn.seq, last_at=at)
            self._keep(turn, conversation)
            new.append(turn)
            if push:
                MemoryOutbox(self._tables).push(turn, conversation, hold_until)
                self.pushed.add(conversation.channel)
        return conversation, tuple(new)

    def _keep(self, turn: Turn, conversation: Conversation) -> None:
        self._rows[turn.id] = turn
        self._tables.channels[turn.id] = conversation.channel
        self.added.append(turn)

    def _unhandled(self) -> list[Turn]:
        waiting = (
            t for t in self._rows.values() if t.handled_at is None and t.speaker == "resident"
        )
        return sorted(waiting, key=lambda t: t.seq)

    def oldest_unhandled(self, conversation_id: str) -> Turn | None:
        """The next line to decide about."""
        return next((t for t in self._unhandled() if t.conversation_id == conversation_id), None)

    def mark_handled(self, turn_id: str, at: datetime) -> bool:
        """False when it was handled already."""
        turn = self.get(turn_id)
        if turn.handled_at is not None:
            return False
        self._rows[turn_id] = replace(turn, handled_at=at)
        return True

    def amend(self, turn: Turn) -> None:
        """Save a line's text, files, transcript and deep link."""
        self._rows[turn.id] = replace(
            self.get(turn.id),
            text=turn.text,
            media=turn.media,
            transcript=turn.transcript,
            start=turn.start,
        )

    def conversations_with_unhandled(self, before: datetime, limit: int) -> list[str]:
        """Conversations whose oldest undecided line was received before ``before``."""
        late = (t.conversation_id for t in self._unhandled() if t.at < before)
        return list(dict.fromkeys(late))[:limit]

    def after(self, conversation_id: str, seq: int, limit: int = 500) -> list[Turn]:
        """The turns behind ``seq``, in order."""
        found = [
            t for t in self._rows.values() if t.conversation_id == conversation_id and t.seq > seq
        ]
        return sorted(found, key=lambda t: t.seq)[:limit]


class MemoryOutbox:
    """casework.ports.Outbox."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows = tables.outbox
        self.pushed: set[str] = set()

    def add(self, message: OutgoingMessage) -> None:
        """Queue a message that belongs to no turn."""
        number = max(self._rows, default=0) + 1
        self._rows[number] = replace(
            message, id=number, status=Delivery.PENDING, attempts=0, part=0, error=None
        )
        self.pushed.add(message.channel)

    def let_go(self, conversation: Conversation, now: datetime) -> None:
        """What was held back for this chat is due now."""
        for message in self._pending(conversation.channel):
            tried = message.attempts or message.part or message.error
            waits = message.due_at > now and not tried
            if waits and message.chat == conversation.chat:
                self._rows[message.id] = replace(message, due_at=now)

    def push(
        self, turn: Turn, conversation: Conversation, hold_until: datetime | None = None
    ) -> None:
        """Queue a spoken turn; only the bot's are fenced."""
        self.add(
            OutgoingMessage(
                id=0,
                channel=conversation.channel,
                chat=conversation.chat,
                text=turn.text,
                created_at=turn.at,
                due_at=hold_until or turn.at,
                conversation_id=conversation.id,
                turn_id=turn.id,
                epoch=turn.epoch if turn.speaker is Speaker.BOT else None,
                buttons=turn.buttons,
                media=turn.media,
            )
        )

    def _pending(self, channel: str) -> list[OutgoingMessage]:
        return [
            self._rows[number]
            for number in sorted(self._rows)
            if self._rows[number].status is Delivery.PENDING
            and self._rows[number].channel == channel
        ]

    def _oldest(self, channel: str) -> list[OutgoingMessage]:
        """Each chat's oldest pending one: what comes behind waits."""
        oldest: dict[str, OutgoingMessage] = {}
        for message in self._pending(channel):
            oldest.setdefault(message.chat, message)
        return list(oldest.values())

    def _leased(self, message: OutgoingMessage, now: datetime) -> bool:
        until = self._tables.leases.get(message.id)
        return until is not None and until > now

    def _stale(self, message: OutgoingMessage) -> bool:
        if message.epoch is None or message.conversation_id is None:
            return False
        return self._tables.conversations[message.conversation_id].epoch != message.epoch

    def lease_due(
        self, channel: str, now: datetime, until: datetime, limit: int
    ) -> list[OutgoingMessage]:
        """The oldest due message of each chat; stale ones come back refused."""
        oldest = self._oldest(channel)
        due = [m for m in oldest if m.due_at <= now and not self._leased(m, now)][:limit]
        leased = []
        for message in due:
            if self._stale(message):
                self.settle([message], Delivery.REFUSED, now, "superseded")
                leased.append(replace(message, status=Delivery.REFUSED))
            else:
                self._tables.leases[message.id] = until
                leased.append(message)
        return leased

    def in_flight(self, conversation: Conversation, now: datetime) -> bool:
        """Whether a fenced message may be on its way."""
        return any(
            m.conversation_id == conversation.id and m.epoch is not None and self._leased(m, now)
            for m in self._pending(conversation.channel)
        )

    def settle(
        self,
        messages: Sequence[OutgoingMessage],
        status: Delivery,
        at: datetime,  # noqa: ARG002
        error: str | None = None,
    ) -> None:
        """End messages; their turns show it."""
        for message in messages:
            self._rows[message.id] = replace(self._rows[message.id], status=status, error=error)
            self._tables.leases.pop(message.id, None)
            if message.turn_id is not None:
                turn = self._tables.turns[message.turn_id]
                self._tables.turns[turn.id] = replace(
                    turn, delivery=status.value, delivery_error=error
                )

    def postpone(
        self, message_id: int, due_at: datetime, error: str | None, *, attempts: int, part: int
    ) -> None:
        """Give the lease back."""
        self._rows[message_id] = replace(
            self._rows[message_id], due_at=due_at, error=error, attempts=attempts, part=part
        )
        self._tables.leases.pop(message_id, None)

    def move_chat(self, channel: str, old: str, new: str) -> None:
        """The platform gave the chat a new id."""
        for message in self._pending(channel):
            if message.chat == old:
                self._rows[message.id] = replace(message, chat=new)

    def next_due(self, channel: str) -> datetime | None:
        """When the next pending message is due or its lease ends."""
        moments = [self._tables.leases.get(m.id, m.due_at) for m in self._oldest(channel)]
        return min(moments, default=None)
