"""司法确认: the thirty days, the reminders, the court."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import confirmations as rules
from casework.confirmations import Confirmation, Due, Stage
from casework.errors import Incomplete, NotAllowed
from casework.lengths import last_day
from casework.working_calendar import CHINA, WEEKENDS, WorkingCalendar

SIGNED = date(2026, 11, 4)
NOON = datetime(2026, 11, 4, 12, tzinfo=CHINA)
LATER = NOON + timedelta(days=60)


def opened(
    on: date = SIGNED, now: datetime = NOON, calendar: WorkingCalendar = WEEKENDS
) -> Confirmation:
    fresh = Confirmation("m", "JS1", "c", "wang", on, now)
    return rules.opened(fresh, calendar, now)


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        (date(2026, 11, 4), date(2026, 12, 4)),  # a Friday
        (date(2026, 11, 5), date(2026, 12, 7)),  # 12-05 is a Saturday: the Monday after it
        (date(2026, 11, 6), date(2026, 12, 7)),
        (date(2027, 1, 30), date(2027, 3, 1)),
    ],
)
def test_thirty_days_without_the_first_and_not_ending_on_a_free_day(
    signed: date, last: date
) -> None:
    noon = datetime.combine(signed, NOON.timetz())
    assert last_day(opened(signed, noon).apply_by) == last


def test_a_public_holiday_moves_the_last_day() -> None:
    holiday = WorkingCalendar(holidays=frozenset({date(2026, 12, 4)}))
    assert last_day(opened(calendar=holiday).apply_by) == date(2026, 12, 7)


def test_an_agreement_takes_effect_before_it_is_confirmed() -> None:
    with pytest.raises(Incomplete):
        opened(date(2026, 11, 5))


def test_three_reminders_then_it_lapses() -> None:
    held, done = opened(), list[tuple[Due, int]]()
    for hour in range(24 * 40):
        now = NOON + timedelta(hours=hour)
        while (what := rules.due(held, now)) is not None:
            held = rules.marked(held, what, now)
            done.append((what, (held.apply_by - now).days))
    assert done == [(Due.REMIND, 19), (Due.REMIND, 9), (Due.REMIND, 2), (Due.LAPSE, 0)]
    assert held.stage is Stage.LAPSED


def test_told_late_only_what_is_still_to_come_is_reminded() -> None:
    late = opened(now=NOON + timedelta(days=25))
    assert late.reminded == 2
    assert rules.next_moment(late) == late.apply_by - timedelta(days=3) + timedelta(hours=9)


@given(st.lists(st.integers(1, 24 * 20), min_size=1, max_size=60))
def test_whenever_the_clock_comes_nothing_is_done_twice(hours: list[int]) -> None:
    held, now, done = opened(), NOON, list[Due]()
    for each in hours:
        now += timedelta(hours=each)
        while (what := rules.due(held, now)) is not None:
            held = rules.marked(held, what, now)
            done.append(what)
    assert done.count(Due.REMIND) <= 3
    assert done.count(Due.LAPSE) == (1 if now >= held.apply_by else 0)
    assert rules.due(held, now) is None


def test_the_court_has_thirty_days_and_is_late_once() -> None:
    filed = rules.filed(opened(), "青禾区人民法院", date(2026, 11, 10), WEEKENDS, LATER)
    assert filed.court_by is not None
    assert last_day(filed.court_by) == date(2026, 12, 10)
    assert rules.due(filed, filed.court_by) is Due.LATE
    late = rules.marked(filed, Due.LATE, filed.court_by)
    assert rules.next_moment(late) is None
    ruled = rules.ruled(
        late,
        Stage.CONFIRMED,
        number="(2026)青民特1号",
        on=date(2026, 12, 11),
        file_id=None,
        now=LATER,
    )
    assert (ruled.stage, ruled.ended_at) == (Stage.CONFIRMED, LATER)


def test_what_cannot_be() -> None:
    with pytest.raises(Incomplete):
        rules.filed(opened(), " ", SIGNED, WEEKENDS, NOON)
    with pytest.raises(Incomplete):
        rules.filed(opened(), "法院", date(2026, 11, 3), WEEKENDS, NOON)
    with pytest.raises(NotAllowed):
        rules.ruled(opened(), Stage.CONFIRMED, number="1", on=SIGNED, file_id=None, now=NOON)
    filed = rules.filed(opened(), "法院", SIGNED, WEEKENDS, NOON)
    for stage, number, on in (
        (Stage.LAPSED, "1", SIGNED),
        (Stage.CONFIRMED, " ", SIGNED),
        (Stage.CONFIRMED, "1", date(2026, 11, 3)),
        (Stage.CONFIRMED, "1", date(2026, 11, 5)),  # still to come
    ):
        with pytest.raises(Incomplete):
            rules.ruled(filed, stage, number=number, on=on, file_id=None, now=NOON)
    with pytest.raises(NotAllowed):
        rules.declined(filed, NOON)
    over = rules.declined(opened(), NOON)
    assert rules.next_moment(over) is None
    with pytest.raises(NotAllowed):
        rules.filed(over, "法院", SIGNED, WEEKENDS, NOON)


def test_what_was_done_in_time_is_written_down_afterwards() -> None:
    """They went on the last day; the clock was at midnight, the officer the next morning."""
    held = opened()
    lapsed = rules.marked(held, Due.LAPSE, held.apply_by)
    morning = held.apply_by + timedelta(hours=9)
    filed = rules.filed(lapsed, "法院", date(2026, 12, 4), WEEKENDS, morning)
    assert (filed.stage, filed.ended_at) == (Stage.FILED, None)
    assert rules.next_moment(filed) == filed.court_by
    for on in (date(2026, 12, 5), date(2026, 12, 6)):  # too late; still to come
        with pytest.raises(Incomplete):
            rules.filed(lapsed, "法院", on, WEEKENDS, morning)
    with pytest.raises(Incomplete):
        rules.filed(
            opened(), "法院", date(2026, 11, 5), WEEKENDS, NOON
        )  # nobody was there tomorrow
