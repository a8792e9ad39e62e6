"""Places and boundaries in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from casework.geometry import Boundary
from casework.organisation import Place
from storage.ids import new_id
from storage.places import COUNTER

if TYPE_CHECKING:
    from storage.memory import Tables


class MemoryPlaces:
    """casework.ports.Places."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def all(self) -> list[Place]:
        """Every place, by name."""
        return sorted(self._tables.places.values(), key=lambda p: (p.name, p.unit_id))

    def has(self, name: str, unit_id: str) -> bool:
        """Whether the unit has a place of this name."""
        rows = self._tables.places.values()
        return any((place.name, place.unit_id) == (name, unit_id) for place in rows)

    def save(self, given: Iterable[Place]) -> None:
        """Add them; one of the same name in the same unit is replaced and keeps its id."""
        rows = self._tables.places
        known = {(place.name, place.unit_id): place.id for place in rows.values()}
        for place in given:
            own = known.get((place.name, place.unit_id)) or place.id or new_id()
            known[(place.name, place.unit_id)] = own
            rows[own] = replace(place, id=own)
        self.changed()

    def move(self, given: Iterable[Place], unit_id: str) -> None:
        """They lie in this unit from now on; what it has by the same name already stays alone."""
        for place in given:
            if self.has(place.name, unit_id):
                del self._tables.places[place.id]
            else:
                self._tables.places[place.id] = replace(place, unit_id=unit_id)
        self.changed()

    def boundaries(self) -> dict[str, Boundary]:
        """The boundaries that are drawn, by unit, but for units with successors."""
        units = self._tables.units
        over = {key for key in self._tables.boundaries if key in units and units[key].successors}
        return {key: each for key, each in self._tables.boundaries.items() if key not in over}

    def draw(self, boundaries: Mapping[str, Boundary]) -> None:
        """Set the boundaries of these units."""
        self._tables.boundaries.update(boundaries)
        self.changed()

    def version(self) -> int:
        """Another number after every change."""
        return self._tables.counters.get(COUNTER, 0)

    def changed(self) -> None:
        """A unit or a place is another than before."""
        self._tables.counters[COUNTER] = self.version() + 1
