"""How long a clock's look and a page of cases take among a million and a half cases.

``python -m benchmarks.casework_size [--cases 1500000]`` starts a PostgreSQL of its own, fills a
county (77 streets, 908 communities, 14,216 grids, 28,334 grid workers) with cases of which one in
twenty is open, and prints medians and 99th percentiles in milliseconds: what the clock finds, a
whole tick with and without something due, and the first, second and fiftieth page of the queue
as a grid worker, a community, a street and an administrator see it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from casework.organisation import Officer, Role
from config.digest_words import load_digest_words
from config.load import load_book
from handoff_console.clock import Clockwork
from handoff_console.digests import DigestDesk
from storage.engine import SqlStore, open_store
from storage.schema import upgrade
from storage.types import EPOCH
from storage.unit_of_work import SqlTransaction
from storage.views import sight_of
from storage.views_case_lists import CaseFilter, list_cases
from storage.views_clock import Wanted, overdue
from tests.fixtures.postgres import PostgresServer, find_binaries

STREETS, COMMUNITIES, GRIDS, MEMBERS = 77, 908, 14_216, 28_334
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PAGE = 51
RUNS = 200
MICROS = 1_000_000


def _micros(at: datetime) -> int:
    return int((at - EPOCH) / timedelta(microseconds=1))


def _units(server: PostgresServer, database: str) -> None:
    unit = "INSERT INTO units (id, kind, name, parent_id, code, successors, path) "
    server.run_sql(unit + "VALUES ('county', 'county', '县', NULL, '', '[]', '/county/')", database)
    for kind, above, count, many in (
        ("street", "county", STREETS, 1),
        ("community", "street", COMMUNITIES, STREETS),
        ("grid", "community", GRIDS, COMMUNITIES),
    ):
        parent = "'county'" if above == "county" else f"'{above}' || (n % {many})"
        server.run_sql(
            unit + f"SELECT '{kind}' || n, '{kind}', '{kind}' || n, {parent}, '', '[]', "
            f"(SELECT path FROM units u WHERE u.id = {parent}) || '{kind}' || n || '/' "
            f"FROM generate_series(0, {count - 1}) n",
            database,
        )


def _people(server: PostgresServer, database: str) -> None:
    officer = (
        "INSERT INTO officers (id, username, name, role, unit_id, password_hash, active, "
        "employment, posts, phone) "
    )
    for role, count, units in (
        ("grid", MEMBERS, GRIDS),
        ("community", COMMUNITIES, COMMUNITIES),
        ("street", STREETS, STREETS),
    ):
        server.run_sql(
            officer + f"SELECT '{role}-o' || n, '{role}-u' || n, '甲', '{role}', "
            f"'{role}' || (n % {units}), '', true, 'full_time', '[]', '' "
            f"FROM generate_series(0, {count - 1}) n",
            database,
        )


def _talks(server: PostgresServer, database: str, talks: int) -> None:
    now = _micros(NOW)
    server.run_sql(
        "INSERT INTO conversations (id, channel, chat, created_at, last_at, holder_kind, epoch, "
        "last_seq, seen_seq, title, preview, crisis, urgent, has_cases, language, restricted, "
        f"forgotten_seq, unheard, dialogue) SELECT 'c' || n, 'web', 'c' || n, {now} - n * "
        f"{MICROS}::bigint, {now} - n * {MICROS}::bigint, 'bot', 1, 9, 9, '', '水管爆了', 'none', "
        f"false, true, 'zh', false, 0, 0, '{{}}' FROM generate_series(0, {talks - 1}) n",
        database,
    )


def _cases(server: PostgresServer, database: str, cases: int, talks: int) -> None:
    now, day = _micros(NOW), 86_400 * MICROS
    slots = (
        '{"place":{"value":"翠湖花园3栋","text":"翠湖花园3栋","turn_id":null,"start":0,"end":6},'
        '"issue":{"value":"水管爆了没人管","text":"水管爆了没人管","turn_id":null,"start":0,"end":7}}'
    )
    # One in twenty is open: due over the next fortnight. One in two hundred waits for an answer.
    server.run_sql(
        "INSERT INTO cases (number, conversation_id, category, status, version, round, urgent, "
        "crisis, title, slots, owner_id, unit_id, org_id, opened_at, filed_at, due_at, warn_at, "
        "closed_at, changed_at, followed, linked, restricted, placed, forget, source, sla, "
        "level_dues, next_at, returned, final, asked_info, extended, proof, supervision, "
        f"lapse_at) SELECT 'JS' || n, 'c' || (n % {talks}), 'property_management', "
        "CASE WHEN n % 20 = 0 THEN 'working' WHEN n % 200 = 1 THEN 'done_wait' "
        "ELSE 'archived' END, 5, 1, false, 'none', '水管爆了没人管', "
        f"'{slots}', 'grid-o' || (n % {GRIDS}), 'grid' || (n % {GRIDS}), "
        f"'grid' || (n % {GRIDS}), {now} - n * {20 * MICROS}::bigint, "
        f"{now} - n * {20 * MICROS}::bigint, {now} + (n % 9973) * {120 * MICROS}::bigint, "
        f"{now} + (n % 9973) * {84 * MICROS}::bigint, "
        f"CASE WHEN n % 20 = 0 OR n % 200 = 1 THEN NULL ELSE {now} - {day}::bigint END, "
        f"{now} - n * {20 * MICROS}::bigint, 0, '[]', n % 97 = 0, true, false, 'resident', 'C7', "
        "'[]', CASE WHEN n % 20 = 0 OR n % 200 = 1 "
        f"THEN {now} + (1 + n % 9973) * {84 * MICROS}::bigint END, false, false, false, 0, '[]', "
        f"'none', CASE WHEN n % 200 = 1 THEN {now} + {day}::bigint END "
        f"FROM generate_series(0, {cases - 1}) n",
        database,
    )


def _fill(server: PostgresServer, database: str, cases: int) -> None:
    """A county with its people, its talks and its cases."""
    talks = max(1, cases // 3)
    _units(server, database)
    _people(server, database)
    _talks(server, database, talks)
    _cases(server, database, cases, talks)
    server.run_sql("ANALYZE", database)


async def _timed(what: str, once: Callable[[], Awaitable[object]], runs: int = RUNS) -> None:
    for _ in range(5):
        await once()
    spent = []
    for _ in range(runs):
        began = time.perf_counter()
        await once()
        spent.append((time.perf_counter() - began) * 1000)
    spent.sort()
    median, high = statistics.median(spent), spent[int(len(spent) * 0.99) - 1]
    print(f"{what:<44} median {median:7.2f} ms   p99 {high:7.2f} ms")


async def _pages(store: SqlStore) -> None:
    for role, unit_id in (("grid", "grid7"), ("community", "community7"), ("street", "street7")):
        officer = Officer(f"{role}-o7", f"{role}-u7", "甲", Role(role), unit_id)
        await _pages_of(store, role, officer)
    await _pages_of(store, "admin", Officer("street-o7", "a", "甲", Role.ADMIN, "county"))


async def _pages_of(store: SqlStore, role: str, officer: Officer) -> None:
    def page(wanted: CaseFilter, pages: int) -> Callable[[SqlTransaction], int]:
        def work(tx: SqlTransaction) -> int:
            sight = sight_of(tx.people.unit(officer.unit_id or ""), officer)
            after, lines = None, list_cases(tx, sight, wanted, None, PAGE)
            for _ in range(pages - 1):
                if len(lines) < PAGE:
                    break
                at = lines[-2].due_at if wanted.by_due else lines[-2].opened_at
                after = [at.isoformat() if at else "", lines[-2].number]
                lines = list_cases(tx, sight, wanted, after, PAGE)
            return len(lines)

        return work

    for name, wanted in (("due", CaseFilter(by_due=True)), ("newest", CaseFilter())):
        work = page(wanted, 1)
        await _timed(f"{role}: first page, {name}", lambda work=work: store.read(work))  # type: ignore[misc]
    work = page(CaseFilter(by_due=True), 2)
    await _timed(f"{role}: first and second page, due", lambda: store.read(work))


async def _clock(store: SqlStore) -> None:
    book = load_book()
    desk = DigestDesk(store, load_digest_words(book.categories))
    clockwork = Clockwork(store, book, desk, clock_time(18))
    wanted = Wanted(NOW, silent_since=NOW - timedelta(minutes=10), limit=20)
    later = Wanted(NOW + timedelta(days=1), NOW, 20)
    await _timed("clock: find what is due, nothing is", lambda: _found(store, wanted))
    await _timed("clock: find what is due, much is", lambda: _found(store, later))
    await _timed("clock: a whole tick, nothing is due", lambda: clockwork.tick(NOW))
    await _timed(
        "clock: a whole tick that warns twenty cases",
        lambda: clockwork.tick(NOW + timedelta(days=1)),
        runs=50,
    )


async def _found(store: SqlStore, wanted: Wanted) -> int:
    return len((await store.read(lambda tx: overdue(tx, wanted))).due)


async def _measure(server: PostgresServer, cases: int) -> None:
    database = server.create_database()
    url = server.url(database)
    await upgrade(url)
    began = time.perf_counter()
    await asyncio.to_thread(_fill, server, database, cases)
    print(f"{cases:,} cases laid out in {time.perf_counter() - began:.0f} s")
    store = open_store(url)
    try:
        await _pages(store)
        await _clock(store)
    finally:
        await store.close()


def main() -> None:
    """Lay out, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_500_000)
    cases = parser.parse_args().cases
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="jiesu-size-", ignore_cleanup_errors=True) as home:
        server = PostgresServer(binaries, Path(home))
        server.start()
        try:
            asyncio.run(_measure(server, cases))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
