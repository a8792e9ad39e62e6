"""Telegram's part of a process. Imported only where a token is set: aiogram is heavy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import time
from typing import TYPE_CHECKING

import structlog

from bot.channels.telegram import TelegramChannel, TelegramOptions, TokenRefused
from bot.channels.telegram_webhook import webhook_routes
from bot.pacing import Pacing, telegram_limits
from bot.relay import Relay
from casework.channels import TELEGRAM
from casework.groups import Group
from casework.turn import Media
from cli.house import House
from cli.mistakes import Mistake
from config.settings import Settings
from config.telegram import load_telegram_words
from handoff_console.clock import Admins

if TYPE_CHECKING:
    from cli.serve import Running

log = structlog.get_logger()
RELAY_PATIENCE = 60.0  # seconds without a round: the relay hangs


def options_from(settings: Settings) -> TelegramOptions:
    """What the settings say about Telegram; the token must be set."""
    assert settings.telegram_token is not None  # noqa: S101 - the caller looked
    secret = settings.telegram_webhook_secret
    return TelegramOptions(
        token=settings.telegram_token.get_secret_value(),
        api_base=settings.telegram_api_base,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=secret.get_secret_value() if secret else None,
        digest_at=time.fromisoformat(settings.digest_at),
    )


@asynccontextmanager
async def join_telegram(house: House, running: Running, *, speaks: bool) -> AsyncIterator[Admins]:
    """Add Telegram to a process; one that does not speak only asks who a group's admins are."""

    async def read_file(media: Media) -> bytes:
        return await asyncio.to_thread(house.files.path(media.id).read_bytes)

    settings = house.settings
    words = load_telegram_words(settings.config_dir)
    options = options_from(settings)
    try:
        channel = TelegramChannel(
            options, house.inbox, house.store, house.files, read_file, words, house.clock
        )
    except TokenRefused:
        raise Mistake(
            "JIESU_TELEGRAM_TOKEN is no bot's token: it looks like 123456789:AA…, from BotFather"
        ) from None
    if speaks:
        running.routers.append(webhook_routes(channel.webhook))
        running.loops.append(_listening(channel, running))
        running.loops.append(_relaying(house, channel, running))

    async def admins(group: Group) -> list[str]:
        return await channel.admins(group.chat)

    yield admins
    await channel.close()


def _listening(channel: TelegramChannel, running: Running) -> Callable[[asyncio.Event], object]:
    refused = asyncio.Event()

    async def known() -> bool:
        return not refused.is_set()

    running.checks["telegram"] = known

    async def listen(stop: asyncio.Event) -> None:
        task = asyncio.create_task(channel.run())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if task.done() and isinstance(task.exception(), TokenRefused):
            # All else goes on serving; /readyz and this line say what is wrong.
            refused.set()
            log.error("telegram_token_refused", mend="set JIESU_TELEGRAM_TOKEN anew and restart")
            return
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return listen


def _relaying(
    house: House, channel: TelegramChannel, running: Running
) -> Callable[[asyncio.Event], object]:
    pacing = {TELEGRAM: Pacing(telegram_limits(house.settings.telegram_rate))}
    relay = Relay(house.store, [channel], house.clock, pacing=pacing)
    house.store.watch(lambda committed: relay.wake(committed.pushed))

    async def alive() -> bool:
        return (house.clock() - relay.turned_at).total_seconds() < RELAY_PATIENCE

    running.checks["relay"] = alive

    async def relaying(stop: asyncio.Event) -> None:
        task = asyncio.create_task(relay.run())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        relay.close()
        await task

    return relaying
