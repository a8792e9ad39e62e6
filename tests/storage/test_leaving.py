"""An officer leaves, and nothing of theirs is anybody's guess."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework.booking import BookingKind, Calendar, Standing
from casework.booking_slots import key
from casework.case import SlotValue, Status
from casework.conversation import Conversation, HolderKind
from casework.desk import cases as desk
from casework.desk import leaving
from casework.desk.booking import book as book_slot
from casework.desk.conversations import take_over
from casework.desk.moving import act
from casework.desk.receiving import open_calendar
from casework.desk.sponsors import sponsor_area, sponsor_case
from casework.effects import Given
from casework.errors import Misconfigured, Unchanged
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Store, Transaction
from casework.tasks import Task
from config.load import Book

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in China


def _street(tx: Transaction, *, alone: bool = False) -> None:
    tx.people.add_unit(Unit("street", "street", "青禾街道"))
    tx.people.add_unit(Unit("lake", "grid", "翠湖网格", "street"))
    tx.people.add_place(Place("翠湖花园", "lake"))
    tx.people.add_officer(Officer("ann", "ann", "安妮", Role.GRID, "lake"))
    if not alone:
        tx.people.add_officer(Officer("bea", "bea", "贝拉", Role.GRID, "lake"))
        tx.people.add_officer(Officer("stan", "stan", "石岩", Role.STREET, "street"))


def _case(tx: Transaction, chat: str, book: Book, *, restricted: bool = False) -> str:
    talk = Conversation(chat, "web", chat, NOON, NOON, has_cases=True)
    tx.conversations.add(talk)
    slots = {"place": SlotValue("翠湖花园"), "issue": SlotValue("电梯坏了")}
    opening = desk.Opening("property_management", slots, "电梯坏了", restricted=restricted)
    number = desk.draft(tx, talk, opening, NOON).number
    return desk.file(tx, number, book, NOON).number


async def test_all_that_was_theirs_has_somebody_else(store: Store, book: Book) -> None:
    def work(tx: Transaction) -> list[str]:
        _street(tx)
        fresh, answered = _case(tx, "c1", book), _case(tx, "c2", book)
        ann = tx.people.officer("ann")
        act(tx, answered, "resolve", ann, NOON, book, given=Given("换好了"))
        tx.tasks.add(Task("t", "follow_up", "c1", "ann", NOON, NOON, fresh))
        take_over(tx, "c1", ann, NOON, insist=True)
        return [fresh, answered]

    numbers = await store.write(work)
    left = await store.write(lambda tx: leaving.leave(tx, "ann", book, NOON))
    assert (left.cases, left.conversations, left.tasks) == (2, 1, 1)

    def look(tx: Transaction) -> None:
        for number, status in zip(numbers, (Status.DISPATCHED, Status.DONE_WAIT), strict=True):
            case = tx.cases.get(number)
            assert (case.owner_id, case.org_id, case.status) == ("bea", "lake", status)
            assert tx.moves.of_case(number)[-1].verb == "hand_over"
        assert tx.tasks.get("t").officer_id == "bea"
        talk = tx.conversations.get("c1")
        assert talk.holder.kind is HolderKind.QUEUE
        assert not tx.people.officer("ann").active
        told = tx.turns.after("c1", 0)[-1].text
        assert "贝拉" in told
        assert numbers[0] in told

    await store.read(look)


async def test_nobody_leaves_twice_and_the_last_one_stays(store: Store, book: Book) -> None:
    def alone(tx: Transaction) -> str:
        _street(tx, alone=True)
        return _case(tx, "c1", book)

    number = await store.write(alone)
    with pytest.raises(Misconfigured):
        await store.write(lambda tx: leaving.leave(tx, "ann", book, NOON))

    def look(tx: Transaction) -> None:
        assert tx.people.officer("ann").active
        assert tx.cases.get(number).owner_id == "ann"
        tx.people.add_officer(Officer("stan", "stan", "石岩", Role.STREET, "street"))

    await store.read(look)

    def relieved(tx: Transaction) -> None:
        tx.people.add_officer(Officer("stan", "stan", "石岩", Role.STREET, "street"))
        leaving.leave(tx, "ann", book, NOON)

    await store.write(relieved)
    case = await store.read(lambda tx: tx.cases.get(number))
    assert (case.owner_id, case.org_id) == ("stan", "street")
    with pytest.raises(Unchanged):
        await store.write(lambda tx: leaving.leave(tx, "ann", book, NOON))


async def test_the_second_no_goes_one_level_up_and_what_comes_back_late_finds_somebody(
    store: Store, book: Book
) -> None:
    def answered_twice(tx: Transaction) -> str:
        _street(tx)
        number = _case(tx, "c1", book)
        for _ in range(2):
            owner = tx.people.officer(tx.cases.get(number).owner_id)
            act(tx, number, "resolve", owner, NOON, book, given=Given("换好了"))
            desk.act_as_resident(tx, number, "reopen", book, NOON, reason="没好")
        return number

    number = await store.write(answered_twice)
    case = await store.read(lambda tx: tx.cases.get(number))
    assert (case.owner_id, case.org_id, case.round) == ("stan", "street", 3)

    def long_closed(tx: Transaction) -> str:
        number = _case(tx, "c2", book)
        owner = tx.people.officer(tx.cases.get(number).owner_id)
        act(tx, number, "resolve", owner, NOON, book, given=Given("换好了"))
        desk.act_as_resident(tx, number, "confirm", book, NOON)
        leaving.leave(tx, owner.id, book, NOON)
        desk.act_as_resident(tx, number, "reopen", book, NOON, reason="又坏了")
        return number

    late = await store.write(long_closed)
    case = await store.read(lambda tx: tx.cases.get(late))
    assert (case.owner_id, case.status) == ("bea", Status.REWORK)


AT = NOON + timedelta(days=1)
HOURS = Calendar(
    id="",
    kind=BookingKind.RECEPTION,
    title="接访日",
    unit_id="street",
    spans=((720, 780),),
    slot_minutes=60,
    opened_by="",
    opened_at=NOON,
    first_day=NOON.date(),
    weekdays=(1,),
    host_id="stan",
    place="接待室",
)


def _received(tx: Transaction, book: Book) -> list[str]:
    """Stan answers for the street and for a case, and two residents have booked with him."""
    _street(tx)
    tx.people.add_officer(Officer("tao", "tao", "陶然", Role.STREET, "street"))
    stan = tx.people.officer("stan")
    number = _case(tx, "c1", book)
    sponsor_area(tx, "stan", "street", stan, NOON)
    sponsor_case(tx, "stan", number, stan, book.watch.sponsors, NOON)
    tx.conversations.add(Conversation("c2", "web", "c2", NOON, NOON))
    made = []
    for chat, times in (("c1", HOURS), ("c2", replace(HOURS, named=True))):
        made.append(open_calendar(tx, times, stan, NOON).id)
        talk = tx.conversations.get(chat, lock=True)
        assert book_slot(tx, talk, key(made[-1], AT), book.booker, NOON).appointment
    return made


async def test_who_has_left_receives_nobody_and_sponsors_nothing(store: Store, book: Book) -> None:
    made = await store.write(lambda tx: _received(tx, book))
    await store.write(lambda tx: leaving.leave(tx, "stan", book, NOON))

    def look(tx: Transaction) -> None:
        assert tx.sponsors.of_officer("stan") == []
        units_own, by_name = (tx.booking.calendar(each) for each in made)
        assert (units_own.host_id, units_own.closed_at) == (None, None)
        assert by_name.closed_at == NOON
        standings = [tx.booking.of_conversation(chat)[0].standing for chat in ("c1", "c2")]
        assert standings == [Standing.BOOKED, Standing.CALLED_OFF]
        assert tx.sponsors.due(NOON + timedelta(days=400), 9) == []

    await store.read(look)
