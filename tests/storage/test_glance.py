"""The clock's one look: nothing that has a moment is left out, and no table is read for it."""

from datetime import datetime, time, timedelta

import pytest

from casework.organisation import Officer, Role
from casework.ports import Transaction
from config.digest_words import load_digest_words
from config.load import load_book
from handoff_console.clock import Clockwork
from handoff_console.digests import DigestDesk
from storage import glance, schema
from storage.engine import SqlStore, open_store
from storage.every_table import metadata
from storage.glance import Glance, Look
from tests.storage.people import NOON

BOOK = load_book()
SMALL = {"groups", "sessions"}  # a row for each group, and for each login


async def nothing_to_sweep(now: datetime) -> int:
    return 0


async def no_files(file_id: str) -> None:
    return None


def all_looks(store: SqlStore) -> list[Look]:
    desk = DigestDesk(store, load_digest_words(BOOK.categories))
    clock = Clockwork(store, BOOK, desk, time(18), sweep=nothing_to_sweep, remove=no_files)
    return [look for each in clock.slices for look in each.looks]


@pytest.fixture
async def sqlite(sqlite_url: str):  # type: ignore[no-untyped-def]
    await schema.upgrade(sqlite_url)
    store = open_store(sqlite_url)
    yield store
    await store.close()


async def test_every_table_with_a_next_moment_is_looked_at(sqlite: SqlStore) -> None:
    asked = " ".join(str(look.due) for look in all_looks(sqlite))
    timed = [table.name for table in metadata.tables.values() if "next_at" in table.c]
    assert {"cases", "whistles", "slips", "promises"} <= set(timed)
    assert [name for name in timed if f"min({name}.next_at)" not in asked] == []


async def test_no_table_is_read_through_for_a_glance(sqlite: SqlStore) -> None:
    looks = all_looks(sqlite)

    def plans(tx: Transaction) -> list[tuple[str, str]]:
        found = []
        for look in looks:
            for query in (look.due, *([] if look.ahead is None else [look.ahead])):
                compiled = query.compile(dialect=tx.connection.dialect)  # type: ignore[attr-defined]
                rows = tx.connection.exec_driver_sql(  # type: ignore[attr-defined]
                    f"EXPLAIN QUERY PLAN {compiled}", tuple(0 for _ in compiled.positiontup or ())
                )
                found += [(look.name, row.detail) for row in rows]
        return found

    for name, plan in await sqlite.read(plans):
        table = plan.split()[1]
        assert plan.startswith("SEARCH") or "INDEX" in plan or table in SMALL, f"{name}: {plan}"


async def test_what_is_ahead_is_told_though_something_is_due(sqlite: SqlStore) -> None:
    def log_in(tx: Transaction) -> None:
        tx.people.add_officer(Officer("he", "he", "何平", Role.ADMIN, None))
        for at, minutes in enumerate((-5, 5, 9)):
            ends = NOON + timedelta(minutes=minutes)
            tx.people.add_session(f"t{at}", "he", "c", ends)  # type: ignore[attr-defined]

    await sqlite.write(log_in)
    look = Glance([glance.LOGINS, glance.CASES])
    seen = await sqlite.read(lambda tx: look(tx, NOON))
    assert seen.due == {"logins"}
    assert seen.ahead == NOON + timedelta(minutes=5)
    assert seen.any_of([glance.LOGINS])
    assert not seen.any_of([glance.CASES])
