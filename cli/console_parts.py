"""The console of one process, and all routes bound to nothing, for the API's description."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fastapi import APIRouter

from bot.channels.webchat import WebChat, WebChatDeps
from casework.gazetteer import Gazetteer
from config.capture import load_capture_words
from handoff_console.app import create_console
from handoff_console.auth import Logins, Passwords
from handoff_console.deps import ConsoleDeps
from handoff_console.field_work import FieldWork
from handoff_console.live import Live
from handoff_console.presence import Presences

if TYPE_CHECKING:
    from cli.house import House
    from cli.serve import Running


def console_routers(house: House, running: Running) -> list[APIRouter]:
    """The officers' routes; their streams end when the server stops."""
    live = Live(house.store)
    running.stops.append(live.stop)
    house.hearing.tell(live.tell_understanding)
    deps = ConsoleDeps(
        store=house.store,
        book=house.book,
        files=house.files,
        digests=house.digests,
        logins=Logins(house.store, Passwords(), house.book.crisis.procedure.sees_restricted),
        live=live,
        presences=Presences(),
        clock=house.clock,
        field_work=_field_work(house),
        model=lambda: house.hearing.digest,
    )
    return [create_console(deps)]


def _field_work(house: House) -> FieldWork:
    async def area() -> Gazetteer | None:
        return (await house.area.current()).places

    settings = house.settings
    return FieldWork(
        words=load_capture_words(house.book.forms, settings.config_dir),
        keys=house.link_keys,
        area=area,
        site=settings.public_url,
        telegram_name=settings.telegram_name,
    )


def documented_routers() -> list[APIRouter]:
    """Every route with a description; none of them can be called."""
    nothing = cast("ConsoleDeps", None)
    return [WebChat(cast("WebChatDeps", None)).router(), create_console(nothing)]
