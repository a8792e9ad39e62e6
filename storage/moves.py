"""What was done with cases, on SQL and in memory."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from casework.case import Status
from casework.events import ActorKind
from casework.moves import Move
from storage.prepared import Prepared
from storage.tables_moves import moves

_NAMES = tuple(each.name for each in fields(Move))
_INSERT = Prepared(insert(moves).values({name: bindparam(name) for name in _NAMES}))


class SqlMoves:
    """casework.moves.Moves on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, move: Move) -> None:
        """Store one."""
        values: dict[str, Any] = {name: getattr(move, name) for name in _NAMES}
        values |= {"actor": move.actor.value, "before": move.before.value}
        _INSERT.run(self._connection, {**values, "after": move.after.value})

    def of_case(self, number: str, after: int = 0) -> list[Move]:
        """Those that led beyond version ``after``, oldest first."""
        query = (
            select(moves)
            .where(moves.c.case_number == number, moves.c.version > after)
            .order_by(moves.c.version)
        )
        return [move_of(row._asdict()) for row in self._connection.execute(query)]

    def forget(self, number: str) -> None:
        """Take the words away."""
        self._connection.execute(update(moves).where(moves.c.case_number == number).values(text=""))


def move_of(row: dict[str, Any]) -> Move:
    """A move as it was stored."""
    kinds = {"before": Status(row["before"]), "after": Status(row["after"])}
    return Move(**{**row, **kinds, "actor": ActorKind(row["actor"])})


class MemoryMoves:
    """casework.moves.Moves over a table of lists by case number."""

    def __init__(self, rows: dict[str, tuple[Move, ...]]) -> None:
        self._rows = rows

    def add(self, move: Move) -> None:
        """Store one."""
        self._rows[move.case_number] = (*self._rows.get(move.case_number, ()), move)

    def of_case(self, number: str, after: int = 0) -> list[Move]:
        """Those that led beyond version ``after``, oldest first."""
        return [move for move in self._rows.get(number, ()) if move.version > after]

    def forget(self, number: str) -> None:
        """Take the words away."""
        self._rows[number] = tuple(replace(move, text="") for move in self._rows.get(number, ()))
