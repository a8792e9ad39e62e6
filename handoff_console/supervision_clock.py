"""Time of supervision: slips nobody answered, sponsors without an entry, groups still to be told.

Any number may run: what is found is only a hint, the verbs decide under a lock and on the version
that was found. One thing that fails does not stand in the others' way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from casework.collective import Collective
from casework.desk import collective_sheet, sponsors, supervision
from casework.ports import Store, Transaction
from casework.sponsors import Sponsorship
from casework.supervision import Slip
from config.group_texts import group_book
from config.load import Book
from storage import glance

log = structlog.get_logger()
BATCH = 20
FAILED_REST = timedelta(minutes=1)

Verb = Callable[[Transaction], bool]


class SupervisionClock:
    """Does what is due about slips, sponsors and group cases."""

    looks = (glance.SLIPS, glance.COLLECTIVES, glance.SPONSORS)

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book
        self._group = group_book(book)
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Do one due thing, or tell one batch; False when there was none."""
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        most = BATCH + len(self._rests)  # those that rest must not hide the ones behind
        for slip in await self._store.read(lambda tx: tx.slips.due(now, most)):
            if await self._do(slip.id, self._report(slip, now), now):
                return True
        for group in await self._store.read(lambda tx: tx.collectives.due(now, most)):
            if await self._tell(group, now):
                return True
        for each in await self._store.read(lambda tx: tx.sponsors.due(now, most)):
            if await self._do(each.id, self._look(each, now), now):
                return True
        return False

    def _report(self, slip: Slip, now: datetime) -> Verb:
        return lambda tx: supervision.report(tx, slip.id, slip.version, self._book, now)

    def _look(self, each: Sponsorship, now: datetime) -> Verb:
        rules = self._book.watch.sponsors
        return lambda tx: sponsors.look(tx, each.id, each.version, rules, now)

    async def _tell(self, group: Collective, now: datetime) -> bool:
        """A batch of its households; when one of them cannot be told, each by itself."""
        if group.id in self._rests:
            return False
        most = BATCH + len(self._rests)
        found = await self._store.read(lambda tx: tx.collectives.untold(group, most))
        numbers = [each for each in found if each not in self._rests][:BATCH]
        if not numbers and found:
            self._rests[group.id] = now + FAILED_REST
            return False
        try:
            return await self._store.write(self._telling(group, numbers, now))
        except Exception as error:  # noqa: BLE001 - supervised: which one it was is found out below
            log.warning("telling_failed", error=type(error).__name__, cases=len(numbers))
        return any([await self._do(n, self._telling(group, [n], now), now) for n in numbers])

    def _telling(self, group: Collective, numbers: Sequence[str], now: datetime) -> Verb:
        return lambda tx: collective_sheet.tell(tx, group.leading, numbers, self._group, now) > 0

    async def _do(self, key: str, verb: Verb, now: datetime) -> bool:
        if key in self._rests:
            return False
        try:
            return await self._store.write(verb)
        except Exception as error:  # noqa: BLE001 - supervised: the others still have their time
            log.error("supervision_failed", what=key, error=type(error).__name__)  # noqa: TRY400
            self._rests[key] = now + FAILED_REST
            return False
