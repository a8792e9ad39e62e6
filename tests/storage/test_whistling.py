"""Whistles from the signature to the end, on every store: verbs, the clock, what each is told."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial

import pytest

from casework.case import Case, SlotValue, Status
from casework.desk import whistle as desk
from casework.desk.moving import act
from casework.desk.whistle_due import on_time
from casework.effects import Given
from casework.errors import ForbiddenTransition, Incomplete, NotAllowed, Unchanged
from casework.events import Event, Kind
from casework.organisation import Officer, Place, Role, Unit
from casework.outbox import Delivery
from casework.ports import Store, Transaction
from casework.tasks import WHISTLE_NO_SHOW, Task
from casework.whistle import Mark, Notice, Outcome, Stand, Whistle
from config.load import Book, load_book
from handoff_console.whistle_clock import WhistleClock
from storage.engine import SqlStore
from tests.storage.people import NOON, conversation

HOUR = timedelta(hours=1)
CHEN = Officer("chen", "chen", "陈静", Role.COMMUNITY, "c")
HE = Officer("he", "he", "何敏", Role.STREET, "s")
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
SUN = Officer("sun", "sun", "孙立", Role.SUPERVISOR, "k")
ZHANG = Officer("zhang", "zhang", "张伟", Role.DEPARTMENT, "d1")
LIN = Officer("lin", "lin", "林涛", Role.DEPARTMENT, "d2")
NOTICE = Notice(
    ("d1", "d2"), "夜市西口", "李芳（13800138000）反映夜市油烟", NOON + 4 * HOUR, ("zhou",)
)


@cache
def book() -> Book:
    return load_book()


async def street(store: Store, count: int = 1, status: Status = Status.WORKING) -> list[str]:
    """A county, a street, a community, a grid, two departments, and cases of one resident."""
    units = [
        Unit("k", "county", "临江区"),
        Unit("s", "street", "青禾街道", "k"),
        Unit("c", "community", "柳岸社区", "s"),
        Unit("g", "grid", "第一网格", "c"),
        Unit("d1", "department", "生态环境分局", "k"),
        Unit("d2", "department", "城管局", "k"),
    ]
    officers = (SUN, HE, CHEN, ZHOU, ZHANG, LIN)

    def people(tx: Transaction) -> None:
        for unit in units:
            tx.people.add_unit(unit)
        for officer in officers:
            tx.people.add_officer(officer)
        tx.people.add_place(Place("夜市", "g"))

    await store.write(people)
    talk = await conversation(store)

    def cases(tx: Transaction) -> list[str]:
        numbers = []
        for _ in range(count):
            number = tx.cases.next_number(NOON)
            case = Case(number, talk.id, "environment_noise", NOON, "zhou", "g", status)
            slots = {"name": SlotValue("李芳"), "phone": SlotValue("13800138000")}
            tx.cases.add(replace(case, org_id="g", slots=slots, due_at=NOON + 200 * HOUR))
            numbers.append(number)
        return numbers

    return await store.write(cases)


async def blow(
    store: Store, number: str, signer: Officer = CHEN, notice: Notice = NOTICE
) -> Whistle:
    return await store.write(
        lambda tx: desk.blow(tx, number, notice, signer, book().whistling, book(), NOON)
    )


async def said(store: Store) -> list[str]:
    def work(tx: Transaction) -> list[str]:
        talk = tx.conversations.of_chat("telegram", "42")
        assert talk is not None
        return [turn.text for turn in tx.turns.after(talk.id, 0)]

    return await store.read(work)


async def events(store: Store, *kinds: Kind) -> list[Event]:
    found = await store.read(lambda tx: tx.events.after(0, 500))
    return [each for each in found if each.kind in kinds]


async def case_of(store: Store, number: str) -> Case:
    return await store.read(lambda tx: tx.cases.get(number))


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


async def test_departments_and_helpers_are_told_in_their_own_chats(store: Store) -> None:
    (number,) = await street(store)

    def link(tx: Transaction) -> None:
        for chat, officer in (("900", "zhang"), ("901", "zhou"), ("902", "sun")):
            tx.alerts.link_chat(officer, "telegram", chat, NOON)

    await store.write(link)
    made = await blow(store, number)
    at = NOON + timedelta(minutes=1)
    sent = await store.write(lambda tx: tx.outbox.lease_due("telegram", at, at + HOUR, 10))
    told = {each.chat: each.text for each in sent}
    assert set(told) == {"42", "900", "901"}
    assert told["900"] == told["901"]
    assert made.number in told["900"]
    assert "李芳" not in told["900"]
    await store.write(lambda tx: tx.outbox.settle(sent, Delivery.SENT, at))
    await run(store, until=4)
    later = NOON + 5 * HOUR
    more = await store.write(lambda tx: tx.outbox.lease_due("telegram", later, later + HOUR, 10))
    assert {each.chat for each in more} == {"900"}  # reminded; the street has no chat of its own


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


async def run(store: Store, *, until: float) -> None:
    """The clock, every quarter of an hour up to so many hours after the signature."""
    clock = WhistleClock(store, book())
    for quarter in range(int(until * 4) + 1):
        while await clock.step(NOON + quarter * HOUR / 4):
            pass


async def tasks_of(store: Store) -> list[Task]:
    ids = [each.data["task"] for each in await events(store, Kind.TASK_SET)]
    return await store.read(lambda tx: [tx.tasks.get(each) for each in ids])


async def test_half_time_reminds_and_the_moment_reports_each_once(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    await store.write(
        lambda tx: desk.check_in(
            tx, made.id, "d1", desk.Hand("张伟", ZHANG), book().whistling, NOON + HOUR
        )
    )
    await run(store, until=20)
    reminded = await events(store, Kind.WHISTLE_REMINDED)
    assert [(e.data["department"], e.at) for e in reminded] == [("d2", NOON + 2 * HOUR)]
    absent = await events(store, Kind.WHISTLE_NO_SHOW)
    assert [(e.data["department"], e.at) for e in absent] == [("d2", NOON + 4 * HOUR)]
    (task,) = await tasks_of(store)
    assert (task.kind, task.officer_id, task.case_number) == (WHISTLE_NO_SHOW, "he", number)


async def test_what_the_street_called_is_reported_to_the_county(store: Store) -> None:
    (number,) = await street(store)
    await blow(store, number, HE)
    await run(store, until=5)
    (task,) = await tasks_of(store)
    assert task.officer_id == "sun"


async def test_a_department_that_says_why_is_not_reported(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number, notice=replace(NOTICE, departments=("d1",)))
    refusal = desk.Refusal("统一行动", "明早九点来")
    await store.write(
        lambda tx: desk.decline(
            tx, made.id, "d1", desk.Hand("张伟", ZHANG), refusal, book().whistling, NOON + HOUR
        )
    )
    await run(store, until=6)
    assert await events(store, Kind.WHISTLE_REMINDED, Kind.WHISTLE_NO_SHOW) == []


async def test_what_nobody_ends_ends_by_itself_and_the_case_goes_on(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    await run(store, until=24 * 8)
    over = await store.read(lambda tx: tx.whistles.get(made.id))
    assert over.outcome is Outcome.LAPSED
    assert (await case_of(store, number)).status is Status.WORKING
    assert len(await events(store, Kind.WHISTLE_NUDGED)) == 1
    assert len(await events(store, Kind.CASE_WHISTLE_ENDED)) == 1
    assert len(await events(store, Kind.WHISTLE_NO_SHOW)) == 2


async def test_a_case_that_goes_on_leaves_its_whistle_behind(store: Store) -> None:
    (number,) = await street(store)
    made = await blow(store, number)
    given = Given("已经解决", code="answered")
    await store.write(lambda tx: act(tx, number, "resolve", CHEN, NOON + HOUR, book(), given=given))
    await run(store, until=6)
    over = await store.read(lambda tx: tx.whistles.get(made.id))
    assert over.outcome is Outcome.OVERTAKEN
    assert await events(store, Kind.WHISTLE_REMINDED, Kind.WHISTLE_NO_SHOW) == []
    assert (await case_of(store, number)).status is Status.DONE_WAIT


async def test_two_clocks_report_once(sql_store: SqlStore) -> None:
    (number,) = await street(sql_store)
    made = await blow(sql_store, number)

    def due(tx: Transaction) -> bool:
        return on_time(tx, made.id, made.version, book().whistling, book(), NOON + 5 * HOUR)

    done = await asyncio.gather(*(sql_store.write(due) for _ in range(4)))
    assert sorted(done) == [False, False, False, True]
    assert len(await events(sql_store, Kind.WHISTLE_NO_SHOW)) == 2
    assert len(await tasks_of(sql_store)) == 1


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
