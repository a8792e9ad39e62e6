"""Flat reads of places for the console: near a point, or by a part of the name."""

from __future__ import annotations

from math import cos, radians
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, or_, select, type_coerce

from casework.geometry import Point, distance
from storage.tables import places, units
from storage.unit_of_work import SqlTransaction

DEGREE = 111_320  # metres of a degree of latitude
_MOST_NEAR = 400


class PlaceLine(NamedTuple):
    """A place, the unit it lies in, and how far it is in metres (None where that is not known)."""

    id: str
    name: str
    unit_id: str
    unit_name: str
    unit_kind: str
    unit_path: str
    metres: float | None = None


def near_places(tx: SqlTransaction, point: Point, within: float, most: int) -> list[PlaceLine]:
    """Places at most ``within`` metres away, the nearest first."""
    lat, lng = point
    up = within / DEGREE
    across = up / max(cos(radians(lat)), 0.01)
    query = _places().where(
        places.c.lat.between(lat - up, lat + up), places.c.lng.between(lng - across, lng + across)
    )
    found = [
        _line(row, distance(point, (row.lat, row.lng)))
        for row in tx.connection.execute(query.limit(_MOST_NEAR))
    ]
    close = [each for each in found if each.metres is not None and each.metres <= within]
    return sorted(close, key=lambda each: (each.metres, each.name))[:most]


def named_places(tx: SqlTransaction, words: str, most: int) -> list[PlaceLine]:
    """Places with these words in their name or one of their other names, short names first."""
    fits = or_(
        places.c.name.contains(words, autoescape=True),
        type_coerce(places.c.aliases, Text).contains(words, autoescape=True),
    )
    rows = tx.connection.execute(_places().where(fits).order_by(places.c.name).limit(_MOST_NEAR))
    found = [_line(row) for row in rows]
    return sorted(found, key=lambda each: (words not in each.name, len(each.name)))[:most]


def one_place(tx: SqlTransaction, place_id: str) -> PlaceLine | None:
    """The place of this id."""
    row = tx.connection.execute(_places().where(places.c.id == place_id)).one_or_none()
    return _line(row) if row is not None else None


def _places() -> Select[Any]:
    return select(
        places.c.id,
        places.c.name,
        places.c.lat,
        places.c.lng,
        places.c.unit_id,
        units.c.name.label("unit_name"),
        units.c.kind.label("unit_kind"),
        units.c.path.label("unit_path"),
    ).join(units, units.c.id == places.c.unit_id)


def _line(row: Any, metres: float | None = None) -> PlaceLine:
    return PlaceLine(
        row.id, row.name, row.unit_id, row.unit_name, row.unit_kind, row.unit_path, metres
    )
