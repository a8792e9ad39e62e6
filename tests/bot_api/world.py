"""What people do in the local Telegram: each deed becomes an update for the bot."""

from __future__ import annotations

import time
from typing import Any

from tests.bot_api.memory import Chat, Json, Memory, Said

__all__ = ["Chat", "Json", "Said", "World"]


class World(Memory):
    """One bot's Telegram."""

    def text(self, chat: int, text: str, *, sender: int | None = None, **more: Any) -> Json:
        """A person writes; commands and mentions are marked as Telegram marks them."""
        return self._say(chat, sender, text, {"text": text, **_entities(text), **more})

    def media(
        self, chat: int, kind: str, data: bytes, *, sender: int | None = None, **more: Any
    ) -> Json:
        """A photo, voice, video or document with these bytes."""
        meta = {key: more.pop(key) for key in ("file_name", "mime_type") if key in more}
        stored = self.keep_file(data, kind, **meta)
        entry = {k: v for k, v in stored.items() if k not in ("data", "file_path", "kind")}
        caption = more.get("caption", "")
        if kind == "photo":
            small = {**entry, "file_id": entry["file_id"] + "s", "width": 90, "height": 90}
            small["file_size"] = max(1, len(data) // 10)
            content: Any = [small, {**entry, "width": 1280, "height": 960}]
        else:
            content = {**entry, **({"duration": 3} if kind in ("voice", "video", "audio") else {})}
            content |= {"width": 640, "height": 480} if kind == "video" else {}
        return self._say(chat, sender, caption, {kind: content, **more}, file=stored)

    def location(
        self, chat: int, latitude: float, longitude: float, *, sender: int | None = None
    ) -> Json:
        """A person shares a place."""
        place = {"latitude": latitude, "longitude": longitude}
        return self._say(chat, sender, f"📍 {latitude}, {longitude}", {"location": place})

    def contact(self, chat: int, phone: str, name: str = "张三") -> Json:
        """A person shares a telephone number."""
        card = {"phone_number": phone, "first_name": name, "user_id": chat}
        return self._say(chat, None, f"☎ {phone}", {"contact": card})

    def edit(self, chat: int, message_id: int, text: str) -> Json:
        """A person corrects an earlier message."""
        said = self.find(chat, message_id)
        said.text = text
        message = {**said.raw, "text": text, "edit_date": int(time.time())}
        said.raw = message
        return self.push("edited_message", message)

    def press(self, chat: int, message_id: int, data: str, *, sender: int | None = None) -> Json:
        """A person presses an inline button under a message of the bot."""
        query_id = str(9_000_000_000 + next(self._ids))
        query = {
            "id": query_id,
            "from": self.people[sender or chat],
            "chat_instance": str(chat),
            "data": data,
            "message": self.find(chat, message_id).raw,
        }
        self.queries[query_id] = query
        return self.push("callback_query", query)

    def membership(self, chat: int, status: str, *, sender: int | None = None) -> Json:
        """The bot's own standing changed: kicked by a resident, added to a group …"""
        room = self.chats[chat]
        old, room.bot_status = room.bot_status, status
        return self.push(
            "my_chat_member",
            {
                "chat": room.as_json(),
                "from": self.people[sender or chat],
                "date": int(time.time()),
                "old_chat_member": self.member(old),
                "new_chat_member": self.member(status),
            },
        )

    def migrate(self, chat: int) -> int:
        """A group becomes a supergroup: two service messages, and a new id."""
        old = self.chats[chat]
        new_id = int(f"-100{abs(chat)}")
        self.chats[new_id] = Chat(new_id, "supergroup", old.title, dict(old.members))
        old.moved_to = new_id
        sender = next(iter(old.members), None)
        self._say(chat, sender, "", {"migrate_to_chat_id": new_id})
        self._say(new_id, sender, "", {"migrate_from_chat_id": chat})
        return new_id

    def member(self, status: str) -> Json:
        """The bot as a chat member."""
        known: Json = {"status": status, "user": self.bot}
        return known | ({"until_date": 0} if status == "kicked" else {})

    def _say(
        self, chat: int, sender: int | None, text: str, content: Json, file: Json | None = None
    ) -> Json:
        author = self.people[sender or chat]
        message = self.message(chat, author, content)
        said = self.note(chat, message, author["id"], text, "message")
        said.file = file and {k: v for k, v in file.items() if k != "data"}
        return self.push("message", message)


def _entities(text: str) -> Json:
    found = []
    offset = 0
    for word in text.split(" "):
        length = len(word.encode("utf-16-le")) // 2
        if word.startswith("/") and length > 1 and offset == 0:
            found.append({"type": "bot_command", "offset": offset, "length": length})
        elif word.startswith("@") and length > 1:
            found.append({"type": "mention", "offset": offset, "length": length})
        offset += length + 1
    return {"entities": found} if found else {}
