"""What a process leaves behind: lines it never decided about, and logins that ran out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from storage import glance
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction

SWEEP_EVERY = timedelta(seconds=5)

Sweep = Callable[[datetime], Awaitable[int]]
"""Takes up lines left undecided; tells how many conversations had some."""


class SweepClock:
    """Takes up, now and then, lines a process left undecided when it died."""

    looks = ()

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._swept_at: datetime | None = None

    async def step(self, now: datetime) -> bool:
        """Sweep when it is time to; False when nothing lay about."""
        if self._swept_at is not None and now - self._swept_at < SWEEP_EVERY:
            return False
        self._swept_at = now
        return await self._sweep(now) > 0


class LoginClock:
    """Forgets logins that have run out."""

    looks = (glance.LOGINS,)

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def step(self, now: datetime) -> bool:
        """Forget all of them at once."""

        def work(tx: SqlTransaction) -> None:
            tx.people.drop_expired_sessions(now)

        await self._store.write(work)
        return True
