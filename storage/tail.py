"""Reads events in the order they were committed, once for everybody in this process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog

from casework.events import Event
from storage.engine import SqlStore
from storage.unit_of_work import Committed

log = structlog.get_logger()
Listener = Callable[[Sequence[Event]], Awaitable[None]]
POLL_SECONDS = 1.0  # other processes commit without telling us
PAUSE_SECONDS = 0.03  # commits that come faster than this are read together
BATCH = 500


class EventTail:
    """Follows the events table; commits of this process wake it, those of others it polls for.

    It reads only while somebody listens. ``seq`` is the last event handed on.
    """

    def __init__(
        self, store: SqlStore, *, poll: float = POLL_SECONDS, pause: float = PAUSE_SECONDS
    ) -> None:
        self._store = store
        self._poll = poll
        self._pause = pause
        self._wake = asyncio.Event()
        self._listener: Listener | None = None
        self._task: asyncio.Task[None] | None = None
        self.seq = 0
        store.watch(self._committed)

    async def start(self, listener: Listener) -> None:
        """Hand on what is committed from now on. One listener; it must not be slow."""
        if self._task is not None:
            raise RuntimeError("the tail has a listener already")
        self.seq = await self._store.read(lambda tx: tx.events.last_seq())
        self._listener = listener
        self._task = asyncio.create_task(self._follow(listener), name="event-tail")

    def stop(self) -> None:
        """Stop following; ``start`` may be called again."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()

    @property
    def running(self) -> bool:
        """Whether somebody listens."""
        return self._task is not None

    def _committed(self, committed: Committed) -> None:
        if committed.events and self._task is not None:
            self._wake.set()

    async def _follow(self, listener: Listener) -> None:
        while True:
            self._wake.clear()
            try:
                full = await self._step(listener)
            except Exception as error:  # noqa: BLE001 - supervised: the live page outlives a database that was away
                log.warning("tail_failed", error=type(error).__name__)
                await asyncio.sleep(self._poll)
                continue
            if full:
                continue
            await asyncio.sleep(self._pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._poll)

    async def _step(self, listener: Listener) -> bool:
        """Hand on the next batch; True when more is waiting."""
        events = await self._store.read(lambda tx: tx.events.after(self.seq, BATCH))
        if events:
            await listener(events)
            self.seq = events[-1].seq
        return len(events) == BATCH
