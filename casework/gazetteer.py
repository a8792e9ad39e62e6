"""From what a resident says of where it is, to the unit that answers for it. Never a guess.

A place counts as known when one name fits clearly better than every other. Names that fit about
as well are candidates to ask about; a weak fit alone is a candidate too, never an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from casework.geometry import Areas, Boundary, Point, distance, middle
from casework.naming import Naming
from casework.organisation import Place, PlaceKind, Unit
from casework.place_names import Found, NameIndex
from casework.resolving import SURE, WORTH_ASKING, Candidate, Doubt, Judge, Resolved

_ALIAS, _STEM, _AFTER_UNKNOWN, _WITHIN, _ELSEWHERE = 0.9, 0.82, 0.72, 0.08, 0.2
_WORD = re.compile(r"[^\W_]")
_READ = 60  # characters of a text that are compared beyond exact names
_TELLING = 3  # characters of a name that is a place wherever it stands


@dataclass(frozen=True, slots=True)
class Near:
    """A service point and how far it is, in metres."""

    place: Place
    metres: float


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a name stands for: ``weight`` is how surely (1 a full name, less a bare alias)."""

    name: str
    unit_id: str
    kind: str
    weight: float
    place_id: str | None = None


@dataclass(slots=True)
class _Names:
    entries: dict[str, list[_Entry]] = field(default_factory=dict)
    stems: dict[str, list[_Entry]] = field(default_factory=dict)
    wholes: dict[str, list[_Entry]] = field(default_factory=dict)

    def add(self, name: str, entry: _Entry) -> None:
        known = self.entries.setdefault(name, [])
        if all((e.place_id, e.unit_id) != (entry.place_id, entry.unit_id) for e in known):
            known.append(entry)

    def add_short(self, short: str, entry: _Entry, *, whole: bool) -> None:
        """The name without its ending, or the ``whole`` that it is a part of."""
        known = self.wholes if whole else self.stems
        known.setdefault(short, []).append(replace(entry, weight=_STEM))


class Gazetteer:
    """All places and units by name and on the map. Built once, then only read.

    ``sound`` gives a character's syllable, ``normal`` brings a text to the form names are
    compared in (width, case, Traditional to Simplified).
    """

    def __init__(
        self,
        units: Mapping[str, Unit],
        places: Iterable[Place],
        boundaries: Mapping[str, Boundary],
        naming: Naming,
        *,
        sound: Callable[[str], str],
        normal: Callable[[str], str],
    ) -> None:
        self._units = dict(units)
        self._judge = Judge(self._units)
        self._naming = naming
        self._normal = normal
        self._areas = Areas(boundaries)
        self._places: dict[str, Place] = {}
        self._service: list[tuple[Place, Point]] = []
        self._named = _Names()
        for unit in self._units.values():
            self._add(unit.name, unit.name, unit.id, "unit", None)
        for place in places:
            self._add_place(place)
        self._index = NameIndex(self._named.entries, naming, sound)

    def __len__(self) -> int:
        return len(self._named.entries)

    @property
    def areas(self) -> Areas:
        """The units' boundaries."""
        return self._areas

    def place(self, place_id: str | None) -> Place | None:
        """The place of this id."""
        return self._places.get(place_id or "")

    def unit(self, unit_id: str | None) -> Unit | None:
        """The unit of this id."""
        return self._units.get(unit_id or "")

    def resolve(self, text: str) -> Resolved:
        """What the words say of the place."""
        plain = self._normal(text)
        exact = self._exact(plain)
        found = self._judge.judged(exact)
        if found.unit_id is not None and found.doubt is None:
            return found
        if any(each.place_id and each.score >= SURE for each in found.candidates):
            return found
        context = {each.unit_id for each in exact if each.score >= SURE}
        loose = self._loose(plain[:_READ], context)
        return self._judge.judged([*loose, *exact]) if loose else found

    def mentioned(self, text: str) -> str | None:
        """The longest name that surely stands for itself in a line about anything."""
        plain, begun, names = self._normal(text), 0, list[str]()
        for found in self._index.written(plain):
            if self._in_place(plain, found, begun) >= 1 and found.name in text:
                names.append(found.name)
            begun = found.end
        return max((n for n in names if len(n) >= _TELLING), key=len, default=None)

    def at(self, point: Point) -> Resolved:
        """The grid a point lies in; in none or in two of them it is for a human."""
        inside = [key for key in self._areas.at(point) if self._judge.is_grid(key)]
        if len(inside) == 1:
            return Resolved(inside[0], None)
        return Resolved(None, Doubt.BORDER) if len(self._areas) else Resolved()

    def locate(self, text: str, point: Point | None) -> Resolved:
        """Words and a shared location together: the location counts, and where the words name
        another grid, a human decides."""
        said = self.resolve(text) if text else Resolved()
        if point is None:
            return said
        seen = self.at(point)
        inside = self._areas.at(point)
        if seen.doubt is Doubt.BORDER and said.doubt is None and said.unit_id in inside:
            return said  # on a border, and the words say which side
        if seen.doubt is not None:
            return said if not inside and said.unit_id else seen
        if said.doubt is None and said.unit_id != seen.unit_id:
            return replace(seen, doubt=Doubt.DIFFERS)
        return replace(seen, place_id=said.place_id)

    def point_of(self, resolved: Resolved) -> Point | None:
        """Where it is on the map, as far as is known."""
        place = self.place(resolved.place_id)
        if place is not None and place.lat is not None and place.lng is not None:
            return place.lat, place.lng
        boundary = self._areas.boundary(resolved.unit_id or "")
        if boundary:
            return middle(boundary)
        return self._middle_of_places(resolved.unit_id)

    def nearest_service(self, point: Point | None, most: int = 2) -> tuple[Near, ...]:
        """The nearest service points, the nearest first."""
        if point is None:
            return ()
        found = [Near(place, distance(point, at)) for place, at in self._service]
        return tuple(sorted(found, key=lambda near: (near.metres, near.place.name))[:most])

    @property
    def has_service_points(self) -> bool:
        """Whether there is any service point on the map."""
        return bool(self._service)

    def bare(self, text: str) -> str:
        """The name in the words, without house, flat and what stands around it."""
        pieces = self._pieces(self._normal(text))
        return max(pieces, key=len, default="").strip()

    def _add_place(self, place: Place) -> None:
        if place.unit_id not in self._units:
            return
        key = place.id or f"{place.unit_id}:{place.name}"
        self._places[key] = place
        if (
            place.kind is PlaceKind.SERVICE_POINT
            and place.lat is not None
            and place.lng is not None
        ):
            self._service.append((place, (place.lat, place.lng)))
        for name in (place.name, *place.aliases):
            self._add(place.name, name, place.unit_id, place.kind.value, key)

    def _add(self, name: str, written: str, unit_id: str, kind: str, place_id: str | None) -> None:
        key, naming = self._normal(written).replace(" ", ""), self._naming
        if len(key) < 2:
            return
        ending = naming.ending(key)
        stem = key[: len(key) - len(ending)] if ending else ""
        weight = 1.0 if len(stem) >= 2 or written == name else _ALIAS
        part = next((m for m in naming.part.finditer(key) if m.end() == len(key)), None)
        whole = part is not None and part.start() >= 2
        if part is not None and whole:
            stem = key[: part.start()]
        entry = _Entry(name, unit_id, kind, weight, place_id)
        self._named.add(key, entry)
        if len(stem) >= 2 and not set(stem) <= naming.telling and stem not in naming.endings:
            self._named.add_short(stem, entry, whole=whole)

    def _exact(self, text: str) -> list[Candidate]:
        """Places whose name stands in the text as it is written, and those it is the stem of."""
        found: list[Candidate] = []
        begun = 0
        for name in self._index.written(text):
            fits = self._in_place(text, name, begun)
            begun = name.end
            if fits <= 0:
                continue
            found += [
                self._candidate(entry, min(entry.weight, fits), "name")
                for entry in self._named.entries[name.name]
            ]
        for piece in self._pieces(text, keep=self._naming.masks):
            stems = self._named.wholes.get(piece, [])
            if not self._naming.ending(piece):
                stems = stems + self._named.stems.get(piece, [])
            found += [self._candidate(entry, entry.weight, "stem") for entry in stems]
        return found

    def _in_place(self, text: str, found: Found, begun: int) -> float:
        """How surely the name is itself there, and no part of a longer one: 石桥街 is no part of
        石桥街道, and 翠湖 in 翠湖路 is no 翠湖花园."""
        naming = self._naming
        ending = naming.ending(text[found.start : found.end])
        if ending:
            longer = naming.follows(text, found.end - len(ending))
            if naming.endings.get(longer) != naming.endings[ending]:
                return 0.0
        else:
            after = naming.follows(text, found.end)
            kinds = {entry.kind for entry in self._named.entries[found.name]}
            if after and after not in naming.general and naming.endings[after] not in kinds:
                return 0.0
        before = text[found.start - 1 : found.start]
        word = _WORD.match(before) is not None or before in naming.masks
        alone = found.start in (0, begun) or not word
        return 1.0 if alone or before in naming.before else _AFTER_UNKNOWN

    def _loose(self, text: str, context: set[str]) -> list[Candidate]:
        """Places that sound like a part of the text, differ by a character, or fit a mask."""
        naming = self._naming
        found: list[Candidate] = []
        for piece in self._pieces(text, keep=naming.masks):
            masked = bool(set(piece) & naming.masks)
            names = self._index.masked(piece) if masked else self._index.alike(piece)
            for name in names:
                fits = self._in_place(piece, name, 0)
                if fits <= 0:
                    continue
                for entry in self._named.entries[name.name]:
                    score = name.score * fits - (1.0 - entry.weight)
                    score += self._by_context(entry.unit_id, context)
                    if score >= WORTH_ASKING:
                        found.append(self._candidate(entry, min(score, 1.0), name.why))
        return found

    def _by_context(self, unit_id: str, context: set[str]) -> float:
        """柳岸社区翠胡花园: the community said before speaks for the places in it."""
        if not context:
            return 0.0
        return (
            _WITHIN
            if any(unit.id in context for unit in self._judge.chain(unit_id))
            else -_ELSEWHERE
        )

    def _pieces(self, text: str, keep: frozenset[str] = frozenset()) -> list[str]:
        """The text without house and flat, cut where a name must end."""
        without = self._naming.detail.sub("|", text)
        marks = "".join(map(re.escape, keep))
        found: list[str] = re.findall(rf"(?:[^\W_]|[{marks}])+" if marks else r"[^\W_]+", without)
        return found

    def _candidate(self, entry: _Entry, score: float, why: str) -> Candidate:
        return Candidate(
            entry.name, entry.unit_id, self._area(entry.unit_id), score, why, entry.place_id
        )

    def _area(self, unit_id: str) -> str:
        chain = self._judge.chain(unit_id)
        larger = next((unit for unit in chain if unit.kind != "grid"), None)
        return larger.name if larger else ""

    def _middle_of_places(self, unit_id: str | None) -> Point | None:
        points = [
            (place.lat, place.lng)
            for place in self._places.values()
            if place.unit_id == unit_id and place.lat is not None and place.lng is not None
        ]
        if not points:
            return None
        return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
