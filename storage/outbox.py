"""Messages on their way to push channels: leased, oldest first per chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from casework.conversation import Conversation
from casework.outbox import Delivery, OutgoingMessage
from casework.turn import Button, Media, Speaker, Turn
from storage.tables import conversations, outbox, turns

# Written out, not bound: the partial index is only used where its condition can be seen.
_PENDING = outbox.c.status == literal_column("'pending'")
# Each chat's oldest pending one: what comes behind waits, whatever its own time is.
_OLDEST = (
    select(func.min(outbox.c.id))
    .where(outbox.c.channel == bindparam("on_channel"), _PENDING)
    .group_by(outbox.c.chat)
)


def _extra(buttons: tuple[Button, ...], media: tuple[Media, ...]) -> dict[str, Any] | None:
    extra: dict[str, Any] = {}
    if buttons:
        extra["buttons"] = [[b.title, b.payload] for b in buttons]
    if media:
        extra["media"] = [asdict(m) for m in media]
    return extra or None


OUTBOX_COLUMNS = (
    "channel",
    "chat",
    "conversation_id",
    "turn_id",
    "epoch",
    "text",
    "extra",
    "status",
    "created_at",
    "due_at",
    "attempts",
    "part",
)


def outbox_row(
    turn: Turn, conversation: Conversation, hold_until: datetime | None = None
) -> dict[str, Any]:
    """The row for one spoken turn, due at once or when ``hold_until`` comes.

    Only the bot is fenced: what an officer said while holding the conversation is said, even if
    it is delivered after the release.
    """
    return {
        "channel": conversation.channel,
        "chat": conversation.chat,
        "conversation_id": conversation.id,
        "turn_id": turn.id,
        "epoch": turn.epoch if turn.speaker is Speaker.BOT else None,
        "text": turn.text,
        "extra": _extra(turn.buttons, turn.media),
        "status": Delivery.PENDING.value,
        "created_at": turn.at,
        "due_at": hold_until or turn.at,
        "attempts": 0,
        "part": 0,
    }


def from_row(row: Row[Any]) -> OutgoingMessage:
    """A table row as a message."""
    data = row._mapping
    extra = data["extra"] or {}
    return OutgoingMessage(
        id=data["id"],
        channel=data["channel"],
        chat=data["chat"],
        text=data["text"],
        created_at=data["created_at"],
        due_at=data["due_at"],
        conversation_id=data["conversation_id"],
        turn_id=data["turn_id"],
        epoch=data["epoch"],
        buttons=tuple(Button(*pair) for pair in extra.get("buttons", ())),
        media=tuple(Media(**m) for m in extra.get("media", ())),
        attempts=data["attempts"],
        part=data["part"],
        status=Delivery(data["status"]),
        error=data["error"],
    )


class SqlOutbox:
    """casework.ports.Outbox on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.pushed: set[str] = set()

    def add(self, message: OutgoingMessage) -> None:
        """Queue a message that belongs to no turn (a digest)."""
        values = {
            "channel": message.channel,
            "chat": message.chat,
            "conversation_id": message.conversation_id,
            "turn_id": message.turn_id,
            "epoch": message.epoch,
            "text": message.text,
            "extra": _extra(message.buttons, message.media),
            "status": Delivery.PENDING.value,
            "created_at": message.created_at,
            "due_at": message.due_at,
            "attempts": 0,
            "part": 0,
        }
        self._connection.execute(insert(outbox), values)
        self.pushed.add(message.channel)

    def lease_due(
        self, channel: str, now: datetime, until: datetime, limit: int
    ) -> list[OutgoingMessage]:
        """The oldest pending message of up to ``limit`` chats, leased until ``until``."""
        query = (
            select(outbox)
            .where(
                outbox.c.id.in_(_OLDEST),
                _PENDING,
                outbox.c.due_at <= now,
                or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= now),
            )
            .order_by(outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=outbox)
        )
        rows = self._connection.execute(query, {"on_channel": channel})
        found = [from_row(row) for row in rows]
        if not found:
            return found
        epochs = self._epochs(found)
        ready: list[OutgoingMessage] = []
        refused: list[OutgoingMessage] = []
        for message in found:
            if message.epoch is None or message.conversation_id is None:
                ready.append(message)
            elif message.conversation_id in epochs:
                current = epochs[message.conversation_id] == message.epoch
                (ready if current else refused).append(message)
        if ready:
            self._connection.execute(
                update(outbox)
                .where(outbox.c.id.in_([message.id for message in ready]))
                .values(leased_until=until)
            )
        self.settle(refused, Delivery.REFUSED, now, "superseded")
        return ready + [replace(message, status=Delivery.REFUSED) for message in refused]

    def _epochs(self, messages: Sequence[OutgoingMessage]) -> dict[str, int]:
        """The epochs of the messages' conversations, but for those somebody is changing now.

        The share lock makes a change of holder wait for this transaction: nobody can become the
        holder between the check and the lease. It waits for nobody itself, since whoever stores a
        batch of lines locks many conversations, in an order of its own.
        """
        wanted = {m.conversation_id for m in messages if m.epoch is not None}
        if not wanted:
            return {}
        query = (
            select(conversations.c.id, conversations.c.epoch)
            .where(conversations.c.id.in_(wanted))
            .with_for_update(read=True, skip_locked=True)
        )
        return {row.id: row.epoch for row in self._connection.execute(query)}

    def in_flight(self, conversation: Conversation, now: datetime) -> bool:
        """Whether a fenced message of this conversation may be on its way to the platform."""
        query = select(outbox.c.id).where(
            outbox.c.channel == conversation.channel,
            outbox.c.chat == conversation.chat,
            _PENDING,
            outbox.c.conversation_id == conversation.id,
            outbox.c.epoch.is_not(None),
            outbox.c.leased_until > now,
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def settle(
        self,
        messages: Sequence[OutgoingMessage],
        status: Delivery,
        at: datetime,
        error: str | None = None,
    ) -> None:
        """End messages and tell their turns."""
        if not messages:
            return
        self._connection.execute(
            update(outbox)
            .where(outbox.c.id.in_([message.id for message in messages]))
            .values(status=status.value, settled_at=at, error=error, leased_until=None)
        )
        told = [message.turn_id for message in messages if message.turn_id is not None]
        if told:
            self._connection.execute(
                update(turns)
                .where(turns.c.id.in_(told))
                .values(delivery=status.value, delivery_error=error)
            )

    def postpone(
        self, message_id: int, due_at: datetime, error: str | None, *, attempts: int, part: int
    ) -> None:
        """Give the lease back; to be sent from ``part`` on, not before ``due_at``."""
        self._connection.execute(
            update(outbox)
            .where(outbox.c.id == message_id)
            .values(due_at=due_at, error=error, attempts=attempts, part=part, leased_until=None)
        )

    def move_chat(self, channel: str, old: str, new: str) -> None:
        """The platform gave the chat a new id."""
        self._connection.execute(
            update(outbox)
            .where(
                outbox.c.channel == channel,
                outbox.c.chat == old,
                _PENDING,
            )
            .values(chat=new)
        )

    def next_due(self, channel: str) -> datetime | None:
        """When the next pending message is due or its lease ends."""
        moment = func.min(func.coalesce(outbox.c.leased_until, outbox.c.due_at))
        query = select(moment).where(outbox.c.id.in_(_OLDEST))
        return self._connection.execute(query, {"on_channel": channel}).scalar_one_or_none()
