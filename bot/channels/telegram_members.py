"""Who is in a group, and who administers it.

Read as it comes: aiogram's own types demand every right Telegram has invented so far, so that an
older Bot API server (or a newer Telegram) would leave a group without any admins at all.
"""

from __future__ import annotations

from typing import Any, ClassVar

from bot.channels.telegram_aiogram import Bot, methods

ADMINS = frozenset({"creator", "administrator"})


class AskAdmins(methods.TelegramMethod[list[dict[str, Any]]]):
    """getChatAdministrators."""

    __returning__: ClassVar[Any] = list[dict[str, Any]]
    __api_method__: ClassVar[str] = "getChatAdministrators"

    chat_id: str


class AskMember(methods.TelegramMethod[dict[str, Any]]):
    """getChatMember."""

    __returning__: ClassVar[Any] = dict[str, Any]
    __api_method__: ClassVar[str] = "getChatMember"

    chat_id: str
    user_id: int


async def admins_of(bot: Bot, chat: str) -> list[str]:
    """The private chats of a group's admins who are people. Raises AiogramError."""
    members = await bot(AskAdmins(chat_id=chat))
    people = [member.get("user", {}) for member in members if member.get("status") in ADMINS]
    return [str(each["id"]) for each in people if "id" in each and not each.get("is_bot")]


async def is_admin(bot: Bot, chat: str, sender: str) -> bool:
    """Whether this person administers the group. Raises AiogramError."""
    member = await bot(AskMember(chat_id=chat, user_id=int(sender)))
    return member.get("status") in ADMINS
