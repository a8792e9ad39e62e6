"""A street's whole year: nobody's case is ever nobody's, and the clock is always on time.

Twenty thousand cases and more, through the real verbs on a real SQLite file, the time passed in.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.case import OPEN, Status
from casework.events import ActorKind, Kind
from casework.moves import Move
from casework.organisation import OWNERS, Officer, Unit
from config.load import load_book
from storage.engine import open_store
from storage.moves import move_of
from storage.schema import upgrade
from storage.tables import events
from storage.tables_moves import moves
from storage.unit_of_work import SqlTransaction
from tests.year.oracle import CLOCK_EVENTS, Happened, disagreements
from tests.year.street import DAY, LEAVERS, STARTS, Year, officers, units

LEFT = {each: STARTS + (at + 1) * 9 * DAY for at, each in enumerate(LEAVERS)}
DAYS, A_DAY, LEAST = 365, 56.0, 20_000


def _record(tx: SqlTransaction) -> dict[str, list[Happened]]:
    """What time did with each case, in order: read at once, for there are hundreds of thousands."""
    columns = events.c.case_number, events.c.kind, events.c.at, events.c.actor_kind
    by_clock = events.c.kind.in_([kind.value for kind in CLOCK_EVENTS])
    found: dict[str, list[Happened]] = {}
    for number, kind, at, actor in tx.connection.execute(
        select(*columns).where(by_clock).order_by(events.c.seq)
    ):
        if actor == ActorKind.SYSTEM.value:
            found.setdefault(number, []).append(Happened(Kind(kind), at))
    return found


def _register(tx: SqlTransaction) -> dict[str, list[Move]]:
    """Every move of every case, in order, read at once."""
    found: dict[str, list[Move]] = {}
    for row in tx.connection.execute(select(moves).order_by(moves.c.case_number, moves.c.version)):
        found.setdefault(row.case_number, []).append(move_of(row._asdict()))
    return found


def _judge(tx: SqlTransaction, year: Year, days: int) -> tuple[dict[str, int], list[str]]:
    """What is wrong with the year's record, and how often each verb was used."""
    until = STARTS + timedelta(days=days) - timedelta(hours=1)
    kinds = {unit.id: unit for unit in units()}
    owners = {officer.id: officer for officer in officers()}
    record, register = _record(tx), _register(tx)
    used: dict[str, int] = {}
    wrong: list[str] = []
    for number in year.numbers:
        case, done = tx.cases.get(number), register.get(number, [])
        happened = record.get(number, [])
        wrong += disagreements(case, done, happened, kinds, year.book, until)
        for before, after in pairwise(done):
            if (before.owner_id, before.org_id, before.after) != (
                after.owner_before,
                after.org_before,
                after.before,
            ):
                wrong.append(f"{number}: between {before.verb} and {after.verb} somebody lost it")
        for move in done:
            used[f"{move.actor}:{move.verb}"] = used.get(f"{move.actor}:{move.verb}", 0) + 1
            gone = move.owner_id in LEAVERS and move.at > LEFT[move.owner_id]
            if gone and move.after in OPEN:
                wrong.append(f"{number}: {move.verb} gave it to {move.owner_id}, who has left")
            if move.org_id not in kinds or owners[move.owner_id].role not in OWNERS:
                wrong.append(f"{number}: {move.verb} left it to {move.org_id}, {move.owner_id}")
            wrong += _strangers(move, owners, kinds)
        last = done[-1] if done else None
        if last is not None and (last.after, last.owner_id) != (case.status, case.owner_id):
            wrong.append(f"{number}: the register says {last.after}, the case {case.status}")
        if case.status is Status.DRAFT and case.opened_at < until - timedelta(hours=2):
            wrong.append(f"{number}: told at {case.opened_at} and never filed")
    return used, wrong


def _strangers(move: Move, owners: dict[str, Officer], kinds: dict[str, Unit]) -> list[str]:
    """Who had it, before or after this move, in a unit they are nobody in."""
    held = ((move.owner_before, move.org_before), (move.owner_id, move.org_id))
    return [
        f"{move.case_number}: at {move.verb} {org} had it, where {who} is nobody"
        for who, org in held
        if owners[who].unit_id not in {each.id for each in _upward(kinds, org)}
    ]


def _upward(kinds: dict[str, Unit], unit_id: str | None) -> Iterator[Unit]:
    """The unit and those above it."""
    while unit_id is not None:
        yield kinds[unit_id]
        unit_id = kinds[unit_id].parent_id


async def _live(path: Path, days: int, a_day: float) -> tuple[Year, dict[str, int], list[str]]:
    url = f"sqlite+aiosqlite:///{path}"
    await upgrade(url)
    store = open_store(url)
    try:
        year = Year(store, load_book(), seed=20260101, a_day=a_day)
        await year.build()
        await year.run(days)
        used, wrong = await store.read(lambda tx: _judge(tx, year, days))
        return year, used, wrong
    finally:
        await store.close()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the machine has one: the year commits seventeen thousand times, and
    how fast a disk makes that last is not what is asked here."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="jiesu-year-", dir=memory) as folder:
        yield Path(folder)


@pytest.mark.slow
@pytest.mark.timeout(3000)
async def test_a_street_lives_for_a_year_and_nothing_is_missed_or_done_twice(
    shelf: Path,
) -> None:
    year, used, wrong = await _live(shelf / "year.db", DAYS, A_DAY)
    assert not wrong, wrong[:10]
    assert len(year.numbers) >= LEAST
    # A year in which something never happens would prove nothing about it.
    assert used["system:hand_over"] > 0, used
    for verb in ("escalate", "inform", "lapse", "archive", "file"):
        assert used[f"system:{verb}"] > 50, used
    for verb in ("return", "assign", "request_info", "grant", "deny", "call_back", "resolve"):
        assert used[f"officer:{verb}"] > 50, used
    for verb in ("withdraw", "reopen", "confirm", "inform", "escalate"):
        assert used[f"resident:{verb}"] > 20, used
