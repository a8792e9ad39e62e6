"""Links on walls, on SQL and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.errors import NotFound
from casework.links import Link, LinkKind
from storage.prepared import Prepared
from storage.tables_links import link_days, links


def _counting(dialect: Any) -> Prepared:
    first = dialect.insert(link_days).values(
        link_id=bindparam("link"), day=bindparam("on_day"), opened=1
    )
    again = first.on_conflict_do_update(
        index_elements=[link_days.c.link_id, link_days.c.day],
        set_={"opened": link_days.c.opened + 1},
    )
    return Prepared(again.returning(link_days.c.opened), [link_days.c.opened])


_COUNT = {"sqlite": _counting(sqlite), "postgresql": _counting(postgresql)}


def link_of(row: Mapping[str, Any]) -> Link:
    """A table row as a link."""
    return Link(**{**row, "kind": LinkKind(row["kind"])})


def _row(link: Link) -> dict[str, Any]:
    return {**asdict(link), "kind": link.kind.value}


class SqlLinks:
    """casework.links.Links on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, link: Link) -> None:
        """Store a new one."""
        self._connection.execute(insert(links), _row(link))

    def get(self, link_id: str, *, lock: bool = False) -> Link:
        """Raises NotFound."""
        query = select(links).where(links.c.id == link_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound
        return link_of(row._asdict())

    def save(self, link: Link) -> None:
        """Replace it."""
        self._connection.execute(update(links).where(links.c.id == link.id).values(_row(link)))

    def all(self) -> list[Link]:
        """Every link, the newest first."""
        query = select(links).order_by(links.c.made_at.desc(), links.c.id)
        return [link_of(row._asdict()) for row in self._connection.execute(query)]

    def opened(self, link_id: str, day: date) -> None:
        """One more on that day; those who come at once wait for one another."""
        count = _COUNT[self._connection.dialect.name]
        count.rows(self._connection, {"link": link_id, "on_day": day})

    def openings(self, since: date) -> Mapping[str, int]:
        """How often each was opened from that day on."""
        query = (
            select(link_days.c.link_id, func.sum(link_days.c.opened))
            .where(link_days.c.day >= since)
            .group_by(link_days.c.link_id)
        )
        return {link_id: int(count) for link_id, count in self._connection.execute(query)}


class MemoryLinks:
    """The same in memory."""

    def __init__(self, rows: dict[str, Link], days: dict[tuple[str, date], int]) -> None:
        self._rows = rows
        self._days = days

    def add(self, link: Link) -> None:
        """Store a new one."""
        self._rows[link.id] = link

    def get(self, link_id: str, *, lock: bool = False) -> Link:  # noqa: ARG002
        """Raises NotFound."""
        if link_id not in self._rows:
            raise NotFound
        return self._rows[link_id]

    def save(self, link: Link) -> None:
        """Replace it."""
        self._rows[link.id] = link

    def all(self) -> list[Link]:
        """Every link, the newest first."""
        return sorted(self._rows.values(), key=lambda link: (-link.made_at.timestamp(), link.id))

    def opened(self, link_id: str, day: date) -> None:
        """One more on that day."""
        self._days[link_id, day] = self._days.get((link_id, day), 0) + 1

    def openings(self, since: date) -> Mapping[str, int]:
        """How often each was opened from that day on."""
        found: dict[str, int] = {}
        for (link_id, day), count in self._days.items():
            if day >= since:
                found[link_id] = found.get(link_id, 0) + count
        return found
