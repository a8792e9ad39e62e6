"""One outgoing message in pieces Telegram takes, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.channels.telegram_aiogram import Bot, SendText, exceptions, types
from bot.text_split import split_text
from casework.outbox import DeliveryError, OutgoingMessage
from casework.turn import Button, Media

TEXT_LIMIT = 4096  # UTF-16 code units
ROW_WIDTH = 16  # characters that fit side by side on a small phone
ROW_BUTTONS = 5
# What Telegram says when it is the chat, not the message, that takes nothing any more.
CHAT_GONE = {
    "chat not found": "chat_not_found",
    "peer_id_invalid": "chat_not_found",
    "user not found": "chat_not_found",
    "user is deactivated": "deactivated",
    "have no rights to send": "no_rights",
    "not enough rights": "no_rights",
    "group chat was deactivated": "deactivated",
}
FORBIDDEN = {
    "blocked": "blocked",
    "deactivated": "deactivated",
    "kicked": "kicked",
    "initiate conversation": "not_started",
    "not a member": "kicked",
}

ReadFile = Callable[[Media], Awaitable[bytes]]
"""The bytes of a kept file. Raises OSError."""


def keyboard(buttons: Sequence[Button]) -> types.InlineKeyboardMarkup | None:
    """Buttons in rows: short titles side by side, long ones below one another."""
    if not buttons:
        return None
    rows: list[list[types.InlineKeyboardButton]] = []
    width = 0
    for button in buttons:
        wide = len(button.title) + 2
        if not rows or width + wide > ROW_WIDTH or len(rows[-1]) == ROW_BUTTONS:
            rows.append([])
            width = 0
        width += wide
        rows[-1].append(types.InlineKeyboardButton(text=button.title, callback_data=button.payload))
    return types.InlineKeyboardMarkup(inline_keyboard=rows)


def pieces(message: OutgoingMessage) -> list[Media | str]:
    """The files, then the text in as few pieces as fit. The same message, the same pieces."""
    return [*message.media, *split_text(message.text, TEXT_LIMIT)]


async def send_piece(bot: Bot, message: OutgoingMessage, read_file: ReadFile) -> bool:
    """Send piece ``message.part``; True when more are left. Raises DeliveryError."""
    parts = pieces(message)
    if message.part >= len(parts):
        return False
    part = parts[message.part]
    last = message.part == len(parts) - 1
    markup = keyboard(message.buttons) if last else None
    try:
        if isinstance(part, str):
            await bot(SendText(chat_id=message.chat, text=part, reply_markup=markup))
        else:
            data = await _bytes_of(part, read_file)
            await _send_file(bot, message.chat, part, data, markup)
    except exceptions.AiogramError as error:
        raise meaning(error) from None
    return not last


async def _bytes_of(media: Media, read_file: ReadFile) -> bytes:
    try:
        return await read_file(media)
    except OSError:
        raise DeliveryError("file_lost", permanent=True) from None


async def _send_file(bot: Bot, chat: str, media: Media, data: bytes, markup: Any) -> None:
    file = types.BufferedInputFile(data, filename=media.name)
    if media.kind == "photo" and media.mime in ("image/jpeg", "image/png"):
        await bot.send_photo(chat, file, reply_markup=markup)
    elif media.kind == "voice" and media.mime == "audio/ogg":
        await bot.send_voice(chat, file, reply_markup=markup)
    else:
        await bot.send_document(chat, file, reply_markup=markup)


def meaning(error: exceptions.AiogramError) -> DeliveryError:
    """What a refusal means for the message. Telegram's own words may name people: they stay here.

    What is neither the chat's nor the message's fault (a wrong token, 5xx, no network, an answer
    that is no JSON) is tried again.
    """
    match error:
        case exceptions.TelegramRetryAfter():
            return DeliveryError("flood", retry_after=timedelta(seconds=error.retry_after))
        case exceptions.TelegramMigrateToChat():
            return DeliveryError("moved", moved_to=str(error.migrate_to_chat_id))
        case exceptions.TelegramForbiddenError():
            reason = _known(FORBIDDEN, error) or "forbidden"
            return DeliveryError(reason, permanent=True, unreachable=True)
        case exceptions.TelegramEntityTooLarge():
            return DeliveryError("too_large", permanent=True)
        case exceptions.TelegramUnauthorizedError() | exceptions.TelegramNotFound():
            return DeliveryError("token_refused")
        case exceptions.TelegramBadRequest():
            gone = _known(CHAT_GONE, error)
            return DeliveryError(
                gone or "bad_request", permanent=True, unreachable=gone is not None
            )
        case exceptions.TelegramNetworkError():
            return DeliveryError("network")
    return DeliveryError("server")


def _known(reasons: dict[str, str], error: exceptions.TelegramAPIError) -> str | None:
    said = error.message.lower()
    return next((reason for words, reason in reasons.items() if words in said), None)
