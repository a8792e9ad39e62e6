"""The residents' own countdowns are told when their time comes, one at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from casework.desk import reminding
from casework.desk.reminding import Countdowns
from casework.ports import Store
from casework.reminders import Reminder
from storage import glance

log = structlog.get_logger()
BATCH = 20
FAILED_REST = timedelta(minutes=10)


class ReminderClock:
    """Says what is due of countdowns; one that fails does not stand in the others' way."""

    looks = (glance.REMINDERS,)

    def __init__(self, store: Store, rules: Countdowns) -> None:
        self._store = store
        self._rules = rules
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Say a few of them; False when none was due."""
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        most = BATCH + len(self._rests)
        found = await self._store.read(lambda tx: tx.reminders.due(now, most))
        waiting = [each for each in found if each.id not in self._rests][:BATCH]
        return any([await self._try(each, now) for each in waiting])

    async def _try(self, reminder: Reminder, now: datetime) -> bool:
        try:
            return await self._store.write(
                lambda tx: reminding.remind(tx, reminder.id, self._rules, now)
            )
        except Exception as error:  # noqa: BLE001 - supervised: the others still have their time
            name = type(error).__name__
            log.error("reminder_failed", reminder=reminder.id, error=name)  # noqa: TRY400
            self._rests[reminder.id] = now + FAILED_REST
            return False
