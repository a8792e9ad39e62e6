"""Updates through aiogram over real HTTP into a real store."""

import asyncio
import base64
from pathlib import Path

import pytest

from bot.channels.telegram import TelegramOptions, TokenRefused
from casework.turn import Speaker
from tests.bot.telegram_street import LARGEST_FILE, PATIENCE, Street, build_street
from tests.bot_api.faults import Fault

# The smallest files of their kind that sniff as what they are.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(20)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


async def test_a_line_is_stored_and_answered(street_on_any: Street) -> None:
    street = street_on_any
    resident = street.api.world.person("王大姐")
    street.api.world.text(resident, "楼上漏水 😀 <b>&amp;</b>")
    street.run()
    (answer,) = await street.hears(1)
    assert answer.text == "楼上漏水 😀 <b>&amp;</b>"
    (line,) = await street.turns(resident, Speaker.RESIDENT)
    assert line.external_id == f"m{resident}.1"
    assert (await street.conversation(resident)).title == "王大姐"


async def test_lines_keep_their_order_within_each_chat(street: Street) -> None:
    world = street.api.world
    residents = [world.person(f"居民{n}") for n in range(12)]
    for number in range(20):
        for resident in residents:
            world.text(resident, f"第{number}句")
    street.run()
    await street.hears(240)
    for resident in residents:
        said = [answer.text for answer in world.sent(resident)]
        assert said == [f"第{n}句" for n in range(20)]


async def test_every_kind_of_line_arrives(street: Street) -> None:
    world = street.api.world
    resident = world.person()
    world.text(resident, "/start case-17")
    world.location(resident, 30.25, 120.125)
    world.contact(resident, "13800138000")
    world.media(resident, "photo", PNG, caption="看这里")
    world.media(resident, "voice", OGG, mime_type="audio/ogg")
    world.media(resident, "document", PDF, file_name="合同.pdf", mime_type="application/pdf")
    world.edit(resident, 1, "改过的话")
    street.run()
    answers = [answer.text for answer in await street.hears(7)]
    assert answers == [
        "/start | start case-17",
        "location 30.25 120.125",
        "contact 13800138000",
        "看这里 | image/png",
        "audio/ogg",
        "application/pdf",
        "改过的话 | edited",
    ]
    turns = await street.turns(resident, Speaker.RESIDENT)
    photo, voice, document = (turn.media[0] for turn in turns[3:6])
    assert (photo.kind, voice.kind, document.kind) == ("photo", "voice", "file")
    assert document.name == "合同.pdf"
    assert street.files.path(photo.id).read_bytes() == PNG
    assert turns[6].edits == turns[0].external_id


async def test_a_pressed_button_is_stored_and_answered(street: Street) -> None:
    world = street.api.world
    resident = world.person()
    world.text(resident, "你好")
    street.run()
    (answer,) = await street.hears(1)
    world.press(resident, answer.message_id, "yes")
    answers = await street.hears(2)
    assert answers[1].text == "button yes"
    await world.until(lambda: world.answered)


async def test_a_stale_button_is_a_line_all_the_same(street: Street) -> None:
    world = street.api.world
    resident = world.person()
    world.text(resident, "你好")
    street.run()
    (answer,) = await street.hears(1)
    world.press(resident, answer.message_id, "yes")
    world.queries.clear()  # Telegram has forgotten the query
    answers = await street.hears(2)
    assert answers[1].text == "button yes"


async def test_nothing_is_acknowledged_before_it_is_stored(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database fails the updates stay with Telegram, and are asked for again."""
    monkeypatch.setattr("bot.channels.telegram_polling.FIRST_PAUSE", 0.01)
    world = street.api.world
    resident = world.person()
    world.text(resident, "第一句")
    world.text(resident, "第二句")
    await street.break_database()
    street.run(relay=False)
    await world.until(lambda: len([p for p in world.polls if p["updates"] == 2]) > 2, PATIENCE)
    assert len(world.updates) == 2
    await street.mend_database()
    street.run(channel=False)
    assert [a.text for a in await street.hears(2)] == ["第一句", "第二句"]


async def test_redelivered_updates_are_one_line(street_on_any: Street) -> None:
    street = street_on_any
    world = street.api.world
    resident = world.person()
    updates = [world.text(resident, f"第{n}句") for n in range(3)]
    street.run()
    await street.hears(3)
    await street.acknowledged()
    for update in reversed(updates):
        world.redeliver(update)
    world.text(resident, "最后一句")
    answers = await street.hears(4)
    assert [a.text for a in answers] == ["第0句", "第1句", "第2句", "最后一句"]
    assert len(await street.turns(resident, Speaker.RESIDENT)) == 4


async def test_a_file_that_cannot_be_fetched_leaves_a_note(street: Street) -> None:
    world = street.api.world
    resident = world.person()
    street.api.faults.append(Fault("drop", method="file", times=9))
    world.media(resident, "photo", PNG, caption="墙裂了")
    street.run()
    await street.hears(1)
    (turn,) = await street.turns(resident, Speaker.RESIDENT)
    assert turn.text.startswith("墙裂了")
    assert "照片没有取到" in turn.text
    assert turn.media == ()


async def test_a_file_is_fetched_again_after_one_failure(street: Street) -> None:
    world = street.api.world
    resident = world.person()
    street.api.faults.append(Fault("server", method="file"))
    world.media(resident, "photo", PNG)
    street.run()
    assert (await street.hears(1))[0].text == "image/png"


@pytest.mark.parametrize(
    "data",
    [bytes(LARGEST_FILE + 1), b"MZ this is a program", b"<svg onload=alert(1)>"],
    ids=["too large", "program", "script"],
)
async def test_a_file_we_do_not_keep_leaves_a_note(street: Street, data: bytes) -> None:
    world = street.api.world
    resident = world.person()
    world.media(resident, "document", data, file_name="a.exe")
    street.run()
    await street.hears(1)
    (turn,) = await street.turns(resident, Speaker.RESIDENT)
    assert "无法保存" in turn.text
    assert turn.media == ()


async def test_a_slow_file_holds_up_nobody_else(street: Street) -> None:
    world = street.api.world
    one, other = world.person(), world.person()
    street.api.faults.append(Fault("hang", method="file"))
    world.media(one, "photo", PNG)
    world.text(one, "上面是照片")
    world.text(other, "我家停电了")
    street.run()
    await street.hears(1, other)
    assert world.sent(one) == []
    assert world.updates, "what is not stored is not acknowledged"
    street.api.released.set()
    assert [a.text for a in await street.hears(2, one)] == ["image/png", "上面是照片"]


async def test_what_cannot_be_read_still_reaches_a_human(street: Street) -> None:
    world = street.api.world
    resident = world.person()
    world.text(resident, "", dice={"emoji": "🎲", "value": 3})
    strange = world.text(resident, "看得懂的话", voice={"nobody": "knows this shape"})
    street.run()
    await street.hears(2)
    first, second = await street.turns(resident, Speaker.RESIDENT)
    assert "无法显示" in first.text
    assert second.text == "看得懂的话"
    assert strange["update_id"] < world.offset or not world.updates


async def test_blocking_and_coming_back_shows(street: Street) -> None:
    world = street.api.world
    resident = world.person()
    world.text(resident, "你好")
    street.run()
    await street.hears(1)
    world.membership(resident, "kicked")
    await street.acknowledged()
    assert (await street.conversation(resident)).unreachable == "blocked"
    world.membership(resident, "member")
    await street.acknowledged()
    assert (await street.conversation(resident)).unreachable is None


async def test_telegram_away_at_the_start_is_waited_out(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.channels.telegram_polling.FIRST_PAUSE", 0.01)
    world = street.api.world
    resident = world.person()
    world.text(resident, "有人吗")
    for kind in ("drop", "gateway", "garbage", "server"):
        street.api.faults.append(Fault(kind, method="getMe"))
        street.api.faults.append(Fault(kind, method="getUpdates"))
    street.api.faults.append(Fault("flood", method="getUpdates", retry_after=0))
    street.run()
    assert (await street.hears(1))[0].text == "有人吗"


async def test_a_wrong_token_is_told(street: Street) -> None:
    street.api.token = "43:OTHER"
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(TokenRefused):
            await street.channel.run()


@pytest.mark.parametrize("token", ["", "abc", "12:3 4", "x:y"])
def test_what_is_no_token_is_told_at_once(token: str, street: Street) -> None:
    with pytest.raises(TokenRefused):
        build_street(street.api, street.store, Path(), TelegramOptions(token=token))


async def test_the_menu_names_the_residents_rights(street: Street) -> None:
    world = street.api.world
    world.text(world.person(), "在吗")
    street.run()
    await street.hears(1)
    assert set(world.commands) == {"info", "delete", "privacy", "human"}
    assert all(world.commands.values())


async def test_a_menu_that_cannot_be_set_stops_nothing(street: Street) -> None:
    street.api.faults.append(Fault("server", method="setMyCommands"))
    world = street.api.world
    world.text(world.person(), "在吗")
    street.run()
    (answer,) = await street.hears(1)
    assert answer.text == "在吗"
    assert world.commands == {}
