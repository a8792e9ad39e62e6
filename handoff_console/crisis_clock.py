"""Time in danger: a minute without 已收到 calls the next officer, silence is answered once more.

Any number may run: what is found is only a hint, and the verb decides on the alert's version.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from casework.alerts import Alert
from casework.desk import alerts as desk
from casework.desk.alerts import Response
from casework.ports import Store, Transaction
from config.load import Book
from storage import glance

log = structlog.get_logger()

BATCH = 20
FAILED_REST = timedelta(seconds=5)


class CrisisClock:
    """Does what is due about alerts, before anything else of the clock."""

    looks = (glance.CALLS, glance.ALERTS)

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._response = book.response
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Do one due thing; False when there was none. One alert that fails stops no other."""
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        limit = BATCH + len(self._rests)
        for alert in await self._store.read(lambda tx: tx.alerts.due(now, limit)):
            if alert.id not in self._rests and await self._do(alert, now):
                return True
        return False

    async def _do(self, alert: Alert, now: datetime) -> bool:
        try:
            if alert.next_at is not None and alert.next_at <= now:
                return await self._run(desk.call_next, alert, now)
            return await self._run(desk.remind, alert, now)
        except Exception as error:  # noqa: BLE001 - supervised: the other alerts still have their minute
            log.error("alert_failed", alert=alert.id, error=type(error).__name__)  # noqa: TRY400
            self._rests[alert.id] = now + FAILED_REST
            return False

    async def _run(
        self,
        verb: Callable[[Transaction, str, int, Response, datetime], bool],
        alert: Alert,
        now: datetime,
    ) -> bool:
        return await self._store.write(
            lambda tx: verb(tx, alert.id, alert.version, self._response, now)
        )
