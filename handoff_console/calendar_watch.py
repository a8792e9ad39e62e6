"""Says at the start and every day that deadlines reach into a year without public holidays."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from casework.working_calendar import CHINA
from config.load import Book
from storage import views_calendar
from storage.engine import SqlStore

log = structlog.get_logger()
EVERY = timedelta(days=1)


class CalendarWatch:
    """One line in the log a day, with the number of open cases that are due in such a year."""

    looks = ()

    def __init__(self, store: SqlStore, book: Book) -> None:
        self._store = store
        self._book = book
        self._said_at: datetime | None = None

    async def step(self, now: datetime) -> bool:
        """Say it when it is time; there is never anything left to do."""
        if self._said_at is not None and timedelta() <= now - self._said_at < EVERY:
            return False
        self._said_at = now
        missing = self._book.missing_years(now)
        if missing:
            begins = datetime(missing[0], 1, 1, tzinfo=CHINA)
            cases = await self._store.read(lambda tx: views_calendar.open_due_from(tx, begins))
            log.warning("calendar_year_missing", years=list(missing), cases_due_then=cases)
        return False
