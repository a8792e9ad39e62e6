"""The day of `serve --demo --lively`, on a real database: on every page there is something."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from casework.case import Case, Status
from cli.demo import seed
from cli.demo_day import day_data, live_a_day
from config.load import Book, load_book
from storage import schema, tables, tables_booking, tables_supervision, tables_whistle
from storage.engine import SqlStore, open_store
from storage.unit_of_work import SqlTransaction

DAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
HOLIDAY = datetime(2026, 10, 2, 1, 0, tzinfo=UTC)
CASES = 11
LIGHT = "路灯 · 柳岸农贸市场北门"


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store(f"sqlite+aiosqlite:///{tmp_path}/demo.db")
    asyncio.run(schema.upgrade(store.url.render_as_string(hide_password=False)))
    yield store
    asyncio.run(store.close())


def lived(store: SqlStore, book: Book, start: datetime) -> None:
    data = day_data()

    def day(tx: SqlTransaction) -> None:
        live_a_day(tx, data["steps"], book, start)

    told = asyncio.run(seed(store, "demo-password", more=data["officers"], day=day))
    assert told["demo-community"] == "demo-password"


@pytest.mark.parametrize("start", [NIGHT, HOLIDAY])
def test_every_page_of_the_console_has_something(
    store: SqlStore, book: Book, start: datetime
) -> None:
    lived(store, book, start)
    numbers, seen = asyncio.run(store.read(what_is_there))
    assert len(numbers) == CASES
    assert seen == {"whistles": 1, "slips": 2, "appointments": 2}


def what_is_there(tx: SqlTransaction) -> tuple[list[str], dict[str, int]]:
    count = {
        "whistles": tables_whistle.whistles,
        "slips": tables_supervision.slips,
        "appointments": tables_booking.appointments,
    }
    rows = tx.connection.execute(select(tables.cases.c.number).order_by(tables.cases.c.number))
    seen = {
        name: tx.connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in count.items()
    }
    return [row.number for row in rows], seen


def test_the_cases_stand_where_the_day_left_them(store: SqlStore, book: Book) -> None:
    lived(store, book, NIGHT)
    people, cases = asyncio.run(store.read(owned))
    by_title = {case.title: case for case in cases}
    standing = {(people[each.owner_id], each.status) for each in cases}
    assert {
        ("demo-grid", Status.DISPATCHED),
        ("demo-grid", Status.WORKING),
        ("demo-grid", Status.MEDIATION),
        ("demo-community", Status.DISPATCHED),
        ("demo-street", Status.WHISTLE),
        ("demo-department", Status.WORKING),
        ("demo-grid2", Status.DONE_WAIT),
    } <= standing
    assert [case.title for case in cases if case.extend_to is not None] == [LIGHT]
    assert by_title[LIGHT].extend_to == NIGHT + timedelta(days=10, minutes=-35)
    assert sum(not case.placed for case in cases) == 1


def owned(tx: SqlTransaction) -> tuple[dict[str, str], list[Case]]:
    officers = tx.people.organisation().officers.values()
    rows = tx.connection.execute(select(tables.cases.c.number))
    return {each.id: each.username for each in officers}, [tx.cases.get(r.number) for r in rows]


def test_a_second_start_adds_nothing(store: SqlStore, book: Book) -> None:
    lived(store, book, DAY)
    lived(store, book, DAY + timedelta(hours=3))
    numbers, _ = asyncio.run(store.read(what_is_there))
    assert numbers == [f"JS261123-{at:04}" for at in range(1, CASES + 1)]
