"""Time and crowds: reminders once each, joint desks told, the last place taken once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.booking import Appointment, BookingKind, Standing
from casework.booking_slots import key, key_of
from casework.desk import booking as desk
from casework.desk import booking_due, receiving
from casework.desk.booking import FULL, GONE, Outcome
from casework.desk.conversations import take_over
from casework.events import Kind
from casework.ports import Store, Transaction
from casework.turn import Speaker
from handoff_console.booking_clock import BookingClock
from storage.engine import SqlStore, open_store
from tests.storage.appointments import (
    BOOK,
    HOUR,
    MONDAY,
    NINE,
    RULE,
    book,
    booked,
    filed,
    free,
    get,
    happened,
    opened,
    said,
    talk,
)
from tests.storage.people import NOON, cast

DAY = timedelta(days=1)


async def test_a_day_called_off_is_told_once_and_taken_by_nobody(store: Store) -> None:
    await cast(store)
    made = await opened(store)
    monday = await booked(store, "1", key(made.id, NINE))
    tuesday = await booked(store, "2", key(made.id, NINE + timedelta(days=1)))

    def close(tx: Transaction) -> int:
        return receiving.close_day(tx, made.id, MONDAY, tx.people.officer("he"), NOON)

    assert await store.write(close) == 1
    assert await store.write(close) == 0
    assert (await get(store, monday)).standing is Standing.CALLED_OFF
    assert (await get(store, tuesday)).standing is Standing.BOOKED
    assert await book(store, "3", key(made.id, NINE)) == Outcome(None, GONE)
    clock = BookingClock(store, BOOK)
    while await clock.step(NOON):
        pass
    assert len(await said(store, monday.conversation_id)) == 1
    assert "临时取消" in (await said(store, monday.conversation_id))[0]
    assert await said(store, tuesday.conversation_id) == []

    def shut(tx: Transaction) -> int:
        return receiving.close_calendar(tx, made.id, tx.people.officer("he"), NOON)

    assert await store.write(shut) == 1
    assert await free(store) == []


async def test_what_is_held_for_the_morning_is_written_for_the_morning(store: Store) -> None:
    await cast(store)
    made = await opened(store)
    each = await booked(store, "1", key(made.id, NINE))
    night = NINE - 10 * HOUR  # eleven in the evening before

    def close(tx: Transaction) -> int:
        return receiving.close_day(tx, made.id, MONDAY, tx.people.officer("he"), night)

    assert await store.write(close) == 1
    assert await BookingClock(store, BOOK).step(night)
    (text,) = await said(store, each.conversation_id)
    assert "今天上午9:00" in text
    morning = NINE - 1.5 * HOUR
    assert await store.read(lambda tx: tx.outbox.next_due("telegram")) == morning


async def test_reminders_come_once_each_and_the_name_goes(store: Store) -> None:
    await cast(store)
    made = await opened(store, days=(MONDAY + timedelta(days=2),), weekdays=())
    starts = NINE + timedelta(days=2)
    each = await booked(store, "1", key(made.id, starts))
    clock, other = BookingClock(store, BOOK), BookingClock(store, BOOK)
    told: list[int] = []
    for ahead in (25 * HOUR, 24 * HOUR, 3 * HOUR, 2 * HOUR, HOUR, -2 * HOUR, -800 * HOUR):
        now = starts - ahead
        while await clock.step(now) or await other.step(now):
            pass
        told.append(len(await said(store, each.conversation_id)))
    assert told == [0, 1, 1, 2, 2, 2, 2]
    kept = await get(store, each)
    assert (kept.standing, kept.name, kept.next_at) == (Standing.PASSED, "", None)
    assert await happened(store, Kind.APPOINTMENT_REMINDED) == 2


async def test_while_an_officer_speaks_the_reminder_is_said_in_the_hosts_name(
    store: Store,
) -> None:
    await cast(store)
    made = await opened(store)
    each = await booked(store, "1", key(made.id, NINE + timedelta(days=1)))

    def take(tx: Transaction) -> None:
        take_over(tx, each.conversation_id, tx.people.officer("zhou"), NOON)

    await store.write(take)
    assert await BookingClock(store, BOOK).step(NINE)
    turns = await store.read(lambda tx: tx.turns.after(each.conversation_id, 0))
    assert [(turn.speaker, turn.officer_id) for turn in turns] == [(Speaker.OFFICER, "he")]


async def told_about(store: Store, number: str) -> list[str]:
    case = await store.read(lambda tx: tx.cases.get(number))
    return await said(store, case.conversation_id)


async def test_a_joint_desk_is_announced_to_each_reporter_with_their_own_number(
    store: Store,
) -> None:
    await cast(store)
    leading = await filed(store, "0")
    numbers = [leading, *[await filed(store, str(n), joins=leading) for n in range(1, 23)]]
    outside = await filed(store, "99")
    made = await opened(
        store, kind=BookingKind.JOINT_DESK, case_number=numbers[5], host_id=None, capacity=2
    )
    assert made.case_number == leading
    clock = BookingClock(store, BOOK)
    while await clock.step(NOON):
        pass
    for number in numbers:
        (text,) = await told_about(store, number)
        assert [each for each in (*numbers, outside) if each in text] == [number]
    assert await told_about(store, outside) == []
    late = await filed(store, "100", joins=leading)
    while await clock.step(NOON + booking_due.LOOK_AGAIN):
        pass
    assert len(await told_about(store, late)) == 1
    assert await book(store, "99", key(made.id, NINE)) == Outcome(None, GONE)
    each = await booked(store, "100", key(made.id, NINE))
    assert each.case_number == late


async def test_a_joint_desk_of_next_month_is_announced_when_it_can_be_booked(store: Store) -> None:
    """Nobody is told of times they cannot book yet, and later nobody is forgotten."""
    await cast(store)
    leading = await filed(store, "0")
    days = tuple(MONDAY + timedelta(days=each) for each in (35, 36))
    made = await opened(
        store,
        kind=BookingKind.JOINT_DESK,
        case_number=leading,
        host_id=None,
        days=days,
        weekdays=(),
    )
    clock = BookingClock(store, BOOK)
    assert await clock.step(NOON)
    assert await told_about(store, leading) == []
    soon = NOON + timedelta(days=20)
    while await clock.step(soon):
        pass
    assert len(await told_about(store, leading)) == 1
    for at, chat in enumerate("1234"):  # every time is taken, and then one is free again
        await filed(store, chat, joins=leading)
        assert (await book(store, chat, key(made.id, NINE + days_of(at)), soon)).appointment
    while await clock.step(soon + booking_due.LOOK_AGAIN):
        pass
    late = await filed(store, "5", joins=leading)
    taken = await store.read(lambda tx: tx.booking.between([made.id], soon, NINE + 40 * DAY))

    def cancel(tx: Transaction) -> None:
        opened_by = tx.conversations.get(taken[0].conversation_id, lock=True)
        assert desk.cancel(tx, opened_by, taken[0].id, RULE, soon)

    await store.write(cancel)
    while await clock.step(soon + 2 * booking_due.LOOK_AGAIN):
        pass
    assert len(await told_about(store, late)) == 1
    while await clock.step(NINE + 40 * DAY):
        pass
    over = await store.read(lambda tx: tx.booking.calendar(made.id))
    assert over.next_at is None


def days_of(at: int) -> timedelta:
    """The first and second hour of the first day, then of the second."""
    return (35 + at // 2) * DAY + (at % 2) * HOUR


async def test_another_time_that_is_the_same_is_told_once(store: Store) -> None:
    await cast(store)
    made = await opened(store)
    each = await booked(store, "1", key(made.id, NINE))
    later = NINE + timedelta(days=1)

    def move(tx: Transaction) -> Appointment:
        officer = tx.people.officer("he")
        return booking_due.put_off(
            tx, each.id, later, officer, BOOK.appointments, BOOK.booker, NOON
        )

    for _ in range(2):
        assert (await store.write(move)).starts_at == later
    assert len(await said(store, each.conversation_id)) == 1


async def test_who_came_is_not_overwritten_by_who_books_again(sql_store: SqlStore) -> None:
    """The host ticks a resident off while the resident books the next time, in two processes."""
    await cast(sql_store)
    made = await opened(sql_store, capacity=8)
    chats = [str(chat) for chat in range(8)]
    visits = [await booked(sql_store, chat, key(made.id, NINE)) for chat in chats]
    over, tomorrow = NINE + 1.5 * HOUR, key(made.id, NINE + timedelta(days=1))

    def came(visit: Appointment) -> Callable[[Transaction], Appointment]:
        return lambda tx: receiving.say_who_came(
            tx, visit.id, tx.people.officer("he"), RULE, over, came=True
        )

    await asyncio.gather(
        *(sql_store.write(came(visit)) for visit in visits),
        *(book(sql_store, chat, tomorrow, over) for chat in chats),
    )
    for visit in visits:
        assert (await get(sql_store, visit)).standing is Standing.ATTENDED


@pytest.mark.parametrize("capacity", [1, 3])
async def test_the_last_place_has_one_winner(sql_store: SqlStore, capacity: int) -> None:
    """Twelve residents tap at once, in two processes."""
    await cast(sql_store)
    made = await opened(sql_store, capacity=capacity)
    slot = next(iter(await free(sql_store)))
    for chat in range(12):
        await talk(sql_store, str(chat))
    other = open_store(sql_store.url.render_as_string(hide_password=False))
    try:
        done = await asyncio.gather(
            *(
                book(store, str(chat), key_of(slot))
                for chat, store in zip(range(12), [sql_store, other] * 6, strict=True)
            )
        )
    finally:
        await other.close()
    won = [each for each in done if each.appointment is not None]
    assert len(won) == capacity
    assert {each.why for each in done if each.appointment is None} == {FULL}
    serials = {each.appointment.serial for each in won if each.appointment}
    assert serials == set(range(1, capacity + 1))
    kept = await sql_store.read(lambda tx: tx.booking.taken([made.id], NINE, NINE + HOUR))
    assert kept == {(made.id, slot.starts_at): capacity}


async def test_one_resident_who_taps_twice_has_one_place(sql_store: SqlStore) -> None:
    await cast(sql_store)
    made = await opened(sql_store, capacity=5)
    await talk(sql_store, "1")
    done = await asyncio.gather(
        *(book(sql_store, "1", key(made.id, NINE + hours * HOUR)) for hours in (0, 1, 0, 1))
    )
    assert len({each.appointment.id for each in done if each.appointment}) == 1
    taken = await sql_store.read(lambda tx: tx.booking.taken([made.id], NINE, NINE + 3 * HOUR))
    assert sum(taken.values()) == 1


async def test_a_day_called_off_while_somebody_moves_ends_in_one_truth(
    sql_store: SqlStore,
) -> None:
    await cast(sql_store)
    made = await opened(sql_store)
    each = await booked(sql_store, "1", key(made.id, NINE))

    def close(tx: Transaction) -> int:
        return receiving.close_day(tx, made.id, MONDAY, tx.people.officer("he"), NOON)

    tomorrow = key(made.id, NINE + timedelta(days=1))
    await asyncio.gather(sql_store.write(close), book(sql_store, "1", tomorrow, moving=each.id))
    found = await sql_store.read(lambda tx: tx.booking.of_conversation(each.conversation_id))
    expected = [each for each in found if each.standing is Standing.BOOKED]
    assert [one.starts_at for one in expected] == [NINE + timedelta(days=1)]
    assert all(one.starts_at == NINE for one in found if one.standing is Standing.CALLED_OFF)
