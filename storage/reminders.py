"""The residents' own countdowns, on SQL and in memory."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from casework.errors import NotFound
from casework.reminders import Reminder
from storage.prepared import Prepared
from storage.tables_reminders import reminders

_RUNNING = Prepared(
    select(reminders)
    .where(reminders.c.conversation_id == bindparam("within"), reminders.c.ended.is_(None))
    .order_by(reminders.c.due_at, reminders.c.id),
    reminders,
)


class SqlReminders:
    """casework.reminders.Reminders on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, reminder: Reminder) -> None:
        """Store a new one."""
        self._connection.execute(insert(reminders), asdict(reminder))

    def get(self, reminder_id: str, *, lock: bool = False) -> Reminder:
        """Raises NotFound."""
        query = select(reminders).where(reminders.c.id == reminder_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound
        return Reminder(**row._asdict())

    def save(self, reminder: Reminder) -> None:
        """Replace it."""
        mine = reminders.c.id == reminder.id
        self._connection.execute(update(reminders).where(mine).values(asdict(reminder)))

    def of_case(self, number: str) -> list[Reminder]:
        """The case's, by rule."""
        query = select(reminders).where(reminders.c.case_number == number)
        rows = self._connection.execute(query.order_by(reminders.c.rule))
        return [Reminder(**row._asdict()) for row in rows]

    def running(self, conversation_id: str) -> list[Reminder]:
        """Those that have not ended, the one that is over first at first."""
        found = _RUNNING.rows(self._connection, {"within": conversation_id})
        return [Reminder(**row) for row in found]

    def due(self, now: datetime, limit: int) -> list[Reminder]:
        """Those of which something is to be said, the longest due first."""
        query = (
            select(reminders)
            .where(reminders.c.next_at.is_not(None), reminders.c.next_at <= now)
            .order_by(reminders.c.next_at, reminders.c.id)
            .limit(limit)
        )
        return [Reminder(**row._asdict()) for row in self._connection.execute(query)]

    def forget(self, conversation_id: str) -> None:
        """Delete those of a conversation."""
        mine = reminders.c.conversation_id == conversation_id
        self._connection.execute(delete(reminders).where(mine))


class MemoryReminders:
    """The same in memory."""

    def __init__(self, rows: dict[str, Reminder]) -> None:
        self._rows = rows

    def add(self, reminder: Reminder) -> None:
        """Store a new one."""
        self._rows[reminder.id] = reminder

    def get(self, reminder_id: str, *, lock: bool = False) -> Reminder:  # noqa: ARG002
        """Raises NotFound."""
        if reminder_id not in self._rows:
            raise NotFound
        return self._rows[reminder_id]

    def save(self, reminder: Reminder) -> None:
        """Replace it."""
        self._rows[reminder.id] = reminder

    def of_case(self, number: str) -> list[Reminder]:
        """The case's, by rule."""
        mine = [each for each in self._rows.values() if each.case_number == number]
        return sorted(mine, key=lambda each: each.rule)

    def running(self, conversation_id: str) -> list[Reminder]:
        """Those that have not ended, the one that is over first at first."""
        mine = [
            each
            for each in self._rows.values()
            if each.conversation_id == conversation_id and each.ended is None
        ]
        return sorted(mine, key=lambda each: (each.due_at, each.id))

    def due(self, now: datetime, limit: int) -> list[Reminder]:
        """Those of which something is to be said, the longest due first."""
        found = [
            (each.next_at, each.id, each)
            for each in self._rows.values()
            if each.next_at is not None and each.next_at <= now
        ]
        return [each for _, _, each in sorted(found, key=lambda row: row[:2])[:limit]]

    def forget(self, conversation_id: str) -> None:
        """Delete those of a conversation."""
        for key in [k for k, each in self._rows.items() if each.conversation_id == conversation_id]:
            del self._rows[key]
