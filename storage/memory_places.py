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

    def boundaries(self) -> dict[str, Boundary]:
        """The boundaries that are drawn, by unit."""
        return dict(self._tables.boundaries)

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
