"""SQLite's single writer: shared commits, and another process on the same file."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from casework.events import Event, Kind
from casework.ports import Transaction
from storage import schema
from storage.engine import SqliteStore, open_store
from storage.unit_of_work import Busy
from tests.storage.people import NOON


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
