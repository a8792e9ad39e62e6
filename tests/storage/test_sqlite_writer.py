"""SQLite's single writer: shared commits, and another process on the same file."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from casework.errors import Busy
from casework.events import Event, Kind
from casework.organisation import Unit
from casework.ports import Transaction
from storage import schema
from storage.engine import SqliteStore, open_store
from tests.storage.people import NOON

PATIENCE = 60.0  # seconds, on a machine with much else to do


def note(tx: Transaction) -> None:
    tx.events.append(Event(Kind.NOTE_ADDED, NOON))


async def test_a_locked_file_is_tried_again_and_the_loop_goes_on(
    sqlite_url: str, tmp_path: Path
) -> None:
    await schema.upgrade(sqlite_url)
    store = open_store(sqlite_url)
    other = sqlite3.connect(tmp_path / "jiesu.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = [asyncio.create_task(store.write(note)) for _ in range(3)]

    # Reading and everything else goes on while the writer waits.
    assert await store.read(lambda tx: tx.events.last_seq()) == 0
    assert not any(task.done() for task in writing)
    other.execute("COMMIT")
    other.close()
    await asyncio.gather(*writing)
    assert await store.read(lambda tx: tx.events.last_seq()) == 3
    await store.close()


async def test_a_file_that_stays_locked_is_given_up(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await schema.upgrade(sqlite_url)
    store = open_store(sqlite_url)
    assert isinstance(store, SqliteStore)
    monkeypatch.setattr("storage.engine.BUSY_PATIENCE", 0.05)
    other = sqlite3.connect(tmp_path / "jiesu.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        await store.write(note)
    other.close()
    await store.write(note)
    await store.close()


async def test_a_caller_that_goes_away_does_not_stop_the_others(sqlite_url: str) -> None:
    await schema.upgrade(sqlite_url)
    store = open_store(sqlite_url)
    gone = asyncio.create_task(store.write(note))
    stays = asyncio.create_task(store.write(note))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    assert await store.read(lambda tx: tx.events.last_seq()) >= 1
    await store.close()


async def test_a_read_sees_one_moment_of_the_file(sqlite_url: str) -> None:
    await schema.upgrade(sqlite_url)
    store = open_store(sqlite_url)
    begun, written = threading.Event(), threading.Event()

    def look(tx: Transaction) -> tuple[int, int]:
        before = tx.events.last_seq()
        begun.set()
        assert written.wait(PATIENCE)
        return before, tx.events.last_seq()

    looking = asyncio.create_task(store.read(look))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    await store.write(note)
    written.set()
    assert await looking == (0, 0)
    assert await store.read(lambda tx: tx.events.last_seq()) == 1
    await store.close()


async def test_what_a_read_writes_is_not_kept(sqlite_url: str) -> None:
    await schema.upgrade(sqlite_url)
    store = open_store(sqlite_url)
    await store.read(lambda tx: tx.people.add_unit(Unit("s", "street", "和平街道")))
    assert await store.read(lambda tx: tx.people.unit("s")) is None
    await store.close()
