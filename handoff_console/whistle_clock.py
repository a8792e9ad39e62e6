"""Time for whistles: what is due about each, one thing in one transaction.

Any number may run: what is found is only a hint, and the verb decides on the locked notice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from casework.desk.whistle_due import on_time
from casework.ports import Store, Transaction
from casework.whistle import Whistle
from config.load import Book
from storage import glance

log = structlog.get_logger()

BATCH = 20
REFUSED_REST = timedelta(seconds=30)  # another clock did it
FAILED_REST = timedelta(minutes=1)


class WhistleClock:
    """Does one due thing at a time; one whistle that fails stands in no other's way."""

    looks = (glance.WHISTLES,)

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Do the first thing that can be done; False when there was none."""
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        most = BATCH + len(self._rests)
        practice = self._book.whistling

        def timely(tx: Transaction, whistle: Whistle) -> bool:
            return on_time(tx, whistle.id, whistle.version, practice, self._book, now)

        for each in await self._store.read(lambda tx: tx.whistles.due(now, most)):
            if await self._one(each, now, timely):
                return True
        return False

    async def _one(
        self, whistle: Whistle, now: datetime, verb: Callable[[Transaction, Whistle], bool]
    ) -> bool:
        if whistle.id in self._rests:
            return False
        try:
            if await self._store.write(lambda tx: verb(tx, whistle)):
                return True
            self._rests[whistle.id] = now + REFUSED_REST
        except Exception as error:  # noqa: BLE001 - supervised: the others still have their time
            log.error("whistle_failed", whistle=whistle.id, error=type(error).__name__)  # noqa: TRY400
            self._rests[whistle.id] = now + FAILED_REST
        return False
