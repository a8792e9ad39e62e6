"""Albums over the local Bot API: one line and one answer, whatever order they come in."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.state import DialogueState
from bot.inbox import Inbox
from bot.turns import TurnDesk
from casework.events import Kind
from casework.turn import Speaker, Turn
from cli.demo import seed
from config.load import load_book
from nlu.engine import EmbeddedEngine
from storage.engine import SqlStore
from tests.bot.telegram_street import Street, build_street
from tests.bot.test_telegram_in import PDF, PNG
from tests.bot_api.faults import Fault
from tests.fixtures.bot_api import ServedBotApi

STORY = "翠湖花园3栋电梯坏了半个月了，物业一直不修"


def jpeg(number: int) -> bytes:
    """Pictures that differ."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes([number]) * 60


def send_album(
    street: Street, chat: int, numbers: range, group: str = "77", *, caption: str = ""
) -> None:
    """Photos chosen together; Telegram makes a message of each, the first has the caption."""
    for number in numbers:
        said = {"caption": caption} if caption and number == numbers.start else {}
        more: dict[str, Any] = {"media_group_id": group, **said}
        street.api.world.media(chat, "photo", jpeg(number), **more)


def deciding(street: Street, *, album_seconds: float) -> Inbox:
    """The street's inbox, with the real bot behind it."""
    desk = TurnDesk(street.store, EmbeddedEngine.load(accept_stale=True), load_book(), street.clock)
    inbox = Inbox(street.store, desk, album_seconds=album_seconds)
    street.inbox = inbox
    street.channel.intake._door = inbox
    return inbox


@pytest.fixture
async def clerk(street: Street) -> Street:
    """A street where the real bot answers."""
    await seed(street.store)
    deciding(street, album_seconds=0.2)
    return street


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> float:
    """Albums are waited for longer than any test takes; gives the seconds."""
    monkeypatch.setattr("bot.inbox.LONGEST_ALBUM", 200.0)
    return 200.0


async def residents_lines(street: Street, chat: int) -> list[Turn]:
    return await street.turns(chat, Speaker.RESIDENT)


async def evidence(street: Street, chat: int) -> list[str]:
    """The files in the complaint being taken."""
    conversation = await street.conversation(chat)
    draft = DialogueState.from_json(conversation.dialogue).draft
    assert draft is not None
    found: list[str] = draft.slots["evidence"].value
    return found


async def test_an_album_is_one_line_and_one_answer(clerk: Street) -> None:
    resident = clerk.api.world.person()
    send_album(clerk, resident, range(5))
    clerk.run()
    answers = await clerk.hears(1)
    await clerk.acknowledged()
    await clerk.inbox.idle()
    (line,) = await residents_lines(clerk, resident)
    assert [media.kind for media in line.media] == ["photo"] * 5
    assert "5张照片" in answers[0].text
    assert len(await clerk.hears(1)) == 1
    assert await evidence(clerk, resident) == [media.id for media in line.media]
    for number, media in enumerate(line.media):
        assert clerk.files.path(media.id).read_bytes() == jpeg(number)


async def test_a_caption_is_understood_together_with_its_photos(clerk: Street) -> None:
    resident = clerk.api.world.person()
    send_album(clerk, resident, range(3), caption=STORY)
    clerk.run()
    (answer,) = await clerk.hears(1)
    await clerk.acknowledged()
    await clerk.inbox.idle()
    (line,) = await residents_lines(clerk, resident)
    assert line.text == STORY
    assert len(line.media) == 3
    assert "照片" in answer.text
    draft = DialogueState.from_json((await clerk.conversation(resident)).dialogue).draft
    assert draft is not None
    assert draft.category == "property_management"
    assert len(await evidence(clerk, resident)) == 3


async def test_members_that_come_late_are_added_in_silence(clerk: Street) -> None:
    """Telegram may hand an album over in two batches, minutes apart when the network is bad."""
    world = clerk.api.world
    resident = world.person()
    world.text(resident, STORY)
    send_album(clerk, resident, range(2))
    clerk.run()
    await clerk.hears(2)
    before = DialogueState.from_json((await clerk.conversation(resident)).dialogue)
    send_album(clerk, resident, range(2, 4))
    await clerk.acknowledged()
    await clerk.inbox.idle()
    world.text(resident, "13900001111")
    await clerk.hears(3)
    lines = await residents_lines(clerk, resident)
    assert [len(line.media) for line in lines] == [0, 2, 1, 1, 0]
    assert len(world.sent(resident)) == 3
    assert len(await evidence(clerk, resident)) == 4
    after = DialogueState.from_json((await clerk.conversation(resident)).dialogue)
    assert before.asking is not None
    assert after.asking != before.asking  # the question stayed open until it was answered


async def test_any_order_and_a_second_delivery_lose_and_double_nothing(clerk: Street) -> None:
    world = clerk.api.world
    resident = world.person()
    world.text(resident, STORY)
    send_album(clerk, resident, range(4))
    updates = list(world.log[-4:])
    clerk.run()
    await clerk.hears(2)
    await clerk.acknowledged()
    for update in (updates[2], updates[0], updates[3], updates[1]):
        world.redeliver(update)
    await clerk.acknowledged()
    await clerk.inbox.idle()
    lines = await residents_lines(clerk, resident)
    assert [len(line.media) for line in lines] == [0, 4]
    assert len(world.sent(resident)) == 2
    assert len(set(await evidence(clerk, resident))) == 4


async def test_two_albums_are_two_lines(clerk: Street) -> None:
    resident = clerk.api.world.person()
    send_album(clerk, resident, range(2), "1")
    send_album(clerk, resident, range(2, 4), "2")
    clerk.run()
    await clerk.hears(2)
    assert [len(line.media) for line in await residents_lines(clerk, resident)] == [2, 2]


async def test_one_bad_file_does_not_hold_up_the_album(clerk: Street) -> None:
    world = clerk.api.world
    resident = world.person()
    world.media(resident, "document", PDF, media_group_id="5", file_name="合同.pdf")
    world.media(resident, "document", b"#!/bin/sh\nrm", media_group_id="5", file_name="x.pdf")
    world.media(resident, "document", PNG, media_group_id="5", file_name="墙.png")
    clerk.run()
    await clerk.hears(1)
    await clerk.acknowledged()
    (line,) = await residents_lines(clerk, resident)
    assert [media.name for media in line.media] == ["合同.pdf", "墙.png"]
    assert "无法保存" in line.text


async def test_a_process_that_dies_between_two_members(
    bot_api: ServedBotApi, any_store: SqlStore, tmp_path: Path, patient: float
) -> None:
    """Stored but undecided when it died: the next one goes on with the same line."""
    await seed(any_store)
    first = build_street(bot_api, any_store, tmp_path)
    deciding(first, album_seconds=patient)
    resident = first.api.world.person()
    send_album(first, resident, range(2))
    first.run(relay=False)
    await first.acknowledged()
    assert [len(line.media) for line in await residents_lines(first, resident)] == [2]
    for task in first.inbox._tasks:
        task.cancel()
    await first.kill()

    second = build_street(bot_api, any_store, tmp_path)
    inbox = deciding(second, album_seconds=0.2)
    send_album(second, resident, range(2, 4))
    second.run()
    await second.acknowledged()
    await inbox.sweep(second.clock())
    second.clock.advance(60)
    await inbox.sweep(second.clock())
    await second.hears(1)
    await inbox.idle()
    (line,) = await residents_lines(second, resident)
    assert len(line.media) == 4
    assert line.handled_at is not None
    assert len(await evidence(second, resident)) == 4
    assert len(second.api.world.sent(resident)) == 1
    await second.stop()


async def test_the_answer_to_others_does_not_wait_for_an_album(
    clerk: Street, patient: float
) -> None:
    deciding(clerk, album_seconds=patient)
    sender, other = clerk.api.world.person("甲"), clerk.api.world.person("乙")
    send_album(clerk, sender, range(2))
    clerk.run()
    await clerk.acknowledged()
    clerk.api.world.text(other, "你好")
    await clerk.hears(1, other)
    assert clerk.api.world.sent(sender) == []
    for task in clerk.inbox._tasks:
        task.cancel()
    await asyncio.gather(*clerk.inbox._tasks, return_exceptions=True)


async def test_a_file_lost_on_the_way_comes_with_the_second_delivery(clerk: Street) -> None:
    world = clerk.api.world
    resident = world.person()
    clerk.api.faults.append(Fault("drop", method="file", times=9))
    send_album(clerk, resident, range(1))
    lost = world.log[-1]
    clerk.run()
    (answer,) = await clerk.hears(1)
    await clerk.acknowledged()
    (line,) = await residents_lines(clerk, resident)
    assert (line.media, "没有取到" in line.text) == ((), True)
    clerk.api.faults.clear()
    world.redeliver(lost)
    send_album(clerk, resident, range(1, 2))
    await clerk.acknowledged()
    await clerk.inbox.idle()
    assert len(await evidence(clerk, resident)) == 2
    assert clerk.api.world.sent(resident) == [answer]


async def test_the_page_hears_of_a_line_that_grew(clerk: Street) -> None:
    resident = clerk.api.world.person()
    send_album(clerk, resident, range(3))
    clerk.run()
    await clerk.hears(1)
    events = await clerk.store.read(lambda tx: tx.events.after(0, 1000))
    kinds = [event.kind for event in events]
    assert kinds.count(Kind.TURN_RECEIVED) == 1
    assert kinds.count(Kind.TURN_AMENDED) == 2
