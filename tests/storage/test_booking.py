"""Calendars and appointments on every store: places are counted, one winner, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from casework.booking import Appointment, BookingKind, Standing
from casework.booking_slots import key
from casework.desk import bookable, receiving
from casework.desk import booking as desk
from casework.desk.booking import FULL, GONE, TWICE, Outcome
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import Kind
from casework.organisation import Officer, Role, Unit
from casework.ports import Store, Transaction
from casework.tasks import DECISION
from tests.storage.appointments import (
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
    talk,
)
from tests.storage.people import NOON, cast


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


async def test_times_that_are_opened_twice_are_there_once(store: Store) -> None:
    await cast(store)
    made = await opened(store)
    assert await opened(store) == made
    assert (await opened(store, title="另一个接访日")).id != made.id
    assert len(await store.read(lambda tx: tx.booking.calendars())) == 2
