"""Serves: one process with every role, or the roles apart, meeting only in the database."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Flag, auto
from pathlib import Path
from typing import Any

import structlog
import uvloop
from fastapi import APIRouter

import handoff_console
from bot.channels.webchat import WebChat, WebChatDeps
from bot.channels.webchat_live import ChatLive
from bot.channels.webchat_tokens import ChatTokens
from cli.address import must_be_free
from cli.console_parts import console_routers
from cli.demo import Day, RealDatabase, seed
from cli.house import House, open_house, secret_key
from cli.logs import set_up_logging
from cli.mistakes import Mistake
from cli.web import Check, Verdict, WebParts, WebServer, build_api, build_app
from cli.web_guard import Limits
from config.settings import Settings
from config.webchat import load_chat_page
from storage import schema
from storage.unit_of_work import SqlTransaction

STATIC = Path(handoff_console.__file__).parent / "static"
LANGUAGES_AFTER_SECONDS = 5.0


class Role(Flag):
    """What a process does."""

    BOT = auto()
    CONSOLE = auto()
    CLOCK = auto()
    ALL = BOT | CONSOLE | CLOCK


@dataclass(slots=True)
class Running:
    """What one process is made of: routes, streams to end, loops to run, questions to answer."""

    routers: list[APIRouter] = field(default_factory=list)
    stops: list[Callable[[], None]] = field(default_factory=list)
    loops: list[Callable[[asyncio.Event], Any]] = field(default_factory=list)
    checks: dict[str, Check] = field(default_factory=dict)


def _web_chat(house: House, running: Running, key: str) -> None:
    live = ChatLive(house.store)
    deps = WebChatDeps(
        store=house.store,
        door=house.inbox,
        files=house.files,
        tokens=ChatTokens(key),
        live=live,
        page=load_chat_page(house.settings.config_dir),
        clock=house.clock,
    )
    running.routers.append(WebChat(deps).router())
    running.stops.append(live.stop)


async def _sweep(house: House, stop: asyncio.Event) -> None:
    """Take up what an earlier process left undecided: all of it now, what is old now and then."""
    await house.inbox.sweep(house.clock(), age=timedelta())
    while not stop.is_set():
        await house.inbox.sweep(house.clock())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 5.0)


@asynccontextmanager
async def assemble(house: House, role: Role) -> AsyncIterator[Running]:
    """The parts of a process with this role."""
    running = Running()
    key = secret_key(house.settings)

    async def database() -> bool:
        return await house.store.read(schema.version) == schema.HEAD

    async def model() -> bool:
        return house.hearing.works()

    async def understanding() -> Verdict:
        return "degraded" if house.hearing.degraded else True

    async def calendar() -> Verdict:
        return "degraded" if house.book.missing_years(house.clock()) else True

    running.checks.update(database=database, model=model, calendar=calendar)
    if house.hearing.remote:
        running.checks.update(understanding=understanding)
    running.loops.append(house.hearing.run)
    admins = None
    async with contextlib.AsyncExitStack() as open_parts:
        if Role.BOT in role:
            _web_chat(house, running, key)
            running.loops.append(lambda stop: _sweep(house, stop))
            running.loops.append(lambda stop: _learn_languages(house, stop))
        if house.settings.telegram_token is not None and role & (Role.BOT | Role.CLOCK):
            # Only here: importing aiogram takes seconds and a good part of the memory.
            from cli.telegram import join_telegram  # noqa: PLC0415

            admins = await open_parts.enter_async_context(
                join_telegram(house, running, speaks=Role.BOT in role)
            )
        if Role.CONSOLE in role:
            running.routers += console_routers(house, running)
        if Role.CLOCK in role:
            clockwork = house.clockwork(admins)
            running.loops.append(lambda stop: clockwork.run(stop, house.clock))
        yield running


async def _learn_languages(house: House, stop: asyncio.Event) -> None:
    """Make the books of the other languages before anybody waits for one, once all is running."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), LANGUAGES_AFTER_SECONDS)
        return
    await asyncio.to_thread(house.book.books.make_all)


def _parts(running: Running, settings: Settings) -> WebParts:
    limits = Limits(settings.max_file_bytes, " ".join(settings.frame_ancestors))
    return WebParts(running.routers, limits, STATIC, running.checks)


class Demo(Flag):
    """What a demo begins with: its street, and a day of work on it."""

    NONE = 0
    STREET = auto()
    LIVELY = auto()


async def _serve(settings: Settings, role: Role, host: str, port: int, demo: Demo) -> None:
    async with open_house(settings) as house:
        passwords = await _seed(house, demo) if demo else {}
        async with assemble(house, role) as running:
            stop = asyncio.Event()
            app = build_app(_parts(running, settings))
            server = WebServer(app, host, port, running.stops)
            loops = [asyncio.ensure_future(loop(stop)) for loop in running.loops]
            keep_what_is_loaded()
            announce = asyncio.ensure_future(_announce(server, role, f"{host}:{port}", passwords))
            try:
                await server.serve()
            finally:
                announce.cancel()
                stop.set()
                await _end(loops)


def keep_what_is_loaded() -> None:
    """Tell the garbage collector that what is there now stays.

    Looking through it again and again cost pauses of 50 ms and more while residents waited. It
    may not have looked at all so far (cli.commands), and begins now.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


async def _seed(house: House, demo: Demo) -> dict[str, str]:
    given = house.settings.demo_password
    password = given.get_secret_value() if given else None
    more: Sequence[Mapping[str, Any]] = ()
    day: Day | None = None
    if Demo.LIVELY in demo:
        from cli.demo_day import day_data, live_a_day  # noqa: PLC0415

        data = day_data()
        more, start = data["officers"], house.clock()

        def day(tx: SqlTransaction) -> None:
            live_a_day(tx, data["steps"], house.book, start)

    try:
        return await seed(house.store, password, more=more, day=day)
    except RealDatabase:
        raise Mistake(
            "--demo refuses a database with officers of its own: leave --demo out, or give "
            "another --data directory"
        ) from None


async def _end(loops: Sequence[asyncio.Future[Any]]) -> None:
    """Let the loops finish what they are at; a failed one is told, not swallowed."""
    for outcome in await asyncio.gather(*loops, return_exceptions=True):
        if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
            structlog.get_logger().error("loop_failed", error=type(outcome).__name__)


async def _announce(server: WebServer, role: Role, address: str, passwords: dict[str, str]) -> None:
    await server.ready.wait()
    lines = [f"jiesu serves on http://{address}"]
    if Role.BOT in role:
        lines.append(f"  residents  http://{address}/chat")
    if Role.CONSOLE in role:
        lines.append(f"  console    http://{address}/")
    if passwords:
        lines.append("  demo logins, all with the password " + next(iter(passwords.values())))
        lines.append("    " + "  ".join(passwords))
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def run(settings: Settings, role: Role, host: str, port: int, *, demo: Demo = Demo.NONE) -> None:
    """Serve until interrupted. Raises Mistake when it cannot."""
    set_up_logging(settings.log_level)
    must_be_free(host, port)
    uvloop.run(_serve(settings, role, host, port, demo))


def openapi_document() -> dict[str, Any]:
    """The HTTP interface, from routes bound to nothing that is running."""
    from cli.console_parts import documented_routers  # noqa: PLC0415

    parts = WebParts(documented_routers(), Limits(1), STATIC)
    return build_api(parts).openapi()
