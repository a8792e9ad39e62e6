"""Time passes over appointments: reminders, apologies, names forgotten, joint desks announced.

Any number of clocks may run. What is found is only a hint; the verbs decide again under the locks
of conversation and appointment, so each thing is said once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from casework.desk import booking_due as desk
from casework.desk.bookable import Booker
from casework.ports import Store, Transaction
from config.load import Book
from storage import glance

log = structlog.get_logger()

BATCH = 20
REFUSED_REST = timedelta(seconds=30)
FAILED_REST = timedelta(minutes=1)

Work = Callable[[Transaction], bool]
Verb = Callable[[Transaction, str, desk.Texts, Booker, datetime], bool]


class BookingClock:
    """Does what is due, one thing in one transaction; one that fails stops no other."""

    looks = (glance.APPOINTMENTS, glance.CALENDARS)

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Do one due thing; False when there was none."""
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        most = BATCH + len(self._rests)
        found = await self._store.read(lambda tx: _found(tx, now, most))
        for verb, ids in ((desk.do_due, found[0]), (desk.announce, found[1])):
            for each in ids:
                if await self._do(each, partial(self._run, verb, each, now), now):
                    return True
        return False

    def _run(self, verb: Verb, which: str, now: datetime, tx: Transaction) -> bool:
        return verb(tx, which, self._book.appointments, self._book.booker, now)

    async def _do(self, key: str, work: Work, now: datetime) -> bool:
        if key in self._rests:
            return False
        try:
            if await self._store.write(work):
                return True
            self._rests[key] = now + REFUSED_REST
        except Exception as error:  # noqa: BLE001 - supervised: others are still to be reminded
            log.error("booking_failed", what=key, error=type(error).__name__)  # noqa: TRY400
            self._rests[key] = now + FAILED_REST
        return False


def _found(tx: Transaction, now: datetime, most: int) -> tuple[list[str], list[str]]:
    return (
        [each.id for each in tx.booking.due(now, most)],
        [each.id for each in tx.booking.due_calendars(now, most)],
    )
