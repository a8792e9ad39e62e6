"""Whether every place lies in exactly one grid and every grid has somebody (domain S0-1, S0-2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from casework.geometry import Areas, Boundary
from casework.organisation import GRID_CHIEF, OWNERS, Organisation, Place


@dataclass(frozen=True, slots=True)
class Gap:
    """Something to mend: ``kind`` says what, ``what`` names it, ``where`` the units concerned."""

    kind: str
    what: str
    where: tuple[str, ...] = ()


def gaps(
    organisation: Organisation,
    places: Iterable[Place],
    boundaries: Mapping[str, Boundary],
    on: date,
) -> list[Gap]:
    """Everything to mend on this day, by kind.

    ``no_grid``: a name that leads to a community or street only. ``two_grids``: a name of several
    grids. ``outside``, ``on_two`` and ``elsewhere``: a place on the map that lies in no boundary,
    in two, or in another grid's than its own. ``overlap``: two boundaries share ground.
    ``no_worker``: a grid without anybody who serves there and may own a case. ``no_chief``: one in
    which nobody or several approve, where any grid has somebody who does (S3-3). ``no_boundary``: a
    grid not drawn while others are. What is over, or a body and no area, has no place among them;
    what has yet to begin has.
    """
    known = list(places)
    grids = {
        unit.id
        for unit in organisation.units.values()
        if unit.kind == "grid" and (unit.valid_to is None or on < unit.valid_to)
    }
    drawn = Areas({key: each for key, each in boundaries.items() if key in grids})
    return [
        *_names(known, grids),
        *_on_map(known, grids, drawn),
        *(Gap("overlap", organisation.units[a].name, (a, b)) for a, b in drawn.overlaps()),
        *_grids(organisation, grids, drawn, on),
    ]


def _names(places: list[Place], grids: set[str]) -> Iterator[Gap]:
    by_name: dict[str, set[str]] = {}
    for place in places:
        for name in (place.name, *place.aliases):
            by_name.setdefault(name, set()).add(place.unit_id)
    for name, units in sorted(by_name.items()):
        if not units & grids:
            yield Gap("no_grid", name, tuple(sorted(units)))
        elif len(units) > 1:
            yield Gap("two_grids", name, tuple(sorted(units)))


def _on_map(places: list[Place], grids: set[str], drawn: Areas) -> Iterator[Gap]:
    for place in places:
        if not len(drawn) or place.lat is None or place.lng is None:
            continue
        inside = drawn.at((place.lat, place.lng))
        if not inside:
            yield Gap("outside", place.name, (place.unit_id,))
        elif len(inside) > 1:
            yield Gap("on_two", place.name, inside)
        elif place.unit_id in grids and inside[0] != place.unit_id:
            yield Gap("elsewhere", place.name, (place.unit_id, inside[0]))


def _grids(organisation: Organisation, grids: set[str], drawn: Areas, on: date) -> Iterator[Gap]:
    staff = [o for o in organisation.officers.values() if o.serves(on) and o.role in OWNERS]
    chiefs = Counter(each.unit_id for each in staff if GRID_CHIEF in each.posts)
    staffed = {each.unit_id for each in staff}
    for grid in sorted(grids):
        if grid not in staffed:
            yield Gap("no_worker", organisation.units[grid].name, (grid,))
        if chiefs and chiefs[grid] != 1:
            yield Gap("no_chief", organisation.units[grid].name, (grid,))
        if len(drawn) and drawn.boundary(grid) is None:
            yield Gap("no_boundary", organisation.units[grid].name, (grid,))
