"""Calendars and appointments on every store: places are counted, one winner, told once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from casework.booking import Appointment, BookingKind, Calendar, Standing
from casework.booking_slots import Slot, key, key_of
from casework.case import SlotValue
from casework.conversation import Conversation
from casework.desk import bookable, booking_due, receiving
from casework.desk import booking as desk
from casework.desk import cases as case_desk
from casework.desk.booking import FULL, GONE, TWICE, Outcome
from casework.desk.conversations import open_conversation, take_over
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import Kind
from casework.organisation import Officer, Role, Unit
from casework.ports import Store, Transaction
from casework.tasks import DECISION
from casework.turn import Speaker
from casework.working_calendar import CHINA
from config.load import load_book
from handoff_console.booking_clock import BookingClock
from storage.engine import SqlStore, open_store
from tests.storage.people import NOON, cast

MONDAY = date(2026, 11, 23)
NINE = datetime.combine(MONDAY, time(9), CHINA)
HOUR = timedelta(hours=1)
BOOK = load_book()
RULE = BOOK.booking.rule


def given(**changed: object) -> Calendar:
    """Mondays and Tuesdays, nine to eleven."""
    plain = Calendar(
        id="",
        kind=BookingKind.RECEPTION,
        title="领导接访日",
        unit_id="s",
        spans=((540, 660),),
        slot_minutes=60,
        opened_by="",
        opened_at=NOON,
        first_day=MONDAY,
        weekdays=(0, 1),
        host_id="he",
        place="接待室",
        materials=("身份证",),
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


async def opened(store: Store, by: str = "he", **changed: object) -> Calendar:
    def work(tx: Transaction) -> Calendar:
        return receiving.open_calendar(tx, given(**changed), tx.people.officer(by), NOON)

    return await store.write(work)


async def talk(store: Store, chat: str = "42", channel: str = "telegram") -> Conversation:
    return await store.write(lambda tx: open_conversation(tx, channel, chat, "李", NOON))


async def book(
    store: Store, chat: str, at: str, now: datetime = NOON, moving: str | None = None
) -> Outcome:
    """A resident of this chat books the slot of this key."""

    def work(tx: Transaction) -> Outcome:
        found = open_conversation(tx, "telegram", chat, "李", now)
        held = tx.conversations.get(found.id, lock=True)
        return desk.book(tx, held, at, BOOK.booker, now, name="李", moving=moving)

    return await store.write(work)


async def free(store: Store, now: datetime = NOON) -> list[Slot]:
    def work(tx: Transaction) -> list[Slot]:
        return bookable.free_slots(tx, tx.booking.calendars(), BOOK.booker, now)

    return await store.read(work)


async def get(store: Store, appointment: Appointment | None) -> Appointment:
    assert appointment is not None
    return await store.read(lambda tx: tx.booking.get(appointment.id))


async def happened(store: Store, kind: Kind) -> int:
    events = await store.read(lambda tx: tx.events.after(0, 1000))
    return sum(event.kind is kind for event in events)


async def filed(store: Store, chat: str, *, restricted: bool = False, joins: str = "") -> str:
    """A case of this chat."""

    def work(tx: Transaction) -> str:
        found = open_conversation(tx, "telegram", chat, "李", NOON)
        slots = {"place": SlotValue("翠湖花园")}
        opening = case_desk.Opening("housing_developer", slots, "办证", restricted=restricted)
        case = case_desk.draft(tx, found, opening, NOON)
        case = case_desk.file(tx, case.number, BOOK, NOON)
        if joins:
            tx.cases.save(replace(case, joined=joins), NOON)
        known = replace(found, has_cases=True, unit_id=case.unit_id)
        tx.conversations.save(known, found.epoch)
        return case.number

    return await store.write(work)


async def test_what_is_stored_comes_back(store: Store) -> None:
    await cast(store)
    number = await filed(store, "7")
    made = await opened(
        store,
        kind=BookingKind.JOINT_DESK,
        case_number=number,
        days=(MONDAY,),
        closed_days=(MONDAY + timedelta(days=1),),
        day_cap=5,
        last_day=date(2026, 12, 31),
        categories=("housing_developer",),
    )
    assert await store.read(lambda tx: tx.booking.calendar(made.id)) == made
    assert await store.read(lambda tx: tx.booking.calendars(case_number=number)) == [made]
    assert await store.read(lambda tx: tx.booking.calendars(kind="reception")) == []
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.booking.calendar("nothing"))
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.booking.get("nothing"))
    done = await book(store, "7", key(made.id, NINE))
    kept = await get(store, done.appointment)
    assert kept == done.appointment
    assert (kept.case_number, kept.serial, kept.name) == (number, 1, "李")
    taken = await store.read(lambda tx: tx.booking.taken([made.id], NINE, NINE + HOUR))
    assert taken == {(made.id, NINE): 1}
    assert await store.read(lambda tx: tx.booking.taken([made.id], NINE + HOUR, NINE + HOUR)) == {}
    assert await store.write(lambda tx: tx.booking.forget(kept.conversation_id)) == 1
    assert (await get(store, kept)).name == ""


async def test_a_full_slot_is_refused_and_a_cancelled_place_is_free_again(store: Store) -> None:
    await cast(store)
    made = await opened(store)
    first = await book(store, "1", key(made.id, NINE))
    assert first.appointment is not None
    assert (await book(store, "2", key(made.id, NINE))) == Outcome(None, FULL)
    assert NINE not in [slot.starts_at for slot in await free(store)]

    def cancel(tx: Transaction) -> Appointment | None:
        held = tx.conversations.get(first.appointment.conversation_id, lock=True)  # type: ignore[union-attr]
        return desk.cancel(tx, held, first.appointment.id, RULE, NOON)  # type: ignore[union-attr]

    gone = await store.write(cancel)
    assert gone is not None
    assert gone.standing is Standing.CANCELLED
    assert await store.write(cancel) is None
    second = await book(store, "2", key(made.id, NINE))
    assert second.appointment is not None
    assert second.appointment.serial == 2


async def test_one_of_a_kind_for_each_resident(store: Store) -> None:
    await cast(store)
    leaders, lawyers = await opened(store), await opened(store, kind=BookingKind.ADVISER)
    first = await book(store, "1", key(leaders.id, NINE))
    again = await book(store, "1", key(leaders.id, NINE + HOUR))
    assert (again.appointment, again.why) == (first.appointment, TWICE)
    assert (await book(store, "1", key(leaders.id, NINE))) == Outcome(first.appointment)
    assert (await book(store, "1", key(lawyers.id, NINE))).appointment is not None
    over = NINE + 2 * HOUR
    later = await book(store, "1", key(leaders.id, NINE + timedelta(days=1)), now=over)
    assert later.appointment is not None
    assert (await get(store, first.appointment)).standing is Standing.PASSED


async def test_moving_gives_up_the_old_place_only_for_a_new_one(store: Store) -> None:
    await cast(store)
    made, other = await opened(store, day_cap=2), await opened(store)
    first = (await book(store, "1", key(made.id, NINE))).appointment
    second = (await book(store, "2", key(made.id, NINE + HOUR))).appointment
    assert first is not None
    assert second is not None
    full = await book(store, "1", key(made.id, NINE + HOUR), moving=first.id)
    assert full == Outcome(None, FULL)
    assert (await get(store, first)).starts_at == NINE
    moved = await book(store, "1", key(other.id, NINE), moving=first.id)
    assert moved.appointment is not None
    assert (moved.appointment.id, moved.appointment.calendar_id) == (first.id, other.id)
    assert (moved.appointment.moves, moved.appointment.serial) == (1, 1)
    back = await book(store, "2", key(made.id, NINE), moving=second.id)
    assert back.appointment is not None
    assert back.appointment.starts_at == NINE


@pytest.mark.parametrize("wrong", ["", "nothing:5", "x", "past", "between", "closed"])
async def test_no_such_time_is_gone(store: Store, wrong: str) -> None:
    await cast(store)
    made = await opened(store, closed_days=(MONDAY,))
    named = {
        "past": key(made.id, NINE - timedelta(days=7)),
        "between": key(made.id, NINE + timedelta(days=1, minutes=30)),
        "closed": key(made.id, NINE),
    }
    assert await book(store, "1", named.get(wrong, wrong)) == Outcome(None, GONE)


async def test_a_calendar_of_elsewhere_is_not_offered(store: Store) -> None:
    await cast(store)

    def other(tx: Transaction) -> None:
        tx.people.add_unit(Unit("t", "street", "和平街道"))
        tx.people.add_officer(Officer("tina", "tina", "田娜", Role.STREET, "t"))

    await store.write(other)
    here, there = await opened(store), await opened(store, by="tina", unit_id="t", host_id="tina")
    await filed(store, "1")
    found = await talk(store, "1")

    def offered(tx: Transaction) -> list[str]:
        return [c.id for c in bookable.calendars_for(tx, found, BookingKind.RECEPTION)]

    assert await store.read(offered) == [here.id]
    assert await book(store, "1", key(there.id, NINE)) == Outcome(None, GONE)
    stranger = await talk(store, "2")
    assert len(await store.read(lambda tx: bookable.calendars_for(tx, stranger, here.kind))) == 2


async def test_who_may_open_and_keep_a_calendar(store: Store) -> None:
    await cast(store)

    def more(tx: Transaction) -> None:
        tx.people.add_officer(Officer("aud", "aud", "审计", Role.AUDITOR, "s"))
        tx.people.add_officer(Officer("host", "host", "书记", Role.GRID, "g"))

    await store.write(more)
    for by in ("aud", "zhou"):  # a grid worker does not cover the street
        with pytest.raises(NotAllowed):
            await opened(store, by=by)
    with pytest.raises(Incomplete):
        await opened(store, unit_id="nowhere")
    with pytest.raises(Incomplete):
        await opened(store, host_id="nobody")
    made = await opened(store, host_id="host")
    done = await book(store, "1", key(made.id, NINE))

    async def came(by: str, now: datetime = NINE) -> Appointment:
        def work(tx: Transaction) -> Appointment:
            assert done.appointment is not None
            who = tx.people.officer(by)
            return receiving.say_who_came(tx, done.appointment.id, who, RULE, now, came=True)

        return await store.write(work)

    with pytest.raises(NotAllowed):
        await came("zhou")
    with pytest.raises(NotAllowed):
        await came("host", NOON)  # the day before
    assert (await came("host")).standing is Standing.ATTENDED
    await came("he")
    assert await happened(store, Kind.APPOINTMENT_ATTENDED) == 1


async def booked(store: Store, chat: str, at: str) -> Appointment:
    done = await book(store, chat, at)
    assert done.appointment is not None, done
    return done.appointment


async def test_a_decision_with_a_date_becomes_a_task(store: Store) -> None:
    await cast(store)
    number = await filed(store, "1")
    made = await opened(store)
    each = await booked(store, "1", key(made.id, NINE))
    due = NINE + timedelta(days=7)
    decision = "一周内办好，电话13800138000"
    held = receiving.Held("housing_developer", 3, decision, each.id, due_at=due)

    def work(tx: Transaction) -> str:
        return receiving.record(tx, held, tx.people.officer("he"), RULE, NINE).task_id or ""

    task_id = await store.write(work)
    task = await store.read(lambda tx: tx.tasks.get(task_id))
    owner = (await store.read(lambda tx: tx.cases.get(number))).owner_id
    assert (task.kind, task.officer_id, task.case_number) == (DECISION, owner, number)
    assert task.due_at == due
    kept = await store.read(lambda tx: tx.booking.reception_of(each.id))
    assert kept is not None
    assert (kept.leader_id, kept.people, kept.day, kept.task_id) == ("he", 3, MONDAY, task_id)
    assert "13800138000" not in kept.decision
    assert (await get(store, each)).standing is Standing.ATTENDED
    with pytest.raises(NotAllowed):
        await store.write(work)


async def test_a_walk_in_is_recorded_and_needs_a_case_to_be_due(store: Store) -> None:
    await cast(store)
    made = await opened(store)
    held = receiving.Held("consumer", 1, "当场说清", calendar_id=made.id)

    def work(tx: Transaction, held: receiving.Held = held) -> bool:
        return receiving.record(tx, held, tx.people.officer("he"), RULE, NINE).task_id is None

    assert await store.write(work)
    late = replace(held, due_at=NINE + HOUR)
    with pytest.raises(Incomplete):
        await store.write(lambda tx: work(tx, late))


async def test_a_day_called_off_is_told_once_and_taken_by_nobody(store: Store) -> None:
    await cast(store)
    made = await opened(store)
    monday = await booked(store, "1", key(made.id, NINE))
    tuesday = await booked(store, "2", key(made.id, NINE + timedelta(days=1)))

    def close(tx: Transaction) -> int:
        return receiving.close_day(tx, made.id, MONDAY, tx.people.officer("he"), RULE, NOON)

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
        return receiving.close_calendar(tx, made.id, tx.people.officer("he"), RULE, NOON)

    assert await store.write(shut) == 1
    assert await free(store) == []


async def said(store: Store, conversation_id: str) -> list[str]:
    turns = await store.read(lambda tx: tx.turns.after(conversation_id, 0))
    return [turn.text for turn in turns if turn.speaker is not Speaker.RESIDENT]


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
        case = await store.read(lambda tx, number=number: tx.cases.get(number))
        (text,) = await said(store, case.conversation_id)
        assert [each for each in (*numbers, outside) if each in text] == [number]
    case = await store.read(lambda tx: tx.cases.get(outside))
    assert await said(store, case.conversation_id) == []
    late = await filed(store, "100", joins=leading)
    while await clock.step(NOON + booking_due.LOOK_AGAIN):
        pass
    case = await store.read(lambda tx: tx.cases.get(late))
    assert len(await said(store, case.conversation_id)) == 1
    assert await book(store, "99", key(made.id, NINE)) == Outcome(None, GONE)
    each = await booked(store, "100", key(made.id, NINE))
    assert each.case_number == late


async def test_a_joint_desk_is_not_opened_for_what_is_restricted(store: Store) -> None:
    await cast(store)
    number = await filed(store, "0", restricted=True)
    with pytest.raises(NotFound):
        await opened(store, kind=BookingKind.JOINT_DESK, case_number=number)


async def test_a_matter_told_later_is_linked(store: Store) -> None:
    await cast(store)
    made = await opened(store)
    each = await booked(store, "1", key(made.id, NINE))
    number = await filed(store, "1")
    assert await store.write(lambda tx: desk.link(tx, number, NOON)) == 1
    assert (await get(store, each)).case_number == number
    secret = await filed(store, "2", restricted=True)
    await booked(store, "2", key(made.id, NINE + HOUR))
    assert await store.write(lambda tx: desk.link(tx, secret, NOON)) == 0


@pytest.mark.parametrize("capacity", [1, 3])
async def test_the_last_place_has_one_winner(sql_store: SqlStore, capacity: int) -> None:
    """Twelve residents tap at once, in two processes."""
    await cast(sql_store)
    made = await opened(sql_store, capacity=capacity)
    slot = next(iter(await free(sql_store)))
    for chat in range(12):
        await talk(sql_store, str(chat))
    other = open_store(sql_store.url)
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
        return receiving.close_day(tx, made.id, MONDAY, tx.people.officer("he"), RULE, NOON)

    tomorrow = key(made.id, NINE + timedelta(days=1))
    await asyncio.gather(sql_store.write(close), book(sql_store, "1", tomorrow, moving=each.id))
    found = await sql_store.read(lambda tx: tx.booking.of_conversation(each.conversation_id))
    expected = [each for each in found if each.standing is Standing.BOOKED]
    assert [one.starts_at for one in expected] == [NINE + timedelta(days=1)]
    assert all(one.starts_at == NINE for one in found if one.standing is Standing.CALLED_OFF)
