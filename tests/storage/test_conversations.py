"""Conversations and turns: what every store promises."""

import asyncio
from dataclasses import replace

import pytest

from casework.conversation import Holder, HolderKind, hand_off
from casework.desk.conversations import receive, reply, say, take_over
from casework.errors import NotFound, Superseded
from casework.events import Kind
from casework.ports import Store, Transaction
from casework.turn import Button, Line, Media
from tests.storage.people import NOON, SECOND, cast, conversation, line


async def test_a_line_is_stored_once_under_the_next_seq(store: Store) -> None:
    first = await store.write(lambda tx: receive(tx, line("你好", "1")))
    again = await store.write(lambda tx: receive(tx, line("你好", "1")))
    second = await store.write(lambda tx: receive(tx, line("欠我工资", "2")))

    assert [first[2], again[2], second[2]] == [True, False, True]
    assert again[1].id == first[1].id
    turns = await store.read(lambda tx: tx.turns.after(first[0].id, 0))
    assert [(t.seq, t.text) for t in turns] == [(1, "你好"), (2, "欠我工资")]


async def test_everything_that_hangs_on_a_line_comes_back(store: Store) -> None:
    photo = Media("f" * 32, "photo", "灯.jpg", "image/jpeg", 12)
    given = replace(
        line("看", "1"),
        media=(photo,),
        location=(30.5, 104.25),
        contact="10086",
        edits="0",
        button="file",
        start="digest",
    )
    found, turn, _ = await store.write(lambda tx: receive(tx, given))

    stored = await store.read(lambda tx: tx.turns.get(turn.id))
    assert stored == turn
    assert (stored.media, stored.location, stored.edits) == ((photo,), (30.5, 104.25), "0")
    assert (stored.button, stored.start, stored.contact) == ("file", "digest", "10086")
    assert await store.read(lambda tx: tx.files.get(photo.id)) == (photo, found.id)


async def test_lines_are_decided_oldest_first_and_once(store: Store) -> None:
    found, first, _ = await store.write(lambda tx: receive(tx, line("一", "1")))
    _, second, _ = await store.write(lambda tx: receive(tx, line("二", "2")))

    assert await store.read(lambda tx: tx.turns.oldest_unhandled(found.id)) == first
    assert await store.write(lambda tx: tx.turns.mark_handled(first.id, NOON))
    assert not await store.write(lambda tx: tx.turns.mark_handled(first.id, NOON))
    assert await store.read(lambda tx: tx.turns.oldest_unhandled(found.id)) == second
    behind = await store.read(lambda tx: tx.turns.conversations_with_unhandled(NOON + SECOND, 9))
    assert behind == [found.id]
    early = await store.read(lambda tx: tx.turns.conversations_with_unhandled(NOON, 9))
    assert early == []


async def test_what_a_failed_transaction_did_is_gone(store: Store) -> None:
    opened = await conversation(store)

    def work(tx: Transaction) -> None:
        after, _ = say(tx, opened, [Line("不该有")], NOON)
        tx.conversations.save(after, opened.epoch)
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        await store.write(work)
    assert await store.read(lambda tx: tx.conversations.get(opened.id)) == opened
    assert await store.read(lambda tx: tx.turns.after(opened.id, 0)) == []


async def test_one_failing_among_many_leaves_the_others(store: Store) -> None:
    opened = [await conversation(store, chat=str(n)) for n in range(12)]

    async def speak(number: int) -> None:
        def work(tx: Transaction) -> None:
            before = tx.conversations.get(opened[number].id, lock=True)
            after, _ = say(tx, before, [Line(f"第{number}句")], NOON)
            tx.conversations.save(after, before.epoch)
            if number % 3 == 0:
                raise RuntimeError(number)

        await store.write(work)

    outcomes = await asyncio.gather(*(speak(n) for n in range(12)), return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if outcome is not None] == [0, 3, 6, 9]
    for number, each in enumerate(opened):
        stored = await store.read(lambda tx, each=each: tx.turns.after(each.id, 0))  # type: ignore[misc]
        assert len(stored) == (0 if number % 3 == 0 else 1)


async def test_a_save_under_an_older_epoch_is_refused(store: Store) -> None:
    opened = await conversation(store)
    handed = hand_off(opened, "asked", NOON)
    await store.write(lambda tx: tx.conversations.save(handed, opened.epoch))

    with pytest.raises(Superseded) as refused:
        await store.write(lambda tx: tx.conversations.save(opened, opened.epoch))
    assert (refused.value.holder, refused.value.epoch) == (Holder(HolderKind.QUEUE), 2)


async def test_twenty_takers_one_winner(store: Store) -> None:
    await cast(store)
    opened = await conversation(store)
    zhou = await store.read(lambda tx: tx.people.officer("zhou"))
    takers = [replace(zhou, id=f"o{n}", username=f"o{n}") for n in range(20)]

    def hire(tx: Transaction) -> None:
        for each in takers:
            tx.people.add_officer(each)

    await store.write(hire)

    outcomes = await asyncio.gather(
        *(
            store.write(lambda tx, each=each: take_over(tx, opened.id, each, NOON))  # type: ignore[misc]
            for each in takers
        ),
        return_exceptions=True,
    )
    winners = [each for each in outcomes if not isinstance(each, BaseException)]
    assert len(winners) == 1
    losers = [each for each in outcomes if isinstance(each, BaseException)]
    assert all(isinstance(each, Superseded) for each in losers)
    events = await store.read(lambda tx: tx.events.after(0, 100))
    assert [each.kind for each in events].count(Kind.TAKEN_OVER) == 1


async def test_the_same_reply_twice_is_one_turn(store: Store) -> None:
    await cast(store)
    opened = await conversation(store)
    zhou = await store.read(lambda tx: tx.people.officer("zhou"))
    taken = await store.write(lambda tx: take_over(tx, opened.id, zhou, NOON))
    words = Line("我是小周", buttons=(Button("好", "ok"),))

    once = await store.write(lambda tx: reply(tx, opened.id, zhou, taken.epoch, words, "k", NOON))
    twice = await store.write(lambda tx: reply(tx, opened.id, zhou, taken.epoch, words, "k", NOON))
    assert once[1].id == twice[1].id
    he = await store.read(lambda tx: tx.people.officer("he"))
    with pytest.raises(Superseded):
        await store.write(lambda tx: reply(tx, opened.id, he, taken.epoch, words, "x", NOON))


async def test_one_chat_opened_many_times_at_once_is_one_conversation(store: Store) -> None:
    outcomes = await asyncio.gather(
        *(store.write(lambda tx, n=n: receive(tx, line("喂", f"k{n}"))) for n in range(10))  # type: ignore[misc]
    )
    assert len({found.id for found, _, _ in outcomes}) == 1
    assert sorted(turn.seq for _, turn, _ in outcomes) == list(range(1, 11))


async def test_a_chat_that_moved_is_found_under_its_new_id(store: Store) -> None:
    opened = await conversation(store, chat="-5")
    assert await store.write(lambda tx: tx.conversations.move_chat("telegram", "-5", "-1005")) == 1
    moved = await store.read(lambda tx: tx.conversations.of_chat("telegram", "-1005"))
    assert moved is not None
    assert moved.id == opened.id
    assert await store.read(lambda tx: tx.conversations.of_chat("telegram", "-5")) is None


async def test_unknown_ids_are_not_found(store: Store) -> None:
    for missing in (
        lambda tx: tx.conversations.get("x"),
        lambda tx: tx.turns.get("x"),
        lambda tx: tx.cases.get("x"),
        lambda tx: tx.people.officer("x"),
        lambda tx: tx.groups.get("x"),
        lambda tx: tx.files.get("x"),
    ):
        with pytest.raises(NotFound):
            await store.read(missing)
