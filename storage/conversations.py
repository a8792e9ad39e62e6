"""Conversations, saved under the epoch they were decided under."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from casework.conversation import Conversation, Holder, HolderKind
from casework.errors import NotFound, Superseded
from storage.prepared import Prepared, Row
from storage.tables import conversations

_PLAIN = tuple(f.name for f in fields(Conversation) if f.name != "holder")
_KEPT = ("id", "channel", "chat", "created_at")

_SELECT = select(conversations).where(conversations.c.id == bindparam("wanted"))
_GET = Prepared(_SELECT, conversations)
_GET_LOCKED = Prepared(_SELECT.with_for_update(), conversations)
_CHAT = select(conversations).where(
    conversations.c.channel == bindparam("on_channel"), conversations.c.chat == bindparam("in_chat")
)
_OF_CHAT = Prepared(_CHAT, conversations)
_OF_CHAT_LOCKED = Prepared(_CHAT.with_for_update(), conversations)
_INSERT = Prepared(insert(conversations))
_SAVE = Prepared(
    update(conversations)
    .where(conversations.c.id == bindparam("wanted"), conversations.c.epoch == bindparam("known"))
    .values(
        {
            column.name: bindparam(f"new_{column.name}")
            for column in conversations.c
            if column.name not in _KEPT
        }
    )
)


def from_row(data: Row) -> Conversation:
    """A table row as a conversation."""
    holder = Holder(HolderKind(data["holder_kind"]), data["holder_officer_id"])
    return Conversation(holder=holder, **{name: data[name] for name in _PLAIN})


def _values(conversation: Conversation) -> dict[str, Any]:
    values = {name: getattr(conversation, name) for name in _PLAIN}
    values["holder_kind"] = conversation.holder.kind.value
    values["holder_officer_id"] = conversation.holder.officer_id
    return values


class SqlConversations:
    """casework.ports.Conversations on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, conversation_id: str, *, lock: bool = False) -> Conversation:
        """Raises NotFound."""
        query = _GET_LOCKED if lock else _GET
        found = query.rows(self._connection, {"wanted": conversation_id})
        if not found:
            raise NotFound
        return from_row(found[0])

    def of_chat(self, channel: str, chat: str, *, lock: bool = False) -> Conversation | None:
        """The chat's conversation, None before the first line."""
        query = _OF_CHAT_LOCKED if lock else _OF_CHAT
        found = query.rows(self._connection, {"on_channel": channel, "in_chat": chat})
        return from_row(found[0]) if found else None

    def held_by(self, officer_id: str) -> list[str]:
        """The ids of the conversations this officer holds, in order."""
        query = select(conversations.c.id).where(conversations.c.holder_officer_id == officer_id)
        return list(self._connection.execute(query.order_by(conversations.c.id)).scalars())

    def add(self, conversation: Conversation) -> None:
        """Store a new one."""
        _INSERT.run(self._connection, _values(conversation))

    def save(self, conversation: Conversation, expected_epoch: int) -> None:
        """Save unless the holder changed meanwhile; raises Superseded then."""
        new = {f"new_{k}": v for k, v in _values(conversation).items() if k not in _KEPT}
        named = {"wanted": conversation.id, "known": expected_epoch, **new}
        if _SAVE.run(self._connection, named) != 1:
            stored = self.get(conversation.id)
            raise Superseded(stored.holder, stored.epoch)

    def move_chat(self, channel: str, old: str, new: str) -> int:
        """The platform gave the chat a new id."""
        moved = self._connection.execute(
            update(conversations)
            .where(conversations.c.channel == channel, conversations.c.chat == old)
            .values(chat=new)
        )
        return int(moved.rowcount)
