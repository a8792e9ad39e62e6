"""Boundaries as maps write them: WKT POLYGON and MULTIPOLYGON, longitude before latitude."""

from __future__ import annotations

import re

from casework.geometry import Boundary, Point, Ring

_SHAPE = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(MULTIPOLYGON|POLYGON)\s*(?:Z\s*)?(\(.*\))\s*", re.IGNORECASE | re.DOTALL
)
_RING = re.compile(r"\(([^()]*)\)")
MOST = 5000  # corners of one boundary


def boundary(text: str) -> Boundary:
    """The boundary. Raises ValueError saying what is wrong with the text."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError("is no WKT such as POLYGON ((104.06 30.65, 104.07 30.65, …))")
    rings = tuple(_ring(part) for part in _RING.findall(shape.group(2)))
    if not rings:
        raise ValueError("has no corners")
    if sum(map(len, rings)) > MOST:
        raise ValueError(f"has more than {MOST} corners; simplify it")
    return rings


def _ring(text: str) -> Ring:
    points = tuple(_point(part) for part in text.split(","))
    if points[0] != points[-1]:
        raise ValueError("is not closed: the last corner must be the first again")
    if len(set(points)) < 3:
        raise ValueError("has fewer than three corners")
    return points


def _point(text: str) -> Point:
    parts = text.split()
    try:
        lng, lat = float(parts[0]), float(parts[1])
    except (IndexError, ValueError):
        raise ValueError(f"has a corner {text.strip()!r} that is no pair of numbers") from None
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise ValueError(f"has a corner {text.strip()!r} off the map; longitude comes first")
    return lat, lng
