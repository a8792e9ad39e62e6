"""Cases that were joined to another follow it: what its officer did is done with each of them.

The leading case is saved first and by itself; those that follow come after it in batches. A
process that dies in between leaves them lagging, and the next clock finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from casework.desk import joining
from casework.desk.rulebook import Rulebook
from casework.ports import Store, Transaction
from storage import glance

log = structlog.get_logger()
BATCH = 20
FAILED_REST = timedelta(minutes=1)


class Following:
    """Brings joined cases up to date; one that fails does not stand in the others' way."""

    looks = (glance.FOLLOWERS,)

    def __init__(self, store: Store, rules: Rulebook) -> None:
        self._store = store
        self._rules = rules
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Take up to a batch one step on; False when none lags behind."""
        self._rests = {number: until for number, until in self._rests.items() if until > now}
        most = BATCH + len(self._rests)
        found = await self._store.read(lambda tx: tx.cases.lagging(most))
        numbers = [case.number for case in found if case.number not in self._rests][:BATCH]
        if not numbers:
            return False
        try:
            return await self._follow(numbers, now)
        except Exception as error:  # noqa: BLE001 - supervised: one resident's chat must not stop the others
            log.warning("following_failed", error=type(error).__name__, cases=len(numbers))
        return any([await self._alone(number, now) for number in numbers])

    async def _follow(self, numbers: Sequence[str], now: datetime) -> bool:
        def work(tx: Transaction) -> int:
            return joining.follow(tx, numbers, self._rules, now)

        return await self._store.write(work) > 0

    async def _alone(self, number: str, now: datetime) -> bool:
        try:
            return await self._follow([number], now)
        except Exception as error:  # noqa: BLE001 - supervised: it is tried again after a rest
            name = type(error).__name__
            log.error("following_failed", error=name, case=number)  # noqa: TRY400
            self._rests[number] = now + FAILED_REST
            return False
