"""Of the places that may be meant: the one that is, or those worth asking about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from casework.organisation import Unit

SURE = 0.8
"""From here on a name that stands alone is known."""
WORTH_ASKING = 0.55
"""From here on a name is worth a question."""
WORTH_CHOOSING = 0.7
"""From here on names are worth a question also where several fit."""
MARGIN = 0.1
"""How much better than the next a known name fits."""
RIVALRY = 0.4
"""As MARGIN for a name that is not written as it is: where names stand close together, a slip of
one is easily another, or a name nobody knows."""
MOST_CANDIDATES = 4
"""More places of one name than this are for a human: buttons would not help."""

_WRITTEN = ("name", "stem")


class Doubt(StrEnum):
    """Why no grid is known: nothing fits, several fit, only a larger unit is known, the point lies
    in no area or in two, or the point and the words contradict each other."""

    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    COARSE = "coarse"
    BORDER = "border"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place or unit that may be meant: ``area`` is the community or street it lies in."""

    name: str
    unit_id: str
    area: str
    score: float
    why: str
    place_id: str | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is known of a place. ``unit_id`` is a grid unless ``doubt`` is set, when it is the
    smallest unit that is certain, if any. ``candidates`` are worth asking about."""

    unit_id: str | None = None
    doubt: Doubt | None = Doubt.UNKNOWN
    candidates: tuple[Candidate, ...] = ()
    place_id: str | None = None


class Judge:
    """Judges candidates by the tree of units they lie in."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units

    def chain(self, unit_id: str | None) -> tuple[Unit, ...]:
        """The unit and those above it."""
        found: list[Unit] = []
        while unit_id is not None and unit_id in self._units and len(found) < len(self._units):
            unit = self._units[unit_id]
            found.append(unit)
            unit_id = unit.parent_id
        return tuple(found)

    def is_grid(self, unit_id: str) -> bool:
        """Whether it is a grid, the smallest there is."""
        unit = self._units.get(unit_id)
        return unit is not None and unit.kind == "grid"

    def judged(self, found: Sequence[Candidate]) -> Resolved:
        """One unit that fits clearly best, else what is worth asking."""
        best = self._best_by_unit(found)
        if not best:
            return Resolved()
        kept = self._smallest(best)
        top = max(each.score for each in kept)
        close = [each for each in kept if each.score > top - MARGIN]
        loose = close[0].why not in _WRITTEN
        rivals = [each for each in kept if each.score > top - RIVALRY] if loose else close
        if top >= SURE and len(rivals) == 1:
            only = close[0]
            doubt = None if self.is_grid(only.unit_id) else Doubt.COARSE
            return Resolved(only.unit_id, doubt, (only,), only.place_id)
        asked = [each for each in close if each.score >= WORTH_ASKING]
        sure = self._common(close) if top >= SURE and not loose else None
        if not asked or (top < WORTH_CHOOSING and len(asked) > 1):
            return Resolved()
        if len(asked) > MOST_CANDIDATES:
            return Resolved(sure, Doubt.AMBIGUOUS)
        return Resolved(sure, Doubt.AMBIGUOUS, tuple(asked))

    def _best_by_unit(self, found: Sequence[Candidate]) -> list[Candidate]:
        best: dict[str, Candidate] = {}
        for each in sorted(found, key=lambda c: (-c.score, c.place_id is None, c.name)):
            best.setdefault(each.unit_id, each)
        return list(best.values())

    def _smallest(self, found: list[Candidate]) -> list[Candidate]:
        """Without the units that others lie in: in 柳岸社区翠湖花园 the estate is what counts.

        Where a larger unit is named, what lies outside it does not count.
        """
        above = {
            each.unit_id: {unit.id for unit in self.chain(each.unit_id)} - {each.unit_id}
            for each in found
        }
        named = {each.unit_id for each in found if each.why == "name" and each.place_id is None}
        within = [e for e in found if above[e.unit_id] & named and e.score >= WORTH_ASKING]
        if within:
            return within
        return found

    def _common(self, found: Sequence[Candidate]) -> str | None:
        """The smallest unit all of them lie in."""
        chains = [self.chain(each.unit_id) for each in found]
        shared = set.intersection(*({unit.id for unit in chain} for chain in chains))
        return next((unit.id for unit in chains[0] if unit.id in shared), None)
