"""Time passes: the clock finds one overdue thing, does it in one transaction, and looks again.

Any number of clocks may run. What they find is only a hint; the verbs decide under a lock and on
the version that was found, so each thing happens once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, time

import structlog

from config.load import Book
from handoff_console.booking_clock import BookingClock
from handoff_console.calendar_watch import CalendarWatch
from handoff_console.case_clock import CaseClock
from handoff_console.crisis_clock import CrisisClock
from handoff_console.digest_clock import Admins, DigestClock
from handoff_console.digests import DigestDesk
from handoff_console.following import Following
from handoff_console.mediation_clock import MediationClock
from handoff_console.reminding import ReminderClock
from handoff_console.retention import Remove, RetentionClock
from handoff_console.slices import Slice
from handoff_console.supervision_clock import SupervisionClock
from handoff_console.tidying import LoginClock, Sweep, SweepClock
from handoff_console.whistle_clock import WhistleClock
from storage.engine import SqlStore
from storage.glance import Glance, Seen

log = structlog.get_logger()

LONGEST_PAUSE = 5.0  # seconds; other processes change things without telling us
SHORTEST_PAUSE = 0.02


class Clockwork:
    """Does what is overdue. ``admins`` is None where no platform can be asked."""

    def __init__(
        self,
        store: SqlStore,
        book: Book,
        digest_desk: DigestDesk,
        digest_at: time,
        *,
        admins: Admins | None = None,
        sweep: Sweep | None = None,
        remove: Remove | None = None,
    ) -> None:
        self._store = store
        # Danger comes first. A new kind of thing is a class like these and one line here.
        self.slices: tuple[Slice, ...] = (
            CrisisClock(store, book),
            CaseClock(store, book),
            Following(store, book),
            BookingClock(store, book),
            ReminderClock(store, book),
            SupervisionClock(store, book),
            MediationClock(store, book),
            WhistleClock(store, book),
            DigestClock(store, digest_desk, digest_at, admins),
            *([SweepClock(sweep)] if sweep is not None else []),
            RetentionClock(store, book, remove),
            CalendarWatch(store, book),
            LoginClock(store),
        )
        self._glance = Glance(look for each in self.slices for look in each.looks)

    async def tick(self, now: datetime) -> bool:
        """Do one overdue thing; False when nothing was left to do."""
        for each in self._awake(await self._look(now)):
            if await each.step(now):
                return True
        return False

    async def run(self, stop: asyncio.Event, now: Callable[[], datetime]) -> None:
        """Tick until ``stop`` is set; supervised, so that one failure does not stop time."""
        while not stop.is_set():
            try:
                if await self.tick(now()):
                    continue
                pause = await self.pause(now())
            except Exception as error:  # noqa: BLE001 - supervised: the database may come back
                log.warning("clock_failed", error=type(error).__name__)
                pause = LONGEST_PAUSE
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    async def pause(self, now: datetime) -> float:
        """Seconds until the next known moment, at most ``LONGEST_PAUSE``. What is due already and
        waits for somebody does not hide what comes next."""
        ahead = (await self._look(now)).ahead
        known = LONGEST_PAUSE if ahead is None else (ahead - now).total_seconds()
        return max(min(known, LONGEST_PAUSE), SHORTEST_PAUSE)

    async def _look(self, now: datetime) -> Seen:
        return await self._store.read(lambda tx: self._glance(tx, now))

    def _awake(self, seen: Seen) -> Iterator[Slice]:
        return (each for each in self.slices if not each.looks or seen.any_of(each.looks))


__all__ = ["Admins", "Clockwork", "Remove", "Sweep"]
