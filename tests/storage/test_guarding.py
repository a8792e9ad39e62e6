"""A complaint about an official leaves the office complained of, with its owner."""

from __future__ import annotations

from bot.crisis_desk import guard
from casework.case import Case, SlotValue
from casework.desk.cases import Opening, draft
from casework.ports import Store, Transaction
from config.load import load_book
from tests.storage.people import NOON, cast, conversation

PROCEDURE = load_book().crisis.procedure


async def test_the_office_complained_of_owns_nothing_of_it(store: Store) -> None:
    await cast(store)
    opened = await conversation(store)

    def work(tx: Transaction) -> tuple[Case, Case]:
        slots = {"place": SlotValue("翠湖花园"), "kind": SlotValue("conduct")}
        before = draft(tx, opened, Opening("other", slots, "干部作风"), NOON)
        guard(tx, before, PROCEDURE, NOON)
        return before, tx.cases.get(before.number)

    before, after = await store.write(work)
    assert (before.owner_id, before.org_id) == ("zhou", "g")
    assert (after.restricted, after.owner_id, after.org_id) == (True, "he", "s")
