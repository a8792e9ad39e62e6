"""Notices that call departments: what every store keeps of them, and numbers without gaps."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.case import Case, Status
from casework.errors import NotFound, VersionConflict
from casework.organisation import Unit
from casework.ports import Store, Transaction
from casework.whistle import Call, Mark, Outcome, Whistle
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction
from tests.storage.people import NOON, SECOND, cast, conversation

HOUR = timedelta(hours=1)
MARK = Mark("张伟", NOON + HOUR, "he")


async def street(store: Store, *numbers: str, status: Status = Status.WHISTLE) -> None:
    """The cast, three departments, and a case for each number."""
    await cast(store)
    talk = await conversation(store)

    def work(tx: Transaction) -> None:
        for each in ("d1", "d2", "d3"):
            tx.people.add_unit(Unit(each, "department", f"部门{each}"))
        for number in numbers or ("JS1",):
            case = Case(number, talk.id, "environment_noise", NOON, "zhou", "g", status)
            tx.cases.add(replace(case, org_id="g"))

    await store.write(work)


def whistle(key: str = "w1", case: str = "JS1", **changes: object) -> Whistle:
    made = Whistle(
        id=key,
        number=f"青禾-2026-{key}",
        case_number=case,
        conversation_id="talk",
        unit_id="s",
        year=2026,
        serial=int(key[1:]),
        signed_by="he",
        signed_at=NOON,
        arrive_by=NOON + 4 * HOUR,
        place="夜市西口",
        matter="夜市油烟",
        calls=(Call("d2"), Call("d1")),
        helpers=("zhou",),
        lat=30.25,
        lng=120.125,
        next_at=NOON + 2 * HOUR,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def test_a_notice_is_kept_as_it_was_signed(store: Store) -> None:
    await street(store)
    await store.write(lambda tx: tx.whistles.add(whistle()))
    assert await store.read(lambda tx: tx.whistles.get("w1")) == whistle()
    assert await store.read(lambda tx: tx.whistles.of_case("JS1")) == [whistle()]
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.whistles.get("w2"))


async def test_what_departments_did_is_kept(store: Store) -> None:
    await street(store)
    await store.write(lambda tx: tx.whistles.add(whistle()))
    calls = (
        Call(
            "d2",
            acknowledged=MARK,
            arrived=MARK,
            distance=40,
            answered=MARK,
            opinion="停业整改",
            reminded_at=NOON,
        ),
        Call("d1", declined=MARK, reason="统一行动", instead="明早来", reported_at=NOON + SECOND),
    )
    changed = whistle(
        calls=calls,
        nudged_at=NOON,
        ended_at=NOON + 5 * HOUR,
        ended_by="he",
        outcome=Outcome.PLANNED,
        result="三日内改完",
        next_at=None,
    )
    saved = await store.write(lambda tx: tx.whistles.save(changed))
    assert saved.version == 2
    assert await store.read(lambda tx: tx.whistles.get("w1", lock=True)) == saved


async def test_of_two_who_save_one_is_told(store: Store) -> None:
    await street(store)
    await store.write(lambda tx: tx.whistles.add(whistle()))
    await store.write(lambda tx: tx.whistles.save(whistle(place="东口")))
    with pytest.raises(VersionConflict):
        await store.write(lambda tx: tx.whistles.save(whistle(place="西口")))
    assert (await store.read(lambda tx: tx.whistles.get("w1"))).place == "东口"


async def test_a_department_finds_what_calls_it(store: Store) -> None:
    await street(store)
    over = whistle("w3", ended_at=NOON + HOUR, outcome=Outcome.SETTLED, next_at=None)
    long_ago = whistle("w4", ended_at=NOON - HOUR, outcome=Outcome.SETTLED, next_at=None)
    others = whistle("w5", calls=(Call("d3"),))
    later = whistle("w2", arrive_by=NOON + 9 * HOUR)

    def work(tx: Transaction) -> None:
        for each in (over, long_ago, others, later, whistle()):
            tx.whistles.add(each)

    await store.write(work)
    found = await store.read(lambda tx: tx.whistles.calling(["d1"], NOON, 10))
    assert [each.id for each in found] == ["w1", "w2", "w3"]
    assert await store.read(lambda tx: tx.whistles.calling([], NOON, 10)) == []
    found = await store.read(lambda tx: tx.whistles.calling(["d1", "d3"], NOON, 2))
    assert [each.id for each in found] == ["w1", "w5"]


async def test_the_clock_finds_the_earliest_first(store: Store) -> None:
    await street(store)
    early, late = whistle(next_at=NOON), whistle("w2", next_at=NOON + HOUR)
    over = whistle("w3", ended_at=NOON, outcome=Outcome.SETTLED, next_at=None)

    def work(tx: Transaction) -> None:
        for each in (late, early, over):
            tx.whistles.add(each)

    assert await store.read(lambda tx: tx.whistles.next_due()) is None
    await store.write(work)
    assert await store.read(lambda tx: tx.whistles.next_due()) == NOON
    assert await store.read(lambda tx: tx.whistles.due(NOON - SECOND, 5)) == []
    assert await store.read(lambda tx: tx.whistles.due(NOON + HOUR, 5)) == [early, late]
    assert await store.read(lambda tx: tx.whistles.due(NOON + HOUR, 1)) == [early]


async def test_the_words_go_and_the_record_stays(store: Store) -> None:
    await street(store, "JS1", "JS2")
    said = Call("d1", answered=MARK, opinion="话", declined=MARK, reason="话", instead="话")
    other = whistle("w2", "JS2", calls=(said,), result="话")

    def work(tx: Transaction) -> None:
        tx.whistles.add(whistle(calls=(said,), result="话"))
        tx.whistles.add(other)
        tx.whistles.forget(["JS1"])

    await store.write(work)
    bare = await store.read(lambda tx: tx.whistles.get("w1"))
    assert (bare.place, bare.matter, bare.result, bare.lat, bare.lng) == ("", "", "", None, None)
    (call,) = bare.calls
    assert (call.opinion, call.reason, call.instead, call.answered) == ("", "", "", MARK)
    assert bare.number == "青禾-2026-w1"
    assert await store.read(lambda tx: tx.whistles.get("w2")) == other


async def test_each_unit_counts_each_year_from_one(store: Store) -> None:
    await street(store)

    async def given(unit: str, year: int) -> int:
        return await store.write(lambda tx: tx.whistles.next_serial(unit, year))

    assert [await given("s", 2026) for _ in range(3)] == [1, 2, 3]
    assert await given("s", 2027) == 1
    assert await given("g", 2026) == 1


async def test_a_number_that_was_not_used_is_given_again(store: Store) -> None:
    await street(store)

    def fails(tx: Transaction) -> None:
        assert tx.whistles.next_serial("s", 2026) == 1
        raise RuntimeError("the rest of the transaction failed")

    with pytest.raises(RuntimeError):
        await store.write(fails)
    assert await store.write(lambda tx: tx.whistles.next_serial("s", 2026)) == 1


async def test_signers_at_once_get_different_numbers_without_a_gap(sql_store: SqlStore) -> None:
    await street(sql_store)

    def sign(tx: SqlTransaction) -> int:
        serial = tx.whistles.next_serial("s", 2026)
        key = f"w{serial}"
        tx.whistles.add(whistle(key, serial=serial))
        return serial

    numbers = await asyncio.gather(*(sql_store.write(sign) for _ in range(20)))
    assert sorted(numbers) == list(range(1, 21))
