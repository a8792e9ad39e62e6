"""What Telegram knows: people, chats, updates waiting for the bot, and everything said.

No HTTP here. ``until`` waits for a change, so that nobody has to poll or sleep.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class Said:
    """One line in a chat, the bot's or a person's. ``at`` is when it arrived (Unix seconds)."""

    seq: int
    chat: int
    message_id: int
    at: float
    sender: int
    text: str
    method: str = "sendMessage"
    buttons: list[list[Json]] = field(default_factory=list)
    file: Json | None = None
    raw: Json = field(default_factory=dict)

    def as_json(self, bot_id: int) -> Json:
        """For the control endpoints."""
        return {
            "seq": self.seq,
            "chat": self.chat,
            "message_id": self.message_id,
            "at": self.at,
            "from_bot": self.sender == bot_id,
            "sender": self.sender,
            "method": self.method,
            "text": self.text,
            "buttons": self.buttons,
            "file": self.file,
        }


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group."""

    id: int
    type: str
    title: str
    members: dict[int, str] = field(default_factory=dict)
    moved_to: int | None = None
    bot_status: str = "member"
    started: bool = True
    counter: int = 0

    def as_json(self) -> Json:
        """As in the Bot API."""
        if self.type == "private":
            return {"id": self.id, "type": "private", "first_name": self.title}
        return {"id": self.id, "type": self.type, "title": self.title}


class Memory:
    """Everything one bot's Telegram keeps; the World adds what people do."""

    def __init__(self, username: str = "jiesu_test_bot", bot_id: int = 42) -> None:
        self.bot: Json = {
            "id": bot_id,
            "is_bot": True,
            "first_name": "接诉",
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.people: dict[int, Json] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Json] = {}
        self.said: list[Said] = []
        self.answered: list[Json] = []
        self.commands: dict[str, str] = {}
        self.actions: list[Json] = []
        self.polls: list[Json] = []  # each answered getUpdates: its offset and number of updates
        self.updates: deque[Json] = deque()
        self.log: list[Json] = []  # every update ever made
        self.queries: dict[str, Json] = {}
        self.allowed: frozenset[str] | None = None
        self.offset = 0  # the highest the bot has asked for
        self._waiters: set[asyncio.Event] = set()
        self.listeners: list[Callable[[Json], None]] = []
        self._ids = itertools.count(1)
        self._people_ids = itertools.count(100_001)
        self._update_ids = itertools.count(700_000_001)

    # people and chats

    def person(self, name: str = "张三", person_id: int | None = None) -> int:
        """A person who has opened the bot; gives the id, which is the private chat's id too."""
        person_id = person_id or next(self._people_ids)
        self.people[person_id] = {"id": person_id, "is_bot": False, "first_name": name}
        self.chats[person_id] = Chat(person_id, "private", name, {person_id: "member"})
        return person_id

    def group(self, title: str, *, admins: list[int], members: list[int] | None = None) -> int:
        """A group with the bot in it."""
        chat_id = -next(self._people_ids)
        statuses = dict.fromkeys(members or [], "member")
        statuses |= dict.fromkeys(admins, "administrator")
        self.chats[chat_id] = Chat(chat_id, "group", title, statuses)
        return chat_id

    # files

    def keep_file(self, data: bytes, kind: str, **more: Any) -> Json:
        """Store bytes; gives file_id, file_unique_id, file_size, file_path."""
        number = next(self._ids)
        stored = {
            "file_id": f"file-{number}",
            "file_unique_id": f"unique-{number}",
            "file_size": len(data),
            "file_path": f"{kind}/file_{number}",
            "kind": kind,
            "data": data,
            **more,
        }
        self.files[stored["file_id"]] = stored
        return stored

    # updates

    def push(self, kind: str, content: Json) -> Json:
        """Make an update and tell whoever waits for one."""
        update = {"update_id": next(self._update_ids), kind: content}
        self.log.append(update)
        wanted = kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed
        if wanted:
            self.updates.append(update)
            for listener in self.listeners:
                listener(update)
        self.touch()
        return update

    def redeliver(self, update: Json) -> None:
        """As if the bot's acknowledgement had never arrived."""
        self.updates.appendleft(update)
        self.touch()

    def confirm(self, offset: int) -> None:
        """Everything below ``offset`` is done with; a negative one keeps that many from the end."""
        if offset < 0:
            while len(self.updates) > -offset:
                self.updates.popleft()
            return
        before = len(self.updates)
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
        self.offset = max(self.offset, offset)
        if len(self.updates) != before:
            self.touch()

    # what the bot says

    def bot_says(self, chat: int, method: str, shown: str, /, **more: Any) -> Said:
        """Note a line of the bot's; gives it with its message as the Bot API returns it."""
        file = more.pop("file", None)
        buttons = more.pop("buttons", [])
        message = self.message(chat, self.bot, more)
        said = self.note(chat, message, self.bot["id"], shown, method)
        said.buttons, said.file = buttons, file
        self.touch()
        return said

    def find(self, chat: int, message_id: int) -> Said:
        """A line by its number in the chat; raises LookupError."""
        for said in reversed(self.said):
            if said.chat == chat and said.message_id == message_id:
                return said
        raise LookupError(f"no message {message_id} in this chat")

    def sent(self, chat: int | None = None) -> list[Said]:
        """What the bot said, in order of arrival."""
        mine = self.bot["id"]
        return [s for s in self.said if s.sender == mine and chat in (None, s.chat)]

    def touch(self) -> None:
        """Wake those who wait."""
        for waiter in self._waiters:
            waiter.set()

    async def until(self, condition: Callable[[], Any], seconds: float = 60.0) -> Any:
        """Wait until ``condition()`` is true and give its value. Raises TimeoutError."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                while not (value := condition()):
                    waiter.clear()
                    await waiter.wait()
                return value
        finally:
            self._waiters.discard(waiter)

    def message(self, chat: int, author: Json, content: Json) -> Json:
        room = self.chats[chat]
        room.counter += 1
        return {
            "message_id": room.counter,
            "from": author,
            "chat": room.as_json(),
            "date": int(time.time()),
            **content,
        }

    def note(self, chat: int, message: Json, sender: int, text: str, method: str) -> Said:
        seq = len(self.said) + 1
        said = Said(
            seq, chat, message["message_id"], time.time(), sender, text, method, raw=message
        )
        self.said.append(said)
        return said
