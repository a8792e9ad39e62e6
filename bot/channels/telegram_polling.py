"""Long polling of our own: an update is acknowledged only after it is stored.

Telegram takes the next request's offset as the acknowledgement. aiogram's own loop asks for the
next batch while the last one is still being handled, and loses it when the process dies.
"""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from bot.channels.telegram_aiogram import Bot, RawUpdates, exceptions
from bot.channels.telegram_intake import Intake
from bot.channels.telegram_updates import KINDS

log = structlog.get_logger()
POLL_SECONDS = 25
BATCH = 100
FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 30.0


class TokenRefused(Exception):
    """Telegram does not know the bot: JIESU_TELEGRAM_TOKEN is wrong or was revoked."""


class Poller:
    """Asks for updates until it is cancelled."""

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._offset: int | None = None
        self._acknowledged: int | None = None

    async def run(self) -> None:
        """Poll for ever. Raises TokenRefused."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.poll_once()
                pause = FIRST_PAUSE
            except exceptions.TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except (exceptions.TelegramUnauthorizedError, exceptions.TelegramNotFound) as error:
                raise TokenRefused from error
            except Exception as error:  # noqa: BLE001  supervised: the same updates come again
                log.warning("poll_failed", error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def poll_once(self, seconds: int = POLL_SECONDS) -> int:
        """One batch, stored; gives how many updates it had. Asking for it acknowledged the last."""
        asked = self._offset
        raws = await self._bot(
            RawUpdates(offset=asked, limit=BATCH, timeout=seconds, allowed_updates=KINDS),
            request_timeout=seconds + 10,
        )
        self._acknowledged = asked
        if raws:
            await self._intake.take(raws)
            self._offset = max(int(raw["update_id"]) for raw in raws) + 1
        return len(raws)

    async def acknowledge(self) -> None:
        """Tell Telegram what is stored, so that a restart is not given it again. May fail."""
        if self._offset == self._acknowledged:
            return
        with contextlib.suppress(exceptions.AiogramError):
            await self._bot(RawUpdates(offset=self._offset, limit=1), request_timeout=2)
