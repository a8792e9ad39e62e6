"""Stores: SQLite with one writer thread and group commit, PostgreSQL over asyncpg."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.unit_of_work import (
    Committed,
    SqlTransaction,
    begin_immediately,
    read_async,
    write_async,
    write_batch,
)

T = TypeVar("T")
Listener = Callable[[Committed], None]
# More transactions than this never share a commit: it bounds how long the first one waits.
MOST_IN_BATCH = 64
READERS = 8  # connections; opening one more each time would cost more than the read
BUSY_TIMEOUT_MS = 10_000  # another process may hold SQLite's write lock


class SqlStore(Protocol):
    """A store on a SQL database; ``casework.ports.Store`` with its life cycle."""

    url: URL

    async def write(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run one transaction; durable when it returns."""
        ...

    async def read(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run a read; what it writes is not kept."""
        ...

    def watch(self, listener: Listener) -> None:
        """Call ``listener`` in the event loop after each commit of this process."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        ...


def _tell(listeners: list[Listener], committed: Committed) -> None:
    if committed:
        for listener in listeners:
            listener(committed)


@dataclass(slots=True)
class _Job:
    work: Callable[[SqlTransaction], Any]
    done: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


def _pragmas(dbapi_connection: Any, _record: Any) -> None:
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


class SqliteStore:
    """One writer thread that commits what is waiting together; readers beside it."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._listeners: list[Listener] = []
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writer: Engine = create_engine(
            url.set(drivername="sqlite+pysqlite"),
            connect_args={"isolation_level": None, "check_same_thread": False},
            hide_parameters=True,
        )
        self._readers: AsyncEngine = create_async_engine(
            url, pool_size=READERS, max_overflow=0, hide_parameters=True
        )
        event.listen(self._writer, "connect", _pragmas)
        event.listen(self._readers.sync_engine, "connect", _pragmas)
        begin_immediately(self._writer)
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    def watch(self, listener: Listener) -> None:
        """Call ``listener`` after each commit."""
        self._listeners.append(listener)

    async def write(self, work: Callable[[SqlTransaction], T]) -> T:
        """Hand the work to the writer and wait for its commit."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future(), loop)
        self._jobs.put(job)
        # A caller that goes away must not undo what the writer may already have done.
        result: T = await asyncio.shield(job.done)
        return result

    async def read(self, work: Callable[[SqlTransaction], T]) -> T:
        """Read beside the writer."""
        return await read_async(self._readers, work)

    async def close(self) -> None:
        """Stop the writer after what is queued."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._writer.dispose()
        await self._readers.dispose()

    def _run(self) -> None:
        with self._writer.connect() as connection:
            running = True
            while running:
                batch, running = self._next_batch()
                if not batch:
                    continue
                works = [job.work for job in batch]
                try:
                    outcomes: list[Any] = write_batch(connection, works)
                except Exception as error:  # noqa: BLE001 - supervised: every waiting caller is told
                    outcomes = [error] * len(batch)
                self._answer(batch, outcomes)

    def _next_batch(self) -> tuple[list[_Job], bool]:
        batch: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == MOST_IN_BATCH:
                return batch, True
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _answer(self, batch: list[_Job], outcomes: list[Any]) -> None:
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Job, Any]]] = {}
        for job, outcome in zip(batch, outcomes, strict=True):
            by_loop.setdefault(job.loop, []).append((job, outcome))
        for loop, answers in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._settle, answers)

    def _settle(self, answers: list[tuple[_Job, Any]]) -> None:
        for job, outcome in answers:
            if isinstance(outcome, BaseException):
                if not job.done.done():
                    job.done.set_exception(outcome)
                continue
            result, committed = outcome
            if not job.done.done():
                job.done.set_result(result)
            _tell(self._listeners, committed)


class PostgresStore:
    """Transactions on a connection pool; rows are locked, not tables."""

    def __init__(self, url: URL, *, pool_size: int = 10) -> None:
        self.url = url
        self._listeners: list[Listener] = []
        # Parameters carry what residents wrote: they stay out of every error's text.
        self._engine = create_async_engine(
            url, pool_size=pool_size, max_overflow=5, hide_parameters=True
        )

    def watch(self, listener: Listener) -> None:
        """Call ``listener`` after each commit."""
        self._listeners.append(listener)

    async def write(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run one transaction."""
        result, committed = await asyncio.shield(
            asyncio.ensure_future(write_async(self._engine, work))
        )
        _tell(self._listeners, committed)
        return result

    async def read(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run a read."""
        return await read_async(self._engine, work)

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def open_store(url: str) -> SqlStore:
    """The store for a database URL (``sqlite+aiosqlite`` or ``postgresql+asyncpg``)."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteStore(parsed)
    if parsed.get_backend_name() == "postgresql":
        return PostgresStore(parsed)
    raise ValueError(f"no store for {parsed.get_backend_name()} databases")
