"""``jiesu link``: codes on walls, from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from casework import links as rules
from casework.desk.links import put_up, take_down
from casework.digest import LOCAL
from casework.errors import Incomplete, NotFound
from casework.links import Link, LinkKind, Standing
from cli.house import link_keys
from cli.mistakes import Mistake
from cli.organisation import tell
from config.settings import Settings, load_settings
from storage.engine import open_store
from storage.unit_of_work import SqlTransaction

T = TypeVar("T")

link_app = typer.Typer(help="QR codes of places and enterprises.", no_args_is_help=True)
DataDir = Annotated[Path | None, typer.Option("--data", help="Data directory.")]
COUNTED = timedelta(days=30)
TOLD = {
    "name": "NAME is empty: say what the code hangs at",
    "valid_until": "--last-day lies in the past",
}


@link_app.command("add")
def add(
    name: Annotated[
        str, typer.Argument(help="What it hangs at: a factory, a building, a crossing.")
    ],
    unit: Annotated[str, typer.Option(help="Id of the grid (or community) it lies in.")],
    kind: Annotated[LinkKind, typer.Option(help="What it hangs at.")] = LinkKind.ENTERPRISE,
    respondent: Annotated[
        str, typer.Option(help="Who is answerable; default: the enterprise itself.")
    ] = "",
    place: Annotated[str, typer.Option(help="The address in words; default: the name.")] = "",
    last_day: Annotated[
        str | None, typer.Option(help="The last day it counts, such as 2027-12-31.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw the web code into this .svg or .png.")
    ] = None,
    data: DataDir = None,
) -> None:
    """Make a code. JIESU_PUBLIC_URL says where it leads."""
    settings = load_settings(data_dir=data)
    site = _site(settings)
    if picture is not None and picture.suffix.lower() not in {".svg", ".png"}:
        raise Mistake(f"--picture takes a file ending in .svg or .png, not {picture.name}")
    now = datetime.now(UTC)
    until = _end_of(last_day)
    link = Link(rules.new_id(), kind, name, respondent, place, unit, now, valid_until=until)
    try:
        made = _run(settings, lambda tx: put_up(tx, link, None, now))
    except NotFound:
        raise Mistake(
            f"there is no unit {unit!r}: import it first with `jiesu grid import`"
        ) from None
    except Incomplete as error:
        raise Mistake(TOLD[error.field]) from None
    _show(settings, site, made)
    if picture is not None:
        _draw(settings, site, made, picture)


@link_app.command("list")
def list_(data: DataDir = None) -> None:
    """Every code with its id, whether it counts, and how often it was opened in thirty days."""
    settings = load_settings(data_dir=data)
    now = datetime.now(UTC)

    def work(tx: SqlTransaction) -> list[tuple[Link, int]]:
        opened = tx.links.openings((now - COUNTED).astimezone(LOCAL).date())
        return [(link, opened.get(link.id, 0)) for link in tx.links.all()]

    for link, count in _run(settings, work):
        standing = link.standing(now)
        mark = "" if standing is Standing.GOOD else f"  [{standing.value}]"
        tell(f"{link.id}  {link.kind.value:<10}  {link.name}  {link.unit_id}  {count}{mark}")


@link_app.command("revoke")
def revoke(
    link_id: Annotated[str, typer.Argument(help="The id that `jiesu link list` shows.")],
    data: DataDir = None,
) -> None:
    """Let a code no longer count. Cases it led to stay as they are."""
    now = datetime.now(UTC)
    try:
        link = _run(load_settings(data_dir=data), lambda tx: take_down(tx, link_id, None, now))
    except NotFound:
        raise Mistake(f"there is no code {link_id!r}: see `jiesu link list`") from None
    tell(f"{link.id} of {link.name} no longer counts")


def _site(settings: Settings) -> str:
    """Raises Mistake: a printed code must lead somewhere."""
    if settings.public_url is None:
        raise Mistake("set JIESU_PUBLIC_URL to where residents reach this service, then try again")
    return settings.public_url


def _end_of(last_day: str | None) -> datetime | None:
    if last_day is None:
        return None
    try:
        day = date.fromisoformat(last_day)
    except ValueError:
        raise Mistake(f"--last-day takes a date such as 2027-12-31, not {last_day}") from None
    return datetime.combine(day + timedelta(days=1), time(), LOCAL)


def _show(settings: Settings, site: str, link: Link) -> None:
    from handoff_console.codes import Doors  # noqa: PLC0415 - the picture library, only here

    doors = Doors(site, settings.telegram_name)
    payload = link_keys(settings).seal(link.id)
    tell(f"{link.id}  {link.name}")
    tell(f"  {doors.web(payload)}")
    telegram = doors.telegram(payload)
    if telegram is not None:
        tell(f"  {telegram}")


def _draw(settings: Settings, site: str, link: Link, picture: Path) -> None:
    from handoff_console import codes  # noqa: PLC0415

    draw = codes.svg if picture.suffix.lower() == ".svg" else codes.png
    address = codes.Doors(site).web(link_keys(settings).seal(link.id))
    try:
        picture.write_bytes(draw(address))
    except OSError as error:
        raise Mistake(f"cannot write {picture}: {error.strerror}") from None


def _run(settings: Settings, work: Callable[[SqlTransaction], T]) -> T:
    async def run() -> T:
        store = open_store(settings.url)
        try:
            return await store.write(work)
        finally:
            await store.close()

    return asyncio.run(run())
