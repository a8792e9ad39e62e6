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
from typing import Any, ClassVar

from pydantic import BaseModel


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
    from aiogram.methods.base import Response, TelegramMethod

__all__ = [
    "AiohttpSession",
    "Bot",
    "RawUpdates",
    "SendText",
    "TelegramAPIServer",
    "exceptions",
    "methods",
    "types",
]


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


BUILT: tuple[type[BaseModel], ...] = (
    types.Update,
    types.Message,
    types.User,
    types.File,
    types.ResponseParameters,
    types.InlineKeyboardButton,
    types.InlineKeyboardMarkup,
    RawUpdates,
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
