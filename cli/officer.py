"""``jiesu officer``: accounts for the console."""

from __future__ import annotations

import asyncio
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from argon2 import PasswordHasher

from casework.desk import leaving
from casework.desk.leaving import Left
from casework.organisation import Officer, Role
from cli.mistakes import Mistake
from cli.passwords import give_passwords
from config.load import Book, load_book
from config.settings import load_settings
from storage.engine import open_store
from storage.unit_of_work import SqlTransaction
from storage.units import IN_ONE_QUERY

officer_app = typer.Typer(help="Officers' accounts.", no_args_is_help=True)
SHORTEST_PASSWORD = 10  # characters


@officer_app.callback()
def _officers() -> None:
    """Officers' accounts."""


@officer_app.command()
def add(
    username: Annotated[str, typer.Argument(help="What the officer types to log in.")],
    name: Annotated[str, typer.Option(help="The name residents are told.")],
    role: Annotated[Role, typer.Option(help="grid, community, street, department, mediator …")],
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


@officer_app.command()
def password(
    username: Annotated[str, typer.Argument(help="Whose; none with --unit.")] = "",
    unit: Annotated[str, typer.Option(help="All of this unit and below who have none.")] = "",
    file: Annotated[Path | None, typer.Option(help="Where to write them; must not exist.")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Data directory.")] = None,
    from_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Give one officer a new password, or all of a unit who have none their first."""
    url = load_settings(data_dir=data).url
    if bool(username) == bool(unit):
        raise Mistake("name one officer, or a unit with --unit")
    if unit:
        if file is None:
            raise Mistake("--unit needs --file: passwords of many are not shown")
        officers = asyncio.run(_without(url, unit))
        asyncio.run(give_passwords(url, officers, file))
        sys.stdout.write(f"{len(officers)} passwords are in {file}\n")
        return
    chosen = sys.stdin.readline().rstrip("\n") if from_stdin else secrets.token_urlsafe(12)
    if len(chosen) < SHORTEST_PASSWORD:
        raise Mistake(f"the password needs at least {SHORTEST_PASSWORD} characters")
    asyncio.run(_set(url, username, chosen))
    shown = "" if from_stdin else f": {chosen}"
    sys.stdout.write(f"new password of {username}{shown}\n")


@officer_app.command()
def leave(
    username: Annotated[str, typer.Argument(help="Who leaves.")],
    data: Annotated[Path | None, typer.Option("--data", help="Data directory.")] = None,
) -> None:
    """Take an officer out of service; cases, conversations and tasks are handed over first."""
    settings = load_settings(data_dir=data)
    left = asyncio.run(_leave(settings.url, username, load_book(settings.config_dir)))
    sys.stdout.write(
        f"{username} has left; handed over: {left.cases} cases, "
        f"{left.conversations} conversations, {left.tasks} tasks\n"
    )


async def _leave(url: str, username: str, book: Book) -> Left:
    def work(tx: SqlTransaction) -> Left:
        officer = tx.people.officer_by_username(username)
        if officer is None or not officer.active:
            raise Mistake(f"there is no officer {username} in service")
        return leaving.leave(tx, officer.id, book, datetime.now(UTC))

    store = open_store(url)
    try:
        return await store.write(work)
    finally:
        await store.close()


async def _without(url: str, unit_id: str) -> list[Officer]:
    """The active officers of the unit and below who cannot log in yet."""

    def work(tx: SqlTransaction) -> list[Officer]:
        unit = tx.people.unit(unit_id) or tx.people.unit_by_code(unit_id)
        if unit is None:
            raise Mistake(f"there is no unit {unit_id}")
        below = tx.people.below(unit.id)
        found: list[Officer] = []
        for start in range(0, len(below), IN_ONE_QUERY):
            found += tx.people.staff(each.id for each in below[start : start + IN_ONE_QUERY])
        return [officer for officer in found if not officer.password_hash]

    store = open_store(url)
    try:
        return await store.read(work)
    finally:
        await store.close()


async def _set(url: str, username: str, chosen: str) -> None:
    hashed = PasswordHasher().hash(chosen)

    def work(tx: SqlTransaction) -> None:
        officer = tx.people.officer_by_username(username)
        if officer is None:
            raise Mistake(f"there is no officer {username}")
        tx.people.set_password(officer.id, hashed)

    store = open_store(url)
    try:
        await store.write(work)
    finally:
        await store.close()


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
