"""The outbox: oldest first per chat, leased, fenced, put off, settled, on all stores alike."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from casework.conversation import BOT, Conversation
from casework.desk.conversations import release, reply, say, take_over
from casework.desk.silence import take_over_in_silence
from casework.errors import StillSpeaking, Superseded
from casework.events import Kind
from casework.organisation import Officer
from casework.outbox import Delivery, OutgoingMessage
from casework.ports import Store, Transaction
from casework.turn import Button, Line, Media
from storage.engine import SqlStore
from tests.storage.people import NOON, SECOND, cast, conversation

T = TypeVar("T")
LEASE = timedelta(seconds=25)
PHOTO = Media("f" * 32, "photo", "墙.jpg", "image/jpeg", 9)


async def speak(store: Store, chat: str, *texts: str, at: datetime = NOON) -> Conversation:
    """The bot says these lines in a Telegram chat."""
    opened = await conversation(store, chat)

    def work(tx: Transaction) -> Conversation:
        before = tx.conversations.get(opened.id, lock=True)
        after, _ = say(tx, before, [Line(text) for text in texts], at)
        tx.conversations.save(after, before.epoch)
        return after

    return await store.write(work)


async def lease(store: Store, now: datetime = NOON, limit: int = 10) -> list[OutgoingMessage]:
    """What may go out now."""
    return await store.write(lambda tx: tx.outbox.lease_due("telegram", now, now + LEASE, limit))


async def settle(
    store: Store, messages: Iterable[OutgoingMessage], status: Delivery = Delivery.SENT
) -> None:
    """End them."""
    ended = list(messages)
    await store.write(lambda tx: tx.outbox.settle(ended, status, NOON))


async def zhou(store: Store) -> Officer:
    """The grid worker."""
    await cast(store)
    return await store.read(lambda tx: tx.people.officer("zhou"))


def texts(messages: Iterable[OutgoingMessage]) -> list[str]:
    return [message.text for message in messages]


async def test_the_oldest_of_each_chat_and_no_second_one(store: Store) -> None:
    await speak(store, "1", "甲一", "甲二")
    await speak(store, "2", "乙一")
    first = await lease(store)
    assert texts(first) == ["甲一", "乙一"]
    assert await lease(store) == []
    await settle(store, first)
    assert texts(await lease(store)) == ["甲二"]


async def test_no_more_than_asked_for_and_the_oldest_first(store: Store) -> None:
    for chat in "123":
        await speak(store, chat, f"给{chat}")
    assert texts(await lease(store, limit=2)) == ["给1", "给2"]
    assert texts(await lease(store)) == ["给3"]


async def test_a_lease_runs_out(store: Store) -> None:
    await speak(store, "1", "一")
    await lease(store)
    assert await lease(store, NOON + LEASE - SECOND) == []
    assert texts(await lease(store, NOON + LEASE)) == ["一"]


async def test_other_channels_are_left_alone(store: Store) -> None:
    await speak(store, "1", "一")
    assert await store.write(lambda tx: tx.outbox.lease_due("other", NOON, NOON + LEASE, 9)) == []
    assert await store.read(lambda tx: tx.outbox.next_due("other")) is None


async def test_what_is_put_off_holds_back_what_is_behind_it(store: Store) -> None:
    await speak(store, "1", "一", "二")
    (message,) = await lease(store)
    later = NOON + 40 * SECOND
    await store.write(lambda tx: tx.outbox.postpone(message.id, later, "flood", attempts=2, part=1))
    assert await store.read(lambda tx: tx.outbox.next_due("telegram")) == later
    assert await lease(store, later - SECOND) == []
    (again,) = await lease(store, later)
    assert again == replace(message, due_at=later, error="flood", attempts=2, part=1)


async def test_when_to_look_again(store: Store) -> None:
    assert await store.read(lambda tx: tx.outbox.next_due("telegram")) is None
    await speak(store, "1", "一")
    assert await store.read(lambda tx: tx.outbox.next_due("telegram")) == NOON
    leased = await lease(store)
    assert await store.read(lambda tx: tx.outbox.next_due("telegram")) == NOON + LEASE
    await settle(store, leased)
    assert await store.read(lambda tx: tx.outbox.next_due("telegram")) is None


async def test_a_message_comes_back_as_it_was_said(store: Store) -> None:
    opened = await conversation(store)
    line = Line("看看对不对", (Button("对", "ok"),), (PHOTO,))

    def work(tx: Transaction) -> None:
        before = tx.conversations.get(opened.id, lock=True)
        after, _ = say(tx, before, [line], NOON)
        tx.conversations.save(after, before.epoch)

    await store.write(work)
    (message,) = await lease(store)
    assert (message.text, message.buttons, message.media) == (line.text, line.buttons, line.media)
    assert (message.chat, message.conversation_id, message.epoch) == ("42", opened.id, 1)


@pytest.mark.parametrize("status", [Delivery.SENT, Delivery.FAILED])
async def test_the_turn_shows_what_became_of_it(store: Store, status: Delivery) -> None:
    spoken = await speak(store, "1", "一")
    (turn,) = await store.read(lambda tx: tx.turns.after(spoken.id, 0))
    assert turn.delivery == "pending"
    ended = await lease(store)
    await store.write(lambda tx: tx.outbox.settle(ended, status, NOON, "why"))
    (turn,) = await store.read(lambda tx: tx.turns.after(spoken.id, 0))
    assert (turn.delivery, turn.delivery_error) == (status.value, "why")


async def test_a_message_of_no_conversation_is_not_fenced(store: Store) -> None:
    digest = OutgoingMessage(0, "telegram", "-5", "今日摘要", NOON, NOON)
    await store.write(lambda tx: tx.outbox.add(digest))
    (message,) = await lease(store)
    assert (message.text, message.status, message.epoch) == ("今日摘要", Delivery.PENDING, None)
    await settle(store, [message])
    assert await lease(store, NOON + LEASE) == []


async def test_a_chat_that_moved_takes_its_messages_along(store: Store) -> None:
    await speak(store, "1", "一", "二")
    await settle(store, await lease(store))
    await store.write(lambda tx: tx.outbox.move_chat("telegram", "1", "9"))
    assert [(m.chat, m.text) for m in await lease(store)] == [("9", "二")]


async def test_after_a_take_over_the_bots_lines_are_refused(store: Store) -> None:
    officer = await zhou(store)
    spoken = await speak(store, "1", "一", "二")
    await store.write(lambda tx: take_over(tx, spoken.id, officer, NOON))
    for text in ("一", "二"):
        (message,) = await lease(store)
        assert (message.text, message.status) == (text, Delivery.REFUSED)
    assert await lease(store) == []
    turns = await store.read(lambda tx: tx.turns.after(spoken.id, 0))
    assert [(t.delivery, t.delivery_error) for t in turns] == [("refused", "superseded")] * 2


async def test_what_an_officer_said_goes_out_even_after_the_release(store: Store) -> None:
    officer = await zhou(store)
    opened = await conversation(store)

    def work(tx: Transaction) -> None:
        taken = take_over(tx, opened.id, officer, NOON)
        reply(tx, opened.id, officer, taken.epoch, Line("我来处理"), "k1", NOON)
        release(tx, opened.id, officer, taken.epoch, BOT, NOON)

    await store.write(work)
    (message,) = await lease(store)
    assert (message.text, message.status) == ("我来处理", Delivery.PENDING)


async def test_a_take_over_waits_for_the_line_on_its_way(store: Store) -> None:
    officer = await zhou(store)
    spoken = await speak(store, "1", "一", "二")
    on_its_way = await lease(store)
    with pytest.raises(StillSpeaking):
        await store.write(lambda tx: take_over(tx, spoken.id, officer, NOON))
    waiting = asyncio.create_task(
        take_over_in_silence(store, spoken.id, officer, lambda: NOON, patience=20)
    )
    held = await store.read(lambda tx: tx.conversations.get(spoken.id))
    assert held.epoch == spoken.epoch
    await settle(store, on_its_way)
    taken = await waiting
    assert taken.epoch == spoken.epoch + 1
    assert [m.status for m in await lease(store)] == [Delivery.REFUSED]


async def test_a_take_over_does_not_wait_for_others_lines(store: Store) -> None:
    officer = await zhou(store)
    other = await speak(store, "1", "一")
    opened = await conversation(store, "2")
    digest = OutgoingMessage(0, "telegram", "2", "摘要", NOON, NOON)
    await store.write(lambda tx: tx.outbox.add(digest))
    assert len(await lease(store)) == 2
    await store.write(lambda tx: take_over(tx, opened.id, officer, NOON))
    with pytest.raises(StillSpeaking):
        await store.write(lambda tx: take_over(tx, other.id, officer, NOON))


async def test_patience_ends_and_the_event_says_so(store: Store) -> None:
    officer = await zhou(store)
    spoken = await speak(store, "1", "一")
    await lease(store)
    taken = await take_over_in_silence(store, spoken.id, officer, lambda: NOON, patience=0)
    assert taken.holder.officer_id == officer.id
    events = await store.read(lambda tx: tx.events.after(0, 50))
    (event,) = (event for event in events if event.kind is Kind.TAKEN_OVER)
    assert event.data["spoken_into"] is True


class Stalling:
    """A store behind which the whole process stands still for ten seconds at each transaction."""

    def __init__(self, store: Store, stalled: Callable[[], None]) -> None:
        self._store = store
        self._stalled = stalled
        self._writes = 0
        self.tried_thrice = asyncio.Event()

    async def write(self, work: Callable[[Transaction], T]) -> T:
        self._writes += 1
        if self._writes == 3:
            self.tried_thrice.set()
        self._stalled()
        return await self._store.write(work)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        return await self._store.read(work)


async def test_a_process_that_stood_still_does_not_take_the_platform_for_hanging(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = await zhou(store)
    spoken = await speak(store, "1", "一")
    on_its_way = await lease(store)
    loop = asyncio.get_running_loop()
    stalls: list[float] = []
    time = loop.time
    monkeypatch.setattr(loop, "time", lambda: time() + sum(stalls))
    stalling = Stalling(store, lambda: stalls.append(10))
    taking = asyncio.create_task(take_over_in_silence(stalling, spoken.id, officer, lambda: NOON))
    tried = asyncio.create_task(stalling.tried_thrice.wait())
    await asyncio.wait({taking, tried}, return_when=asyncio.FIRST_COMPLETED)
    assert not taking.done()
    await settle(store, on_its_way)
    await taking
    events = await store.read(lambda tx: tx.events.after(0, 50))
    (event,) = (event for event in events if event.kind is Kind.TAKEN_OVER)
    assert "spoken_into" not in event.data


async def test_a_lease_that_ran_out_holds_nobody_up(store: Store) -> None:
    officer = await zhou(store)
    spoken = await speak(store, "1", "一")
    await lease(store)
    taken = await store.write(lambda tx: take_over(tx, spoken.id, officer, NOON + LEASE))
    assert taken.epoch == spoken.epoch + 1


async def test_of_many_takers_who_wait_one_wins(store: Store) -> None:
    officer = await zhou(store)
    spoken = await speak(store, "1", "一")
    on_its_way = await lease(store)
    takers = [replace(officer, id=name, username=name) for name in ("zhou", "he")]
    waiting = [
        asyncio.create_task(take_over_in_silence(store, spoken.id, each, lambda: NOON, patience=20))
        for each in takers
    ]
    await settle(store, on_its_way)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Conversation, Superseded}


async def test_two_relays_never_lease_the_same_message(sql_store: SqlStore) -> None:
    for chat in range(40):
        await speak(sql_store, str(chat), "一", "二")
    leased = await asyncio.gather(*(lease(sql_store, limit=7) for _ in range(12)))
    ids = [message.id for batch in leased for message in batch]
    assert len(ids) == len(set(ids)) <= 40
    assert {message.text for batch in leased for message in batch} == {"一"}


EVENING = datetime(2026, 11, 22, 14, tzinfo=UTC)  # ten at night in China
MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past seven


async def hold(store: Store, chat: str, *texts: str, until: datetime = MORNING) -> Conversation:
    """The bot has these lines sent in the morning."""
    opened = await conversation(store, chat)

    def work(tx: Transaction) -> Conversation:
        before = tx.conversations.get(opened.id, lock=True)
        after, _ = say(tx, before, [Line(text) for text in texts], EVENING, hold_until=until)
        tx.conversations.save(after, before.epoch)
        return after

    return await store.write(work)


async def test_what_is_held_goes_out_when_the_quiet_hours_end(store: Store) -> None:
    spoken = await hold(store, "1", "报上去了", "延期了")
    assert await lease(store, MORNING - SECOND) == []
    assert await store.read(lambda tx: tx.outbox.next_due("telegram")) == MORNING
    first = await lease(store, MORNING)
    assert texts(first) == ["报上去了"]
    await settle(store, first)
    assert texts(await lease(store, MORNING)) == ["延期了"]
    turns = await store.read(lambda tx: tx.turns.after(spoken.id, 0))
    assert [turn.at for turn in turns] == [EVENING, EVENING]


async def test_whoever_is_answered_at_night_hears_what_was_held_first(store: Store) -> None:
    await hold(store, "1", "报上去了")
    await hold(store, "2", "给别人的")
    await speak(store, "1", "我在", at=EVENING + SECOND)
    first = await lease(store, EVENING + SECOND)
    assert texts(first) == ["报上去了"]
    await settle(store, first)
    assert texts(await lease(store, EVENING + SECOND)) == ["我在"]
    assert await store.read(lambda tx: tx.outbox.next_due("telegram")) is not None


async def test_what_comes_behind_a_held_line_is_held_with_it(store: Store) -> None:
    await hold(store, "1", "报上去了")
    await hold(store, "1", "有结果了")
    assert await lease(store, MORNING - SECOND) == []
    first = await lease(store, MORNING)
    await settle(store, first)
    assert texts([*first, *await lease(store, MORNING)]) == ["报上去了", "有结果了"]


@pytest.mark.parametrize(("error", "part"), [("flood", 0), (None, 1)])
async def test_what_the_platform_put_off_is_not_hurried(
    store: Store, error: str | None, part: int
) -> None:
    """A platform that said when is obeyed, whatever is said meanwhile."""
    await speak(store, "1", "一")
    (message,) = await lease(store)
    later = NOON + 40 * SECOND
    await store.write(
        lambda tx: tx.outbox.postpone(message.id, later, error, attempts=0, part=part)
    )
    await speak(store, "1", "二", at=NOON + SECOND)
    assert await lease(store, later - SECOND) == []
    assert texts(await lease(store, later)) == ["一"]


async def test_nothing_held_is_told_under_an_officers_hands(store: Store) -> None:
    officer = await zhou(store)
    spoken = await hold(store, "1", "报上去了")
    await store.write(lambda tx: take_over(tx, spoken.id, officer, EVENING))
    (message,) = await lease(store, MORNING)
    assert message.status is Delivery.REFUSED
