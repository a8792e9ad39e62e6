"""Notices that call departments, on SQL and in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.errors import NotFound, VersionConflict
from casework.whistle import Call, Mark, Outcome, Whistle
from storage.tables_whistle import OPEN, whistle_calls, whistle_serials, whistles

_PLAIN = tuple(e.name for e in fields(Whistle) if e.name not in {"calls", "helpers", "outcome"})
_MARKS = ("acknowledged", "arrived", "answered", "declined")
_WORDS = ("distance", "opinion", "reason", "instead", "reminded_at", "reported_at")
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _mark(data: Mapping[str, Any], name: str) -> Mark | None:
    at = data[f"{name}_at"]
    return None if at is None else Mark(data[f"{name}_name"], at, data[f"{name}_by"])


def _call(data: Mapping[str, Any]) -> Call:
    values: dict[str, Any] = {name: data[name] for name in _WORDS}
    values |= {name: _mark(data, name) for name in _MARKS}
    return Call(data["unit_id"], **values)


def _whistle(data: Mapping[str, Any], calls: Iterable[Call]) -> Whistle:
    outcome = None if data["outcome"] is None else Outcome(data["outcome"])
    plain = {name: data[name] for name in _PLAIN}
    return Whistle(calls=tuple(calls), helpers=tuple(data["helpers"]), outcome=outcome, **plain)


def _values(whistle: Whistle) -> dict[str, Any]:
    values = {name: getattr(whistle, name) for name in _PLAIN}
    return {**values, "helpers": list(whistle.helpers), "outcome": whistle.outcome}


def _call_values(call: Call) -> dict[str, Any]:
    values = {name: getattr(call, name) for name in _WORDS}
    for name in _MARKS:
        mark: Mark | None = getattr(call, name)
        values[f"{name}_at"] = mark and mark.at
        values[f"{name}_name"] = mark and mark.name
        values[f"{name}_by"] = mark and mark.officer_id
    return values


class SqlWhistles:
    """casework.whistle.Whistles on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_serial(self, unit_id: str, year: int) -> int:
        """The unit's next number of this year, from 1; concurrent callers wait for one another."""
        table = whistle_serials
        first = _INSERT[self._connection.dialect.name](table)
        first = first.values(unit_id=unit_id, year=year, value=1)
        again = first.on_conflict_do_update(
            index_elements=[table.c.unit_id, table.c.year], set_={"value": table.c.value + 1}
        )
        value: int = self._connection.execute(again.returning(table.c.value)).scalar_one()
        return value

    def add(self, whistle: Whistle) -> None:
        """Store a new one."""
        self._connection.execute(insert(whistles), _values(whistle))
        rows = [
            {
                "whistle_id": whistle.id,
                "unit_id": each.unit_id,
                "position": at,
                **_call_values(each),
            }
            for at, each in enumerate(whistle.calls)
        ]
        self._connection.execute(insert(whistle_calls), rows)

    def get(self, whistle_id: str, *, lock: bool = False) -> Whistle:
        """Raises NotFound."""
        query = select(whistles).where(whistles.c.id == whistle_id)
        found = self._read(query.with_for_update() if lock else query)
        if not found:
            raise NotFound
        return found[0]

    def save(self, whistle: Whistle) -> Whistle:
        """Raises VersionConflict."""
        saved = replace(whistle, version=whistle.version + 1)
        which = and_(whistles.c.id == whistle.id, whistles.c.version == whistle.version)
        done = self._connection.execute(update(whistles).where(which).values(_values(saved)))
        if done.rowcount != 1:
            raise VersionConflict
        for each in saved.calls:
            this = and_(
                whistle_calls.c.whistle_id == saved.id, whistle_calls.c.unit_id == each.unit_id
            )
            self._connection.execute(update(whistle_calls).where(this).values(_call_values(each)))
        return saved

    def of_case(self, number: str) -> list[Whistle]:
        """All of a case, the newest first."""
        query = select(whistles).where(whistles.c.case_number == number)
        return self._read(query.order_by(whistles.c.signed_at.desc(), whistles.c.id))

    def calling(self, unit_ids: Collection[str], since: datetime, limit: int) -> list[Whistle]:
        """Those that call one of these departments, open or ended since, earliest to come first."""
        mine = select(whistle_calls.c.whistle_id).where(whistle_calls.c.unit_id.in_(unit_ids))
        query = (
            select(whistles)
            .where(
                whistles.c.id.in_(mine),
                or_(whistles.c.ended_at.is_(None), whistles.c.ended_at >= since),
            )
            .order_by(whistles.c.ended_at.is_not(None), whistles.c.arrive_by, whistles.c.id)
            .limit(limit)
        )
        return self._read(query)

    def due(self, now: datetime, limit: int) -> list[Whistle]:
        """Open ones the clock has something to do with, the earliest first."""
        query = (
            select(whistles)
            .where(text(OPEN), whistles.c.next_at <= now)
            .order_by(whistles.c.next_at, whistles.c.id)
            .limit(limit)
        )
        return self._read(query)

    def next_due(self) -> datetime | None:
        """When the clock has to look next."""
        query = select(func.min(whistles.c.next_at)).where(text(OPEN))
        found: datetime | None = self._connection.execute(query).scalar()
        return found

    def forget(self, numbers: Collection[str]) -> None:
        """Empty the words of these cases' notices."""
        these = whistles.c.case_number.in_(numbers)
        ids = select(whistles.c.id).where(these)
        which = whistle_calls.c.whistle_id.in_(ids)
        blank = {"opinion": "", "reason": "", "instead": ""}
        self._connection.execute(update(whistle_calls).where(which).values(**blank))
        self._connection.execute(
            update(whistles).where(these).values(matter="", place="", result="", lat=None, lng=None)
        )

    def _read(self, query: Select[Any]) -> list[Whistle]:
        rows = [row._asdict() for row in self._connection.execute(query)]
        calls: dict[str, list[Call]] = {row["id"]: [] for row in rows}
        wanted = select(whistle_calls).where(whistle_calls.c.whistle_id.in_(calls))
        ordered = wanted.order_by(whistle_calls.c.whistle_id, whistle_calls.c.position)
        for found in self._connection.execute(ordered) if calls else ():
            data = found._asdict()
            calls[data["whistle_id"]].append(_call(data))
        return [_whistle(row, calls[row["id"]]) for row in rows]


@dataclass(slots=True)
class WhistleRows:
    """What the memory store keeps: notices by id, the last serial by unit and year."""

    whistles: dict[str, Whistle] = field(default_factory=dict)
    serials: dict[tuple[str, int], int] = field(default_factory=dict)

    def __copy__(self) -> WhistleRows:
        return WhistleRows(dict(self.whistles), dict(self.serials))


class MemoryWhistles:
    """The same in memory."""

    def __init__(self, rows: WhistleRows) -> None:
        self._rows = rows.whistles
        self._serials = rows.serials

    def next_serial(self, unit_id: str, year: int) -> int:
        """The unit's next number of this year, from 1."""
        key = (unit_id, year)
        self._serials[key] = self._serials.get(key, 0) + 1
        return self._serials[key]

    def add(self, whistle: Whistle) -> None:
        """Store a new one."""
        self._rows[whistle.id] = whistle

    def get(self, whistle_id: str, *, lock: bool = False) -> Whistle:  # noqa: ARG002
        """Raises NotFound."""
        if whistle_id not in self._rows:
            raise NotFound
        return self._rows[whistle_id]

    def save(self, whistle: Whistle) -> Whistle:
        """Raises VersionConflict."""
        if self.get(whistle.id).version != whistle.version:
            raise VersionConflict
        self._rows[whistle.id] = replace(whistle, version=whistle.version + 1)
        return self._rows[whistle.id]

    def of_case(self, number: str) -> list[Whistle]:
        """All of a case, the newest first."""
        found = sorted((w for w in self._rows.values() if w.case_number == number), key=_id)
        return sorted(found, key=lambda w: w.signed_at, reverse=True)

    def calling(self, unit_ids: Collection[str], since: datetime, limit: int) -> list[Whistle]:
        """Those that call one of these departments, open or ended since, earliest to come first."""
        found = [
            w
            for w in self._rows.values()
            if any(c.unit_id in unit_ids for c in w.calls)
            and (w.ended_at is None or w.ended_at >= since)
        ]
        return sorted(found, key=lambda w: (w.ended_at is not None, w.arrive_by, w.id))[:limit]

    def due(self, now: datetime, limit: int) -> list[Whistle]:
        """Open ones the clock has something to do with, the earliest first."""
        timed = [(w.next_at, w.id, w) for w in self._open() if w.next_at is not None]
        return [each for at, _, each in sorted(timed, key=lambda t: t[:2]) if at <= now][:limit]

    def next_due(self) -> datetime | None:
        """When the clock has to look next."""
        return min((w.next_at for w in self._open() if w.next_at is not None), default=None)

    def forget(self, numbers: Collection[str]) -> None:
        """Empty the words of these cases' notices."""
        for each in list(self._rows.values()):
            if each.case_number in numbers:
                calls = tuple(replace(c, opinion="", reason="", instead="") for c in each.calls)
                self._rows[each.id] = replace(
                    each, calls=calls, matter="", place="", result="", lat=None, lng=None
                )

    def _open(self) -> list[Whistle]:
        return [each for each in self._rows.values() if each.ended_at is None]


def _id(whistle: Whistle) -> str:
    return whistle.id
