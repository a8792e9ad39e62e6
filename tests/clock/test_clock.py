"""What happens because nobody did anything: at its time, once, and told."""

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta

from casework.case import Status
from casework.clocks import ARCHIVE_AFTER
from casework.conversation import BOT, QUEUE
from casework.desk import cases as desk
from casework.desk.clock import SILENCE, file_silent_draft, keep_time
from casework.desk.conversations import hand_off, receive, release
from casework.effects import ANSWER_WAIT
from casework.events import Kind
from casework.ports import Transaction
from casework.turn import Inbound
from config.digest_words import load_digest_words
from config.load import Book
from handoff_console.case_clock import REFUSED_REST
from handoff_console.clock import LONGEST_PAUSE, SHORTEST_PAUSE, Clockwork
from handoff_console.digests import DigestDesk
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction
from tests.clock.street import GINA, MINUTE, NOW, STAN, Street

WEEK = timedelta(days=7)
TICK = timedelta(microseconds=1)


async def drain(clock: Clockwork, now: datetime) -> int:
    """Tick until nothing is left; how many things were done."""
    done = 0
    while await clock.tick(now):
        done += 1
        assert done < 100
    return done


async def test_nothing_to_do(clock: Clockwork) -> None:
    assert not await clock.tick(NOW)


async def test_a_silent_draft_is_filed_after_ten_minutes(clock: Clockwork, street: Street) -> None:
    case = await street.draft("7", NOW)
    assert await drain(clock, NOW + SILENCE - TICK) == 0
    assert await drain(clock, NOW + SILENCE) == 1
    filed = await street.case(case.number)
    assert filed.status is Status.DISPATCHED
    assert filed.filed_at == NOW + SILENCE
    assert await street.kinds(case.number) == [Kind.CASE_DRAFTED, Kind.CASE_FILED]


async def test_the_resident_learns_number_owner_and_when(clock: Clockwork, street: Street) -> None:
    case = await street.draft("7", NOW)
    await drain(clock, NOW + SILENCE)
    (told,) = await street.said(case)
    for word in (case.number, GINA.name, "明天17:", "11月29日", "要改"):
        assert word in told


async def test_it_leaves_through_the_outbox_under_the_epoch(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    case = await street.draft("7", NOW)
    now = NOW + SILENCE
    await drain(clock, now)
    (message,) = await store.write(
        lambda tx: tx.outbox.lease_due("telegram", now, now + MINUTE, 10)
    )
    assert (message.chat, message.conversation_id) == ("7", case.conversation_id)
    assert message.epoch == 1


async def test_a_pulled_channel_is_told_too(clock: Clockwork, street: Street) -> None:
    case = await street.draft("7", NOW, channel="webchat")
    await drain(clock, NOW + SILENCE)
    assert len(await street.said(case)) == 1


async def test_a_change_starts_the_silence_anew(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    case = await street.draft("7", NOW)
    later = NOW + 9 * MINUTE
    await store.write(lambda tx: desk.amend(tx, case.number, desk.Change({}), later))
    assert await drain(clock, NOW + SILENCE) == 0
    assert await drain(clock, later + SILENCE) == 1


async def test_who_is_still_talking_is_not_silent(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    case = await street.draft("7", NOW)
    later = NOW + 9 * MINUTE
    line = Inbound("telegram", "again", "7", later, text="等等")
    _, turn, _ = await store.write(lambda tx: receive(tx, line))
    await store.write(lambda tx: tx.turns.mark_handled(turn.id, later))
    assert await drain(clock, NOW + SILENCE) == 0
    assert await drain(clock, later + SILENCE) == 1
    assert (await street.case(case.number)).status is Status.DISPATCHED


async def test_an_undecided_line_comes_first(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    await street.draft("7", NOW)
    line = Inbound("telegram", "again", "7", NOW + MINUTE, text="不对，是二期")
    _, turn, _ = await store.write(lambda tx: receive(tx, line))
    much_later = NOW + 60 * MINUTE
    assert await drain(clock, much_later) == 0
    await store.write(lambda tx: tx.turns.mark_handled(turn.id, much_later))
    assert await drain(clock, much_later + MINUTE) == 1


async def test_a_draft_in_the_queue_is_filed_as_well(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    case = await street.draft("7", NOW)

    def ask_for_a_human(tx: Transaction) -> None:
        before = tx.conversations.get(case.conversation_id, lock=True)
        tx.conversations.save(hand_off(tx, before, "asked", NOW), before.epoch)

    await store.write(ask_for_a_human)
    await drain(clock, NOW + SILENCE)
    after = await store.read(lambda tx: tx.conversations.get(case.conversation_id))
    assert after.holder == QUEUE
    assert after.waiting_since == NOW
    assert len(await street.said(case)) == 1


async def test_what_an_officer_has_on_screen_is_left_alone(
    clock: Clockwork, street: Street
) -> None:
    case = await street.draft("7", NOW)
    await street.take(case, NOW)
    assert await drain(clock, NOW + WEEK) == 0
    assert (await street.case(case.number)).status is Status.DRAFT
    assert await street.said(case) == []


async def test_a_result_nobody_answers_lapses_after_seven_days(
    clock: Clockwork, street: Street
) -> None:
    case = await street.resolved(await street.filed("7", NOW), NOW)
    assert await drain(clock, NOW + ANSWER_WAIT - TICK) == 0
    assert await drain(clock, NOW + ANSWER_WAIT) == 1
    closed = await street.case(case.number)
    assert (closed.status, closed.rating) == (Status.CONFIRMED, None)
    assert closed.closed_at == NOW + ANSWER_WAIT
    assert (await street.kinds(case.number))[-1] is Kind.CASE_LAPSED
    assert case.number in (await street.said(case))[-1]


async def test_an_answer_is_an_answer(clock: Clockwork, street: Street, store: SqlStore) -> None:
    case = await street.resolved(await street.filed("7", NOW), NOW)
    await store.write(lambda tx: desk.rate(tx, case.number, street.book, NOW + MINUTE, score=2))
    assert await drain(clock, NOW + ANSWER_WAIT) == 0
    assert (await street.case(case.number)).status is Status.CONFIRMED


async def test_what_is_closed_is_put_away_ten_days_later(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    case = await street.resolved(await street.filed("7", NOW), NOW)
    await store.write(lambda tx: desk.rate(tx, case.number, street.book, NOW, score=5))
    said = await street.said(case)
    assert await drain(clock, NOW + ARCHIVE_AFTER - TICK) == 0
    assert await drain(clock, NOW + ARCHIVE_AFTER) == 1
    assert (await street.case(case.number)).status is Status.ARCHIVED
    assert (await street.kinds(case.number))[-1] is Kind.CASE_ARCHIVED
    assert await street.said(case) == said
    assert await drain(clock, NOW + 99 * ARCHIVE_AFTER) == 0


async def test_nothing_lapses_under_an_officers_hands(clock: Clockwork, street: Street) -> None:
    case = await street.resolved(await street.filed("7", NOW), NOW)
    await street.take(case, NOW + MINUTE)
    assert await drain(clock, NOW + 2 * ANSWER_WAIT) == 0


async def test_nothing_lapses_while_the_resident_waits_for_a_human(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    case = await street.resolved(await street.filed("7", NOW), NOW)

    def ask_for_a_human(tx: Transaction) -> int:
        before = tx.conversations.get(case.conversation_id, lock=True)
        tx.conversations.save(hand_off(tx, before, "asked", NOW), before.epoch)
        return before.epoch + 1

    epoch = await store.write(ask_for_a_human)
    much_later = NOW + 2 * ANSWER_WAIT
    stored = await street.case(case.number)
    assert await drain(clock, much_later) == 0
    assert not await store.write(
        lambda tx: keep_time(tx, case.number, stored.version, street.book, much_later)
    )
    await street.take(case, much_later)
    await store.write(
        lambda tx: release(tx, case.conversation_id, STAN, epoch + 1, BOT, much_later)
    )
    assert await drain(clock, much_later + REFUSED_REST) == 1
    assert (await street.case(case.number)).status is Status.CONFIRMED


async def test_the_verbs_refuse_what_changed_since_it_was_found(
    street: Street, store: SqlStore
) -> None:
    book = street.book
    drafted = await street.draft("7", NOW)
    done = await street.resolved(await street.filed("8", NOW), NOW)
    filed = await street.filed("9", NOW)
    late = NOW + 2 * WEEK

    def work(tx: Transaction) -> list[bool]:
        return [
            file_silent_draft(tx, drafted.number, drafted.version + 1, book, late),
            keep_time(tx, done.number, done.version - 1, book, late),
            keep_time(tx, filed.number, filed.version + 1, book, late),
            # Found rightly, but not what the verb is for.
            file_silent_draft(tx, filed.number, filed.version, book, late),
            keep_time(tx, drafted.number, drafted.version, book, late),
        ]

    assert await store.write(work) == [False] * 5


async def test_one_case_that_fails_does_not_stop_the_others(
    clock: Clockwork, street: Street, store: SqlStore
) -> None:
    broken = await street.draft("7", NOW)
    whole = await street.draft("8", NOW + MINUTE)

    def mistake(tx: Transaction) -> None:
        stored = tx.cases.get(broken.number, lock=True)
        tx.cases.save(replace(stored, category="no_such_category"), NOW)

    await store.write(mistake)
    assert await drain(clock, NOW + 30 * MINUTE) == 1
    assert (await street.case(whole.number)).status is Status.DISPATCHED
    assert (await street.case(broken.number)).status is Status.DRAFT


async def test_expired_logins_are_forgotten(clock: Clockwork, store: SqlStore) -> None:
    def log_in(tx: SqlTransaction) -> None:
        people = tx.people
        people.add_session("old", STAN.id, "x", NOW - MINUTE)
        people.add_session("new", STAN.id, "x", NOW + MINUTE)

    await store.write(log_in)
    assert await drain(clock, NOW) == 1
    assert await store.read(lambda tx: tx.people.session("old", NOW - 2 * MINUTE)) is None
    assert await store.read(lambda tx: tx.people.session("new", NOW)) is not None


async def test_lines_left_undecided_are_taken_up_but_not_all_the_time(
    store: SqlStore, book: Book
) -> None:
    asked: list[datetime] = []

    async def sweep(now: datetime) -> int:
        asked.append(now)
        return 3

    digest_desk = DigestDesk(store, load_digest_words(book.categories))
    clock = Clockwork(store, book, digest_desk, time(18), sweep=sweep)
    seconds = [0.0, 0.1, 4.9, 5.0, 7.0, 10.0]
    found = [await clock.tick(NOW + timedelta(seconds=each)) for each in seconds]
    assert found == [True, False, False, True, False, True]
    assert len(asked) == 3


async def test_it_wakes_at_the_next_known_moment(clock: Clockwork, street: Street) -> None:
    assert await clock.pause(NOW) == LONGEST_PAUSE
    await street.draft("7", NOW)
    assert await clock.pause(NOW) == LONGEST_PAUSE
    soon = NOW + SILENCE - timedelta(seconds=2)
    assert await clock.pause(soon) == 2
    await street.filed("8", NOW - WEEK + timedelta(seconds=1))
    await drain(clock, NOW)
    assert await clock.pause(NOW) == 1
    assert await clock.pause(NOW + timedelta(seconds=0.999)) == SHORTEST_PAUSE
    await street.bind("street", NOW + timedelta(seconds=0.5))
    assert await clock.pause(NOW) == 0.5
    resolved = await street.resolved(await street.filed("9", NOW), NOW)
    assert resolved.status is Status.DONE_WAIT
    assert await clock.pause(NOW + ANSWER_WAIT - timedelta(seconds=3)) == 3


async def test_the_loop_works_until_it_is_told_to_stop(clock: Clockwork, street: Street) -> None:
    case = await street.draft("7", NOW)
    stop = asyncio.Event()
    filed = asyncio.Event()
    street.store.watch(lambda done: filed.set() if done.events else None)
    running = asyncio.create_task(clock.run(stop, lambda: NOW + SILENCE))
    await asyncio.wait_for(filed.wait(), 60)
    stop.set()
    await asyncio.wait_for(running, 60)
    assert (await street.case(case.number)).status is Status.DISPATCHED
