"""How long the rates of a county's year take: counted in the database, and case by case.

``python -m benchmarks.rates [--cases 25000]`` starts a PostgreSQL of its own and a SQLite file,
lays out a year in each (seven cases of the same matter at each place, four or five moves a case),
and prints how long ``GET /api/rates`` spends on counting, in the database and by reading every
case into Python, as it was before. SQLite counts within this process, PostgreSQL in its own.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from casework.case import Case, SlotValue, Status
from casework.desk.conversations import open_conversation
from casework.events import ActorKind
from casework.moves import Move
from casework.organisation import Officer, Role, Unit
from casework.rates import rates
from storage.engine import SqlStore, open_store
from storage.schema import upgrade
from storage.tables_moves import moves
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_rates import Period, counted
from tests.fixtures.postgres import PostgresServer, find_binaries
from tests.storage.rates_by_case import case_records, rates_by_case

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
YEAR, HOUR, DAY = timedelta(days=365), timedelta(hours=1), timedelta(days=1)
PERIOD = Period(NOW - YEAR, NOW)
SIGHT = Sight("worker", None, restricted=True)
RUNS, AT_ONCE = 7, 2000
VERBS = ("accept", "assign", "resolve", "reopen", "confirm")


def _case(at: int, of: int, conversation_id: str) -> Case:
    filed = PERIOD.since + YEAR * at / of
    return Case(
        number=f"JS{at}",
        conversation_id=conversation_id,
        category="public_facility",
        kind="light",
        opened_at=filed,
        owner_id="worker",
        unit_id="grid",
        org_id="grid",
        status=Status.ARCHIVED,
        version=6,
        round=1 + (at % 9 == 0),
        slots={"place": SlotValue(f"翠湖花园{at % (of // 7)}号"), "issue": SlotValue("路灯不亮")},
        filed_at=filed,
        contact_by=filed + DAY,
        contacted_at=filed + (at % 40) * HOUR,
        due_at=filed + 7 * DAY,
        closed_at=filed + (1 + at % 20) * DAY,
        rating=at % 6 or None,
        resolution="fixed",
        restricted=at % 97 == 0,
    )


def _moves(at: int, case: Case) -> Iterator[Move]:
    stays = (Status.WORKING, Status.WORKING, "worker", "worker", "grid", "grid")
    actor = ActorKind.RESIDENT if at % 3 else ActorKind.OFFICER
    for step, verb in enumerate(VERBS):
        if verb != "reopen" or at % 5 == 0:
            when = case.opened_at + (step + 1 + at % 11) * 9 * HOUR
            yield Move(case.number, 2 + step, verb, when, actor, None, *stays)


def _lay_out(tx: SqlTransaction, many: int) -> None:
    tx.people.add_unit(Unit("grid", "grid", "第一网格"))
    tx.people.add_officer(Officer("worker", "worker", "甲", Role.GRID, "grid"))
    talk = open_conversation(tx, "web", "1", "", PERIOD.since)
    rows = []
    for at in range(many):
        case = _case(at, many, talk.id)
        tx.cases.add(case)
        rows += [asdict(move) for move in _moves(at, case)]
    for start in range(0, len(rows), AT_ONCE):
        tx.connection.execute(insert(moves), rows[start : start + AT_ONCE])


def _in_database(tx: SqlTransaction) -> object:
    return rates(*counted(tx, SIGHT, "/grid/", PERIOD, NOW))


def _case_by_case(tx: SqlTransaction) -> object:
    return rates_by_case(case_records(tx, SIGHT, "/grid/", PERIOD), NOW)


async def _timed(store: SqlStore, what: str, work: Callable[[SqlTransaction], object]) -> None:
    spent, busy = [], []
    for _ in range(RUNS):
        began, cpu = time.perf_counter(), time.process_time()
        await store.read(work)
        spent.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - cpu) * 1000)
    median, of_cpu = statistics.median(spent), statistics.median(busy)
    print(f"{what:<44} median {median:7.0f} ms, of which {of_cpu:6.0f} ms CPU of this process")


async def _measure(url: str, name: str, many: int) -> None:
    await upgrade(url)
    store = open_store(url)
    try:
        await store.write(lambda tx: _lay_out(tx, many))
        await store.write(lambda tx: tx.connection.exec_driver_sql("ANALYZE").close())
        for what, work in (("in the database", _in_database), ("case by case", _case_by_case)):
            await _timed(store, f"{name}, {many:,} cases, {what}", work)
    finally:
        await store.close()


def main() -> None:
    """Lay out, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=25_000)
    many = parser.parse_args().cases
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="jiesu-rates-", ignore_cleanup_errors=True) as home:
        asyncio.run(_measure(f"sqlite:///{home}/rates.db", "SQLite", many))
        server = PostgresServer(binaries, Path(home))
        server.start()
        try:
            asyncio.run(_measure(server.url(server.create_database()), "PostgreSQL", many))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
