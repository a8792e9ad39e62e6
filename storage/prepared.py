"""Statements of the hot path, compiled once.

On SQLite a statement takes a few microseconds and SQLAlchemy's execution around it ten times that
(docs/benchmarks.md). What runs for every line of every resident is therefore written with
SQLAlchemy Core, compiled by it once, and run on the driver's cursor. On PostgreSQL, where the
round trip decides, SQLAlchemy executes it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    Dialect,
    Insert,
    Label,
    Select,
    Table,
    Update,
    bindparam,
)

Row = Mapping[str, Any]
Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """``bound_by`` and ``read_by`` are those values that are kept in another shape."""

    sql: str
    binds: tuple[str, ...]
    bound_by: tuple[tuple[int, Processor], ...]
    constants: Row
    columns: tuple[str, ...]
    read_by: tuple[tuple[str, Processor], ...]

    # Half of a case is moments that have not come; every type of ours keeps None as it is.
    def bound(self, values: Row) -> list[Any]:
        given = {**self.constants, **values} if self.constants else values
        bound = [given[name] for name in self.binds]
        for place, process in self.bound_by:
            if bound[place] is not None:
                bound[place] = process(bound[place])
        return bound

    def row(self, found: Sequence[Any]) -> Row:
        row = dict(zip(self.columns, found, strict=True))
        for name, process in self.read_by:
            value = row[name]
            if value is not None:
                row[name] = process(value)
        return row


class Prepared:
    """A statement with named values. ``columns`` are what it reads: a table's, or some."""

    def __init__(
        self,
        statement: Select[Any] | Insert | Update,
        columns: Table | Sequence[Column[Any] | Label[Any]] = (),
    ) -> None:
        self._statement = statement
        self._columns = tuple(columns.c) if isinstance(columns, Table) else tuple(columns)
        self._plan: _Plan | None = None

    def rows(self, connection: Connection, values: Row) -> list[Row]:
        """The rows a select finds, or an insert or update returns."""
        if connection.dialect.name != "sqlite":
            return [row._asdict() for row in connection.execute(self._statement, dict(values))]
        plan = self._planned(connection.dialect)
        cursor = _cursor(connection)
        try:
            cursor.execute(plan.sql, plan.bound(values))
            return [plan.row(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def run(self, connection: Connection, values: Row) -> int:
        """How many rows an insert or update changed."""
        if connection.dialect.name != "sqlite":
            return int(connection.execute(self._statement, dict(values)).rowcount)
        plan = self._planned(connection.dialect)
        cursor = _cursor(connection)
        try:
            cursor.execute(plan.sql, plan.bound(values))
            return int(cursor.rowcount)
        finally:
            cursor.close()

    def run_many(self, connection: Connection, many: Iterable[Row]) -> None:
        """Insert several rows."""
        if connection.dialect.name != "sqlite":
            connection.execute(self._statement, [dict(values) for values in many])
            return
        plan = self._planned(connection.dialect)
        cursor = _cursor(connection)
        try:
            cursor.executemany(plan.sql, [plan.bound(values) for values in many])
        finally:
            cursor.close()

    def _planned(self, dialect: Dialect) -> _Plan:
        if self._plan is None:
            self._plan = self._compile(dialect)
        return self._plan

    def _compile(self, dialect: Dialect) -> _Plan:
        compiled = self._statement.compile(dialect=dialect)
        binds = tuple(compiled.positiontup or ())
        outwards = [
            compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            for name in binds
        ]
        inwards = [
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in self._columns
        ]
        # Interned, as the names of parameters are: a row given as keyword arguments is read in
        # half the time.
        names = tuple(sys.intern(str(column.name)) for column in self._columns)
        return _Plan(
            compiled.string,
            binds,
            tuple((place, each) for place, each in enumerate(outwards) if each is not None),
            {name: value for name, value in compiled.params.items() if value is not None},
            names,
            tuple((name, each) for name, each in zip(names, inwards, strict=True) if each),
        )


class PreparedIn:
    """A select about a list of ids, compiled once for each size of list.

    ``build`` makes the select of the bound ids; sizes are powers of two, the last id filling up,
    so that a handful of statements serves every list.
    """

    def __init__(
        self,
        build: Callable[[Sequence[BindParameter[str]]], Select[Any]],
        columns: Table | Sequence[Column[Any]],
    ) -> None:
        self._build = build
        self._columns = columns
        self._of_size: dict[int, Prepared] = {}

    def rows(
        self, connection: Connection, ids: Sequence[str], values: Row | None = None
    ) -> list[Row]:
        """The rows for these ids; none for no ids."""
        if not ids:
            return []
        size = 1 << (len(ids) - 1).bit_length()
        if size not in self._of_size:
            wanted: list[BindParameter[str]] = [bindparam(f"id_{at}") for at in range(size)]
            self._of_size[size] = Prepared(self._build(wanted), self._columns)
        filled = [*ids, *([ids[-1]] * (size - len(ids)))]
        named = {f"id_{at}": each for at, each in enumerate(filled)}
        return self._of_size[size].rows(connection, {**(values or {}), **named})


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()
