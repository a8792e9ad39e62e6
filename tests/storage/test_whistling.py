"""Whistles on every store: signing, what departments do, the end, and what each is told."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from casework.case import Status
from casework.desk import whistle as desk
from casework.errors import ForbiddenTransition, Incomplete, NotAllowed, Unchanged
from casework.events import Kind
from casework.organisation import Officer
from casework.ports import Store, Transaction
from casework.whistle import Mark, Outcome, Stand, Whistle
from storage.engine import SqlStore
from tests.storage.people import NOON
from tests.storage.whistling import (
    CHEN,
    HE,
    HOUR,
    LIN,
    NOTICE,
    SUN,
    ZHANG,
    ZHOU,
    blow,
    book,
    case_of,
    events,
    said,
    street,
)


async def test_signing_numbers_calls_and_tells(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    assert made.number == "青禾-柳岸-2026-0001"
    assert await store.read(lambda tx: tx.whistles.of_case(number)) == [made]
    assert (await case_of(store, number)).status is Status.WHISTLE
    assert "李芳" not in made.matter
    assert "13800138000" not in made.matter
    assert "夜市油烟" in made.matter
    told = (await said(store))[-1]
    assert "生态环境分局、城管局" in told
    assert number in told
    called = await events(store, Kind.WHISTLE_TOLD)
    assert [each.data["unit"] for each in called] == ["d1", "d2"]
    assert all(e.conversation_id is None and e.case_number is None for e in called)
    assert made.next_at == NOON + 2 * HOUR


async def test_the_street_has_a_series_of_its_own(store: Store) -> None:
    one, two, three = await street(store, 3)
    assert (await blow(store, one, HE)).number == "青禾-2026-0001"
    assert (await blow(store, two, CHEN)).number == "青禾-柳岸-2026-0001"
    assert (await blow(store, three, CHEN)).number == "青禾-柳岸-2026-0002"


@pytest.mark.parametrize("signer", [ZHOU, ZHANG, SUN])
async def test_who_is_not_authorised_cannot_sign(store: Store, signer: Officer) -> None:
    (number,) = await street(store)
    with pytest.raises(NotAllowed):
        await blow(store, number, signer)
    assert (await case_of(store, number)).status is Status.WORKING


async def test_what_is_no_department_is_not_called(store: Store) -> None:
    (number,) = await street(store)
    for wrong in ("c", "nowhere"):
        with pytest.raises(Incomplete) as refused:
            await blow(store, number, notice=replace(NOTICE, departments=("d1", wrong)))
        assert refused.value.field == "departments"
    with pytest.raises(Incomplete) as refused:
        await blow(store, number, notice=replace(NOTICE, helpers=("nobody",)))
    assert refused.value.field == "helpers"


async def test_a_restricted_case_is_not_called_about(store: Store) -> None:
    (number,) = await street(store)

    def restrict(tx: Transaction) -> None:
        tx.cases.save(replace(tx.cases.get(number), restricted=True), NOON)

    await store.write(restrict)
    with pytest.raises(NotAllowed):
        await blow(store, number, HE)


async def test_only_what_is_being_worked_on(store: Store) -> None:
    (number,) = await street(store, status=Status.DISPATCHED)
    with pytest.raises(ForbiddenTransition):
        await blow(store, number)
    assert await store.write(lambda tx: tx.whistles.next_serial("c", 2026)) == 1


async def test_departments_sign_come_and_speak(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number, notice=replace(NOTICE, lat=30.0, lng=120.0))
    practice, later = book().whistling, NOON + HOUR

    def work(tx: Transaction) -> Whistle:
        desk.acknowledge(tx, made.id, "d1", desk.Hand("张伟", ZHANG), practice, later)
        here = (30.0, 120.001)
        desk.check_in(tx, made.id, "d1", desk.Hand("张伟", ZHANG), practice, later, point=here)
        return desk.answer(tx, made.id, "d1", desk.Hand("张伟", ZHANG), "停业整改", practice, later)

    call = (await store.write(work)).call("d1")
    assert call is not None
    assert (call.stand, call.opinion, call.distance) == (Stand.ANSWERED, "停业整改", 96)
    assert call.arrived == Mark("张伟", later, "zhang")
    kinds = (Kind.WHISTLE_ACKNOWLEDGED, Kind.WHISTLE_ARRIVED, Kind.WHISTLE_ANSWERED)
    noted = await events(store, *kinds)
    assert [each.kind for each in noted] == list(kinds)
    assert {each.case_number for each in noted} == {number}
    assert "停业整改" not in str([each.data for each in noted])


async def test_nobody_signs_for_another_department(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    practice = book().whistling

    def sign(tx: Transaction, officer: Officer) -> Whistle:
        return desk.acknowledge(tx, made.id, "d1", desk.Hand("某", officer), practice, NOON)

    for officer in (LIN, ZHOU, SUN):
        with pytest.raises(NotAllowed):
            await store.write(partial(sign, officer=officer))
    by_phone = await store.write(
        lambda tx: desk.acknowledge(tx, made.id, "d1", desk.Hand("张伟", CHEN), practice, NOON)
    )
    call = by_phone.call("d1")
    assert call is not None
    assert call.acknowledged == Mark("张伟", NOON, "chen")
    with pytest.raises(Unchanged):
        await store.write(
            lambda tx: desk.acknowledge(tx, made.id, "d1", desk.Hand("张伟", ZHANG), practice, NOON)
        )


async def test_the_end_is_told_in_plain_words(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number, notice=replace(NOTICE, departments=("d1",)))
    practice, later = book().whistling, NOON + HOUR

    def finish(tx: Transaction) -> Whistle:
        return desk.finish(
            tx,
            made.id,
            desk.Ending(Outcome.SETTLED, "夜市今晚起清洗排烟管"),
            CHEN,
            practice,
            book(),
            later,
        )

    with pytest.raises(Incomplete) as refused:
        await store.write(finish)
    assert refused.value.field == "opinions"

    def come(tx: Transaction) -> None:
        desk.check_in(tx, made.id, "d1", desk.Hand("张伟", ZHANG), practice, later)
        desk.answer(tx, made.id, "d1", desk.Hand("张伟", ZHANG), "清洗", practice, later)

    await store.write(come)
    over = await store.write(finish)
    assert (over.outcome, over.ended_by, over.next_at) == (Outcome.SETTLED, "chen", None)
    assert (await case_of(store, number)).status is Status.WORKING
    assert "夜市今晚起清洗排烟管" in (await said(store))[-1]
    with pytest.raises((Unchanged, ForbiddenTransition)):
        await store.write(finish)


async def test_two_who_sign_at_once_get_numbers_without_a_gap(sql_store: SqlStore) -> None:
    numbers = await street(sql_store, 6)
    made = await asyncio.gather(*(blow(sql_store, each) for each in numbers))
    assert sorted(each.serial for each in made) == [1, 2, 3, 4, 5, 6]
    assert len({each.number for each in made}) == 6


async def test_of_two_who_whistle_for_one_case_one_wins(sql_store: SqlStore) -> None:
    (number,) = await street(sql_store)
    made = await asyncio.gather(
        blow(sql_store, number), blow(sql_store, number, HE), return_exceptions=True
    )
    lost = [each for each in made if isinstance(each, BaseException)]
    assert [type(each) for each in lost] == [ForbiddenTransition]
    assert len(await sql_store.read(lambda tx: tx.whistles.of_case(number))) == 1
