"""Classes of deadlines, and what the clock of a case makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import OPEN, Case, Status
from casework.clocks import Due, due, hastened, next_moment, started
from casework.deadlines import DeadlineClass, Instants, instants
from casework.lengths import Length, Unit
from casework.working_calendar import WEEKENDS, WorkingCalendar

FILED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)
STREET = 2
WEEK = DeadlineClass("C7", contact=Length(24, Unit.HOUR), answer=Length(7, Unit.DAY))
DAY = DeadlineClass("B24", contact=Length(2, Unit.HOUR), answer=Length(24, Unit.HOUR))
MONTH = DeadlineClass("M", contact=Length(48, Unit.HOUR), answer=Length(30, Unit.DAY))
WARN = FILED + timedelta(days=7) * 0.7
DUE = FILED + timedelta(days=7)


def case(status: Status = Status.WORKING, cls: DeadlineClass = WEEK) -> Case:
    """A case of the street's, whose clock runs: nobody is above it on the ladder."""
    opened = Case("JS261122-0001", "c", "wage_arrears", FILED, "o", "u", org_id="u", status=status)
    return started(replace(opened, filed_at=FILED), cls, WEEKENDS, STREET, FILED)


def test_all_moments_run_from_dispatch_to_the_minute() -> None:
    assert instants(WEEK, FILED, WEEKENDS) == Instants(
        contact_by=FILED + 24 * HOUR,
        accept_by=FILED + 42 * HOUR,
        warn_at=WARN,
        level_due_at=(FILED + 84 * HOUR, FILED + timedelta(days=7) * 0.8, DUE),
        due_at=DUE,
    )


def test_nobody_is_called_later_than_the_answer_is_due() -> None:
    """Four workdays over National Day are longer than six days."""
    off = frozenset(date(2026, 10, day) for day in range(1, 8))
    cls = DeadlineClass("X", Length(4, Unit.WORKDAY), Length(6, Unit.DAY))
    found = instants(cls, datetime(2026, 9, 30, 4, tzinfo=UTC), WorkingCalendar(off))
    assert found.contact_by == found.due_at == datetime(2026, 10, 6, 4, tzinfo=UTC)


def test_somebody_has_been_there() -> None:
    cls = replace(DAY, on_site=Length(4, Unit.HOUR))
    assert instants(cls, FILED, WEEKENDS).on_site_by == FILED + 4 * HOUR


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (FILED, None),
        (WARN - TICK, None),
        (WARN, Due.WARN),
        (DUE - TICK, Due.WARN),
    ],
)
def test_warned_at_seven_tenths(now: datetime, found: Due | None) -> None:
    assert due(case(), now) is found


@pytest.mark.parametrize(
    ("now", "found"), [(DUE - TICK, None), (DUE, Due.BREACH), (DUE.astimezone(), Due.BREACH)]
)
def test_overdue_from_the_moment_it_was_due(now: datetime, found: Due | None) -> None:
    assert due(replace(case(), warned_at=WARN), now) is found


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"contact": Length(2, Unit.DAY)}, "contact ≤ answer"),
        ({"contact": Length(25, Unit.HOUR)}, "contact ≤ answer"),
        ({"warn_at": 0.0}, "warn_at"),
        ({"warn_at": 1.0}, "warn_at"),
        ({"accept_at": 1.0}, "accept_at"),
        ({"on_site": Length(2, Unit.DAY)}, "on_site"),
        ({"levels": (0.5, 0.5, 0.0)}, "levels"),
        ({"levels": (0.5, 0.3, 0.3)}, "levels"),
    ],
)
def test_a_class_that_makes_no_sense_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=f"B24: .*{says}"):
        replace(DAY, **changes)  # type: ignore[arg-type]


def test_a_new_round_has_as_long_again_and_is_judged_anew() -> None:
    late = replace(case(Status.REWORK), warned_at=WARN, breached_at=DUE)
    reopened = DUE + timedelta(days=30)
    again = started(late, WEEK, WEEKENDS, STREET, reopened)
    assert again.due_at == reopened + timedelta(days=7)
    assert (again.warned_at, again.breached_at) == (None, None)
    assert due(replace(again, accept_by=None), reopened) is None


def test_another_class_never_puts_off_what_was_promised() -> None:
    assert hastened(case(), MONTH, WEEKENDS, STREET, FILED + HOUR) == case()


def test_a_shorter_class_counts_from_when_the_round_began() -> None:
    warned = replace(case(), warned_at=WARN)
    moved = hastened(warned, DAY, WEEKENDS, STREET, FILED + HOUR)
    sooner = instants(DAY, FILED, WEEKENDS)
    assert (moved.contact_by, moved.due_at) == (sooner.contact_by, sooner.due_at)
    assert moved.warned_at is None
    spoken = replace(warned, contacted_at=FILED)
    assert hastened(spoken, DAY, WEEKENDS, STREET, FILED + HOUR).contact_by == case().contact_by


def test_a_deadline_that_would_be_over_starts_now() -> None:
    third = FILED + timedelta(days=3)
    moved = hastened(case(), DAY, WEEKENDS, STREET, third)
    assert moved.due_at == third + 24 * HOUR
    assert due(moved, third) is None
    assert hastened(case(), DAY, WEEKENDS, STREET, DUE - HOUR) == case()


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN))
def test_nothing_moves_where_nobody_works(status: Status) -> None:
    assert hastened(case(status), DAY, WEEKENDS, STREET, FILED) == case(status)


lengths = st.integers(60, 90 * 1440).map(lambda minutes: Length(minutes, Unit.MINUTE))
passing = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=100))


@given(old=lengths, new=lengths, passed=passing)
def test_reclassifying_keeps_every_promise(old: Length, new: Length, passed: timedelta) -> None:
    an_hour = Length(1, Unit.HOUR)
    filed = case(cls=DeadlineClass("X", an_hour, old))
    now = FILED + passed
    moved = hastened(filed, DeadlineClass("Y", an_hour, new), WEEKENDS, STREET, now)
    assert filed.due_at is not None
    assert filed.contact_by is not None
    assert moved.due_at is not None
    assert moved.contact_by is not None
    assert moved.due_at <= filed.due_at
    assert moved.contact_by <= filed.contact_by
    assert (moved.due_at <= now) == (filed.due_at <= now)


@given(
    answer=lengths,
    share=st.floats(min_value=0.05, max_value=0.95),
    first=passing,
    more=passing,
)
def test_time_only_makes_it_worse(
    answer: Length, share: float, first: timedelta, more: timedelta
) -> None:
    filed = case(cls=DeadlineClass("X", Length(1, Unit.MINUTE), answer, share))
    assert filed.due_at is not None
    earlier, later = (due(filed, FILED + each) for each in (first, first + more))
    assert earlier is None or later is not None
    moment = next_moment(filed)
    assert moment is not None
    assert (FILED + first >= moment) == (earlier is not None)
