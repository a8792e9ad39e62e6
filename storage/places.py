"""Places by name, and where the units' boundaries run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from casework.geometry import Boundary
from casework.organisation import Place, PlaceKind
from storage.counters import advance
from storage.ids import new_id
from storage.prepared import Prepared
from storage.prepared import Row as Values
from storage.tables import counters, places, units

COUNTER = "places"
"""Grows with every change of a place or unit, so that whoever keeps them in memory can tell."""

_ALL = Prepared(select(places).order_by(places.c.name, places.c.unit_id), places)
_VERSION = Prepared(select(counters.c.value).where(counters.c.name == COUNTER), [counters.c.value])


def _place(data: Values) -> Place:
    kept = {**data, "aliases": tuple(data["aliases"]), "kind": PlaceKind(data["kind"])}
    return Place(**kept)


def row_of(place: Place) -> dict[str, Any]:
    """A place as a row."""
    row = {column.name: getattr(place, column.name) for column in places.c}
    return {**row, "aliases": list(place.aliases), "kind": place.kind.value}


def boundary_of(stored: Any) -> Boundary:
    """A boundary as it was stored."""
    return tuple(tuple((float(lat), float(lng)) for lat, lng in ring) for ring in stored)


class SqlPlaces:
    """casework.ports.Places on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Place]:
        """Every place, by name."""
        return [_place(row) for row in _ALL.rows(self._connection, {})]

    def has(self, name: str, unit_id: str) -> bool:
        """Whether the unit has a place of this name."""
        query = select(places.c.id).where(places.c.name == name, places.c.unit_id == unit_id)
        return self._connection.execute(query).first() is not None

    def save(self, given: Iterable[Place]) -> None:
        """Add them; one of the same name in the same unit is replaced and keeps its id."""
        query = select(places.c.name, places.c.unit_id, places.c.id)
        known = {(row.name, row.unit_id): row.id for row in self._connection.execute(query)}
        fresh: dict[tuple[str, str], dict[str, Any]] = {}
        changed: list[dict[str, Any]] = []
        for place in given:
            key, row = (place.name, place.unit_id), row_of(place)
            if key in known:
                changed.append({**row, "wanted": known[key]})
            else:
                fresh[key] = {**row, "id": place.id or new_id()}
        if fresh:
            self._connection.execute(insert(places), list(fresh.values()))
        if changed:
            values: dict[str, Any] = {
                column.name: bindparam(column.name) for column in places.c if column.name != "id"
            }
            statement = update(places).where(places.c.id == bindparam("wanted")).values(values)
            for row in changed:
                del row["id"]
            self._connection.execute(statement, changed)
        advance(self._connection, COUNTER)

    def move(self, given: Iterable[Place], unit_id: str) -> None:
        """They lie in this unit from now on; what it has by the same name already stays alone."""
        for place in given:
            row = places.c.id == place.id
            if self.has(place.name, unit_id):
                self._connection.execute(delete(places).where(row))
            else:
                self._connection.execute(update(places).where(row).values(unit_id=unit_id))
        advance(self._connection, COUNTER)

    def boundaries(self) -> dict[str, Boundary]:
        """The boundaries that are drawn, by unit; of units that were divided or put together
        only those of the new ones."""
        query = select(units.c.id, units.c.boundary).where(
            units.c.boundary.is_not(None), units.c.successors == []
        )
        return {row.id: boundary_of(row.boundary) for row in self._connection.execute(query)}

    def draw(self, boundaries: Mapping[str, Boundary]) -> None:
        """Set the boundaries of these units."""
        if boundaries:
            statement = update(units).where(units.c.id == bindparam("unit"))
            self._connection.execute(
                statement.values(boundary=bindparam("drawn")),
                [{"unit": unit, "drawn": drawn} for unit, drawn in boundaries.items()],
            )
        advance(self._connection, COUNTER)

    def version(self) -> int:
        """Another number after every change of a place, a unit or a boundary."""
        found = _VERSION.rows(self._connection, {})
        return int(found[0]["value"]) if found else 0
