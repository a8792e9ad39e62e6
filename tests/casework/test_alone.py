"""A case that followed another goes on by itself: nothing of the past falls due at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import clocks
from casework.alone import on_its_own
from casework.case import Case, Status
from casework.deadlines import DeadlineClass
from casework.lengths import Length, Unit
from casework.working_calendar import WorkingCalendar

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = DeadlineClass("C7", Length(24, Unit.HOUR), Length(7, Unit.DAY))


def followed(status: Status = Status.DISPATCHED) -> Case:
    """A case of a week, filed at noon."""
    case = Case("JS1", "c", "other", NOON, "o", "u", status=status)
    return clocks.started(case, WEEK, WorkingCalendar(), 0, NOON)


@pytest.mark.parametrize("status", [Status.DISPATCHED, Status.WORKING, Status.REWORK])
@given(days=st.floats(0, 6.9), rung=st.integers(0, 3))
def test_what_is_ahead_lies_ahead_and_in_order(status: Status, days: float, rung: int) -> None:
    now = NOON + days * DAY
    before = followed(status)
    alone = on_its_own(before, WEEK, rung, now)
    assert (alone.due_at, alone.contact_by) == (before.due_at, before.contact_by)
    ahead = clocks.moments(alone)
    assert clocks.due(alone, now) is None
    assert all(now < at <= NOON + 7 * DAY for at in ahead.values())
    assert len(alone.level_dues) == max(2 - rung, 0)
    assert list(alone.level_dues) == sorted(alone.level_dues)
    assert (alone.accept_by is not None) == (status is not Status.WORKING)


def test_half_of_what_is_left_is_the_grid_s() -> None:
    alone = on_its_own(followed(), WEEK, 0, NOON + 5 * DAY)
    assert alone.level_dues == (NOON + 6 * DAY, NOON + 6.6 * DAY)
    early = on_its_own(followed(), WEEK, 0, NOON + DAY)
    assert early.warn_at == followed().warn_at  # still ahead: it stays


def test_where_the_time_is_over_only_the_answer_is_left() -> None:
    alone = on_its_own(followed(), WEEK, 0, NOON + 8 * DAY)
    assert clocks.moments(alone).keys() == {clocks.Due.BREACH}
