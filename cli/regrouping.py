"""``jiesu grid split`` and ``jiesu grid merge``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from casework.desk import regrouping as desk
from casework.errors import CaseworkError
from casework.regrouping import Piece, Regrouped
from cli import wkt
from cli.mistakes import Mistake
from cli.organisation import DataDir, grid_app, show_faults, tell
from cli.organisation_rows import NOWHERE
from cli.sheet_files import read_sheet
from cli.sheets import names
from config.load import Book, load_book
from config.organisation import load_organisation
from config.settings import load_settings
from storage.engine import open_store
from storage.unit_of_work import SqlTransaction

PIECE = ("name", "code", "boundary", "officers")
LEAST = 2  # grids that can become one


@grid_app.command()
def split(
    unit: Annotated[str, typer.Argument(help="Id or code of the grid to divide.")],
    file: Annotated[Path, typer.Argument(help=f"The new grids, with {', '.join(PIECE)}.")],
    data: DataDir = None,
) -> None:
    """Divide a grid, at once: open cases go by boundary or place, else to the first new grid,
    where they wait to be placed. The old grid keeps its code and gets nothing new."""
    words = load_organisation(load_settings(data_dir=data).config_dir)
    sheet = read_sheet(file, ("name",), PIECE, words.headings)
    pieces = [
        Piece(
            name=row.text("name", 80, needed=True),
            code=row.text("code", 15),
            boundary=row.read("boundary", wkt.boundary, NOWHERE),
            officers=row.read("officers", names, tuple[str, ...]()),
        )
        for row in sheet.rows
    ]
    show_faults(sheet)

    def work(tx: SqlTransaction, book: Book, now: datetime) -> Regrouped:
        levels = book.organisation.levels
        old = tx.people.unit(unit) or tx.people.unit_by_code(unit)
        return desk.split(tx, old.id if old else unit, pieces, levels, book, now)

    _run(work, data)


@grid_app.command()
def merge(
    units: Annotated[list[str], typer.Argument(help="Ids or codes of the grids.")],
    name: Annotated[str, typer.Option(help="What the new grid is called.")],
    code: Annotated[str, typer.Option(help="Its code, which no grid has had.")] = "",
    data: DataDir = None,
) -> None:
    """Put grids together, at once: their people, places and open cases go to the new one."""
    if len(units) < LEAST:
        raise Mistake("name two grids at least")

    def work(tx: SqlTransaction, book: Book, now: datetime) -> Regrouped:
        return desk.merge(tx, units, Piece(name, code), book.organisation.levels, book, now)

    _run(work, data)


def _run(work: Callable[[SqlTransaction, Book, datetime], Regrouped], data: Path | None) -> None:
    settings = load_settings(data_dir=data)
    book = load_book(settings.config_dir)
    try:
        done = asyncio.run(_in_store(settings.url, lambda tx: work(tx, book, datetime.now(UTC))))
    except CaseworkError as error:
        raise Mistake(f"{error}; nothing was changed") from error
    tell(f"{', '.join(done.ended)} → {', '.join(done.made)}: {len(done.moved)} open cases moved")
    if done.undecided:
        tell(f"{done.undecided} of them wait to be placed in the console")


async def _in_store(url: str, work: Callable[[SqlTransaction], Regrouped]) -> Regrouped:
    store = open_store(url)
    try:
        return await store.write(work)
    finally:
        await store.close()
