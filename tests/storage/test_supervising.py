"""Verbs of supervision, and their clock, on every store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from casework.case import Case, Status, Supervision
from casework.desk import supervision
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import Kind
from casework.ports import Store, Transaction
from casework.roster import Absence
from casework.supervision import State
from casework.working_calendar import CHINA
from handoff_console.supervision_clock import SupervisionClock
from tests.storage.glances import stepped
from tests.storage.people import NOON
from tests.storage.watchers import (
    BOOK,
    DAY,
    a_case,
    issued,
    of_kind,
    order,
    street,
    turns_said,
    who,
)


async def test_a_slip_from_issue_to_close(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    slip = await issued(store, case)
    assert slip.number == "督〔2026〕1号"
    assert slip.due_at == datetime(2026, 11, 27, 16, tzinfo=UTC)  # the end of Friday
    now_case = await store.read(lambda tx: tx.cases.get(case.number))
    assert now_case.supervision is Supervision.ORDINARY
    zhou, du = await who(store, "zhou"), await who(store, "du")
    await store.write(lambda tx: supervision.answer(tx, slip.id, "去过了", zhou, NOON + DAY))
    back = await store.write(
        lambda tx: supervision.send_back(
            tx, slip.id, "请写明哪天修", 2, du, BOOK.watch.slips, BOOK, NOON + DAY
        )
    )
    assert back.state is State.ASKED
    await store.write(lambda tx: supervision.answer(tx, slip.id, "周三修", zhou, NOON + 2 * DAY))
    done = await store.write(lambda tx: supervision.accept(tx, slip.id, du, NOON + 3 * DAY))
    assert (done.state, len(done.answers), done.version) == (State.CLOSED, 2, 5)
    assert await turns_said(store, case) == 0  # nothing of it goes to the resident
    kinds = [e.kind for e in await store.read(lambda tx: tx.events.of_case(case.number))]
    assert kinds == [
        Kind.SLIP_ISSUED,
        Kind.SLIP_ANSWERED,
        Kind.SLIP_SENT_BACK,
        Kind.SLIP_ANSWERED,
        Kind.SLIP_CLOSED,
    ]


async def test_nobody_is_supervised_from_below_or_beside(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    for by, org in (("zhou", "g"), ("an", "g"), ("far", "g"), ("far", "other"), ("du", "other")):
        with pytest.raises(NotAllowed):
            await issued(store, case, by, order(org))
    slip = await issued(store, case, "he", order("s"))
    for name in ("an", "far", "zhou"):
        officer = await who(store, name)
        with pytest.raises(NotAllowed):
            await store.write(
                partial(supervision.accept, slip_id=slip.id, officer=officer, now=NOON)
            )
    far = await who(store, "far")
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: supervision.answer(tx, slip.id, "x", far, NOON))


async def test_what_a_slip_needs(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    for wrong, field in (
        (order(reason="lazy_person"), "reason"),
        (order(action="  "), "action"),
        (order(workdays=0), "workdays"),
        (order(workdays=31), "workdays"),
        (order(level=Supervision.YELLOW), "level"),
    ):
        with pytest.raises(Incomplete) as refused:
            await issued(store, case, asked=wrong)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        await issued(store, case, asked=order("nowhere"))
    closed = await a_case(store, "2", closed_at=NOON)
    await store.write(lambda tx: tx.cases.save(replace(closed, status=Status.CONFIRMED), NOON))
    with pytest.raises(NotAllowed):
        await issued(store, closed)


async def test_a_restricted_case_is_asked_of_its_owner_only(store: Store) -> None:
    await street(store)
    case = await a_case(store, restricted=True)
    with pytest.raises(NotAllowed):
        await issued(store, case, "he", order("s"))
    slip = await issued(store, case, "he", order("g"))
    clock = SupervisionClock(store, BOOK)
    assert await stepped(store, clock, slip.due_at)
    told = await store.read(lambda tx: tx.slips.get(slip.id))
    assert told.reported_to == "he"  # a named role; never the supervisor


async def test_by_hand_it_rises_and_is_called_off(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    du, rules = await who(store, "du"), BOOK.watch.slips

    async def lift(level: Supervision) -> Case:
        return await store.write(
            lambda tx: supervision.supervise(tx, case.number, level, "attention", du, rules, NOON)
        )

    assert (await lift(Supervision.ORDINARY)).supervision is Supervision.ORDINARY
    assert (await lift(Supervision.RED)).supervision is Supervision.RED
    with pytest.raises(NotAllowed):
        await lift(Supervision.ORDINARY)
    off = await store.write(lambda tx: supervision.call_off(tx, case.number, du, NOON))
    assert off.supervision is Supervision.NONE
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: supervision.call_off(tx, case.number, du, NOON))
    with pytest.raises(Incomplete):
        await store.write(
            lambda tx: supervision.supervise(
                tx, case.number, Supervision.RED, "bad_person", du, rules, NOON
            )
        )


async def test_late_is_reported_one_level_up_and_once(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    slip = await issued(store, case)
    clocks = [SupervisionClock(store, BOOK) for _ in range(2)]
    assert not await clocks[0].step(slip.due_at - timedelta(seconds=1))
    assert await stepped(store, clocks[0], slip.due_at)
    for clock in clocks:
        assert not await clock.step(slip.due_at + 40 * DAY)
    (event,) = await of_kind(store, case, Kind.SLIP_OVERDUE)
    assert event.data["officer"] == "he"


async def test_late_is_reported_to_somebody_who_is_there(store: Store) -> None:
    await street(store)
    slip = await issued(store, await a_case(store))
    day = slip.due_at.astimezone(CHINA).date()

    def leave(tx: Transaction) -> None:
        tx.rosters.add_absences([Absence("a", "he", day, day)])

    await store.write(leave)
    assert await stepped(store, SupervisionClock(store, BOOK), slip.due_at)
    assert (await store.read(lambda tx: tx.slips.get(slip.id))).reported_to == "du"


async def test_a_slip_that_is_sent_twice_is_one(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    first = await issued(store, case)
    assert await issued(store, case) == first
    assert (await issued(store, case, "du", order(action="再报一次"))).id != first.id
    zhou = await who(store, "zhou")
    await store.write(lambda tx: supervision.answer(tx, first.id, "去过了", zhou, NOON))
    assert (await issued(store, case)).number == "督〔2026〕3号"


async def test_nobody_is_asked_about_what_was_not_filed(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    await store.write(lambda tx: tx.cases.save(replace(case, status=Status.DRAFT), NOON))
    with pytest.raises(NotAllowed):
        await issued(store, case)


async def test_a_slip_of_a_case_that_is_over_is_closed_not_reported(store: Store) -> None:
    await street(store)
    case = await a_case(store)
    slip = await issued(store, case)

    def close(tx: Transaction) -> None:
        here = tx.cases.get(case.number)
        tx.cases.save(replace(here, status=Status.CONFIRMED, closed_at=NOON), NOON)

    await store.write(close)
    assert await stepped(store, SupervisionClock(store, BOOK), slip.due_at)
    assert (await store.read(lambda tx: tx.slips.get(slip.id))).state is State.CLOSED
    assert await of_kind(store, case, Kind.SLIP_OVERDUE) == []
