"""``jiesu officer``: accounts for the console."""

from __future__ import annotations

import asyncio
import secrets
import sys
from pathlib import Path
from typing import Annotated

import typer
from argon2 import PasswordHasher

from casework.organisation import Officer, Role
from cli.mistakes import Mistake
from config.settings import load_settings
from storage.engine import open_store
from storage.unit_of_work import SqlTransaction

officer_app = typer.Typer(help="Officers' accounts.", no_args_is_help=True)
SHORTEST_PASSWORD = 10  # characters


@officer_app.callback()
def _officers() -> None:
    """Officers' accounts."""


@officer_app.command()
def add(
    username: Annotated[str, typer.Argument(help="What the officer types to log in.")],
    name: Annotated[str, typer.Option(help="The name residents are told.")],
    role: Annotated[Role, typer.Option(help="grid, community, street or admin.")],
    unit: Annotated[str, typer.Option(help="Id of the officer's unit (see `jiesu grid import`).")],
    data: Annotated[Path | None, typer.Option("--data", help="Data directory.")] = None,
    from_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Add an officer; prints a random password unless one is given on standard input."""
    password = sys.stdin.readline().rstrip("\n") if from_stdin else secrets.token_urlsafe(12)
    if len(password) < SHORTEST_PASSWORD:
        raise Mistake(f"the password needs at least {SHORTEST_PASSWORD} characters")
    asyncio.run(_add(load_settings(data_dir=data).url, username, name, role, unit, password))
    shown = "" if from_stdin else f", password {password}"
    sys.stdout.write(f"added {username}{shown}\n")


async def _add(url: str, username: str, name: str, role: Role, unit: str, password: str) -> None:
    hashed = PasswordHasher().hash(password)

    def work(tx: SqlTransaction) -> None:
        if tx.people.unit(unit) is None:
            raise Mistake(f"there is no unit {unit}: import the grid first (`jiesu grid import`)")
        if tx.people.officer_by_username(username) is not None:
            raise Mistake(f"there is an officer {username} already")
        tx.people.add_officer(Officer(tx.new_id(), username, name, role, unit, hashed))

    store = open_store(url)
    try:
        await store.write(work)
    finally:
        await store.close()
