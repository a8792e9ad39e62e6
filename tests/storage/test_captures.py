"""What officers registered, on every store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from casework.capture import Captured, Consent
from casework.case import Case
from casework.desk.cases import Opening, draft
from casework.ports import Store, Transaction
from storage.engine import SqlStore
from tests.storage.people import NOON, cast, conversation


async def _case(store: Store, chat: str) -> Case:
    held = await conversation(store, chat)
    opening = Opening("public_facility", {}, "路灯")
    return await store.write(lambda tx: draft(tx, held, opening, NOON))


async def test_it_is_found_by_its_page_its_case_and_the_other_number(store: Store) -> None:
    await cast(store)
    first, second = await _case(store, "1"), await _case(store, "2")
    plain = Captured("zhou", "c1", first.number, NOON)
    called = Captured(
        "zhou", "c2", second.number, NOON + timedelta(seconds=1), Consent.PASSED_ON, "CD2026-1"
    )

    def work(tx: Transaction) -> None:
        tx.captures.add(plain)
        tx.captures.add(called)

    await store.write(work)
    assert await store.read(lambda tx: tx.captures.find("zhou", "c1")) == plain
    assert await store.read(lambda tx: tx.captures.find("he", "c1")) is None
    assert await store.read(lambda tx: tx.captures.of_case(second.number)) == called
    assert await store.read(lambda tx: tx.captures.of_case("JS0")) is None
    assert await store.read(lambda tx: tx.captures.of_outside("CD2026-1")) == [called]
    await store.write(lambda tx: tx.captures.forget(second.number))
    assert await store.read(lambda tx: tx.captures.of_outside("CD2026-1")) == []
    kept = await store.read(lambda tx: tx.captures.of_case(second.number))
    assert kept is not None
    assert (kept.outside_number, kept.consent) == (None, Consent.PASSED_ON)


async def test_one_id_of_a_page_is_one_capture(sql_store: SqlStore) -> None:
    await cast(sql_store)
    case = await _case(sql_store, "1")
    await sql_store.write(lambda tx: tx.captures.add(Captured("zhou", "c1", case.number, NOON)))
    with pytest.raises(IntegrityError):
        await sql_store.write(lambda tx: tx.captures.add(Captured("zhou", "c1", case.number, NOON)))
