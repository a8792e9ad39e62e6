"""A line that nothing waits before is stored and decided in one transaction."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from bot.dialogue.requests import Step
from bot.dialogue.state import DialogueState
from bot.inbox import Inbox
from bot.turns import TurnDesk
from casework.desk.conversations import open_conversation, receive
from casework.errors import NotFound
from casework.turn import Inbound, Speaker, Turn
from cli.demo import seed
from config.load import Book, load_book
from nlu.engine import EmbeddedEngine
from storage.engine import SqlStore
from storage.unit_of_work import Committed
from tests.bot.telegram_street import Clock


@pytest.fixture(scope="module")
def engine() -> EmbeddedEngine:
    return EmbeddedEngine.load(accept_stale=True)


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


class Stumbling(TurnDesk):
    """Fails when it is to decide."""

    def _step(self, *given: Any) -> Step:
        raise RuntimeError


class Chat:
    """One resident, and the processes their lines reach."""

    def __init__(self, store: SqlStore, conversation_id: str) -> None:
        self._store = store
        self.id = conversation_id
        self.clock = Clock()
        self.count = 0

    @classmethod
    async def open(cls, store: SqlStore) -> Chat:
        await seed(store)
        now: datetime = Clock()()
        opened = await store.write(lambda tx: open_conversation(tx, "webchat", "a", "", now))
        return cls(store, opened.id)

    def line(self, text: str) -> Inbound:
        self.count += 1
        key = f"{self.id}:{self.count}"
        return Inbound("webchat", key, "", self.clock(), text=text, conversation_id=self.id)

    async def turns(self) -> list[Turn]:
        return await self._store.read(lambda tx: tx.turns.after(self.id, 0))

    async def state(self) -> DialogueState:
        found = await self._store.read(lambda tx: tx.conversations.get(self.id))
        return DialogueState.from_json(found.dialogue)


async def test_it_is_one_commit(any_store: SqlStore, engine: EmbeddedEngine, book: Book) -> None:
    chat = await Chat.open(any_store)
    commits: list[Committed] = []
    any_store.watch(commits.append)
    inbox = Inbox(any_store, TurnDesk(any_store, engine, book, chat.clock))
    received = await inbox.receive(chat.line("老板欠我们工资三个月没发了"))
    assert [[turn.speaker for turn in each.turns] for each in commits] == [
        [Speaker.RESIDENT, Speaker.BOT]
    ]
    again = Inbound("webchat", f"{chat.id}:1", "", chat.clock(), text="…", conversation_id=chat.id)
    assert (await inbox.receive(again)).turn.id == received.turn.id
    await inbox.idle()
    assert len(await chat.turns()) == 2


async def test_what_fails_is_kept_and_goes_to_a_human(
    any_store: SqlStore, engine: EmbeddedEngine, book: Book
) -> None:
    chat = await Chat.open(any_store)
    inbox = Inbox(any_store, Stumbling(any_store, engine, book, chat.clock))
    await inbox.receive(chat.line("老板欠我们工资三个月没发了"))
    await inbox.idle()
    line, said = await chat.turns()
    assert line.handled_at is not None
    assert said.text == book.words.text("bot_failed")
    found = await any_store.read(lambda tx: tx.conversations.get(chat.id))
    assert (found.holder.kind.value, found.handoff_reason) == ("queue", "bot_failed")


async def test_lines_sent_at_once_are_all_decided_in_order(
    any_store: SqlStore, engine: EmbeddedEngine, book: Book
) -> None:
    chat = await Chat.open(any_store)
    inbox = Inbox(any_store, TurnDesk(any_store, engine, book, chat.clock))
    lines = ("老板欠我们工资三个月没发了", "宏达劳务，包工头姓周", "一共两万三", "高新区工地")
    await asyncio.gather(*(inbox.receive(chat.line(each)) for each in lines))
    await inbox.idle()
    own = [turn for turn in await chat.turns() if turn.speaker is Speaker.RESIDENT]
    assert sorted(turn.text for turn in own) == sorted(lines)
    assert all(turn.handled_at is not None for turn in own)
    draft = (await chat.state()).draft
    assert draft is not None
    assert draft.slots["amount_yuan"].value == 23_000
    assert draft.slots["employer"].value == "宏达劳务"


async def test_a_line_left_by_another_process_comes_first(
    any_store: SqlStore, engine: EmbeddedEngine, book: Book
) -> None:
    chat = await Chat.open(any_store)
    left = chat.line("老板欠我们工资三个月没发了")
    await any_store.write(lambda tx: receive(tx, left))
    inbox = Inbox(any_store, TurnDesk(any_store, engine, book, chat.clock))
    await inbox.receive(chat.line("宏达劳务，包工头姓周"))
    await inbox.idle()
    turns = await chat.turns()
    assert all(turn.handled_at is not None for turn in turns)
    draft = (await chat.state()).draft
    assert draft is not None
    assert draft.slots["period_months"].turn_id == turns[0].id
    assert draft.slots["employer"].turn_id == turns[1].id


async def test_two_processes_answer_by_turns(
    any_store: SqlStore, engine: EmbeddedEngine, book: Book
) -> None:
    """What the other one asked last is not what this one remembers."""
    chat = await Chat.open(any_store)
    inboxes = [Inbox(any_store, TurnDesk(any_store, engine, book, chat.clock)) for _ in range(2)]
    lines = ("老板欠我们工资三个月没发了", "宏达劳务，包工头姓周", "两万三", "高新区工地", "五个")
    for place, line in enumerate(lines):
        await inboxes[place % 2].receive(chat.line(line))
        await inboxes[place % 2].idle()
    draft = (await chat.state()).draft
    assert draft is not None
    held = {name: slot.value for name, slot in draft.slots.items()}
    assert (held["employer"], held["amount_yuan"], held["people_n"]) == ("宏达劳务", 23_000, 5)


async def test_an_unknown_conversation_is_refused(
    any_store: SqlStore, engine: EmbeddedEngine, book: Book
) -> None:
    chat = Chat(any_store, "nobody")
    inbox = Inbox(any_store, TurnDesk(any_store, engine, book, chat.clock))
    with pytest.raises(NotFound):
        await inbox.receive(chat.line("在吗"))
    await inbox.idle()
