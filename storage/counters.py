"""Running numbers that are never given twice."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from storage.prepared import Prepared
from storage.tables import counters


def _statement(dialect: Any) -> Prepared:
    first = dialect.insert(counters).values(name=bindparam("counter"), value=1)
    again = first.on_conflict_do_update(
        index_elements=[counters.c.name], set_={"value": counters.c.value + 1}
    )
    return Prepared(again.returning(counters.c.value), [counters.c.value])


_ADVANCE = {"sqlite": _statement(sqlite), "postgresql": _statement(postgresql)}


def advance(connection: Connection, name: str) -> int:
    """The counter's next value, from 1; concurrent callers wait for one another."""
    found = _ADVANCE[connection.dialect.name].rows(connection, {"counter": name})
    return int(found[0]["value"])
