"""Groups that get a digest, and the one-time codes that bind them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from casework.errors import NotFound
from casework.groups import Binding, Group
from storage.ids import new_id
from storage.tables_groups import group_codes, groups


def _group(row: Row[Any]) -> Group:
    data = row._mapping
    return Group(**{name: data[name] for name in Group.__slots__})


class SqlGroups:
    """casework.ports.Groups on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_code(self, code_hash: str, officer_id: str, expires_at: datetime) -> None:
        """Keep a code's hash."""
        self._connection.execute(
            insert(group_codes),
            {"code_hash": code_hash, "officer_id": officer_id, "expires_at": expires_at},
        )

    def take_code(self, code_hash: str, now: datetime) -> str | None:
        """Use a code up; None when it is unknown, used or expired."""
        row = self._connection.execute(
            update(group_codes)
            .where(
                group_codes.c.code_hash == code_hash,
                group_codes.c.used_at.is_(None),
                group_codes.c.expires_at > now,
            )
            .values(used_at=now)
            .returning(group_codes.c.officer_id)
        ).one_or_none()
        return None if row is None else str(row.officer_id)

    def bind(self, binding: Binding) -> Group:
        """Bind the chat, or bind it anew."""
        known = self._connection.execute(
            select(groups).where(groups.c.channel == binding.channel, groups.c.chat == binding.chat)
        ).one_or_none()
        values = {
            "title": binding.title,
            "unit_id": binding.unit_id,
            "bound_by": binding.officer_id,
            "bound_at": binding.at,
            "next_at": binding.next_at,
        }
        if known is not None:
            self._connection.execute(update(groups).where(groups.c.id == known.id).values(**values))
            return self.get(known.id)
        new = {"id": new_id(), "channel": binding.channel, "chat": binding.chat, **values}
        self._connection.execute(insert(groups), new)
        return self.get(str(new["id"]))

    def get(self, group_id: str) -> Group:
        """Raises NotFound."""
        row = self._connection.execute(select(groups).where(groups.c.id == group_id)).one_or_none()
        if row is None:
            raise NotFound
        return _group(row)

    def all(self) -> list[Group]:
        """Every bound group, oldest first."""
        query = select(groups).order_by(groups.c.bound_at)
        return [_group(row) for row in self._connection.execute(query)]

    def claim_digest(self, group: Group, next_at: datetime) -> bool:
        """Compare and swap: only one caller gets to send a group's digest."""
        done = self._connection.execute(
            update(groups)
            .where(groups.c.id == group.id, groups.c.next_at == group.next_at)
            .values(next_at=next_at)
        )
        return bool(done.rowcount == 1)

    def move_chat(self, channel: str, old: str, new: str) -> None:
        """A group became a supergroup."""
        self._connection.execute(
            update(groups).where(groups.c.channel == channel, groups.c.chat == old).values(chat=new)
        )

    def give_to(self, group_id: str, unit_id: str) -> None:
        """The group gets another unit's digest from now on."""
        this = groups.c.id == group_id
        self._connection.execute(update(groups).where(this).values(unit_id=unit_id))
