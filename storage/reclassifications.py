"""Officers' corrections of categories, with the residents' words, in the database only."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from casework.reclassification import Reclassification
from storage.tables_beside import reclassifications


class SqlReclassifications:
    """casework.ports.Reclassifications on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, made: Reclassification) -> None:
        """Store a correction."""
        values = asdict(made) | {"lines": list(made.lines)}
        self._connection.execute(insert(reclassifications), values)

    def all(self) -> list[Reclassification]:
        """Every correction, oldest first."""
        query = select(reclassifications).order_by(reclassifications.c.at, reclassifications.c.id)
        return [
            Reclassification(**(row._asdict() | {"lines": tuple(row.lines)}))
            for row in self._connection.execute(query)
        ]

    def forget(self, conversation_id: str) -> int:
        """Erase those of a conversation."""
        which = reclassifications.c.conversation_id == conversation_id
        return self._connection.execute(delete(reclassifications).where(which)).rowcount


class MemoryReclassifications:
    """The same in memory."""

    def __init__(self, rows: dict[str, Reclassification]) -> None:
        self._rows = rows

    def add(self, made: Reclassification) -> None:
        """Keep a correction."""
        self._rows[made.id] = made

    def all(self) -> list[Reclassification]:
        """Every correction, oldest first."""
        return sorted(self._rows.values(), key=lambda made: (made.at, made.id))

    def forget(self, conversation_id: str) -> int:
        """Erase those of a conversation."""
        found = [m.id for m in self._rows.values() if m.conversation_id == conversation_id]
        for each in found:
            del self._rows[each]
        return len(found)
