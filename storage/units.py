"""Units: single ones, chains upwards, and what lies below by the path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, literal, select, update

from casework.organisation import Unit
from storage.counters import advance
from storage.places import COUNTER
from storage.prepared import Prepared
from storage.prepared import Row as Values
from storage.steady import Steady
from storage.tables import units

MOST_LEVELS = 10  # above this a chain is a circle
IN_ONE_QUERY = 500
COLUMNS = [column for column in units.c if column.name != "boundary"]


def _upwards() -> Any:
    start = select(units.c.id, units.c.parent_id, literal(0).label("level"))
    up = start.where(units.c.id == bindparam("wanted")).cte("up", recursive=True)
    above = select(units.c.id, units.c.parent_id, (up.c.level + 1).label("level"))
    up = up.union_all(above.join(up, units.c.id == up.c.parent_id).where(up.c.level < MOST_LEVELS))
    return select(*COLUMNS).join(up, up.c.id == units.c.id).order_by(up.c.level)


_ALL = Prepared(select(*COLUMNS), COLUMNS)
_ONE = Prepared(select(*COLUMNS).where(units.c.id == bindparam("wanted")), COLUMNS)
_UPWARDS = Prepared(_upwards(), COLUMNS)
_BELOW = Prepared(
    select(*COLUMNS)
    .where(units.c.path >= bindparam("first"), units.c.path < bindparam("behind"))
    .order_by(units.c.path),
    COLUMNS,
)


def unit_of(data: Values) -> Unit:
    """A unit as it was stored."""
    return Unit(**{**data, "successors": tuple(data["successors"])})


def row_of(unit: Unit, path: str) -> dict[str, Any]:
    """A unit as a row, but for its boundary."""
    row = {column.name: getattr(unit, column.name) for column in COLUMNS}
    return {**row, "successors": list(unit.successors), "path": path}


def within(column: ColumnElement[Any], root: str) -> ColumnElement[bool]:
    """The condition that a path begins with ``root``, which ends with a slash: a range of the
    index, since no path holds a character between the slash and the nought behind it."""
    first, behind = _range(root)
    return (column >= first) & (column < behind)


def _range(root: str) -> tuple[str, str]:
    return root, root[:-1] + "0"


def paths_of(fresh: Iterable[Unit], known: Mapping[str, str]) -> dict[str, str]:
    """The paths of new units. ``known`` are the paths of those already there.

    Raises ValueError for a parent that is neither, and for a circle.
    """
    waiting = {unit.id: unit for unit in fresh}
    found: dict[str, str] = {}
    for unit in waiting.values():
        chain: list[str] = []
        each: str | None = unit.id
        while each is not None and each not in found and each not in known:
            if each in chain or each not in waiting:
                raise ValueError(f"unit {each} has no way to the top")
            chain.append(each)
            each = waiting[each].parent_id
        path = "/" if each is None else found.get(each) or known[each]
        for one in reversed(chain):
            path += f"{one}/"
            found[one] = path
    return found


class SqlUnits:
    """The part of casework.people.People that is about units."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._steady = Steady(connection)

    def unit(self, unit_id: str) -> Unit | None:
        """None when there is no such unit."""

        def read() -> Unit | None:
            found = _ONE.rows(self._connection, {"wanted": unit_id})
            return unit_of(found[0]) if found else None

        return self._steady.get(("unit", unit_id), read)

    def units(self, unit_ids: Iterable[str]) -> list[Unit]:
        """Those of these ids that there are."""
        ids = sorted(set(unit_ids))
        found: list[Unit] = []
        for start in range(0, len(ids), IN_ONE_QUERY):
            some = ids[start : start + IN_ONE_QUERY]
            found += self._found(units.c.id.in_(some))
        return found

    def all_units(self) -> dict[str, Unit]:
        """Every unit by id; never for one resident's line."""
        return {row["id"]: unit_of(row) for row in _ALL.rows(self._connection, {})}

    def chain(self, unit_id: str) -> list[Unit]:
        """The unit and those above it, lowest first; empty for an unknown one."""

        def read() -> tuple[Unit, ...]:
            rows = _UPWARDS.rows(self._connection, {"wanted": unit_id})
            return tuple({row["id"]: unit_of(row) for row in rows}.values())

        return list(self._steady.get(("chain", unit_id), read))

    def below(self, unit_id: str) -> list[Unit]:
        """The unit and everything under it, by path."""
        unit = self.unit(unit_id)
        if unit is None:
            return []
        first, behind = _range(unit.path)
        rows = _BELOW.rows(self._connection, {"first": first, "behind": behind})
        return [unit_of(row) for row in rows]

    def unit_by_code(self, code: str) -> Unit | None:
        """None when no unit has or had this code."""
        found = self._found((units.c.code == code) & (units.c.code != "")) if code else []
        return found[0] if found else None

    def of_kind(self, kind: str, root: str = "/") -> list[Unit]:
        """The units of a kind whose path begins with ``root``, by name."""
        wanted = units.c.kind == kind
        query = select(*COLUMNS).where(wanted if root == "/" else wanted & self._under(root))
        rows = self._connection.execute(query.order_by(units.c.name, units.c.id))
        return [unit_of(row._asdict()) for row in rows]

    def departments(self) -> list[Unit]:
        """All departments, by name."""
        return self.of_kind("department")

    def top(self) -> Unit | None:
        """The first unit that has none above it."""
        found = self._found(units.c.parent_id.is_(None))
        return found[0] if found else None

    def add_unit(self, unit: Unit) -> None:
        """Store a new one."""
        self.add_units([unit])

    def add_units(self, given: Iterable[Unit]) -> None:
        """Store new ones, whatever their order; their parents are among them or there."""
        fresh = list(given)
        above = {unit.parent_id for unit in fresh if unit.parent_id is not None}
        known = {unit.id: unit.path for unit in self.units(above)}
        paths = paths_of(fresh, known)
        self._steady.forget()
        if fresh:
            rows = [row_of(unit, paths[unit.id]) for unit in fresh]
            self._connection.execute(insert(units), sorted(rows, key=lambda row: row["path"]))
        advance(self._connection, COUNTER)

    def save_unit(self, unit: Unit) -> None:
        """Replace all but id, parent and boundary."""
        self._steady.forget()
        values = row_of(unit, unit.path)
        kept = ("id", "parent_id", "path")
        changed = {name: value for name, value in values.items() if name not in kept}
        self._connection.execute(update(units).where(units.c.id == unit.id).values(changed))
        advance(self._connection, COUNTER)

    def _under(self, root: str) -> ColumnElement[bool]:
        return within(units.c.path, root)

    def _found(self, wanted: ColumnElement[bool]) -> list[Unit]:
        query = select(*COLUMNS).where(wanted).order_by(units.c.path)
        return [unit_of(row._asdict()) for row in self._connection.execute(query)]
