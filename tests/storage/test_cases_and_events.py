"""Cases, events, groups: what every store promises."""

import asyncio
from dataclasses import replace

import pytest

from casework.case import Case, SlotValue, Status
from casework.desk import cases as desk
from casework.errors import ForbiddenTransition, VersionConflict
from casework.events import Event, Kind
from casework.groups import Binding
from casework.ports import Store, Transaction
from tests.rules import OneClass
from tests.storage.people import NOON, SECOND, cast, conversation

RULES = OneClass()
OPENING = desk.Opening(
    "neighbour_dispute", {"place": SlotValue("翠湖花园3栋", "翠湖花园3栋", "t", 0, 6)}, "楼上吵"
)


async def drafted(store: Store) -> str:
    await cast(store)
    opened = await conversation(store)
    return (await store.write(lambda tx: desk.draft(tx, opened, OPENING, NOON))).number


async def test_a_case_has_its_number_and_owner_from_the_first_moment(store: Store) -> None:
    await cast(store)
    opened = await conversation(store)
    case = await store.write(lambda tx: desk.draft(tx, opened, OPENING, NOON))

    assert case.number == "JS261122-0001"
    assert (case.owner_id, case.unit_id) == ("zhou", "g")
    assert await store.read(lambda tx: tx.cases.get(case.number)) == case


async def test_numbers_are_never_given_twice(store: Store) -> None:
    numbers = await asyncio.gather(
        *(store.write(lambda tx: tx.cases.next_number(NOON)) for _ in range(20))
    )
    assert sorted(numbers) == [f"JS261122-{n:04d}" for n in range(1, 21)]


async def test_a_save_under_an_older_version_is_refused(store: Store) -> None:
    await cast(store)
    opened = await conversation(store)
    case = await store.write(lambda tx: desk.draft(tx, opened, OPENING, NOON))
    await store.write(lambda tx: tx.cases.save(replace(case, title="改过"), NOON))

    with pytest.raises(VersionConflict):
        await store.write(lambda tx: tx.cases.save(replace(case, title="旧的"), NOON))


async def test_a_save_keeps_what_changed_and_what_did_not(store: Store) -> None:
    number = await drafted(store)
    later = NOON + 5 * SECOND

    def change(tx: Transaction) -> Case:
        case = tx.cases.get(number, lock=True)
        case = tx.cases.save(replace(case, due_at=later, level_dues=(later,)), NOON)
        case = tx.cases.get(number)
        slots = {**case.slots, "people_n": SlotValue(12)}
        case = tx.cases.save(replace(case, status=Status.WORKING, slots=slots, proof=("f",)), later)
        return tx.cases.save(replace(case, due_at=None, urgent=True), later)

    saved = await store.write(change)
    assert (saved.level_dues, saved.due_at, saved.version) == ((later,), None, 4)
    assert await store.read(lambda tx: tx.cases.get(number)) == saved
    # Saved by somebody who had not read it in this transaction, so that nothing is left out.
    again = await store.write(lambda tx: tx.cases.save(replace(saved, slots={}), later))
    assert await store.read(lambda tx: tx.cases.get(number)) == again


async def test_another_transaction_is_read_once_it_has_ended(store: Store) -> None:
    number = await drafted(store)
    before = await store.read(lambda tx: tx.cases.get(number))
    await store.write(lambda tx: tx.cases.save(replace(before, title="水管"), NOON))

    def stale(tx: Transaction) -> str:
        with pytest.raises(VersionConflict):
            tx.cases.save(replace(before, title="灯"), NOON)
        return tx.cases.get(number, lock=True).title

    assert await store.write(stale) == "水管"


async def test_a_case_is_filed_once_by_many_at_once(store: Store) -> None:
    await cast(store)
    opened = await conversation(store)
    case = await store.write(lambda tx: desk.draft(tx, opened, OPENING, NOON))

    outcomes = await asyncio.gather(
        *(store.write(lambda tx: desk.file(tx, case.number, RULES, NOON)) for _ in range(8)),
        return_exceptions=True,
    )
    refused = [each for each in outcomes if isinstance(each, BaseException)]
    assert len(refused) == 7
    assert all(isinstance(each, ForbiddenTransition) for each in refused)
    timeline = await store.read(lambda tx: tx.events.of_case(case.number))
    assert [each.kind for each in timeline] == [Kind.CASE_DRAFTED, Kind.CASE_FILED]


async def test_the_clock_finds_what_waits(store: Store) -> None:
    await cast(store)
    opened = await conversation(store)
    draft = await store.write(lambda tx: desk.draft(tx, opened, OPENING, NOON))
    filed = await store.write(lambda tx: desk.draft(tx, opened, OPENING, NOON))
    await store.write(lambda tx: desk.file(tx, filed.number, RULES, NOON))

    later = NOON + SECOND
    stale = await store.read(lambda tx: tx.cases.stale_drafts(later, 9))
    assert [each.number for each in stale] == [draft.number]
    assert await store.read(lambda tx: tx.cases.stale_drafts(NOON, 9)) == []
    at_work = await store.read(lambda tx: tx.cases.open_cases())
    assert [each.number for each in at_work] == [filed.number]
    done = replace(await store.read(lambda tx: tx.cases.get(filed.number)), status=Status.DONE_WAIT)
    await store.write(lambda tx: tx.cases.save(done, NOON))
    waiting = await store.read(lambda tx: tx.cases.awaiting_answer(later, 9))
    assert [each.number for each in waiting] == [filed.number]


async def test_events_appear_in_the_order_of_their_numbers(store: Store) -> None:
    """A reader that has seen a number never finds a smaller one behind it."""
    seen: list[int] = []

    async def read_on() -> None:
        events = await store.read(lambda tx: tx.events.after(seen[-1] if seen else 0, 1000))
        seen.extend(each.seq for each in events)

    async def write(number: int) -> None:
        def work(tx: Transaction) -> None:
            for part in range(3):
                tx.events.append(Event(Kind.NOTE_ADDED, NOON, data={"n": number, "part": part}))

        await store.write(work)
        await read_on()

    await asyncio.gather(*(write(n) for n in range(40)))
    await read_on()
    stored = await store.read(lambda tx: tx.events.after(0, 1000))
    assert len(stored) == 120
    assert sorted(set(seen)) == [each.seq for each in stored]
    assert await store.read(lambda tx: tx.events.last_seq()) == stored[-1].seq


async def test_a_code_binds_once(store: Store) -> None:
    await cast(store)
    await store.write(lambda tx: tx.groups.add_code("h", "he", NOON + SECOND))

    takes = await asyncio.gather(
        *(store.write(lambda tx: tx.groups.take_code("h", NOON)) for _ in range(5))
    )
    assert sorted(takes, key=str) == [None, None, None, None, "he"]
    await store.write(lambda tx: tx.groups.add_code("late", "he", NOON))
    assert await store.write(lambda tx: tx.groups.take_code("late", NOON)) is None


async def test_a_digest_is_claimed_once(store: Store) -> None:
    await cast(store)
    binding = Binding("telegram", "-7", "青禾街道群", "s", "he", NOON, NOON)
    group = await store.write(lambda tx: tx.groups.bind(binding))

    claims = await asyncio.gather(
        *(store.write(lambda tx: tx.groups.claim_digest(group, NOON + SECOND)) for _ in range(6))
    )
    assert claims.count(True) == 1
    again = await store.write(lambda tx: tx.groups.bind(replace(binding, title="改名")))
    assert (again.id, again.title) == (group.id, "改名")
    assert [each.id for each in await store.read(lambda tx: tx.groups.all())] == [group.id]
