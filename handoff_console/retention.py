"""Time passes and what was kept long enough goes, a few at a time; files' bytes go last.

What is found is only a hint, as everywhere in the clock: the verbs decide under their lock.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from casework.desk import privacy
from casework.ports import Transaction
from config.load import Book
from storage import glance
from storage.engine import SqlStore

log = structlog.get_logger()

EVERY = timedelta(seconds=5)  # a resident who asked for deletion has their photos gone by then
REST = timedelta(minutes=10)  # for what failed, or was not to be done after all
BATCH = 20

Remove = Callable[[str], Awaitable[None]]
"""Deletes a file's bytes; none there is as good."""


class RetentionClock:
    """Anonymises, forgets and deletes what is due. ``remove`` is None where no files are kept."""

    def __init__(self, store: SqlStore, book: Book, remove: Remove | None) -> None:
        self._store = store
        self._record = book.privacy.record
        self._names = book.officers.categories
        self._retention = book.privacy.retention
        self._remove = remove
        given_up = (glance.ERASED_FILES,) if remove is not None else ()
        self.looks = (*glance.kept_long_enough(self._retention), *given_up)
        self._looked_at: datetime | None = None
        self._rests: dict[str, datetime] = {}

    async def step(self, now: datetime) -> bool:
        """Do a few of what is due; False when nothing was."""
        if self._looked_at is not None and timedelta() <= now - self._looked_at < EVERY:
            return False
        self._rests = {key: until for key, until in self._rests.items() if until > now}
        limits = self._retention.limits(now)
        most = BATCH + len(self._rests)
        cases, talks, files = await self._store.read(
            lambda tx: (
                tx.erasing.due_cases(limits, most),
                tx.erasing.due_talks(limits.unfiled, most),
                tx.erasing.doomed_files(BATCH),
            )
        )
        done = [await self._try(number, self._case(number, now), now) for number in cases]
        done += [await self._try(talk, self._talk(talk, now), now) for talk in talks]
        removed = await self._remove_files(files)
        if any(done) or removed:
            return True
        self._looked_at = now
        return False

    def _case(self, number: str, now: datetime) -> Callable[[Transaction], bool]:
        return lambda tx: privacy.expire_case(
            tx, number, self._record, self._retention, self._names, now
        )

    def _talk(self, conversation_id: str, now: datetime) -> Callable[[Transaction], bool]:
        return lambda tx: privacy.expire_talk(tx, conversation_id, self._retention, now)

    async def _try(self, key: str, work: Callable[[Transaction], bool], now: datetime) -> bool:
        """One that fails does not stand in the others' way."""
        if key in self._rests:
            return False
        try:
            if await self._store.write(work):
                return True
        except Exception as error:  # noqa: BLE001 - supervised: the others still have their time
            log.error("retention_failed", of=key, error=type(error).__name__)  # noqa: TRY400
        self._rests[key] = now + REST
        return False

    async def _remove_files(self, file_ids: list[str]) -> bool:
        """First the bytes, then the row: a crash in between is only work done twice."""
        if self._remove is None or not file_ids:
            return False
        for file_id in file_ids:
            await self._remove(file_id)
        await self._store.write(lambda tx: tx.erasing.drop_files(file_ids))
        return True
