"""Fetches what a resident sent as a file, and keeps it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Protocol

import structlog
from aiohttp import ClientError

from bot.channels.telegram_aiogram import Bot, exceptions
from bot.channels.telegram_updates import FileAt, Line
from casework.turn import Media
from config.telegram import TelegramWords
from storage.files import FileRefused

log = structlog.get_logger()
# A batch is acknowledged when its files are here or given up: nobody else's line waits longer.
FETCH_SECONDS = 15.0
SIDE_BY_SIDE = 8
TRIES = 2


class FileKeeper(Protocol):
    """Keeps bytes (storage.files.FileStore)."""

    max_bytes: int

    async def keep(
        self, name: str, data: bytes, *, voice: bool = False, key: str | None = None
    ) -> Media:
        """Raises storage.files.FileRefused."""
        ...


class FileFetcher:
    """Turns a line with a file at Telegram into a line with a kept file.

    It is done before the line is stored, while Telegram still holds the update: a process that
    dies meanwhile gets it again. When the file cannot be had, the line says so in its text and
    goes on to the dialogue and the officers like any other; it is never dropped.
    """

    def __init__(self, bot: Bot, keeper: FileKeeper, words: TelegramWords) -> None:
        self._bot = bot
        self._keeper = keeper
        self._words = words
        self._places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def fill(self, line: Line) -> Line:
        """The line with its file, or with a note where the file should be."""
        if line.file is None:
            return line
        try:
            async with asyncio.timeout(FETCH_SECONDS), self._places:
                media = await self._keep(line.file, f"telegram:{line.inbound.external_id}")
        except FileRefused:
            return self._without(line, line.file, "file_refused")
        except (exceptions.AiogramError, ClientError, OSError, TimeoutError) as error:
            log.warning("file_not_fetched", error=type(error).__name__)
            return self._without(line, line.file, "file_lost")
        return replace(line, file=None, inbound=replace(line.inbound, media=(media,)))

    async def _keep(self, file: FileAt, key: str) -> Media:
        limit = self._keeper.max_bytes
        if file.size > limit:
            raise FileRefused("too_large")
        for tries_left in reversed(range(TRIES)):
            try:
                data = await self._download(file.file_id, limit)
                break
            except exceptions.TelegramBadRequest as error:
                if "too big" in error.message:
                    raise FileRefused("too_large") from None
                raise
            except (exceptions.TelegramAPIError, ClientError):
                if not tries_left:
                    raise
        return await self._keeper.keep(
            file.name or self._words.text(file.kind), data, voice=file.kind == "voice", key=key
        )

    async def _download(self, file_id: str, limit: int) -> bytes:
        at = await self._bot.get_file(file_id)
        if at.file_path is None:
            raise OSError("no path to the file")
        url = self._bot.session.api.file_url(self._bot.token, at.file_path)
        data = bytearray()
        async for chunk in self._bot.session.stream_content(url, timeout=int(FETCH_SECONDS)):
            data += chunk
            if len(data) > limit:
                raise FileRefused("too_large")
        return bytes(data)

    def _without(self, line: Line, file: FileAt, key: str) -> Line:
        note = self._words.text(key, name=self._words.text(file.kind))
        text = f"{line.inbound.text}\n{note}".strip()
        return replace(line, file=None, inbound=replace(line.inbound, text=text))
