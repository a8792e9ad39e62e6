"""``jiesu digest``: what a group's admins would get, and codes that bind groups."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casework.groups import CODE_LENGTH, Group, code_from
from cli.mistakes import Mistake
from config.settings import Settings, load_settings

if TYPE_CHECKING:
    from config.digest_words import Rendered
    from storage.engine import SqlStore

digest_app = typer.Typer(help="The evening digest.", no_args_is_help=True)

DataDir = Annotated[
    Path | None, typer.Option("--data", help="Data directory (JIESU_DATA_DIR; default: data).")
]


@digest_app.callback()
def _digests() -> None:
    """The evening digest."""


@digest_app.command()
def preview(
    group: Annotated[str, typer.Option(help="The group's id, or its chat id on Telegram.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    data: DataDir = None,
) -> None:
    """Show what the group's admins would get at this moment; nothing is sent."""
    settings = load_settings(data_dir=data)
    found, digest = asyncio.run(
        _with_store(settings, lambda store: _preview(store, settings, group))
    )
    if not as_json:
        sys.stdout.write(f"{digest.text}\n")
        return
    shown = {
        "group": {"id": found.id, "title": found.title, "chat": found.chat},
        "text": digest.text,
        "sections": [
            {"key": each.key, "title": each.title, "lines": list(each.lines)}
            for each in digest.sections
        ],
    }
    sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")


@digest_app.command()
def code(
    officer: Annotated[str, typer.Option(help="The officer whose unit the digest will tell of.")],
    data: DataDir = None,
) -> None:
    """Print a one-time code: whoever sends /bind CODE in a group binds it to the officer's unit."""
    settings = load_settings(data_dir=data)
    fresh = code_from(secrets.token_bytes(CODE_LENGTH))
    ends = asyncio.run(_with_store(settings, lambda store: _vouch(store, officer, fresh)))
    sys.stdout.write(f"{fresh}\n")
    sys.stderr.write(f"valid once, until {ends.astimezone():%Y-%m-%d %H:%M %Z}\n")


async def _with_store(settings: Settings, work: Callable[[SqlStore], Awaitable[Any]]) -> Any:
    """Run on the configured database. Raises Mistake when it is not ready."""
    from storage.engine import open_store  # noqa: PLC0415
    from storage.probe import probe  # noqa: PLC0415

    seen = await probe(settings.url)
    if not seen.reached:
        raise Mistake(f"the database cannot be reached: {seen.reason}")
    if not seen.current:
        raise Mistake("the database has no current tables: run `jiesu db upgrade`")
    store = open_store(settings.url)
    try:
        return await work(store)
    finally:
        await store.close()


async def _preview(store: SqlStore, settings: Settings, wanted: str) -> tuple[Group, Rendered]:
    from config.digest_words import load_digest_words  # noqa: PLC0415
    from config.load import load_book  # noqa: PLC0415
    from handoff_console.digests import DigestDesk  # noqa: PLC0415

    groups = await store.read(lambda tx: tx.groups.all())
    group = next((each for each in groups if wanted in (each.id, each.chat)), None)
    if group is None:
        known = ", ".join(each.id for each in groups) or "none; bind one with `jiesu digest code`"
        raise Mistake(f"there is no group {wanted} (known: {known})")
    words = load_digest_words(load_book(settings.config_dir).categories, settings.config_dir)
    return group, await DigestDesk(store, words).of(group, datetime.now(UTC))


async def _vouch(store: SqlStore, username: str, fresh: str) -> datetime:
    from casework.desk.digests import vouch  # noqa: PLC0415

    found = await store.read(lambda tx: tx.people.officer_by_username(username))
    if found is None:
        raise Mistake(f"there is no officer {username}: add one with `jiesu officer add`")
    if not found.active:
        raise Mistake(f"{username} is not active any more")
    now = datetime.now(UTC)
    return await store.write(lambda tx: vouch(tx, found, fresh, now))
