"""Time passes over mediations: meetings, months, promises on their day, the court's thirty days.

Any number of clocks may run. What is found is only a hint; the verbs decide again under the locks
of conversation, case and row, so each thing happens once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from casework.desk import confirmations, mediation_meetings, promises
from casework.desk.mediating import Mediating
from casework.ports import Store, Transaction
from storage import glance

log = structlog.get_logger()

BATCH = 20
REFUSED_REST = timedelta(seconds=30)
FAILED_REST = timedelta(minutes=1)

Verb = Callable[[Transaction, str, Mediating, datetime], bool]


class MediationClock:
    """Does what is due, one thing in one transaction; one that fails stops no other."""

    looks = (glance.PROMISES, glance.CONFIRMATIONS, glance.MEDIATIONS)

    def __init__(self, store: Store, book: Mediating) -> None:
        self._store = store
        self._book = book
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Do one due thing; False when there was none."""
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        most = BATCH + len(self._rests)
        for verb, each in await self._store.read(lambda tx: _found(tx, now, most)):
            if each not in self._rests and await self._do(verb, each, now):
                return True
        return False

    async def _do(self, verb: Verb, which: str, now: datetime) -> bool:
        def work(tx: Transaction) -> bool:
            return verb(tx, which, self._book, now)

        try:
            if await self._store.write(work):
                return True
            self._rests[which] = now + REFUSED_REST
        except Exception as error:  # noqa: BLE001 - supervised: others have their day too
            log.error("mediation_failed", what=which, error=type(error).__name__)  # noqa: TRY400
            self._rests[which] = now + FAILED_REST
        return False


def _found(tx: Transaction, now: datetime, most: int) -> list[tuple[Verb, str]]:
    """What is due, promises first: somebody waits for each of them."""
    return [
        *((promises.do_due, each) for each in tx.promises.due(now, most)),
        *((confirmations.do_due, each) for each in tx.confirmations.due(now, most)),
        *((mediation_meetings.do_due, each) for each in tx.mediations.due(now, most)),
    ]
