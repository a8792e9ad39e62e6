"""The residents' own countdowns, on every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.case import Case, SlotValue
from casework.errors import NotFound
from casework.ports import Store, Transaction
from casework.reminders import DONE, Reminder, ended
from tests.storage.people import NOON, cast, conversation

SINCE = date(2026, 3, 5)
DUE = NOON + timedelta(days=100)


async def kept(store: Store) -> list[Reminder]:
    """Two countdowns of one case, and one of another chat's."""
    await cast(store)
    found: list[Reminder] = []
    for number, chat, rule in (
        ("JS1", "42", "injury_person"),
        ("JS1", "42", "labor_limit"),
        ("JS2", "43", "land_arb"),
    ):
        talk = await conversation(store, chat)
        at = NOON + timedelta(minutes=len(found))
        reminder = Reminder(f"r{len(found)}", number, talk.id, rule, SINCE, True, DUE, NOON, at)
        case = Case(
            number, talk.id, "labour_other", NOON, "zhou", "g", slots={"issue": SlotValue("x")}
        )

        def work(tx: Transaction, case: Case = case, reminder: Reminder = reminder) -> None:
            if case.number not in {each.number for each in tx.cases.of_conversation(talk.id)}:  # noqa: B023
                tx.cases.add(replace(case, org_id="g"))
            tx.reminders.add(reminder)

        await store.write(work)
        found.append(reminder)
    return found


async def test_a_countdown_is_kept_as_it_is(store: Store) -> None:
    first, second, _ = await kept(store)
    assert await store.read(lambda tx: tx.reminders.get(first.id, lock=True)) == first
    assert await store.read(lambda tx: tx.reminders.of_case("JS1")) == [first, second]
    told = replace(
        first, exact=False, told_at=NOON, said=2, next_at=None, due_at=DUE + timedelta(1)
    )
    await store.write(lambda tx: tx.reminders.save(told))
    assert await store.read(lambda tx: tx.reminders.get(first.id)) == told
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.reminders.get("none"))


async def test_what_is_due_is_found_the_oldest_first(store: Store) -> None:
    first, second, third = await kept(store)
    assert await store.read(lambda tx: tx.reminders.due(NOON - timedelta(1), 9)) == []
    assert await store.read(lambda tx: tx.reminders.due(NOON, 9)) == [first]
    late = NOON + timedelta(hours=1)
    assert await store.read(lambda tx: tx.reminders.due(late, 9)) == [first, second, third]
    assert await store.read(lambda tx: tx.reminders.due(late, 2)) == [first, second]
    await store.write(lambda tx: tx.reminders.save(ended(first, DONE)))
    assert await store.read(lambda tx: tx.reminders.due(late, 9)) == [second, third]


async def test_what_runs_in_a_conversation_and_what_is_forgotten(store: Store) -> None:
    first, second, third = await kept(store)
    mine, other = first.conversation_id, third.conversation_id
    assert await store.read(lambda tx: tx.reminders.running(mine)) == [first, second]
    await store.write(lambda tx: tx.reminders.save(ended(first, DONE)))
    assert await store.read(lambda tx: tx.reminders.running(mine)) == [second]
    await store.write(lambda tx: tx.reminders.forget(mine))
    assert await store.read(lambda tx: tx.reminders.of_case("JS1")) == []
    assert await store.read(lambda tx: tx.reminders.running(other)) == [third]
