"""Takes updates in: understood, their files fetched, stored, and only then acknowledged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from bot.channels.base import Door
from bot.channels.telegram_aiogram import Bot, exceptions
from bot.channels.telegram_files import FileFetcher
from bot.channels.telegram_members import is_admin
from bot.channels.telegram_updates import (
    DigestOpened,
    GroupCall,
    Happening,
    Line,
    Membership,
    Migration,
    OfficerCall,
    Press,
    read,
)
from bot.delivery import move_chat
from bot.groups import GroupDesk, Room, set_reachable
from casework.channels import TELEGRAM
from casework.ports import Store
from casework.turn import Inbound
from config.telegram import TelegramWords

log = structlog.get_logger()
ANSWERS_AT_ONCE = 20


class Intake:
    """Everything that comes from Telegram. ``take`` returns when it is durable."""

    def __init__(
        self,
        bot: Bot,
        door: Door,
        store: Store,
        files: FileFetcher,
        groups: GroupDesk,
        words: TelegramWords,
        clock: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._door = door
        self._store = store
        self._files = files
        self._groups = groups
        self._words = words
        self._clock = clock
        self._answering: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(ANSWERS_AT_ONCE)
        self.username = ""

    @property
    def link(self) -> str:
        """The bot's own address."""
        return f"https://t.me/{self.username}"

    async def take(self, raws: Sequence[Mapping[str, Any]]) -> None:
        """Store a batch, in order within each chat. Raises what the store raises: then nothing
        may be acknowledged, and the same batch is taken again."""
        now = self._clock()
        happenings = [read(raw, self.username, self._bot.id, now) for raw in raws]
        lines = [each for each in happenings if isinstance(each, Line)]
        await self._store_lines(lines)
        for each in lines:
            self._answer(each.callback_id)
        for happening in happenings:
            if happening is not None and not isinstance(happening, Line):
                await self._do(happening)

    async def close(self) -> None:
        """Wait for answers under way."""
        if self._answering:
            await asyncio.wait(self._answering)

    async def _store_lines(self, lines: Sequence[Line]) -> None:
        """Chats that send a file wait for it; all others are stored before that."""
        slow = {line.inbound.chat for line in lines if line.file is not None}
        at_once = [self._shown(each) for each in lines if each.inbound.chat not in slow]
        await self._door.receive_many(at_once)
        later = [each for each in lines if each.inbound.chat in slow]
        if later:
            filled = await asyncio.gather(*(self._files.fill(each) for each in later))
            await self._door.receive_many([self._shown(each) for each in filled])

    def _shown(self, line: Line) -> Inbound:
        if line.readable:
            return line.inbound
        return Inbound(
            line.inbound.channel,
            line.inbound.external_id,
            line.inbound.chat,
            line.inbound.at,
            self._words.text("unreadable"),
            line.inbound.sender_name,
        )

    async def _do(self, happening: Happening) -> None:
        match happening:
            case Press():
                self._answer(happening.callback_id)
            case Migration():
                old, new = happening.old, happening.new
                await self._store.write(lambda tx: move_chat(tx, TELEGRAM, old, new))
            case Membership(group=False):
                reason = None if happening.present else "blocked"
                await set_reachable(self._store, TELEGRAM, happening.chat, reason, happening.at)
            case Membership(present=True):
                await self._groups.welcome(self._room(happening.chat), self.link, happening.at)
            case DigestOpened():
                await self._groups.digest_opened(TELEGRAM, happening.chat, happening.at)
            case OfficerCall(chat=chat, code=code):
                await self._groups.link_officer(TELEGRAM, chat, code, self._clock())
            case GroupCall():
                await self._called(happening)

    def _room(self, chat: str, title: str = "") -> Room:
        return Room(TELEGRAM, chat, title)

    async def _called(self, call: GroupCall) -> None:
        room = self._room(call.chat, call.title)
        if call.command == "bind":
            is_admin = await self._is_admin(call.chat, call.sender)
            link = f"{self.link}?start=digest"
            await self._groups.bind(
                room, call.argument, is_admin=is_admin, link=link, now=self._clock()
            )
        else:
            await self._groups.send_away(room, f"{self.link}?start=group", self._clock())

    async def _is_admin(self, chat: str, sender: str | None) -> bool | None:
        """None when Telegram cannot be asked now."""
        if sender is None:
            return False
        try:
            return await is_admin(self._bot, chat, sender)
        except exceptions.TelegramBadRequest:
            return False
        except exceptions.AiogramError as error:
            log.warning("admin_not_known", error=type(error).__name__)
            return None

    def _answer(self, callback_id: str | None) -> None:
        """Take the clock off a pressed button. Only a courtesy: it may fail, or come too late."""
        if callback_id is None:
            return
        task = asyncio.create_task(self._answer_callback(callback_id))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer_callback(self, callback_id: str) -> None:
        try:
            async with self._places:
                await self._bot.answer_callback_query(callback_id, request_timeout=10)
        except exceptions.AiogramError as error:
            log.debug("callback_not_answered", error=type(error).__name__)
