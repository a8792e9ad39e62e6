"""``jiesu grid``: the organisation from a sheet, and grids that are divided or put together."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from casework.coverage import Gap, gaps
from casework.geometry import Boundary
from casework.hours import CHINA
from casework.organisation import Officer, Place
from cli.mistakes import Mistake
from cli.organisation_checks import Fresh, check
from cli.organisation_rows import PLACE_KINDS, Found, read_found
from cli.passwords import give_passwords
from cli.progress import Bar, bar
from cli.sheets import Sheet, SheetFaults
from config.organisation import OrganisationWords, load_organisation
from config.settings import load_settings
from storage.engine import open_store
from storage.unit_of_work import SqlTransaction

__all__ = ["GAPS", "PLACE_KINDS", "grid_app", "show_faults", "tell", "today"]

grid_app = typer.Typer(help="Grids, people and places.", no_args_is_help=True)
DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory.")]
GAPS = {
    "no_worker": "grids without a worker",
    "no_chief": "grids with none or several who approve",
    "overlap": "boundaries that overlap",
    "no_boundary": "grids without a boundary",
    "no_grid": "names that lead to no grid",
    "two_grids": "names of more than one grid (residents are asked which)",
    "outside": "places outside every boundary",
    "on_two": "places within two boundaries",
    "elsewhere": "places within another grid's boundary",
}


@grid_app.callback()
def _grids() -> None:
    """Grids, people and places."""


@grid_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or a workbook (.xlsx, .xls, .ods).")],
    data: DataDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check all, store nothing.")] = False,
    errors: Annotated[Path | None, typer.Option(help="Write all faults there, as CSV.")] = None,
    passwords: Annotated[
        Path | None, typer.Option(help="Give the new officers passwords and write them there.")
    ] = None,
) -> None:
    """Add units, places, officers, shifts and absences, all or nothing.

    ``kind`` says what a row is: a level of config/organisation.yaml, place, officer, shift or
    absence; ``parent`` is the unit it lies in or works for, by id or code. A workbook may have
    sheets for people (username, name, role), duty (officer, weekday or day, starts, ends) and
    absences (officer, first_day, last_day, substitute) as well. ``boundary`` is WKT, longitude
    before latitude, in WGS 84. A unit that is there already may be listed again to draw it.
    Imported officers have no password until they are given one: see `jiesu officer password`.
    """
    settings = load_settings(data_dir=data)
    words = load_organisation(settings.config_dir)
    with bar() as shown:
        found = read_found(file, words, shown)
        stored = asyncio.run(_store(settings.url, found, words, shown, errors, dry=dry_run))
    done = "would import" if dry_run else "imported"
    tell(f"{done} {len(found.sheet.rows)} rows ({found.sheet.encoding})")
    for line in _told(stored.gaps):
        tell(line)
    if passwords is not None and not dry_run:
        asyncio.run(give_passwords(settings.url, stored.officers, passwords))


class Stored:
    """What an import has brought: the new officers, and what is to be mended."""

    def __init__(self, officers: list[Officer], found: list[Gap]) -> None:
        self.officers = officers
        self.gaps = found


async def _store(
    url: str,
    found: Found,
    words: OrganisationWords,
    shown: Bar,
    errors: Path | None,
    *,
    dry: bool,
) -> Stored:
    faults = found.sheet.faults
    read = len(faults)

    def work(tx: SqlTransaction) -> tuple[Fresh, list[Place], dict[str, Boundary]]:
        del faults[read:]  # of a try before this one
        fresh = check(found, tx.people.organisation(), tx.rosters, words.levels, tx.new_id)
        show_faults(found.sheet, errors)
        places, drawn = tx.places.all(), tx.places.boundaries()
        if not dry:
            _add(tx, fresh, found, shown)
        return fresh, places, drawn

    store = open_store(url)
    try:
        fresh, places, drawn = await (store.read(work) if dry else store.write(work))
    finally:
        await store.close()
    # Beside the transaction: on SQLite a running server could not write meanwhile.
    boundaries = {**drawn, **found.boundaries}
    return Stored(fresh.officers, gaps(fresh.known, [*places, *fresh.places], boundaries, today()))


def today() -> date:
    """The day it is in China."""
    return datetime.now(CHINA).date()


def _add(tx: SqlTransaction, fresh: Fresh, found: Found, shown: Bar) -> None:
    tx.people.add_units(fresh.units)
    if found.boundaries:
        tx.places.draw(found.boundaries)
    if fresh.places:
        tx.places.save(fresh.places)
    for officers in shown.pieces(fresh.officers, "storing people"):
        tx.people.add_officers(officers)
    tx.rosters.add_shifts(fresh.shifts)
    tx.rosters.add_absences(fresh.absences)


def _told(found: list[Gap]) -> list[str]:
    """How many things of each kind are to be mended; `jiesu place check` names them."""
    counted = Counter(gap.kind for gap in found)
    lines = [f"  {words}: {counted[kind]}" for kind, words in GAPS.items() if counted[kind]]
    return ["to mend (see `jiesu place check`):", *lines] if lines else []


def tell(line: str) -> None:
    """Say how it went."""
    sys.stdout.write(f"{line}\n")


def show_faults(sheet: Sheet, errors: Path | None = None) -> None:
    """List what is wrong and give up; all of it goes to ``errors``. Raises SheetFaults."""
    try:
        sheet.end()
    except SheetFaults as faults:
        tell(faults.listed)
        if errors is not None:
            try:
                sheet.write_faults(errors)
            except OSError as error:
                raise Mistake(f"{errors} cannot be written: {error}") from error
        raise
