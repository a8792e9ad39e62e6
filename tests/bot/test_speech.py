"""Voice messages with a real speech-to-text server, and without one."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from bot.dialogue.state import DialogueState
from bot.speech_http import MOST_BYTES
from casework.desk import voices
from casework.events import Kind
from casework.turn import Speaker
from config.settings import WrongSetting, load_settings
from storage.engine import SqlStore
from storage.unit_of_work import Committed
from tests.bot.listening import Room, room
from tests.bot.test_telegram_in import OGG, PNG
from tests.bot.transcriber import Transcriber, transcribing
from tests.served import JIESU

SPOKEN = "翠湖花园3栋电梯坏了半个月了，物业一直不修"
GIVEN_UP = 0.5  # seconds; for the one server that never answers


@pytest.fixture(autouse=True)
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be busy: what is answered is never given up here for being late."""
    monkeypatch.setattr("bot.speech_http.CONNECT_SECONDS", 120.0)


@pytest.fixture
async def machine() -> AsyncIterator[Transcriber]:
    """The speech-to-text server."""
    async with transcribing() as server:
        yield server


async def test_without_a_server_a_voice_waits_for_a_person(
    any_store: SqlStore, tmp_path: Path
) -> None:
    async with room(any_store, tmp_path, None) as here:
        chat = await here.resident()
        await here.speak(chat, text="翠湖花园3栋电梯坏了半个月了，物业一直不修")
        await here.speak(chat, ("v.ogg", OGG))
        lines, said, conversation = await here.heard(chat)
        assert "语音收到了" in said[-1]
        assert conversation.unheard == 1
        assert conversation.crisis == "none"
        assert conversation.holder.kind.value == "bot"
        assert (await here.events(Kind.VOICE_LEFT), lines[1].transcript) == (1, None)
        draft = DialogueState.from_json(conversation.dialogue).draft
        assert draft is not None
        assert draft.slots["evidence"].value == [lines[1].media[0].id]


async def test_a_voice_is_understood_as_if_typed(
    any_store: SqlStore, tmp_path: Path, machine: Transcriber
) -> None:
    machine.answers = [SPOKEN, "13900001111"]
    async with room(any_store, tmp_path, machine.url, token="secret-of-the-server") as here:
        chat = await here.resident()
        await here.speak(chat, ("张三的录音.ogg", OGG))
        lines, said, conversation = await here.heard(chat)
        assert (lines[0].text, lines[0].transcript) == ("", SPOKEN)
        assert f"我听到的是：“{SPOKEN}”。不对您说一声。" in said[0]
        assert conversation.unheard == 0
        draft = DialogueState.from_json(conversation.dialogue).draft
        assert draft is not None
        assert draft.category == "property_management"
        assert draft.slots["place"].value == "翠湖花园3栋"
        place = draft.slots["place"]
        assert SPOKEN[place.start : place.end] == place.text
        (asked,) = machine.asked
        assert asked.fields == {"model": "whisper-1", "response_format": "json"}
        assert (asked.filename, asked.mime, asked.data) == ("voice.ogg", "audio/ogg", OGG)
        assert asked.authorization == "Bearer secret-of-the-server"
        assert await here.events(Kind.TURN_AMENDED) == 1


async def test_what_was_heard_wrong_can_be_put_right(
    any_store: SqlStore, tmp_path: Path, machine: Transcriber
) -> None:
    machine.answers = ["老板欠我三个月工资一共两万块"]
    async with room(any_store, tmp_path, machine.url) as here:
        chat = await here.resident()
        await here.speak(chat, ("v.ogg", OGG))
        await here.speak(chat, text="不对，是五个月")
        _, _, conversation = await here.heard(chat)
        draft = DialogueState.from_json(conversation.dialogue).draft
        assert draft is not None
        assert draft.slots["period_months"].value == 5


async def test_danger_in_a_voice_is_danger(
    any_store: SqlStore, tmp_path: Path, machine: Transcriber
) -> None:
    machine.answers = ["我不想活了，我现在就站在楼顶上"]
    async with room(any_store, tmp_path, machine.url) as here:
        chat = await here.resident()
        await here.speak(chat, ("v.ogg", OGG))
        _, said, conversation = await here.heard(chat)
        assert conversation.crisis == "R3"
        assert "120" in said[0]


@pytest.mark.parametrize(
    "answers",
    [
        [500],
        [404],
        [401],
        [b"not json"],
        [b'{"words": "x"}'],
        [b'{"text": 5}'],
        [b"[" * 100_000],
        [b'{"text": "' + b"a" * 300_000 + b'"}'],
        ["   "],
    ],
    ids=["500", "404", "401", "no json", "no text", "a number", "deep", "long", "silence"],
)
async def test_whatever_the_server_does_the_voice_is_kept(
    sqlite_room: Room, machine: Transcriber, answers: list[str | int | bytes]
) -> None:
    machine.answers = answers
    chat = await sqlite_room.resident()
    await sqlite_room.speak(chat, ("v.ogg", OGG))
    lines, said, conversation = await sqlite_room.heard(chat)
    assert (conversation.unheard, lines[0].transcript) == (1, None)
    assert lines[0].handled_at is not None
    assert "语音收到了" in said[0]


@pytest.fixture
async def sqlite_room(
    telegram_store: SqlStore, tmp_path: Path, machine: Transcriber
) -> AsyncIterator[Room]:
    """On SQLite, with the server."""
    async with room(telegram_store, tmp_path, machine.url) as here:
        yield here


async def test_a_passing_failure_is_tried_once_more(
    sqlite_room: Room, machine: Transcriber
) -> None:
    machine.answers = [503, "电梯坏了半个月了"]
    chat = await sqlite_room.resident()
    await sqlite_room.speak(chat, ("v.ogg", OGG))
    lines, _, conversation = await sqlite_room.heard(chat)
    assert (lines[0].transcript, conversation.unheard) == ("电梯坏了半个月了", 0)
    assert len(machine.asked) == 2


async def test_nobody_is_asked_a_third_time(sqlite_room: Room, machine: Transcriber) -> None:
    machine.answers = [503]
    chat = await sqlite_room.resident()
    await sqlite_room.speak(chat, ("v.ogg", OGG))
    await sqlite_room.heard(chat)
    assert len(machine.asked) == 2


async def test_a_server_that_is_not_there(telegram_store: SqlStore, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        async with room(
            telegram_store, tmp_path, f"http://127.0.0.1:{nobody.getsockname()[1]}"
        ) as here:
            chat = await here.resident()
            await here.speak(chat, ("v.ogg", OGG))
            _, said, conversation = await here.heard(chat)
    assert conversation.unheard == 1
    assert "语音收到了" in said[0]


async def test_a_slow_server_holds_up_nobody_else(
    telegram_store: SqlStore, tmp_path: Path, machine: Transcriber
) -> None:
    machine.holding = True
    async with room(telegram_store, tmp_path, machine.url) as here:
        speaker, typist = await here.resident("a"), await here.resident("b")
        answered = asyncio.Event()

        def look(done: Committed) -> None:
            bot = [turn for turn in done.turns if turn.speaker is Speaker.BOT]
            if any(turn.conversation_id == typist for turn in bot):
                answered.set()

        here.store.watch(look)
        await here.speak(speaker, ("v.ogg", OGG))
        await here.speak(typist, text="你好")
        await answered.wait()
        waiting = await here.store.read(lambda tx: tx.turns.after(speaker, 0))
        assert [turn.speaker for turn in waiting] == [Speaker.RESIDENT]
        machine.released.set()
        lines, _, _ = await here.heard(speaker)
        assert lines[0].transcript == machine.answers[0]


async def test_a_server_that_hangs_is_given_up(
    telegram_store: SqlStore, tmp_path: Path, machine: Transcriber
) -> None:
    machine.holding = True
    async with room(telegram_store, tmp_path, machine.url, seconds=GIVEN_UP) as here:
        chat = await here.resident()
        await here.speak(chat, ("v.ogg", OGG))
        _, said, conversation = await here.heard(chat)
    assert conversation.unheard == 1
    assert "语音收到了" in said[0]


async def test_lines_keep_their_order_behind_a_voice(
    sqlite_room: Room, machine: Transcriber
) -> None:
    machine.answers = [SPOKEN]
    chat = await sqlite_room.resident()
    await sqlite_room.speak(chat, ("v.ogg", OGG))
    await sqlite_room.speak(chat, text="13900001111")
    _, said, conversation = await sqlite_room.heard(chat)
    assert "我听到的是" in said[0]
    draft = DialogueState.from_json(conversation.dialogue).draft
    assert draft is not None
    assert draft.slots["phone"].value == "13900001111"


async def test_what_is_for_a_person_is_not_sent(sqlite_room: Room, machine: Transcriber) -> None:
    chat = await sqlite_room.resident()
    await sqlite_room.speak(chat, ("a.ogg", OGG), ("b.ogg", OGG + b"2"))
    await sqlite_room.speak(chat, ("v.ogg", OGG), text="听这段")
    await sqlite_room.speak(chat, ("p.png", PNG))
    await sqlite_room.speak(chat, ("long.ogg", OGG + bytes(MOST_BYTES)))
    _, _, conversation = await sqlite_room.heard(chat)
    assert machine.asked == []
    assert conversation.unheard == 4


async def test_a_line_left_behind_is_heard_by_the_next_process(
    telegram_store: SqlStore, tmp_path: Path, machine: Transcriber
) -> None:
    machine.holding = True
    async with room(telegram_store, tmp_path, machine.url) as first:
        chat = await first.resident()
        await first.speak(chat, ("v.ogg", OGG))
        for task in first.inbox._tasks:
            task.cancel()  # as a process that dies
        await asyncio.gather(*first.inbox._tasks, return_exceptions=True)

        machine.holding = False
        machine.answers = [SPOKEN]
        async with room(telegram_store, tmp_path, machine.url) as second:
            second.clock.advance(60)
            await second.inbox.sweep(second.clock())
            lines, said, _ = await second.heard(chat)
    assert lines[0].transcript == SPOKEN
    assert len(said) == 1


async def test_nothing_said_reaches_the_log(sqlite_room: Room, machine: Transcriber) -> None:
    machine.answers = [b'{"text": 1, "debug": "13800138000"}']
    with structlog.testing.capture_logs() as logs:
        chat = await sqlite_room.resident()
        await sqlite_room.speak(chat, ("13800138000.ogg", OGG))
        await sqlite_room.heard(chat)
    assert logs == [
        {"event": "voice_not_transcribed", "reason": "answer_unreadable", "log_level": "warning"}
    ]


async def test_listening_ends_the_waiting(sqlite_room: Room, machine: Transcriber) -> None:
    machine.answers = [500]
    chat = await sqlite_room.resident()
    await sqlite_room.speak(chat, ("v.ogg", OGG))
    await sqlite_room.heard(chat)
    people = await sqlite_room.store.read(lambda tx: tx.people.organisation())
    officer = next(iter(people.officers.values()))
    now = datetime.now(UTC)
    for _ in range(2):
        after = await sqlite_room.store.write(lambda tx: voices.heard(tx, chat, officer, now))
        assert after.unheard == 0
    assert await sqlite_room.events(Kind.VOICE_HEARD) == 1


async def test_the_program_listens_where_it_is_told_to(
    machine: Transcriber, tmp_path: Path
) -> None:
    machine.answers = [SPOKEN]
    process = await asyncio.create_subprocess_exec(
        JIESU,
        *("chat", "--json", "--data", tmp_path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "JIESU_STT_URL": f"{machine.url}/v1", "JIESU_STT_MODEL": "tiny"},
    )
    out, _ = await process.communicate(b'{"voice": true}\n')
    turn = json.loads(out)
    assert SPOKEN in turn["replies"][0]["text"]
    assert turn["state"]["active"]["category"] == "property_management"
    assert machine.asked[0].fields["model"] == "tiny"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIESU_STT_URL", "whisper:8000"),
        ("JIESU_STT_URL", "http://h/v1?key=1"),
        ("JIESU_STT_TIMEOUT", "0"),
        ("JIESU_STT_TIMEOUT", "soon"),
    ],
)
def test_a_wrong_setting_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(WrongSetting, match=name):
        load_settings({name: value})


def test_the_token_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abc\n")
    found = load_settings({"JIESU_STT_TOKEN_FILE": str(tmp_path / "token")})
    assert found.stt_token is not None
    assert found.stt_token.get_secret_value() == "abc"
