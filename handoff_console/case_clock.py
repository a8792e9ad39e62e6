"""The clock of cases: finds those whose next moment has come, and does what is due with each.

One index tells which they are (``cases.next_at``), however many cases there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from casework.desk import clock as desk
from casework.desk.rulebook import Rulebook
from casework.ports import Transaction
from storage import glance
from storage import views_clock as views
from storage.engine import SqlStore
from storage.views_clock import Overdue

log = structlog.get_logger()

REFUSED_REST = timedelta(seconds=30)  # it is not to be done after all, or another clock did it
FAILED_REST = timedelta(minutes=1)
BATCH = 20
Verb = Callable[[Transaction, str, int, Rulebook, datetime], bool]


class CaseClock:
    """Files silent drafts and keeps the time of cases. Any number may run: the verbs decide again,
    under a lock and on the version that was found."""

    looks = (glance.CASES, glance.drafts(desk.SILENCE))

    def __init__(self, store: SqlStore, rules: Rulebook) -> None:
        self._store = store
        self._rules = rules
        self._rests: dict[tuple[str, Overdue], datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Do what is due with some cases; False when nothing was left to do."""
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        wanted = views.Wanted(
            now,
            silent_since=now - desk.SILENCE,
            limit=BATCH + len(self._rests),  # those that rest must not hide the ones behind
        )
        found = await self._store.read(lambda tx: views.overdue(tx, wanted))
        return await self._each("file", desk.file_silent_draft, found.drafts, now) or (
            await self._together("time", desk.keep_time, found.due, now)
        )

    async def _together(
        self, job: str, verb: Verb, found: Sequence[Overdue], now: datetime
    ) -> bool:
        """All in one transaction; when one of them cannot be done, one by one."""
        awake = sorted(each for each in found if (job, each) not in self._rests)
        if len(awake) < 2:
            return await self._each(job, verb, awake, now)

        def work(tx: Transaction) -> list[Overdue]:  # in one order, as every clock locks
            return [each for each in awake if not verb(tx, *each, self._rules, now)]

        try:
            idle = await self._store.write(work)
        except Exception as error:  # noqa: BLE001 - supervised: which one it was is found out below
            log.warning("clock_batch_failed", error=type(error).__name__, cases=len(awake))
            return await self._each(job, verb, awake, now)
        self._rests |= {(job, each): now + REFUSED_REST for each in idle}
        return len(idle) < len(awake)

    async def _each(self, job: str, verb: Verb, found: Sequence[Overdue], now: datetime) -> bool:
        """The first that can be done; one that fails does not stand in the others' way."""
        for each in found:
            if (job, each) in self._rests:
                continue

            def one(tx: Transaction, each: Overdue = each) -> bool:
                return verb(tx, *each, self._rules, now)

            try:
                if await self._store.write(one):
                    return True
                self._rests[job, each] = now + REFUSED_REST
            except Exception as error:  # noqa: BLE001 - supervised: the other cases still have their time
                name = type(error).__name__
                log.error("clock_verb_failed", verb=job, case=each.number, error=name)  # noqa: TRY400
                self._rests[job, each] = now + FAILED_REST
        return False
