"""Reads: one consistent look at the database; nothing a read writes is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.unit_of_work import SqlTransaction, take_snapshot

T = TypeVar("T")


async def read_async(engine: AsyncEngine, work: Callable[[SqlTransaction], T]) -> T:
    """One consistent read; nothing it does is kept."""
    async with engine.connect() as connection:
        return await connection.run_sync(lambda c: work(SqlTransaction(c)))


def read_once(engine: Engine, work: Callable[[SqlTransaction], T]) -> T:
    """The same on SQLite, in the caller's thread."""
    with engine.connect() as connection:
        take_snapshot(connection)
        return work(SqlTransaction(connection))  # undone when the connection goes back


def move_log(engine: Engine) -> None:
    """Move SQLite's write-ahead log into the file as far as readers allow."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
