"""The Telegram channel: residents in private chats, and groups that are bound for the digest.

Importing this module costs a second and 30 MB (aiogram): it is done only where a token is set.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

import structlog

from bot.channels.base import Door
from bot.channels.telegram_aiogram import (
    Bot,
    Session,
    SetCommands,
    TelegramAPIServer,
    TokenValidationError,
    exceptions,
)
from bot.channels.telegram_files import FileFetcher, FileKeeper
from bot.channels.telegram_intake import Intake
from bot.channels.telegram_members import admins_of
from bot.channels.telegram_polling import Poller, TokenRefused
from bot.channels.telegram_send import ReadFile, meaning, send_piece
from bot.channels.telegram_updates import KINDS
from bot.channels.telegram_webhook import Webhook
from bot.groups import GroupDesk
from casework.channels import TELEGRAM
from casework.outbox import OutgoingMessage
from casework.ports import Store
from config.telegram import TelegramWords

__all__ = ["TelegramChannel", "TelegramOptions", "TokenRefused", "Webhook"]

log = structlog.get_logger()
REQUEST_SECONDS = 15.0  # less than the relay gives a send, so that the reason is known
CONNECTIONS = 150
FIRST_PAUSE = 1.0  # seconds between attempts to reach Telegram at the start
LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """What an operator decides. Without ``webhook_url`` updates are fetched by long polling.

    Without ``webhook_secret`` one is derived from the token, which both sides know.
    """

    token: str
    api_base: str | None = None
    webhook_url: str | None = None
    webhook_secret: str | None = None
    digest_at: time = time(18)

    @property
    def secret(self) -> str:
        """What Telegram has to send with each update."""
        return self.webhook_secret or hashlib.sha256(b"webhook" + self.token.encode()).hexdigest()


class TelegramChannel:
    """bot.channels.base.PushChannel, and Telegram's way in.

    Making one raises TokenRefused for what cannot be a token.
    """

    name = TELEGRAM

    def __init__(
        self,
        options: TelegramOptions,
        door: Door,
        store: Store,
        keeper: FileKeeper,
        read_file: ReadFile,
        words: TelegramWords,
        clock: Callable[[], datetime],
    ) -> None:
        self._options = options
        self._read_file = read_file
        self._words = words
        session = Session(limit=CONNECTIONS, timeout=REQUEST_SECONDS)
        if options.api_base is not None:
            session.api = TelegramAPIServer.from_base(options.api_base)
        try:
            self.bot = Bot(options.token, session=session)
        except TokenValidationError:
            raise TokenRefused from None
        self.intake = Intake(
            self.bot,
            door,
            store,
            FileFetcher(self.bot, keeper, words),
            GroupDesk(store, words, options.digest_at),
            words,
            clock,
        )
        self.webhook = Webhook(self.intake, options.secret)
        self.poller = Poller(self.bot, self.intake)

    async def run(self) -> None:
        """Take updates until cancelled; with a webhook, only see that Telegram knows its address.

        Raises TokenRefused. Everything else (no network, Telegram down) is waited out.
        """
        await self._introduce()
        if self._options.webhook_url is None:
            await self.poller.run()
        await asyncio.Event().wait()

    async def close(self) -> None:
        """After ``run`` was cancelled and the relay has ended."""
        await self.intake.close()
        if self._options.webhook_url is None:
            await self.poller.acknowledge()
        await self.bot.session.close()

    def is_group(self, chat: str) -> bool:
        """Groups have negative numbers."""
        return chat.startswith("-")

    async def send(self, message: OutgoingMessage) -> bool:
        """Send one piece; True when more are left. Raises DeliveryError."""
        return await send_piece(self.bot, message, self._read_file)

    async def admins(self, chat: str) -> list[str]:
        """The private chats of a group's admins who are people. Raises DeliveryError."""
        try:
            return await admins_of(self.bot, chat)
        except exceptions.AiogramError as error:
            raise meaning(error) from None

    async def _introduce(self) -> None:
        """Learn our own name and choose the way updates come, however long Telegram is away."""
        pause = FIRST_PAUSE
        while True:
            try:
                me = await self.bot.get_me()
                self.intake.username = me.username or ""
                await self._choose_way()
            except (exceptions.TelegramUnauthorizedError, exceptions.TelegramNotFound) as error:
                raise TokenRefused from error
            except exceptions.AiogramError as error:
                log.warning("telegram_away", error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                await self._name_commands()
                return

    async def _name_commands(self) -> None:
        """Show in the menu what can be said anyway. Only a courtesy: it may fail."""
        named = [{"command": c, "description": d} for c, d in self._words.commands.items()]
        try:
            await self.bot(SetCommands(commands=named), request_timeout=int(REQUEST_SECONDS))
        except exceptions.AiogramError as error:
            log.debug("commands_not_named", error=type(error).__name__)

    async def _choose_way(self) -> None:
        if self._options.webhook_url is None:
            await self.bot.delete_webhook(drop_pending_updates=False)
            return
        # One connection: Telegram then sends the next update when this one is stored. With more
        # it sends a chat's updates side by side, and their order is lost.
        await self.bot.set_webhook(
            self._options.webhook_url,
            secret_token=self._options.secret,
            allowed_updates=KINDS,
            max_connections=1,
            drop_pending_updates=False,
        )
