"""What an update means to us. Pure: nothing is fetched, stored or answered here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bot.channels.telegram_aiogram import types
from casework.channels import TELEGRAM
from casework.turn import Inbound

# Kinds of updates Telegram is asked for; others are never sent to us.
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
GROUPS = ("group", "supergroup")
GONE = ("kicked", "left")
# Where a private message may carry a file, and what the record calls it.
FILES = ("voice", "audio", "video", "video_note", "animation", "document")
SERVICE = ("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed")


@dataclass(frozen=True, slots=True)
class FileAt:
    """A file that is still at Telegram. ``kind`` is photo, voice, video or file."""

    file_id: str
    kind: str
    name: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A resident's line. ``readable`` is False when there is nothing in it that we can show."""

    inbound: Inbound
    file: FileAt | None = None
    callback_id: str | None = None
    readable: bool = True


@dataclass(frozen=True, slots=True)
class GroupCall:
    """Something said to the bot in a group. ``command`` is without its slash; ``sender`` is None
    for an admin who writes in the group's own name."""

    chat: str
    title: str
    sender: str | None
    command: str
    argument: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DigestOpened:
    """A group's admin opened the bot to get the digest; nobody's complaint."""

    chat: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OfficerCall:
    """An officer privately sends a one-time code, to be told of danger here; no complaint."""

    chat: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot was blocked or let in again (private), added or thrown out (group)."""

    chat: str
    group: bool
    present: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Migration:
    """A group became a supergroup."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button that leads nowhere (in a group); it is only answered."""

    callback_id: str


Happening = Line | GroupCall | DigestOpened | OfficerCall | Membership | Migration | Press


def read(raw: Mapping[str, Any], username: str, bot_id: int, now: datetime) -> Happening | None:
    """One update's meaning; None when it is nothing to us.

    An update aiogram cannot read is still a line when it says who wrote privately.
    """
    change = raw.get("my_chat_member")
    if isinstance(change, dict):
        return _membership(change, now)
    try:
        update = types.Update.model_validate(raw)
    except ValidationError:
        return _salvage(raw, now)
    if update.message is not None:
        return _message(update.message, username, bot_id, now)
    if update.edited_message is not None:
        return _edit(update.edited_message, update.update_id, now)
    if update.callback_query is not None:
        return _callback(update.callback_query, now)
    return None


def clean(text: str) -> str:
    """Without what no database keeps: NUL, and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _message(message: types.Message, username: str, bot_id: int, now: datetime) -> Happening | None:
    chat = str(message.chat.id)
    if message.migrate_to_chat_id is not None:
        return Migration(chat, str(message.migrate_to_chat_id))
    if message.migrate_from_chat_id is not None:
        return Migration(str(message.migrate_from_chat_id), chat)
    if message.chat.type in GROUPS:
        return _group_call(message, username, bot_id, now)
    if message.chat.type != "private" or any(getattr(message, name) for name in SERVICE):
        return None
    return _line(message, now)


def _line(message: types.Message, now: datetime) -> Line | DigestOpened | OfficerCall:
    inbound = _inbound(message, now)
    word, _, rest = inbound.text.partition(" ")
    if word == "/start":
        if rest.strip() == "digest":
            return DigestOpened(inbound.chat, inbound.at)
        return Line(replace(inbound, text=word, start=rest.strip()))
    if word == "/bind":
        return OfficerCall(inbound.chat, rest.strip(), inbound.at)
    if message.location is not None:
        place = message.location
        venue = message.venue
        words = f"{venue.title} {venue.address}" if venue is not None else ""
        return Line(replace(inbound, text=clean(words), location=(place.latitude, place.longitude)))
    if message.contact is not None:
        return Line(replace(inbound, contact=clean(message.contact.phone_number)[:32]))
    file = _file(message)
    if message.sticker is not None and message.sticker.emoji:
        inbound = replace(inbound, text=message.sticker.emoji)
    return Line(inbound, file, readable=bool(inbound.text or file))


def _inbound(message: types.Message, now: datetime) -> Inbound:
    chat = str(message.chat.id)
    sender = message.from_user
    return Inbound(
        channel=TELEGRAM,
        # Not the update's number: the message's own stays the same however often and by whichever
        # way it is delivered, and an edit names it.
        external_id=f"m{chat}.{message.message_id}",
        chat=chat,
        at=_said_at(message.date, now),
        text=clean(message.text or message.caption or ""),
        sender_name=clean(sender.full_name)[:80] if sender is not None else "",
        album=f"a{chat}.{clean(message.media_group_id)[:64]}" if message.media_group_id else None,
    )


def _said_at(date: datetime, now: datetime) -> datetime:
    """When it was said, as Telegram knows it to the second, and never later than now."""
    return min(date.astimezone(UTC), now)


def _file(message: types.Message) -> FileAt | None:
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        return FileAt(best.file_id, "photo", "", best.file_size or 0)
    for kind in FILES:
        found = getattr(message, kind)
        if found is not None:
            shown = {"voice": "voice", "audio": "voice", "document": "file"}.get(kind, "video")
            name = clean(getattr(found, "file_name", None) or "")
            return FileAt(found.file_id, shown, name, found.file_size or 0)
    return None


def _edit(message: types.Message, update_id: int, now: datetime) -> Line | None:
    """A corrected text or caption. A live location's moves are edits too, and nothing to us."""
    if message.chat.type != "private" or not (message.text or message.caption):
        return None
    inbound = _inbound(message, now)
    number = f"e{inbound.chat}.{message.message_id}.{update_id}"
    changed = _said_at(datetime.fromtimestamp(message.edit_date or 0, UTC), now)
    at = max(changed, inbound.at)
    edits = inbound.album or inbound.external_id
    return Line(replace(inbound, external_id=number, edits=edits, album=None, at=at))


def _callback(query: types.CallbackQuery, now: datetime) -> Happening:
    message = query.message
    if message is None or message.chat.type != "private" or not query.data:
        return Press(query.id)
    inbound = Inbound(
        channel=TELEGRAM,
        external_id=f"b{query.id}",
        chat=str(message.chat.id),
        at=now,
        text=_title(message, query.data),
        sender_name=clean(query.from_user.full_name)[:80],
        button=clean(query.data),
    )
    return Line(inbound, callback_id=query.id)


def _title(message: types.MaybeInaccessibleMessageUnion, data: str) -> str:
    """What the pressed button says: officers read it as the resident's answer."""
    keyboard = message.reply_markup if isinstance(message, types.Message) else None
    rows = keyboard.inline_keyboard if keyboard is not None else []
    return next((clean(b.text) for row in rows for b in row if b.callback_data == data), "")


def _membership(change: Mapping[str, Any], now: datetime) -> Membership | None:
    """Read as it came: aiogram's types demand every right invented so far."""
    try:
        chat, kind = change["chat"]["id"], change["chat"]["type"]
        was = change["old_chat_member"]["status"] not in GONE
        present = change["new_chat_member"]["status"] not in GONE
        at = _said_at(datetime.fromtimestamp(change["date"], UTC), now)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if was == present or (kind not in GROUPS and kind != "private"):
        return None
    return Membership(str(chat), kind in GROUPS, present, at)


def _group_call(
    message: types.Message, username: str, bot_id: int, now: datetime
) -> GroupCall | None:
    """What is addressed to the bot; all other talk of a group is not even looked at further."""
    text = message.text or message.caption or ""
    command, argument = "", ""
    if text.startswith("/"):
        word, _, argument = text[1:].partition(" ")
        command, _, whose = word.partition("@")
        if whose and whose.lower() != username.lower():
            return None
    elif not _addressed(message, text, username, bot_id):
        return None
    sender = message.from_user if message.sender_chat is None else None
    return GroupCall(
        chat=str(message.chat.id),
        title=clean(message.chat.title or "")[:120],
        sender=str(sender.id) if sender is not None else None,
        command=command.lower(),
        argument=argument.strip(),
        at=_said_at(message.date, now),
    )


def _addressed(message: types.Message, text: str, username: str, bot_id: int) -> bool:
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None:
        return answered.from_user.id == bot_id
    return f"@{username}".lower() in text.lower()


def _salvage(raw: Mapping[str, Any], now: datetime) -> Line | None:
    """A private message aiogram cannot read: its number, chat and text are enough for a human."""
    message = raw.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("chat"), dict):
        return None
    chat, number = message["chat"].get("id"), message.get("message_id")
    if message["chat"].get("type") != "private" or not isinstance(chat, int):
        return None
    if not isinstance(number, int):
        return None
    text = message.get("text") or message.get("caption")
    text = clean(text) if isinstance(text, str) else ""
    inbound = Inbound(TELEGRAM, f"m{chat}.{number}", str(chat), now, text)
    return Line(inbound, readable=bool(text))
