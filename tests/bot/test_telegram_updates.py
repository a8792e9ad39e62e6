"""What updates mean, read without any network."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.telegram_updates import (
    DigestOpened,
    GroupCall,
    Line,
    Membership,
    Migration,
    Press,
    clean,
    read,
)

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
SAID = NOW - timedelta(minutes=3)
Json = dict[str, Any]
PERSON = {"id": 7, "is_bot": False, "first_name": "王", "last_name": "大姐"}
PRIVATE = {"id": 7, "type": "private", "first_name": "王"}
GROUP = {"id": -100, "type": "supergroup", "title": "幸福里"}
BOT = {"id": 42, "is_bot": True, "first_name": "接诉", "username": "jiesu_bot"}


def message(chat: Json = PRIVATE, **content: Any) -> Json:
    """A message as Telegram has it."""
    return {
        "message_id": 5,
        "date": int(SAID.timestamp()),
        "chat": chat,
        "from": PERSON,
        **content,
    }


def meaning(kind: str = "message", **content: Any) -> Any:
    """What one update means."""
    chat = content.pop("chat", PRIVATE)
    return read({"update_id": 9, kind: message(chat, **content)}, "jiesu_bot", 42, NOW)


def line(**content: Any) -> Line:
    """It must be a line."""
    found = meaning(**content)
    assert isinstance(found, Line)
    return found


def test_a_text() -> None:
    found = line(text="楼上漏水").inbound
    assert (found.external_id, found.chat, found.text) == ("m7.5", "7", "楼上漏水")
    assert (found.sender_name, found.at) == ("王 大姐", SAID)


def test_nothing_was_said_later_than_now() -> None:
    ahead = int((NOW + timedelta(hours=1)).timestamp())
    assert line(text="x", date=ahead).inbound.at == NOW


@pytest.mark.parametrize(
    ("text", "start"), [("/start", ""), ("/start  case-17 ", "case-17"), ("/start@x", None)]
)
def test_start(text: str, start: str | None) -> None:
    assert line(text=text).inbound.start == start


def test_start_digest_is_no_line() -> None:
    assert meaning(text="/start digest") == DigestOpened("7", SAID)


def test_the_largest_photo_is_taken() -> None:
    sizes = [
        {"file_id": name, "file_unique_id": name, "width": w, "height": w, "file_size": w}
        for name, w in (("s", 90), ("l", 1280), ("m", 320))
    ]
    file = line(photo=sizes, caption="墙").file
    assert file is not None
    assert (file.file_id, file.kind, file.size) == ("l", "photo", 1280)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("voice", "voice"),
        ("audio", "voice"),
        ("video", "video"),
        ("video_note", "video"),
        ("animation", "video"),
        ("document", "file"),
    ],
)
def test_files(kind: str, shown: str) -> None:
    content = {"file_id": "f", "file_unique_id": "u", "duration": 1, "length": 9}
    content |= {"width": 1, "height": 1, "file_name": "a\x00b.pdf"}
    file = line(**{kind: content}).file
    assert file is not None
    assert file.kind == shown


def test_a_venue_is_a_place_with_words() -> None:
    place = {"latitude": 30.25, "longitude": 120.125}
    venue = {"location": place, "title": "翠湖花园", "address": "青禾路1号"}
    found = line(location=place, venue=venue).inbound
    assert (found.location, found.text) == ((30.25, 120.125), "翠湖花园 青禾路1号")


def test_a_sticker_says_its_emoji() -> None:
    sticker = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "emoji": "👍"}
    sticker |= {"type": "regular", "is_animated": False, "is_video": False}
    found = line(sticker=sticker)
    assert found.inbound.text == "👍"
    assert found.readable


def test_what_shows_nothing_is_still_a_line() -> None:
    assert not line(dice={"emoji": "🎲", "value": 3}).readable


def test_an_edit_names_the_line_it_corrects() -> None:
    edited = int((SAID + timedelta(minutes=1)).timestamp())
    found = meaning("edited_message", text="改了", edit_date=edited)
    assert found.inbound.external_id == "e7.5.9"
    assert found.inbound.edits == line(text="x").inbound.external_id
    assert found.inbound.at == SAID + timedelta(minutes=1)


def test_a_live_location_that_moves_is_no_new_line() -> None:
    place = {"latitude": 30.25, "longitude": 120.125, "live_period": 900}
    assert meaning("edited_message", location=place, edit_date=1) is None


@pytest.mark.parametrize("content", [{"pinned_message": message(text="x")}])
def test_service_messages_say_nothing(content: Json) -> None:
    assert meaning(**content) is None


def query(chat: Json | None, **more: Any) -> Any:
    """A pressed button."""
    content = {"id": "q1", "from": PERSON, "chat_instance": "1", **more}
    if chat is not None:
        content["message"] = message(chat, text="选吧")
    return read({"update_id": 9, "callback_query": content}, "jiesu_bot", 42, NOW)


def test_a_button() -> None:
    found = query(PRIVATE, data="ok")
    assert found.callback_id == "q1"
    assert (found.inbound.button, found.inbound.external_id) == ("ok", "bq1")


def test_a_button_says_what_it_is_titled() -> None:
    shown = {
        "chat": PRIVATE,
        "message_id": 5,
        "date": 1,
        "text": "对吗？",
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "对，提交", "callback_data": "file:1"}],
                [{"text": "要改", "callback_data": "edit"}],
            ]
        },
    }
    pressed = {"id": "q1", "from": PERSON, "chat_instance": "1", "data": "edit", "message": shown}
    found = read({"update_id": 9, "callback_query": pressed}, "jiesu_bot", 42, NOW)
    assert isinstance(found, Line)
    assert (found.inbound.text, found.inbound.button) == ("要改", "edit")


def test_a_button_under_a_message_too_old_to_be_shown() -> None:
    old = {"chat": PRIVATE, "message_id": 5, "date": 0}
    found = read(
        {
            "update_id": 9,
            "callback_query": {
                "id": "q1",
                "from": PERSON,
                "chat_instance": "1",
                "data": "ok",
                "message": old,
            },
        },
        "jiesu_bot",
        42,
        NOW,
    )
    assert isinstance(found, Line)


def test_buttons_that_lead_nowhere_are_only_answered() -> None:
    assert query(GROUP, data="ok") == Press("q1")
    assert query(None, data="ok") == Press("q1")
    assert query(PRIVATE, game_short_name="x") == Press("q1")


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/bind AB12", "bind", "AB12"),
        ("/BIND@Jiesu_Bot  AB12 ", "bind", "AB12"),
        ("@jiesu_bot 在吗", "", ""),
    ],
)
def test_what_is_said_to_the_bot_in_a_group(text: str, command: str, argument: str) -> None:
    found = meaning(chat=GROUP, text=text)
    assert found == GroupCall("-100", "幸福里", "7", command, argument, SAID)


def test_an_anonymous_admin_has_no_name() -> None:
    assert meaning(chat=GROUP, text="/bind X", sender_chat=GROUP).sender is None


def test_a_reply_to_the_bot_is_said_to_it() -> None:
    said = {**message(GROUP, text="大家好"), "from": BOT}
    assert isinstance(meaning(chat=GROUP, text="漏水", reply_to_message=said), GroupCall)
    theirs = message(GROUP, text="大家好")
    assert meaning(chat=GROUP, text="漏水", reply_to_message=theirs) is None


@pytest.mark.parametrize("kind", ["message", "edited_message"])
def test_a_groups_talk_is_left_alone(kind: str) -> None:
    assert meaning(kind, chat=GROUP, text="物业又涨价") is None
    assert meaning(kind, chat=GROUP, text="/bind@other_bot X") is None


def test_channels_are_left_alone() -> None:
    assert meaning(chat={"id": -5, "type": "channel", "title": "x"}, text="/bind X") is None


def test_migration_is_read_from_either_side() -> None:
    group = {"id": -5, "type": "group", "title": "x"}
    assert meaning(chat=group, migrate_to_chat_id=-1005) == Migration("-5", "-1005")
    new = {"id": -1005, "type": "supergroup", "title": "x"}
    assert meaning(chat=new, migrate_from_chat_id=-5) == Migration("-5", "-1005")


@pytest.mark.parametrize(
    ("chat", "old", "new", "found"),
    [
        (PRIVATE, "member", "kicked", Membership("7", False, False, SAID)),
        (PRIVATE, "kicked", "member", Membership("7", False, True, SAID)),
        (GROUP, "left", "member", Membership("-100", True, True, SAID)),
        (GROUP, "member", "left", Membership("-100", True, False, SAID)),
        (GROUP, "member", "restricted", None),
        ({"id": -5, "type": "channel", "title": "x"}, "left", "member", None),
    ],
)
def test_the_bots_own_standing(chat: Json, old: str, new: str, found: Membership | None) -> None:
    def standing(status: str) -> Json:
        return {"status": status, "user": BOT}

    change = {
        "chat": chat,
        "from": PERSON,
        "date": int(SAID.timestamp()),
        "old_chat_member": standing(old),
        "new_chat_member": standing(new),
    }
    assert read({"update_id": 9, "my_chat_member": change}, "jiesu_bot", 42, NOW) == found


@pytest.mark.parametrize(
    "broken",
    [
        {"update_id": 9, "message": "x"},
        {"update_id": 9, "message": {"chat": "x"}},
        {"update_id": 9, "message": {"chat": {"id": "7", "type": "private"}}},
        {"update_id": 9, "message": {"chat": {"id": 7, "type": "private"}, "text": "没有编号"}},
        {"update_id": 9, "message": {**message(GROUP), "voice": 1}},
        {"update_id": 9, "callback_query": {"id": 1}},
        {"update_id": 9, "my_chat_member": {"chat": {"id": 7}}},
        {"update_id": "x"},
        {},
    ],
)
def test_what_cannot_be_read_and_is_nobodys_line(broken: Json) -> None:
    assert read(broken, "jiesu_bot", 42, NOW) is None


def test_a_private_line_of_an_unknown_shape_is_saved() -> None:
    found = line(text="看得懂", voice={"not": "a voice"})
    assert (found.inbound.external_id, found.inbound.text) == ("m7.5", "看得懂")
    assert not line(voice={"not": "a voice"}).readable


def test_no_text_a_database_cannot_keep() -> None:
    assert clean("a\x00b\ud83dc\u202e") == "ab?c\u202e"
