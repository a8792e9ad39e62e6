"""Which of several new units what lay in an old one lies in now (domain S1-13).

By the point that was shared, else by the named place, else nobody can tell: then it goes to the
first of them and waits for somebody to say (待划界). The old unit stays with its code, for history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.case import Case
from casework.geometry import Areas, Boundary, Point
from casework.intake import has
from casework.organisation import Organisation, Place


@dataclass(frozen=True, slots=True)
class Piece:
    """A new unit: what it is called, its code, where it runs, and who of the old one works there.

    An empty ``id`` is the code, or given by the store.
    """

    name: str
    code: str = ""
    boundary: Boundary = ()
    officers: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One open case and where it went; ``placed`` is False when that is a guess."""

    number: str
    unit_id: str
    placed: bool


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What a split or merge has done."""

    ended: tuple[str, ...]
    made: tuple[str, ...]
    moved: tuple[Moved, ...]

    @property
    def undecided(self) -> int:
        """Cases somebody has to place."""
        return sum(not each.placed for each in self.moved)


def piece_at(point: Point, boundaries: Mapping[str, Boundary]) -> str | None:
    """The one piece in which the point lies; None when in none or in two."""
    inside = Areas({key: each for key, each in boundaries.items() if each}).at(point)
    return inside[0] if len(inside) == 1 else None


def new_home(
    case: Case, words: str, places: Iterable[Place], boundaries: Mapping[str, Boundary]
) -> str | None:
    """The piece a case lies in; None when nothing tells. ``places`` are those of the pieces."""
    shared = case.slots["location"].value if has(case.slots, "location") else None
    if isinstance(shared, list) and len(shared) == 2:
        found = piece_at((float(shared[0]), float(shared[1])), boundaries)
        if found is not None:
            return found
    place = Organisation({}, {}, tuple(places)).find_place(words)
    return place.unit_id if place is not None else None
