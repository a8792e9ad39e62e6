"""Time passes: the clock finds one overdue thing, does it in one transaction, and looks again.

Any number of clocks may run. What they find is only a hint; the verbs decide under a lock and on
the version that was found, so each thing happens once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta

import structlog

from casework.desk import clock as desk
from casework.desk import digests
from casework.digest import next_due
from casework.groups import Group
from casework.outbox import DeliveryError
from config.load import Book
from handoff_console.booking_clock import BookingClock
from handoff_console.calendar_watch import CalendarWatch
from handoff_console.case_clock import CaseClock
from handoff_console.crisis_clock import CrisisClock
from handoff_console.digests import DigestDesk
from handoff_console.following import Following
from handoff_console.mediation_clock import MediationClock
from handoff_console.reminding import ReminderClock
from handoff_console.retention import Remove, RetentionClock
from handoff_console.supervision_clock import SupervisionClock
from handoff_console.whistle_clock import WhistleClock
from storage import views_clock as views
from storage.engine import SqlStore

log = structlog.get_logger()

LONGEST_PAUSE = 5.0  # seconds; other processes change things without telling us
SHORTEST_PAUSE = 0.02
SWEEP_EVERY = timedelta(seconds=5)
REFUSED_REST = timedelta(seconds=30)  # it is not to be done after all, or another clock did it
FAILED_REST = timedelta(minutes=1)
GROUP_REST = timedelta(minutes=5)  # for a group whose admins could not be asked
PLATFORM_REST = timedelta(seconds=20)  # for all digests, when the platform does not answer
PLATFORM_PATIENCE = 10.0  # seconds
BATCH = 20
ALL_DIGESTS = ""

Admins = Callable[[Group], Awaitable[Sequence[str]]]
"""The chats of a group's admins. Raises casework.outbox.DeliveryError."""
Sweep = Callable[[datetime], Awaitable[int]]
"""Takes up lines left undecided; tells how many conversations had some."""


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
        self._book = book
        self._digests = digest_desk
        self._digest_at = digest_at
        self._admins = admins
        self._sweep = sweep
        self._swept_at: datetime | None = None
        self._rests: dict[tuple[str, str], datetime] = {}
        self._crisis = CrisisClock(store, book)
        self._cases = CaseClock(store, book)
        self._following = Following(store, book)
        self._booking = BookingClock(store, book)
        self._reminders = ReminderClock(store, book)
        self._mediation = MediationClock(store, book)
        self._whistles = WhistleClock(store, book)
        self._supervision = SupervisionClock(store, book)
        self._calendar = CalendarWatch(store, book)
        self._retention = RetentionClock(store, book, remove)

    async def tick(self, now: datetime) -> bool:
        """Do one overdue thing; False when nothing was left to do. Danger comes first."""
        if await self._crisis.tick(now):
            return True
        if await self._cases.step(now):
            return True
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        found = await self._store.read(lambda tx: views.beside_cases(tx, now))
        return (
            await self._following.step(now)
            or await self._booking.step(now)
            or await self._reminders.step(now)
            or await self._supervision.step(now)
            or await self._mediation.step(now)
            or await self._whistles.step(now)
            or await self._send_digests(found.groups, now)
            or await self._take_up(now)
            or await self._retention.step(now)
            or await self._calendar.step(now)
            or (found.logins and await self._end_logins(now))
        )

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
        """Seconds until the next known moment, at most ``LONGEST_PAUSE``."""
        known = await self._store.read(lambda tx: views.next_moments(tx, now))
        moments = [known.due, known.digest, await self._crisis.next_due()]
        moments.append(await self._whistles.next_due())
        if known.draft_changed is not None:
            moments.append(known.draft_changed + desk.SILENCE)
        ahead = [(each - now).total_seconds() for each in moments if each and each > now]
        return max(min([*ahead, LONGEST_PAUSE]), SHORTEST_PAUSE)

    async def _send_digests(self, groups: Sequence[Group], now: datetime) -> bool:
        for group in groups:
            if ("digest", ALL_DIGESTS) in self._rests:
                return False
            if ("digest", group.id) not in self._rests and await self._send_digest(group, now):
                return True
        return False

    async def _send_digest(self, group: Group, now: datetime) -> bool:
        try:
            return await self._try_digest(group, now)
        except Exception as error:  # noqa: BLE001 - supervised: neither a platform nor one group stops time
            reason = error.reason if isinstance(error, DeliveryError) else type(error).__name__
            if isinstance(error, DeliveryError) and error.permanent:
                return await self._give_up(group, reason, now, next_due(now, self._digest_at))
            return await self._send_later(group, reason, now)

    async def _try_digest(self, group: Group, now: datetime) -> bool:
        admins = await self._ask_admins(group)
        following = next_due(now, self._digest_at)
        if not admins:
            return await self._give_up(group, "no_admins", now, following)
        digest = await self._digests.of(group, now)
        return await self._store.write(
            lambda tx: digests.send(tx, group, admins, digest.text, now, following)
        )

    async def _ask_admins(self, group: Group) -> Sequence[str]:
        if self._admins is None:
            raise DeliveryError("no_channel")
        async with asyncio.timeout(PLATFORM_PATIENCE):
            return await self._admins(group)

    async def _send_later(self, group: Group, reason: str, now: datetime) -> bool:
        """Try again soon. Only when the next digest is due too is this one given up for it."""
        log.warning("digest_postponed", group=group.id, reason=reason)
        self._rests["digest", group.id] = now + GROUP_REST
        self._rests["digest", ALL_DIGESTS] = now + PLATFORM_REST
        latest = next_due(now - timedelta(days=1), self._digest_at)
        if latest <= group.next_at:
            return False
        return await self._give_up(group, reason, now, latest)

    async def _give_up(self, group: Group, reason: str, now: datetime, next_at: datetime) -> bool:
        return await self._store.write(lambda tx: digests.give_up(tx, group, reason, now, next_at))

    async def _take_up(self, now: datetime) -> bool:
        """Lines a process left undecided when it died."""
        if self._sweep is None:
            return False
        if self._swept_at is not None and now - self._swept_at < SWEEP_EVERY:
            return False
        self._swept_at = now
        return await self._sweep(now) > 0

    async def _end_logins(self, now: datetime) -> bool:
        await self._store.write(lambda tx: tx.people.drop_expired_sessions(now))
        return True
