"""A year without public holidays is said at the start and every day, with what is due in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from casework.working_calendar import WorkingCalendar
from config.load import Book
from handoff_console.calendar_watch import CalendarWatch
from handoff_console.clock import Clockwork
from storage.engine import SqlStore
from tests.clock.street import NOW, Street

DAY = timedelta(days=1)


async def said(watch: CalendarWatch, day: int) -> list[tuple[list[int], int]]:
    """What one step logs, that many days on."""
    with structlog.testing.capture_logs() as logs:
        assert not await watch.step(NOW + day * DAY)
    assert {line["event"] for line in logs} <= {"calendar_year_missing"}
    return [(line["years"], line["cases_due_then"]) for line in logs]


async def test_it_is_said_at_the_start_and_every_day(
    store: SqlStore, street: Street, book: Book
) -> None:
    watch = CalendarWatch(store, book)
    assert await said(watch, 0) == [([2027], 0)]
    assert await said(watch, 0) == []
    await street.filed("1", NOW + 10 * DAY)
    due_then = await street.filed("2", NOW + 35 * DAY)
    assert due_then.due_at is not None
    assert await said(watch, 36) == [([2027], 1)]
    await street.resolved(due_then, NOW + 36 * DAY)
    assert await said(watch, 37) == [([2027], 1)]  # answered, not closed: the clock still runs


async def test_nothing_is_said_of_years_that_are_known(store: SqlStore, book: Book) -> None:
    known = WorkingCalendar(years=frozenset({2026, 2027}))
    assert await said(CalendarWatch(store, replace(book, calendar=known)), 0) == []


async def test_the_clock_says_it(clock: Clockwork) -> None:
    with structlog.testing.capture_logs() as logs:
        assert not await clock.tick(NOW)
        assert not await clock.tick(NOW + timedelta(seconds=5))
    assert [line["event"] for line in logs] == ["calendar_year_missing"]
