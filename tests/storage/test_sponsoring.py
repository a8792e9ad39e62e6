"""Verbs of sponsors, and their clock, on every store."""

from dataclasses import replace
from functools import partial

import pytest

from casework.case import Case, Status
from casework.desk import sponsors
from casework.desk.sponsors import Done
from casework.errors import Incomplete, NotAllowed, Unfit
from casework.events import Event, Kind
from casework.ports import Store, Transaction
from casework.sponsors import Duty
from handoff_console.supervision_clock import SupervisionClock
from tests.storage.glances import stepped
from tests.storage.people import NOON
from tests.storage.watchers import BOOK, DAY, TODAY, a_case, of_kind, street, who


class Mornings:
    """A street with a sponsor, a case that drags on and one that does not; days go by."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._clock = SupervisionClock(store, BOOK)

    async def begin(self) -> None:
        await street(self.store)
        long_ago = NOON - 91 * DAY
        self.old = await a_case(self.store, "1", opened_at=long_ago, filed_at=long_ago)
        self.hidden = await a_case(self.store, "2", round=3, restricted=True)
        self.young = await a_case(self.store, "3")
        root = await who(self.store, "root")
        self.area = await self.store.write(
            lambda tx: sponsors.sponsor_area(tx, "he", "s", root, NOON)
        )
        same = await self.store.write(lambda tx: sponsors.sponsor_area(tx, "he", "s", root, NOON))
        assert same == self.area

    async def run(self, *days: int) -> None:
        for each in days:
            while await stepped(self.store, self._clock, NOON + each * DAY):
                pass

    async def happened(self, case: Case, kind: Kind) -> list[Event]:
        return await of_kind(self.store, case, kind)


async def test_a_sponsor_of_an_area_gets_its_backlog(store: Store) -> None:
    here = Mornings(store)
    await here.begin()
    await here.run(0)
    (listed,) = await store.read(lambda tx: tx.sponsors.listed_through(here.area.id))
    assert listed.case_number == here.old.number
    assert await here.happened(here.hidden, Kind.CASE_LISTED) == []

    def close(tx: Transaction) -> None:
        case = tx.cases.get(here.old.number)
        tx.cases.save(replace(case, status=Status.CONFIRMED, closed_at=NOON), NOON)

    await store.write(close)
    await here.run(1, 2)
    assert len(await here.happened(here.old, Kind.CASE_DELISTED)) == 1
    assert await here.happened(here.young, Kind.CASE_LISTED) == []
    await here.run(95)
    assert len(await here.happened(here.young, Kind.CASE_LISTED)) == 1


async def test_a_sponsor_is_reminded_of_what_has_no_entry(store: Store) -> None:
    here = Mornings(store)
    await here.begin()
    await here.run(*range(30))
    assert await here.happened(here.old, Kind.SPONSOR_REMINDED) == []
    await here.run(30)
    (event,) = await here.happened(here.old, Kind.SPONSOR_REMINDED)
    assert event.data == {"officer": "he"}
    later, he = NOON + 31 * DAY, await who(store, "he")
    done = Done(Duty.MEET, later.date(), "见了面，约好周五一起看现场")
    for _ in range(2):  # sent twice, written once
        await store.write(
            lambda tx: sponsors.enter(tx, here.old.number, done, he, BOOK.watch.sponsors, later)
        )
    assert len(await store.read(lambda tx: tx.sponsors.entries(here.old.number))) == 1
    await here.run(60)
    assert len(await here.happened(here.old, Kind.SPONSOR_REMINDED)) == 1
    await here.run(61)
    assert len(await here.happened(here.old, Kind.SPONSOR_REMINDED)) == 2


async def test_who_may_sponsor_what(store: Store) -> None:
    await street(store)
    case, hidden = await a_case(store), await a_case(store, "2", restricted=True)
    rules = BOOK.watch.sponsors

    async def name(leader: str, by: str, number: str = case.number) -> None:
        officer = await who(store, by)
        await store.write(
            lambda tx: sponsors.sponsor_case(tx, leader, number, officer, rules, NOON)
        )

    for leader, by in (("zhou", "du"), ("far", "du"), ("he", "zhou"), ("he", "far"), ("an", "du")):
        with pytest.raises(NotAllowed):
            await name(leader, by)
    with pytest.raises(Unfit):
        await name("he", "du", hidden.number)
    await name("he", "du")
    await name("he", "du")
    (one,) = await store.read(lambda tx: tx.sponsors.of_case(case.number))
    du, he = await who(store, "du"), await who(store, "he")
    for officer, day, wrong in (
        (du, TODAY, NotAllowed),
        (he, TODAY + DAY, Incomplete),
        (he, TODAY - 400 * DAY, Incomplete),
    ):
        done = Done(Duty.GUIDE, day)
        enter = partial(sponsors.enter, number=case.number, done=done, officer=officer)
        with pytest.raises(wrong):
            await store.write(partial(enter, watch=rules, now=NOON))
    await store.write(lambda tx: sponsors.end(tx, one.id, du, NOON))
    assert await store.read(lambda tx: tx.sponsors.of_case(case.number)) == []
    done = Done(Duty.GUIDE, TODAY)
    with pytest.raises(NotAllowed):
        await store.write(lambda tx: sponsors.enter(tx, case.number, done, he, rules, NOON))


async def test_a_case_that_turns_out_restricted_leaves_its_sponsors_list(store: Store) -> None:
    here = Mornings(store)
    await street(store)
    case = await a_case(store, "1")
    du = await who(store, "du")
    rules = BOOK.watch.sponsors
    await store.write(lambda tx: sponsors.sponsor_case(tx, "he", case.number, du, rules, NOON))

    def guard(tx: Transaction) -> None:
        known = tx.cases.get(case.number, lock=True)
        tx.cases.save(replace(known, restricted=True), NOON)

    await store.write(guard)
    await here.run(60)
    assert await here.happened(case, Kind.SPONSOR_REMINDED) == []
    assert await store.read(lambda tx: tx.sponsors.of_case(case.number)) == []
