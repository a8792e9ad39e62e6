"""When somebody must have spoken, and when the answer is due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import OPEN, Case, Status
from casework.deadlines import DeadlineClass, Judgement, due, hastened, judge, restarted
from casework.lengths import Length, Unit

FILED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEEK = DeadlineClass("C7", contact=Length(24, Unit.HOUR), answer=Length(7, Unit.DAY))
WARN = FILED + timedelta(days=7) * 0.7
DUE = FILED + timedelta(days=7)
TICK = timedelta(microseconds=1)


def case(status: Status = Status.DISPATCHED) -> Case:
    contact_by, due_at = due(FILED, WEEK)
    opened = Case("JS261122-0001", "c", "wage_arrears", FILED, "o", "u", status=status)
    return replace(opened, filed_at=FILED, contact_by=contact_by, due_at=due_at)


def test_both_run_from_dispatch() -> None:
    assert due(FILED, WEEK) == (FILED + timedelta(hours=24), DUE)


@pytest.mark.parametrize("status", sorted(OPEN))
@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (FILED, Judgement.PENDING),
        (WARN - TICK, Judgement.PENDING),
        (WARN, Judgement.WARNED),
        (DUE - TICK, Judgement.WARNED),
        (DUE, Judgement.BREACHED),
        (DUE + timedelta(days=400), Judgement.BREACHED),
    ],
)
def test_warned_at_seven_tenths_and_breached_when_due(
    status: Status, now: datetime, verdict: Judgement
) -> None:
    assert judge(case(status), WEEK, now) is verdict


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN))
def test_what_nobody_works_on_has_no_deadline(status: Status) -> None:
    assert judge(case(status), WEEK, DUE + timedelta(days=1)) is Judgement.MET


def test_a_case_without_a_due_time_is_met() -> None:
    assert judge(replace(case(), due_at=None), WEEK, DUE) is Judgement.MET


def test_another_zone_is_the_same_moment() -> None:
    local = DUE.astimezone(tz=None)
    assert judge(case(), WEEK, local) is Judgement.BREACHED


@pytest.mark.parametrize(
    ("contact", "answer", "warn_at"),
    [
        (Length(2, Unit.DAY), Length(1, Unit.DAY), 0.7),
        (Length(25, Unit.HOUR), Length(1, Unit.DAY), 0.7),
        (Length(1, Unit.HOUR), Length(1, Unit.DAY), 0.0),
        (Length(1, Unit.HOUR), Length(1, Unit.DAY), 1.0),
    ],
)
def test_a_class_that_makes_no_sense_is_refused(
    contact: Length, answer: Length, warn_at: float
) -> None:
    with pytest.raises(ValueError, match="X1"):
        DeadlineClass("X1", contact, answer, warn_at)


def test_a_new_round_has_as_long_again_and_is_judged_anew() -> None:
    late = replace(case(Status.REWORK), warned_at=WARN, breached_at=DUE)
    reopened = DUE + timedelta(days=30)
    again = restarted(late, FILED, reopened)
    assert again.due_at == reopened + timedelta(days=7)
    assert (again.warned_at, again.breached_at) == (None, None)
    assert judge(again, WEEK, reopened) is Judgement.PENDING
    third = restarted(again, reopened, reopened + timedelta(days=1))
    assert third.due_at == reopened + timedelta(days=8)


def test_what_was_never_due_stays_so() -> None:
    bare = replace(case(), due_at=None)
    assert restarted(bare, FILED, DUE) == bare


HOUR = timedelta(hours=1)
DAY = DeadlineClass("B24", contact=Length(2, Unit.HOUR), answer=Length(24, Unit.HOUR))
MONTH = DeadlineClass("M", contact=Length(48, Unit.HOUR), answer=Length(30, Unit.DAY))


def test_another_class_never_puts_off_what_was_promised() -> None:
    assert hastened(case(), FILED, MONTH, FILED + HOUR) == case()


def test_a_shorter_class_counts_from_when_the_round_began() -> None:
    warned = replace(case(Status.WORKING), warned_at=WARN)
    moved = hastened(warned, FILED, DAY, FILED + HOUR)
    assert (moved.contact_by, moved.due_at) == due(FILED, DAY)
    assert moved.warned_at is None
    spoken = replace(warned, contacted_at=FILED)
    assert hastened(spoken, FILED, DAY, FILED + HOUR).contact_by == case().contact_by


def test_a_deadline_that_would_be_over_starts_now() -> None:
    third = FILED + timedelta(days=3)
    moved = hastened(case(), FILED, DAY, third)
    assert moved.due_at == third + DAY.answer.about
    assert judge(moved, DAY, third) is Judgement.PENDING
    last = DUE - HOUR
    assert hastened(case(), FILED, DAY, last) == case()


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN))
def test_nothing_moves_where_nobody_works(status: Status) -> None:
    assert hastened(case(status), FILED, DAY, FILED) == case(status)


@given(
    old=st.integers(min_value=60, max_value=90 * 1440),
    new=st.integers(min_value=60, max_value=90 * 1440),
    passed=st.timedeltas(min_value=timedelta(), max_value=timedelta(days=100)),
)
def test_reclassifying_keeps_every_promise(old: int, new: int, passed: timedelta) -> None:
    an_hour = Length(1, Unit.HOUR)
    length, other = (DeadlineClass("X", an_hour, Length(m, Unit.MINUTE)) for m in (old, new))
    contact_by, due_at = due(FILED, length)
    filed = replace(case(), contact_by=contact_by, due_at=due_at)
    now = FILED + passed
    moved = hastened(filed, FILED, other, now)
    assert moved.due_at is not None
    assert moved.contact_by is not None
    assert moved.due_at <= due_at
    assert moved.contact_by <= contact_by
    missed = due_at <= now
    assert (moved.due_at <= now) == missed


ORDER = [Judgement.PENDING, Judgement.WARNED, Judgement.BREACHED]


@given(
    minutes=st.integers(min_value=2, max_value=90 * 1440),
    share=st.floats(min_value=0.05, max_value=0.95),
    first=st.timedeltas(min_value=timedelta(), max_value=timedelta(days=100)),
    more=st.timedeltas(min_value=timedelta(), max_value=timedelta(days=100)),
)
def test_time_only_makes_it_worse(
    minutes: int, share: float, first: timedelta, more: timedelta
) -> None:
    length = DeadlineClass("X", Length(1, Unit.MINUTE), Length(minutes, Unit.MINUTE), share)
    contact_by, due_at = due(FILED, length)
    filed = replace(case(), contact_by=contact_by, due_at=due_at)
    earlier = judge(filed, length, FILED + first)
    later = judge(filed, length, FILED + first + more)
    assert ORDER.index(earlier) <= ORDER.index(later)
    assert contact_by <= due_at
