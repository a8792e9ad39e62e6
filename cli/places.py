"""``jiesu place``: names of places from a CSV file, and what does not fit together."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from casework.coverage import Gap, gaps
from casework.organisation import Place, PlaceKind
from casework.ports import Transaction
from cli.mistakes import Mistake
from cli.organisation import GAPS, PLACE_KINDS, show_faults, tell, today
from cli.sheet_files import read_sheet
from cli.sheets import Row, Sheet, names, number, yes
from config.settings import load_settings
from storage.engine import open_store

place_app = typer.Typer(help="Names of places and service points.", no_args_is_help=True)
NEEDED = ("name", "unit")
COLUMNS = (*NEEDED, "kind", "aliases", "lat", "lng", "address", "hours", "phone", "verified")
DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory.")]
SHOWN = 20  # of each kind


@place_app.callback()
def _places() -> None:
    """Names of places and service points."""


@place_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=f"CSV with the columns {', '.join(COLUMNS)}.")],
    data: DataDir = None,
) -> None:
    """Add or replace places by name and unit; UTF-8 or GBK, all or nothing.

    ``unit`` is the id of a grid (or community), ``kind`` community, building, road, village,
    landmark or service_point, ``aliases`` are separated by semicolons.
    """
    sheet = read_sheet(file, NEEDED, COLUMNS)
    places = read_places(sheet)
    asyncio.run(_store(load_settings(data_dir=data).url, sheet, places))
    tell(f"imported {len(places)} places ({sheet.encoding})")


def read_places(sheet: Sheet) -> list[tuple[Row, Place]]:
    """The rows as places; faults are noted in the sheet."""
    found: list[tuple[Row, Place]] = []
    seen: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        place = _place(row)
        key = (place.name, place.unit_id)
        if key in seen:
            row.fault("name", f"{place.name} stands in row {seen[key]} already, in the same unit")
        seen.setdefault(key, row.number)
        found.append((row, place))
    return found


def _place(row: Row) -> Place:
    name = row.text("name", 80, needed=True)
    if len(name) == 1:
        row.fault("name", "has one character; a name has two at least")
    kind = PlaceKind(row.one_of("kind", PLACE_KINDS, "landmark"))
    lat = row.read("lat", number(-90, 90), None)
    lng = row.read("lng", number(-180, 180), None)
    if (lat is None) != (lng is None) and bool(row.values.get("lat")) != bool(
        row.values.get("lng")
    ):
        row.fault("lat" if lat is None else "lng", "is empty; lat and lng come together")
    if kind is PlaceKind.SERVICE_POINT and lat is None and not row.values.get("lat"):
        row.fault("lat", "is empty; a service point must be on the map to be found")
    return Place(
        name=name,
        unit_id=row.text("unit", 32, needed=True),
        aliases=row.read("aliases", names, tuple[str, ...]()),
        lat=lat,
        lng=lng,
        kind=kind,
        address=row.text("address", 120),
        hours=row.text("hours", 80),
        phone=row.text("phone", 40),
        verified=row.read("verified", yes, False),
    )


async def _store(url: str, sheet: Sheet, places: list[tuple[Row, Place]]) -> None:
    def work(tx: Transaction) -> None:
        units = tx.people.all_units()
        for row, place in places:
            if place.unit_id and place.unit_id not in units:
                row.fault("unit", f"{place.unit_id} is not known; import the grids first")
        show_faults(sheet)
        tx.places.save(place for _, place in places)

    store = open_store(url)
    try:
        await store.write(work)
    finally:
        await store.close()


@place_app.command("check")
def check(data: DataDir = None) -> None:
    """Names in no grid or several, boundaries that overlap, grids without a worker."""
    found = asyncio.run(_gaps(load_settings(data_dir=data).url))
    for kind, words in GAPS.items():
        these = [gap for gap in found if gap.kind == kind]
        if these:
            tell(f"{words}: {len(these)}")
            for gap in these[:SHOWN]:
                tell(f"  {gap.what} ({', '.join(gap.where)})")
            if len(these) > SHOWN:
                tell(f"  … and {len(these) - SHOWN} more")
    if found:
        raise Mistake(f"{len(found)} things to mend; see above")
    tell("every place lies in one grid, every grid has a worker")


async def _gaps(url: str) -> list[Gap]:
    def work(tx: Transaction) -> list[Gap]:
        known, drawn = tx.people.organisation(), tx.places.boundaries()
        return gaps(known, tx.places.all(), drawn, today())

    store = open_store(url)
    try:
        return await store.read(work)
    finally:
        await store.close()
