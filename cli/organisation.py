"""``jiesu grid``: units and places from a CSV file."""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from casework.organisation import Place, Unit
from cli.mistakes import Mistake
from config.settings import load_settings
from storage.engine import open_store
from storage.unit_of_work import SqlTransaction

grid_app = typer.Typer(help="Grids and places.", no_args_is_help=True)
COLUMNS = ("id", "kind", "name", "parent", "aliases", "lat", "lng")
UNIT_KINDS = ("street", "community", "grid")


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
    ``aliases`` are separated by semicolons.
    """
    rows = list(read_rows(file))
    asyncio.run(_store(load_settings(data_dir=data).url, rows))
    sys.stdout.write(f"imported {len(rows)} rows\n")


def read_rows(file: Path) -> Iterator[Unit | Place]:
    """The rows of the file. Raises Mistake naming the line."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = {"id", "kind", "name", "parent"} - set(reader.fieldnames or ())
        if missing:
            raise Mistake(f"{file}: the first line lacks {', '.join(sorted(missing))}")
        for row in reader:
            yield _row(row, f"{file}:{reader.line_num}")


def _row(row: dict[str, str | None], where: str) -> Unit | Place:
    value = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not value["name"]:
        raise Mistake(f"{where}: name is empty")
    if value["kind"] in UNIT_KINDS:
        if not value["id"]:
            raise Mistake(f"{where}: id is empty")
        return Unit(value["id"], value["kind"], value["name"], value["parent"] or None)
    if value["kind"] != "place":
        raise Mistake(f"{where}: kind is {value['kind'] or 'empty'}, not street, community …")
    try:
        lat, lng = (float(value[name]) if value[name] else None for name in ("lat", "lng"))
    except ValueError:
        raise Mistake(f"{where}: lat and lng are numbers such as 30.65") from None
    aliases = tuple(part.strip() for part in value["aliases"].split(";") if part.strip())
    return Place(value["name"], value["parent"], aliases, lat, lng)


async def _store(url: str, rows: list[Unit | Place]) -> None:
    def work(tx: SqlTransaction) -> None:
        known = set(tx.people.organisation().units)
        for row in rows:
            if isinstance(row, Unit):
                if row.id in known:
                    raise Mistake(f"there is a unit {row.id} already")
                if row.parent_id is not None and row.parent_id not in known:
                    raise Mistake(f"unit {row.id}: its parent {row.parent_id} is not known yet")
                known.add(row.id)
                tx.people.add_unit(row)
            else:
                if row.unit_id not in known:
                    raise Mistake(f"place {row.name}: its grid {row.unit_id} is not known")
                tx.people.add_place(row)

    store = open_store(url)
    try:
        await store.write(work)
    finally:
        await store.close()
