"""Links on walls, on every store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.desk.conversations import receive
from casework.errors import NotFound
from casework.links import Link, LinkKind
from casework.ports import Store, Transaction
from storage.engine import SqlStore
from tests.storage.people import NOON, cast, line

PLANT = Link(
    id="aaaabbbbcccc",
    kind=LinkKind.ENTERPRISE,
    name="宏达电子厂",
    respondent="宏达电子有限公司",
    place="柳岸街8号",
    unit_id="g",
    made_at=NOON,
    made_by="zhou",
    place_id="p1",
    valid_until=NOON + timedelta(days=365),
)
DAY = date(2026, 11, 22)


async def test_a_link_is_kept_as_it_is(store: Store) -> None:
    await cast(store)
    bare = Link(
        "ddddeeeeffff", LinkKind.PLACE, "翠湖", "", "翠湖", "g", NOON + timedelta(seconds=1)
    )

    def work(tx: Transaction) -> None:
        tx.links.add(PLANT)
        tx.links.add(bare)

    await store.write(work)
    assert await store.read(lambda tx: tx.links.get(PLANT.id)) == PLANT
    assert await store.read(lambda tx: tx.links.all()) == [bare, PLANT]
    gone = replace(PLANT, revoked_at=NOON)
    await store.write(lambda tx: tx.links.save(gone))
    assert await store.read(lambda tx: tx.links.get(PLANT.id)) == gone


async def test_there_is_no_other(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.read(lambda tx: tx.links.get("aaaabbbbcccc"))
    with pytest.raises(NotFound):
        await store.write(lambda tx: tx.links.get("aaaabbbbcccc", lock=True))


async def test_openings_are_counted_by_the_day(store: Store) -> None:
    await cast(store)
    await store.write(lambda tx: tx.links.add(PLANT))

    def work(tx: Transaction) -> None:
        for day in (DAY - timedelta(days=40), DAY, DAY, DAY - timedelta(days=1)):
            tx.links.opened(PLANT.id, day)

    await store.write(work)
    assert await store.read(lambda tx: tx.links.openings(DAY - timedelta(days=30))) == {PLANT.id: 3}
    assert await store.read(lambda tx: tx.links.openings(DAY)) == {PLANT.id: 2}
    assert await store.read(lambda tx: tx.links.openings(DAY + timedelta(days=1))) == {}


async def test_none_is_lost_of_many_at_once(sql_store: SqlStore) -> None:
    await cast(sql_store)
    await sql_store.write(lambda tx: tx.links.add(PLANT))
    await asyncio.gather(
        *(sql_store.write(lambda tx: tx.links.opened(PLANT.id, DAY)) for _ in range(20))
    )
    assert await sql_store.read(lambda tx: tx.links.openings(DAY)) == {PLANT.id: 20}


async def test_of_an_opening_only_the_number_of_the_day_is_kept(sql_store: SqlStore) -> None:
    await cast(sql_store)
    await sql_store.write(lambda tx: tx.links.add(PLANT))
    await sql_store.write(lambda tx: tx.links.opened(PLANT.id, DAY))

    def columns(tx: object) -> list[str]:
        rows = tx.connection.exec_driver_sql("SELECT * FROM link_days")  # type: ignore[attr-defined]
        return list(rows.keys())

    assert await sql_store.read(columns) == ["link_id", "day", "opened"]


async def test_what_a_line_opened_is_forgotten(store: Store) -> None:
    arrived = replace(line("/start", "k1"), start="Lpayload")
    _, turn, _ = await store.write(lambda tx: receive(tx, arrived))
    assert turn.start == "Lpayload"
    await store.write(lambda tx: tx.turns.amend(replace(turn, start="L")))
    kept = await store.read(lambda tx: tx.turns.get(turn.id))
    assert (kept.start, kept.text) == ("L", "/start")
