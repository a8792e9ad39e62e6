"""``jiesu grid``: units, boundaries and places from a CSV file."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from casework.geometry import Boundary
from casework.organisation import Place, PlaceKind, Unit
from casework.ports import Transaction
from cli import wkt
from cli.sheets import Row, Sheet, SheetFaults, names, number, read_sheet
from config.settings import load_settings
from storage.engine import open_store

grid_app = typer.Typer(help="Grids and places.", no_args_is_help=True)
NEEDED = ("id", "kind", "name", "parent")
COLUMNS = (*NEEDED, "aliases", "lat", "lng", "place_kind", "boundary")
UNIT_KINDS = ("street", "community", "grid")
NOWHERE: Boundary = ()
PLACE_KINDS = tuple(kind.value for kind in PlaceKind)


@dataclass(slots=True)
class Found:
    """What a sheet holds, with the row each thing stands in."""

    units: list[tuple[Row, Unit]] = field(default_factory=list)
    places: list[tuple[Row, Place]] = field(default_factory=list)
    boundaries: dict[str, Boundary] = field(default_factory=dict)


@grid_app.callback()
def _grids() -> None:
    """Grids and places."""


@grid_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=f"CSV with the columns {', '.join(COLUMNS)}.")],
    data: Annotated[Path | None, typer.Option("--data", help="Data directory.")] = None,
) -> None:
    """Add streets, communities, grids and places; parents before children, all or nothing.

    ``kind`` is street, community, grid or place; a place's ``parent`` is its grid and its
    ``aliases`` are separated by semicolons. ``boundary`` is WKT, longitude before latitude, in
    WGS 84. A unit that is there already may be listed again to draw its boundary.
    """
    sheet = read_sheet(file, NEEDED, COLUMNS)
    found = read_units(sheet)
    asyncio.run(_store(load_settings(data_dir=data).url, sheet, found))
    tell(f"imported {len(sheet.rows)} rows ({sheet.encoding})")


def read_units(sheet: Sheet) -> Found:
    """The rows as units, places and boundaries; faults are noted in the sheet."""
    found = Found()
    for row in sheet.rows:
        kind = row.one_of("kind", (*UNIT_KINDS, "place"))
        name = row.text("name", 80, needed=True)
        parent = row.text("parent", 32)
        if kind == "place":
            found.places.append((row, _place(row, name, parent)))
            continue
        unit_id = row.text("id", 32, needed=True)
        found.units.append((row, Unit(unit_id, kind, name, parent or None)))
        drawn = row.read("boundary", wkt.boundary, NOWHERE)
        if drawn:
            found.boundaries[unit_id] = drawn
    return found


def _place(row: Row, name: str, unit_id: str) -> Place:
    lat = row.read("lat", number(-90, 90), None)
    lng = row.read("lng", number(-180, 180), None)
    kind = row.one_of("place_kind", PLACE_KINDS, "landmark")
    aliases = row.read("aliases", names, tuple[str, ...]())
    return Place(name, unit_id, aliases, lat, lng, PlaceKind(kind))


def tell(line: str) -> None:
    """Say how it went."""
    sys.stdout.write(f"{line}\n")


async def _store(url: str, sheet: Sheet, found: Found) -> None:
    def work(tx: Transaction) -> None:
        known = dict(tx.people.organisation().units)
        fresh = list(_fresh(found, known))
        for row, place in found.places:
            if place.unit_id not in known:
                row.fault("parent", f"grid {place.unit_id or '(empty)'} is not known")
        show_faults(sheet)
        for unit in fresh:
            tx.people.add_unit(unit)
        tx.places.draw(found.boundaries)
        tx.places.save(place for _, place in found.places)

    store = open_store(url)
    try:
        await store.write(work)
    finally:
        await store.close()


def _fresh(found: Found, known: dict[str, Unit]) -> Iterable[Unit]:
    """The units that are new; ``known`` grows with them."""
    listed = set[str]()
    for row, unit in found.units:
        again = known.get(unit.id)
        if unit.id in listed or (again is not None and unit.id not in found.boundaries):
            row.fault("id", f"there is a unit {unit.id} already")
        elif again is not None and again != unit:
            row.fault("id", f"the unit {unit.id} is there already, with another name or parent")
        if unit.parent_id is not None and unit.parent_id not in known:
            row.fault("parent", f"unit {unit.parent_id} is not known yet")
        listed.add(unit.id)
        if again is None:
            known[unit.id] = unit
            yield unit


def show_faults(sheet: Sheet) -> None:
    """List what is wrong and give up. Raises Mistake when anything is."""
    try:
        sheet.end()
    except SheetFaults as faults:
        tell(faults.listed)
        raise
