"""The Bot API's methods on a World. Parameters arrive as strings, as from a form.

``send_message`` here is sendMessage there; names are matched without regard to case."""

from __future__ import annotations

import json
from typing import Any

from tests.bot_api.faults import KNOWN, Refusal
from tests.bot_api.world import Chat, Json, World

TEXT_LIMIT = 4096  # UTF-16 code units
CAPTION_LIMIT = 1024
CALLBACK_LIMIT = 64  # bytes
DOWNLOAD_LIMIT = 20 * 1024 * 1024


def units(text: str) -> int:
    """Length as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


class Calls:
    """Every method but getUpdates and the webhook's, which need to wait."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._methods = {
            name.replace("_", ""): getattr(self, name)
            for name in dir(self)
            if not name.startswith("_") and name not in ("world", "run")
        }

    def run(self, method: str, given: Json, files: dict[str, bytes]) -> Any:
        """Carry out one call. Raises Refusal."""
        known = self._methods.get(method.lower())
        if known is None:
            raise Refusal(404, "Not Found: method not found")
        return known(given, files)

    def get_me(self, given: Json, files: dict[str, bytes]) -> Json:
        return self.world.bot

    def set_my_commands(self, given: Json, files: dict[str, bytes]) -> bool:
        listed = given["commands"]
        named = json.loads(listed) if isinstance(listed, str) else listed
        for each in named:
            if not 1 <= len(each["command"]) <= 32 or not each["description"]:
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        self.world.commands = {each["command"]: each["description"] for each in named}
        return True

    def send_message(self, given: Json, files: dict[str, bytes]) -> Json:
        chat = self._writable(given)
        text = str(given.get("text", ""))
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if units(text) > TEXT_LIMIT:
            raise Refusal(400, "Bad Request: message is too long")
        return self._send(chat, "sendMessage", given, text, text=text)

    def send_photo(self, given: Json, files: dict[str, bytes]) -> Json:
        return self._send_file("photo", given, files)

    def send_voice(self, given: Json, files: dict[str, bytes]) -> Json:
        return self._send_file("voice", given, files)

    def send_document(self, given: Json, files: dict[str, bytes]) -> Json:
        return self._send_file("document", given, files)

    def send_location(self, given: Json, files: dict[str, bytes]) -> Json:
        chat = self._writable(given)
        place = {"latitude": float(given["latitude"]), "longitude": float(given["longitude"])}
        return self._send(chat, "sendLocation", given, "", location=place)

    def send_chat_action(self, given: Json, files: dict[str, bytes]) -> bool:
        chat = self._writable(given)
        self.world.actions.append({"chat": chat.id, "action": given.get("action")})
        return True

    def answer_callback_query(self, given: Json, files: dict[str, bytes]) -> bool:
        query = self.world.queries.pop(str(given.get("callback_query_id")), None)
        if query is None:
            raise Refusal(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        self.world.answered.append({"id": query["id"], "text": given.get("text")})
        self.world.touch()
        return True

    def edit_message_reply_markup(self, given: Json, files: dict[str, bytes]) -> Json:
        chat = self._chat(given)
        try:
            said = self.world.find(chat.id, int(given.get("message_id", 0)))
        except LookupError as error:
            raise Refusal(400, "Bad Request: message to edit not found") from error
        buttons = self._buttons(given)
        if buttons == said.buttons:
            raise Refusal(400, "Bad Request: message is not modified")
        said.buttons = buttons
        self.world.touch()
        return said.raw

    def get_file(self, given: Json, files: dict[str, bytes]) -> Json:
        stored = self.world.files.get(str(given.get("file_id")))
        if stored is None:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if stored["file_size"] > DOWNLOAD_LIMIT:
            raise Refusal(400, "Bad Request: file is too big")
        return {k: stored[k] for k in ("file_id", "file_unique_id", "file_size", "file_path")}

    def get_chat_administrators(self, given: Json, files: dict[str, bytes]) -> list[Json]:
        chat = self._chat(given)
        if chat.type == "private":
            raise Refusal(400, "Bad Request: there are no administrators in the private chat")
        found = [
            self._member(chat, person)
            for person, status in chat.members.items()
            if status in ("creator", "administrator")
        ]
        if chat.bot_status == "administrator":
            found.append(self.world.member("administrator") | ADMIN_RIGHTS)
        return found

    def get_chat_member(self, given: Json, files: dict[str, bytes]) -> Json:
        chat = self._chat(given)
        return self._member(chat, int(given.get("user_id", 0)))

    def get_chat(self, given: Json, files: dict[str, bytes]) -> Json:
        return self._chat(given).as_json()

    def _member(self, chat: Chat, person: int) -> Json:
        user = self.world.people.get(person)
        if user is None:
            raise Refusal(400, "Bad Request: invalid user_id specified")
        status = chat.members.get(person, "left")
        known: Json = {"status": status, "user": user}
        if status == "creator":
            known |= {"is_anonymous": False}
        return known | (ADMIN_RIGHTS if status == "administrator" else {})

    def _chat(self, given: Json) -> Chat:
        try:
            chat = self.world.chats.get(int(given.get("chat_id", 0)))
        except ValueError:
            chat = None
        if chat is None:
            raise Refusal(400, "Bad Request: chat not found")
        if chat.moved_to is not None:
            raise Refusal(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        return chat

    def _writable(self, given: Json) -> Chat:
        chat = self._chat(given)
        if chat.bot_status == "kicked":
            raise Refusal(*KNOWN["blocked" if chat.type == "private" else "kicked"])
        if not chat.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def _buttons(self, given: Json) -> list[list[Json]]:
        markup = given.get("reply_markup")
        if not markup:
            return []
        rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard")
        for button in (b for row in rows or [] for b in row):
            if not button.get("text"):
                raise Refusal(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            data = button.get("callback_data")
            if data is not None and not 1 <= len(data.encode()) <= CALLBACK_LIMIT:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        return rows or []

    def _send(self, chat: Chat, method: str, given: Json, shown: str, **content: Any) -> Json:
        buttons = self._buttons(given)
        if buttons:
            content["reply_markup"] = {"inline_keyboard": buttons}
        return self.world.bot_says(chat.id, method, shown, buttons=buttons, **content).raw

    def _send_file(self, kind: str, given: Json, files: dict[str, bytes]) -> Json:
        chat = self._writable(given)
        caption = str(given.get("caption", ""))
        if units(caption) > CAPTION_LIMIT:
            raise Refusal(400, "Bad Request: message caption is too long")
        source = str(given.get(kind, ""))
        data = files.get(source.removeprefix("attach://"), files.get(kind))
        if data is None:
            raise Refusal(400, "Bad Request: wrong remote file identifier specified")
        stored = self.world.keep_file(data, kind)
        entry = {k: v for k, v in stored.items() if k not in ("data", "kind", "file_path")}
        content: Any = [{**entry, "width": 1, "height": 1}] if kind == "photo" else entry
        if kind == "voice":
            content = {**entry, "duration": 1}
        return self._send(
            chat,
            "send" + kind.capitalize(),
            given,
            caption,
            file={k: v for k, v in stored.items() if k != "data"},
            **{kind: content},
            **({"caption": caption} if caption else {}),
        )


ADMIN_RIGHTS = dict.fromkeys(
    (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ),
    False,
)
