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

Box = tuple[float, float, float, float]
"""South, west, north, east."""
Edges = list[tuple[Point, Point]]

EARTH = 6_371_008.8  # metres, mean radius (IUGG)
_TOUCH = 1e-9  # degrees, a tenth of a millimetre
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


def box(boundary: Boundary) -> Box:
    """South, west, north, east."""
    points = [point for ring in boundary for point in ring]
    lats, lngs = [lat for lat, _ in points], [lng for _, lng in points]
    return min(lats), min(lngs), max(lats), max(lngs)


def overlap(a: Boundary, b: Boundary) -> bool:
    """Whether two areas share ground; a common border is no overlap."""
    shared = _shared(box(a), box(b))
    if shared is None:
        return False
    edges_a, edges_b = _near(a, shared), _near(b, shared)
    if any(_cross(p, q, r, s) for p, q in edges_a for r, s in edges_b):
        return True
    return _has_inside(a, edges_a, b, edges_b) or _has_inside(b, edges_b, a, edges_a)


def _shared(a: Box, b: Box) -> Box | None:
    """What two boxes have in common; None where they only touch."""
    south, west = max(a[0], b[0]), max(a[1], b[1])
    north, east = min(a[2], b[2]), min(a[3], b[3])
    return (south, west, north, east) if north - south > _TOUCH and east - west > _TOUCH else None


def _near(boundary: Boundary, around: Box) -> Edges:
    """The edges that reach into a box."""
    south, west, north, east = around
    return [
        (p, q)
        for p, q in _edges(boundary)
        if max(p[0], q[0]) >= south
        and min(p[0], q[0]) <= north
        and max(p[1], q[1]) >= west
        and min(p[1], q[1]) <= east
    ]


def _has_inside(outer: Boundary, outer_edges: Edges, inner: Boundary, inner_edges: Edges) -> bool:
    """Whether a corner of ``inner``, or the middle of an edge or of all, lies in ``outer``."""
    probes = [p for p, _ in inner_edges]
    probes += [((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in inner_edges]
    centre = middle(inner)
    probes += [centre] if contains(inner, centre) else []
    return any(not _on_edge(outer_edges, probe) and contains(outer, probe) for probe in probes)


def _on_edge(edges: Edges, point: Point) -> bool:
    return any(abs(_side(p, q, point)) < 1e-12 and _between(p, q, point) for p, q in edges)


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
        self._boxes = boxes = {key: box(each) for key, each in self._boundaries.items()}
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
        boxes, drawn = self._boxes, self._boundaries
        pairs = {
            (a, b)
            for near in self._neighbours()
            for a in near
            for b in near
            if a < b and _shared(boxes[a], boxes[b]) is not None
        }
        return sorted(pair for pair in pairs if overlap(drawn[pair[0]], drawn[pair[1]]))

    def _neighbours(self) -> Iterable[list[str]]:
        for near in self._net.values():
            yield [*near, *self._large]
        yield self._large

    def _enter(self, key: str, around: Box) -> None:
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
