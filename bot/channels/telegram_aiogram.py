"""The one door to aiogram.

aiogram builds the validators of all of its models while it is imported: three seconds and 100 MB,
for a dozen that are used here. So building is put off during the import, and what this package
uses is built once after it (a tenth of a second). Whatever else is needed has to be added to
``BUILT``; a model that was not built says so when it is first used.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, cast

from aiohttp import ClientError, ClientTimeout
from pydantic import BaseModel, Field


@contextmanager
def _building_put_off() -> Iterator[None]:
    plain = BaseModel.__dict__["model_rebuild"]

    def later(cls: type[BaseModel], /, **options: Any) -> bool | None:
        if cls.__module__.startswith("aiogram."):
            return None
        done: bool | None = plain.__func__(cls, **options)
        return done

    BaseModel.model_rebuild = classmethod(later)  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        BaseModel.model_rebuild = plain  # type: ignore[method-assign]


with _building_put_off():
    from aiogram import exceptions, methods, types
    from aiogram.client.bot import Bot
    from aiogram.client.default import Default
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.methods.base import Response, TelegramMethod, TelegramType
    from aiogram.utils.token import TokenValidationError

__all__ = [
    "Bot",
    "RawUpdates",
    "SendText",
    "Session",
    "SetCommands",
    "TelegramAPIServer",
    "TokenValidationError",
    "exceptions",
    "methods",
    "types",
]


JSON_BODY = {"Content-Type": "application/json"}


class RawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates with each update as it came.

    aiogram's own checks a whole batch at once: one update of a kind it does not know yet would
    keep all others from being read, for ever.
    """

    __returning__: ClassVar[Any] = list[dict[str, Any]]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class SetCommands(TelegramMethod[bool]):
    """setMyCommands for private chats, where residents write."""

    __returning__: ClassVar[Any] = bool
    __api_method__: ClassVar[str] = "setMyCommands"

    commands: list[dict[str, str]]
    scope: dict[str, str] = Field(default_factory=lambda: {"type": "all_private_chats"})


BUILT: tuple[type[BaseModel], ...] = (
    types.Update,
    types.Message,
    types.User,
    types.File,
    types.ResponseParameters,
    types.InlineKeyboardButton,
    types.InlineKeyboardMarkup,
    RawUpdates,
    SetCommands,
    methods.GetMe,
    methods.SendPhoto,
    methods.SendVoice,
    methods.SendDocument,
    methods.AnswerCallbackQuery,
    methods.GetFile,
    methods.SetWebhook,
    methods.DeleteWebhook,
)


class SendText(TelegramMethod[dict[str, Any]]):
    """sendMessage with what we use of it. Telegram's answer repeats the message: it is not read."""

    __returning__: ClassVar[Any] = dict[str, Any]
    __api_method__: ClassVar[str] = "sendMessage"

    chat_id: str
    text: str
    reply_markup: types.InlineKeyboardMarkup | None = None


class Session(AiohttpSession):
    """aiogram's, but sends texts as JSON: half the work of a form, and they are most of it."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  the base class has it so
    ) -> TelegramType:
        """Raises exceptions.AiogramError."""
        if not isinstance(method, SendText):
            return await super().make_request(bot, method, timeout=timeout)
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        try:
            async with session.post(
                url,
                data=method.model_dump_json(exclude_none=True).encode(),
                headers=JSON_BODY,
                timeout=ClientTimeout(total=timeout or self.timeout),
            ) as answer:
                content = await answer.text()
        except TimeoutError as error:
            raise exceptions.TelegramNetworkError(method, "timeout") from error
        except ClientError as error:
            raise exceptions.TelegramNetworkError(method, type(error).__name__) from error
        response = self.check_response(bot, method, answer.status, content)
        return cast("TelegramType", response.result)


def _build() -> None:
    names: dict[str, Any] = {name: getattr(types, name) for name in types.__all__}
    names |= {name: getattr(typing, name) for name in ("List", "Optional", "Union", "Literal")}
    names["Default"] = Default
    for model in BUILT:
        model.model_rebuild(_types_namespace=names)


_build()
# pydantic forgets a Response[...] nobody holds, and making one of a big type takes 20 ms.
_HELD = [
    Response[returned]  # type: ignore[valid-type]
    for returned in (
        types.Message,
        types.User,
        types.File,
        bool,
        list[dict[str, Any]],
        dict[str, Any],
    )
]
