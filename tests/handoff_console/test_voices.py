"""Voices and files at the desk: told to the owner, marked until heard, safe to open."""

from __future__ import annotations

import httpx
import pytest

from casework.desk import voices
from casework.desk.conversations import receive
from casework.events import Kind
from casework.ports import Transaction
from casework.turn import Inbound, Media, Turn
from tests.handoff_console.street import Street

VOICE = Media("a" * 32, "voice", "13800138000.ogg", "audio/ogg", 4)


async def speak(street: Street, conversation_id: str, transcript: str | None = None) -> Turn:
    """A voice message, decided about as the bot does."""
    path = street.deps.files.path(VOICE.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"OggS")

    def work(tx: Transaction) -> Turn:
        line = Inbound(
            "webchat",
            f"{conversation_id}:voice",
            "",
            street.time(),
            media=(VOICE,),
            conversation_id=conversation_id,
        )
        _, turn, _ = receive(tx, line)
        before = tx.conversations.get(conversation_id, lock=True)
        after, turn = voices.taken(tx, before, turn, transcript, street.time())
        tx.conversations.save(after, before.epoch)
        return turn

    return await street.store.write(work)


async def unheard(client: httpx.AsyncClient, conversation_id: str) -> tuple[int, int]:
    """What the conversation and its row in the list say."""
    detail = (await client.get(f"/api/conversations/{conversation_id}")).json()
    rows = (await client.get("/api/conversations?view=all")).json()["items"]
    (row,) = [each for each in rows if each["id"] == conversation_id]
    return detail["conversation"]["unheard"], row["unheard"]


async def test_a_voice_is_marked_until_an_officer_has_listened(street: Street) -> None:
    conversation = await street.talk("电梯坏了")
    await speak(street, conversation)
    async with street.officer("alice") as alice, street.officer("bob") as bob:
        assert await unheard(bob, conversation) == (1, 1)
        path = f"/api/conversations/{conversation}/heard"
        assert (await alice.post(path)).status_code == 204
        assert (await alice.post(path)).status_code == 204
        assert await unheard(bob, conversation) == (0, 0)
    events = await street.store.read(lambda tx: tx.events.after(0, 100))
    (heard,) = [event for event in events if event.kind is Kind.VOICE_HEARD]
    assert heard.actor.id == "alice"


async def test_the_owner_of_the_open_case_is_told(street: Street) -> None:
    conversation = await street.talk("老板欠薪")
    number = await street.case(conversation)
    await speak(street, conversation)
    events = await street.store.read(lambda tx: tx.events.after(0, 100))
    (left,) = [event for event in events if event.kind is Kind.VOICE_LEFT]
    case = await street.store.read(lambda tx: tx.cases.get(number))
    assert (left.case_number, left.data["officer"]) == (number, case.owner_id)
    assert set(left.data) == {"turn", "turn_seq", "officer"}  # never a word or a file's name


async def test_who_may_not_see_the_talk_may_not_hear_it(street: Street) -> None:
    conversation = await street.talk("老板欠薪")
    await street.case(conversation)
    await speak(street, conversation)
    async with street.officer("charlie") as charlie, street.stranger() as stranger:
        assert (await charlie.post(f"/api/conversations/{conversation}/heard")).status_code == 404
        assert (await charlie.get(f"/api/files/{VOICE.id}")).status_code == 404
        assert (await stranger.get(f"/api/files/{VOICE.id}")).status_code == 401
        assert (await stranger.post(f"/api/conversations/{conversation}/heard")).status_code == 401
    async with street.officer("alice") as alice:
        assert await unheard(alice, conversation) == (1, 1)


async def test_a_transcript_stands_beside_its_voice_and_waits_for_nobody(street: Street) -> None:
    conversation = await street.talk("你好")
    await speak(street, conversation, "电话是13800138000")
    async with street.officer("alice") as alice:
        detail = (await alice.get(f"/api/conversations/{conversation}")).json()
        turn = detail["turns"][-1]
        assert (turn["text"], turn["transcript"]) == ("", "电话是138****8000")  # not her case
        assert detail["conversation"]["unheard"] == 0


@pytest.mark.parametrize(
    ("kind", "mime", "shown"),
    [
        ("voice", "audio/ogg", "inline"),
        ("video", "video/mp4", "inline"),
        ("photo", "image/png", "inline"),
        ("file", "application/pdf", "attachment"),
        ("file", "image/heic", "attachment"),
    ],
)
async def test_files_open_safely(street: Street, kind: str, mime: str, shown: str) -> None:
    conversation = await street.talk("看")
    name = '合同";evil=".html'
    media = Media("b" * 32, kind, name, mime, 4)
    path = street.deps.files.path(media.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"data")
    await street.store.write(lambda tx: tx.files.add(media, conversation, street.time()))
    async with street.officer("alice") as alice:
        got = await alice.get(f"/api/files/{media.id}")
    assert got.content == b"data"
    assert got.headers["content-type"].startswith(mime)
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"].startswith(shown)
    assert 'evil="' not in got.headers["content-disposition"]
    assert "sandbox" in got.headers["content-security-policy"]
