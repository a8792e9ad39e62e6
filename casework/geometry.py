"""Areas on the map: which one a point lies in, which ones overlap, how far it is.

Coordinates are (latitude, longitude) in degrees, WGS 84, as phones give them. Within an area of
responsibility the earth is flat enough: an edge is straight in degrees.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

Point = tuple[float, float]
Ring = tuple[Point, ...]
Boundary = tuple[Ring, ...]
"""One or more rings, each closed by itself; a ring inside another is a hole (even-odd rule)."""

EARTH = 6_371_008.8  # metres, mean radius (IUGG)
_MOST_CELLS = 64  # cells one boundary is entered in; larger ones are looked at for every point


def distance(a: Point, b: Point) -> float:
    """Metres between two points over the ground (haversine)."""
    lat_a, lat_b = math.radians(a[0]), math.radians(b[0])
    across = math.sin((lat_b - lat_a) / 2) ** 2
    along = math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    half = across + math.cos(lat_a) * math.cos(lat_b) * along
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def contains(boundary: Boundary, point: Point) -> bool:
    """Whether the point lies inside: an odd number of edges east of it.

    Of two areas with a common edge, a point on that edge is in one and not in both.
    """
    lat, lng = point
    inside = False
    for a, b in _edges(boundary):
        if (a[0] > lat) != (b[0] > lat):
            crossing = a[1] + (lat - a[0]) * (b[1] - a[1]) / (b[0] - a[0])
            inside ^= lng < crossing
    return inside


def middle(boundary: Boundary) -> Point:
    """The middle of the box around it."""
    south, west, north, east = box(boundary)
    return (south + north) / 2, (west + east) / 2


def box(boundary: Boundary) -> tuple[float, float, float, float]:
    """South, west, north, east."""
    points = [point for ring in boundary for point in ring]
    lats, lngs = [lat for lat, _ in points], [lng for _, lng in points]
    return min(lats), min(lngs), max(lats), max(lngs)


def overlap(a: Boundary, b: Boundary) -> bool:
    """Whether two areas share ground; a common border is no overlap."""
    if any(_cross(p, q, r, s) for p, q in _edges(a) for r, s in _edges(b)):
        return True
    return _has_inside(a, b) or _has_inside(b, a)


def _has_inside(outer: Boundary, inner: Boundary) -> bool:
    """Whether a point well inside an edge of ``inner``, or a corner, lies within ``outer``."""
    probes = [p for ring in inner for p in ring]
    probes += [((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in _edges(inner)]
    probes.append(middle(inner) if contains(inner, middle(inner)) else inner[0][0])
    return any(contains(outer, probe) and not _on_edge(outer, probe) for probe in probes)


def _on_edge(boundary: Boundary, point: Point) -> bool:
    return any(
        abs(_side(p, q, point)) < 1e-12 and _between(p, q, point) for p, q in _edges(boundary)
    )


def _between(p: Point, q: Point, point: Point) -> bool:
    return (
        min(p[0], q[0]) - 1e-9 <= point[0] <= max(p[0], q[0]) + 1e-9
        and min(p[1], q[1]) - 1e-9 <= point[1] <= max(p[1], q[1]) + 1e-9
    )


def _side(p: Point, q: Point, point: Point) -> float:
    return (q[1] - p[1]) * (point[0] - p[0]) - (q[0] - p[0]) * (point[1] - p[1])


def _cross(p: Point, q: Point, r: Point, s: Point) -> bool:
    """Whether two edges cross, each going from one side of the other to its other side."""
    first, second = _side(p, q, r), _side(p, q, s)
    third, fourth = _side(r, s, p), _side(r, s, q)
    least = 1e-12
    return (
        min(abs(first), abs(second), abs(third), abs(fourth)) > least
        and (first > 0) != (second > 0)
        and (third > 0) != (fourth > 0)
    )


def _edges(boundary: Boundary) -> Iterator[tuple[Point, Point]]:
    for ring in boundary:
        yield from pairwise(ring)
        if ring and ring[0] != ring[-1]:
            yield ring[-1], ring[0]


class Areas:
    """Boundaries by key, found by point: a net of cells, each with the areas that touch it."""

    def __init__(self, boundaries: Mapping[str, Boundary]) -> None:
        self._boundaries = dict(boundaries)
        boxes = {key: box(boundary) for key, boundary in self._boundaries.items()}
        sizes = sorted(max(n - s, e - w) for s, w, n, e in boxes.values())
        self._cell = max(sizes[len(sizes) // 2], 1e-5) if sizes else 1.0
        self._net: dict[tuple[int, int], list[str]] = {}
        self._large: list[str] = []
        for key, around in boxes.items():
            self._enter(key, around)

    def __len__(self) -> int:
        return len(self._boundaries)

    def at(self, point: Point) -> tuple[str, ...]:
        """The keys of the areas the point lies in."""
        near = (*self._net.get(self._cell_of(point), ()), *self._large)
        return tuple(key for key in near if contains(self._boundaries[key], point))

    def boundary(self, key: str) -> Boundary | None:
        """The area's boundary, None when it has none."""
        return self._boundaries.get(key)

    def overlaps(self) -> list[tuple[str, str]]:
        """Pairs of areas that share ground, each pair once, in order."""
        pairs = {
            (min(a, b), max(a, b))
            for near in self._neighbours()
            for a in near
            for b in near
            if a != b
        }
        return sorted(p for p in pairs if overlap(self._boundaries[p[0]], self._boundaries[p[1]]))

    def _neighbours(self) -> Iterable[list[str]]:
        for near in self._net.values():
            yield [*near, *self._large]
        yield self._large

    def _enter(self, key: str, around: tuple[float, float, float, float]) -> None:
        south, west = self._cell_of(around[:2])
        north, east = self._cell_of(around[2:])
        if (north - south + 1) * (east - west + 1) > _MOST_CELLS:
            self._large.append(key)
            return
        for row in range(south, north + 1):
            for column in range(west, east + 1):
                self._net.setdefault((row, column), []).append(key)

    def _cell_of(self, point: Point) -> tuple[int, int]:
        return math.floor(point[0] / self._cell), math.floor(point[1] / self._cell)
