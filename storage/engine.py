"""Stores: SQLite with one writer and shared commits, PostgreSQL over asyncpg."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from casework.errors import Busy
from storage.reading import move_log, read_async, read_once
from storage.unit_of_work import (
    Committed,
    SqlTransaction,
    begin_immediately,
    is_busy,
    write_async,
    write_batch,
)

T = TypeVar("T")
Listener = Callable[[Committed], None]
# More transactions than this never share a commit: it bounds how long the first one waits.
MOST_IN_BATCH = 64
CHECKPOINT_EVERY = 200  # commits
GATHERING = 3  # rounds of the loop before a commit; microseconds when there is nothing to do
WRITER_MEMORY = 16_384  # KiB of pages at most; SQLite's own 2,000 are less than its indexes take
STATEMENTS = 512  # kept compiled by each connection: more than there are in the program
READERS = 8  # threads, each with a connection kept open: opening one costs more than a read
BUSY_PATIENCE = 10.0  # seconds another process may hold SQLite's write lock
BUSY_PAUSE = 0.005  # seconds until the lock is tried again


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


@dataclass(frozen=True, slots=True)
class _Job:
    """``until`` is when a database that stays locked is given up, in the loop's time."""

    work: Callable[[SqlTransaction], Any]
    done: asyncio.Future[Any]
    until: float


def _pragmas(dbapi_connection: Any, _record: Any) -> None:
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _prepare_writer(dbapi_connection: Any, _record: Any) -> None:
    """Readers make its checkpoints; what it writes to over and over it keeps in memory."""
    dbapi_connection.execute("PRAGMA wal_autocheckpoint=0")
    dbapi_connection.execute(f"PRAGMA cache_size=-{WRITER_MEMORY}")


class SqliteStore:
    """One writer, which commits what is waiting together; readers in threads beside it.

    Writing happens in the event loop: a statement takes microseconds and lets go of the
    interpreter lock, so that a thread would spend more time getting it back than writing. What
    the loop waits for is one flush to disk for all that gathered meanwhile. Another process that
    holds the write lock is never waited for in the loop, but tried again. A read may take long,
    so it goes to a thread as a whole: one hop there and one back, not one for each statement.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._listeners: list[Listener] = []
        self._waiting: list[_Job] = []
        file = url.set(drivername="sqlite+pysqlite")
        ours = {
            "isolation_level": None,
            "check_same_thread": False,
            "cached_statements": STATEMENTS,
        }
        self._writer: Engine = create_engine(
            file, connect_args={**ours, "timeout": 0}, hide_parameters=True
        )
        self._readers: Engine = create_engine(
            file,
            connect_args=ours,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=READERS,
            max_overflow=0,
        )
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        event.listen(self._writer, "connect", _pragmas)
        event.listen(self._writer, "connect", _prepare_writer)
        event.listen(self._readers, "connect", _pragmas)
        begin_immediately(self._writer)
        self._connection: Connection | None = None
        self._commits = 0
        self._checkpoint: asyncio.Task[None] | None = None

    def watch(self, listener: Listener) -> None:
        """Call ``listener`` after each commit."""
        self._listeners.append(listener)

    async def write(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run one transaction with the next commit. Raises Busy after ten seconds of it."""
        loop = asyncio.get_running_loop()
        job = _Job(work, loop.create_future(), loop.time() + BUSY_PATIENCE)
        self._waiting.append(job)
        if len(self._waiting) == 1:
            loop.call_soon(self._gather, loop, GATHERING)
        result: T = await job.done
        return result

    async def read(self, work: Callable[[SqlTransaction], T]) -> T:
        """Read beside the writer, in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(read_once, self._readers, work))

    async def close(self) -> None:
        """Finish what is queued and let go of the file."""
        while self._waiting:
            await asyncio.wait([job.done for job in self._waiting])
        if self._checkpoint is not None:
            await self._checkpoint
        if self._connection is not None:
            self._connection.close()
        self._writer.dispose()
        await asyncio.to_thread(self._threads.shutdown)
        self._readers.dispose()

    def _gather(self, loop: asyncio.AbstractEventLoop, rounds: int) -> None:
        """Let those who are as far as the first join its commit; an idle loop waits for none."""
        if rounds:
            loop.call_soon(self._gather, loop, rounds - 1)
        else:
            self._flush(loop)

    def _flush(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, rest = self._waiting[:MOST_IN_BATCH], self._waiting[MOST_IN_BATCH:]
        outcomes = self._run([job.work for job in batch])
        ended = list(zip(batch, outcomes, strict=True))
        again = [
            job for job, outcome in ended if isinstance(outcome, Busy) and loop.time() < job.until
        ]
        self._waiting = again + rest
        self._commits += 1
        if self._commits % CHECKPOINT_EVERY == 0 and self._checkpoint is None:
            self._checkpoint = loop.create_task(self._move_log())
        if again:
            loop.call_later(BUSY_PAUSE, self._flush, loop)
        elif rest:
            loop.call_soon(self._flush, loop)
        # Last: whatever a listener does, the queue is in order.
        for job, outcome in ended:
            if job not in again:
                self._settle(job, outcome)

    async def _move_log(self) -> None:
        """Move the write-ahead log into the file from a reader's thread, beside the writer."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, move_log, self._readers)
        finally:
            self._checkpoint = None

    def _run(self, works: list[Callable[[SqlTransaction], Any]]) -> list[Any]:
        try:
            if self._connection is None:
                self._connection = self._writer.connect()
            return write_batch(self._connection, works)
        except Exception as error:  # noqa: BLE001 - supervised: every waiting caller is told
            return [Busy() if is_busy(error) else error for _ in works]

    def _settle(self, job: _Job, outcome: Any) -> None:
        if isinstance(outcome, BaseException):
            if not job.done.done():
                job.done.set_exception(outcome)
            return
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
