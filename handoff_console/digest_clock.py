"""Digests go out when their time has come; neither a platform nor one group stops time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta

import structlog

from casework.desk import digests
from casework.digest import next_due
from casework.groups import Group
from casework.outbox import DeliveryError
from handoff_console.digests import DigestDesk
from storage import glance
from storage import views_clock as views
from storage.engine import SqlStore

log = structlog.get_logger()

GROUP_REST = timedelta(minutes=5)  # for a group whose admins could not be asked
PLATFORM_REST = timedelta(seconds=20)  # for all digests, when the platform does not answer
PLATFORM_PATIENCE = 10.0  # seconds
ALL_DIGESTS = ""

Admins = Callable[[Group], Awaitable[Sequence[str]]]
"""The chats of a group's admins. Raises casework.outbox.DeliveryError."""


class DigestClock:
    """Sends the digests that are due. ``admins`` is None where no platform can be asked."""

    looks = (glance.DIGESTS,)

    def __init__(
        self, store: SqlStore, desk: DigestDesk, digest_at: time, admins: Admins | None
    ) -> None:
        self._store = store
        self._desk = desk
        self._at = digest_at
        self._admins = admins
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Send the first that can be sent; False when there was none."""
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        for group in await self._store.read(lambda tx: views.due_groups(tx, now)):
            if ALL_DIGESTS in self._rests:
                return False
            if group.id not in self._rests and await self._send(group, now):
                return True
        return False

    async def _send(self, group: Group, now: datetime) -> bool:
        try:
            return await self._try(group, now)
        except Exception as error:  # noqa: BLE001 - supervised: neither a platform nor one group stops time
            reason = error.reason if isinstance(error, DeliveryError) else type(error).__name__
            if isinstance(error, DeliveryError) and error.permanent:
                return await self._give_up(group, reason, now, next_due(now, self._at))
            return await self._later(group, reason, now)

    async def _try(self, group: Group, now: datetime) -> bool:
        admins = await self._ask_admins(group)
        following = next_due(now, self._at)
        if not admins:
            return await self._give_up(group, "no_admins", now, following)
        digest = await self._desk.of(group, now)
        return await self._store.write(
            lambda tx: digests.send(tx, group, admins, digest.text, now, following)
        )

    async def _ask_admins(self, group: Group) -> Sequence[str]:
        if self._admins is None:
            raise DeliveryError("no_channel")
        async with asyncio.timeout(PLATFORM_PATIENCE):
            return await self._admins(group)

    async def _later(self, group: Group, reason: str, now: datetime) -> bool:
        """Try again soon. Only when the next digest is due too is this one given up for it."""
        log.warning("digest_postponed", group=group.id, reason=reason)
        self._rests[group.id] = now + GROUP_REST
        self._rests[ALL_DIGESTS] = now + PLATFORM_REST
        latest = next_due(now - timedelta(days=1), self._at)
        if latest <= group.next_at:
            return False
        return await self._give_up(group, reason, now, latest)

    async def _give_up(self, group: Group, reason: str, now: datetime, next_at: datetime) -> bool:
        return await self._store.write(lambda tx: digests.give_up(tx, group, reason, now, next_at))
