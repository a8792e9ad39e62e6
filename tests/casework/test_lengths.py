"""What holds of every length and every calendar, whatever the holidays are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casework.deadlines import DeadlineClass, instants, put_off, renewed
from casework.lengths import Length, Unit, after, last_day, part
from casework.working_calendar import CHINA, WorkingCalendar

FIRST = date(2025, 1, 1)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)

days = st.integers(min_value=0, max_value=3 * 365).map(lambda n: FIRST + n * DAY)
moments = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001
    datetime(2027, 6, 1),  # noqa: DTZ001
    timezones=st.sampled_from([CHINA, UTC]),
)
lengths = st.builds(Length, st.integers(1, 90), st.sampled_from(Unit))
workdays = st.builds(Length, st.integers(1, 60), st.just(Unit.WORKDAY))
natural = st.builds(Length, st.integers(1, 90), st.sampled_from([Unit.MINUTE, Unit.HOUR, Unit.DAY]))
periods = st.builds(
    Length,
    st.integers(1, 400),
    st.sampled_from([Unit.DAY, Unit.WORKDAY, Unit.MONTH, Unit.YEAR]),
)
pauses = st.timedeltas(min_value=TICK, max_value=timedelta(days=20))
shares = st.floats(min_value=0.01, max_value=0.99)


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Holidays in runs of up to nine days, and Saturdays and Sundays worked for some of them."""
    runs = draw(st.lists(st.tuples(days, st.integers(1, 9)), max_size=25))
    off = {first + n * DAY for first, long in runs for n in range(long)}
    on = {day for day in draw(st.sets(days, max_size=25)) if day.weekday() > 4}
    return WorkingCalendar(frozenset(off - on), frozenset(on))


@given(moments, moments, lengths, calendars(), st.booleans())
@example(
    datetime(2026, 1, 30, 10, tzinfo=CHINA),
    datetime(2026, 1, 31, 9, tzinfo=CHINA),
    Length(1, Unit.MONTH),
    WorkingCalendar(),
    False,
)
def test_what_begins_later_ends_no_sooner(
    one: datetime, other: datetime, length: Length, calendar: WorkingCalendar, statutory: bool
) -> None:
    early, late = sorted([one, other])
    ends = [after(each, length, calendar, statutory=statutory) for each in (early, late)]
    assert ends[0] <= ends[1]


@given(moments, lengths, st.integers(1, 90), calendars(), st.booleans())
def test_what_is_longer_ends_no_sooner(
    start: datetime, length: Length, more: int, calendar: WorkingCalendar, statutory: bool
) -> None:
    longer = Length(length.count + more, length.unit)
    ends = [after(start, each, calendar, statutory=statutory) for each in (length, longer)]
    assert ends[0] <= ends[1]


@given(moments, lengths, calendars(), st.booleans())
def test_nothing_is_over_before_it_began(
    start: datetime, length: Length, calendar: WorkingCalendar, statutory: bool
) -> None:
    end = after(start, length, calendar, statutory=statutory)
    assert end > start
    assert end.tzinfo is start.tzinfo


@given(moments, workdays, calendars(), st.booleans())
def test_workdays_end_on_a_workday(
    start: datetime, length: Length, calendar: WorkingCalendar, statutory: bool
) -> None:
    end = after(start, length, calendar, statutory=statutory)
    assert calendar.is_workday(last_day(end))
    whole = calendar.worked(start, end)
    assert whole == length.count * DAY if not statutory else whole >= length.count * DAY


@given(
    moments,
    st.builds(Length, st.integers(1, 400), st.sampled_from(["d", "mo", "y", "WD"]).map(Unit)),
    calendars(),
)
def test_a_period_by_law_ends_with_a_workday(
    start: datetime, length: Length, calendar: WorkingCalendar
) -> None:
    end = after(start, length, calendar, statutory=True).astimezone(CHINA)
    assert (end.hour, end.minute, end.second, end.microsecond) == (0, 0, 0, 0)
    assert calendar.is_workday(last_day(end))


@given(moments, pauses, pauses, calendars())
def test_worked_time_adds_up_and_can_be_gone_back(
    start: datetime, first: timedelta, second: timedelta, calendar: WorkingCalendar
) -> None:
    middle, end = start + first, start + first + second
    whole = calendar.worked(start, end)
    assert timedelta() <= whole <= first + second
    assert whole == calendar.worked(start, middle) + calendar.worked(middle, end)
    found = calendar.advance(start, first)
    assert calendar.worked(start, found) == first
    assert calendar.worked(start, found - TICK) < first


@given(moments, lengths, shares, shares, calendars(), st.booleans())
def test_shares_of_a_length_lie_in_it_in_order(
    start: datetime,
    length: Length,
    one: float,
    other: float,
    calendar: WorkingCalendar,
    statutory: bool,
) -> None:
    low, high = sorted([one, other])
    end = after(start, length, calendar, statutory=statutory)
    found = [part(start, length, each, calendar, statutory=statutory) for each in (low, high, 1)]
    assert start < found[0] <= found[1] <= found[2] == end
    if length.unit is Unit.WORKDAY:
        whole = calendar.worked(start, end)
        assert abs(calendar.worked(start, found[0]) - whole * low) <= TICK


@given(moments, natural, pauses, pauses, calendars())
def test_a_pause_puts_off_by_as_long_as_it_was(
    start: datetime, length: Length, waited: timedelta, by: timedelta, calendar: WorkingCalendar
) -> None:
    due = after(start, length, calendar)
    began = min(start + waited, due - TICK)
    found = put_off(due, by, length=length, began=began, calendar=calendar)
    assert found - (began + by) == due - began


@given(moments, workdays, pauses, pauses, calendars())
def test_a_pause_of_workdays_leaves_as_much_work_as_before(
    start: datetime, length: Length, waited: timedelta, by: timedelta, calendar: WorkingCalendar
) -> None:
    due = after(start, length, calendar)
    began = min(start + waited, due - TICK)
    found = put_off(due, by, length=length, began=began, calendar=calendar)
    assert found >= due
    assert calendar.worked(began + by, found) == calendar.worked(began, due)
    assert calendar.is_workday(last_day(found))


@given(moments, workdays, pauses, pauses, pauses, calendars())
def test_two_pauses_in_a_row_are_one(
    start: datetime,
    length: Length,
    waited: timedelta,
    first: timedelta,
    second: timedelta,
    calendar: WorkingCalendar,
) -> None:
    due = after(start, length, calendar)
    began = min(start + waited, due - TICK)

    def put(moment: datetime, by: timedelta, since: datetime) -> datetime:
        return put_off(moment, by, length=length, began=since, calendar=calendar)

    assert put(put(due, first, began), second, began + first) == put(due, first + second, began)


@given(moments, lengths, lengths, shares, shares, calendars(), st.booleans())
def test_the_moments_of_a_class_are_in_order(
    start: datetime,
    contact: Length,
    answer: Length,
    accept_at: float,
    warn_at: float,
    calendar: WorkingCalendar,
    statutory: bool,
) -> None:
    if contact.about > answer.about:
        contact, answer = answer, contact
    length = DeadlineClass("X", contact, answer, warn_at, accept_at, statutory=statutory)
    found = instants(length, start, calendar)
    assert start < found.contact_by <= found.due_at
    assert start < found.accept_by <= found.due_at
    assert start < found.warn_at <= found.due_at
    assert start < found.level_due_at[0] <= found.level_due_at[1] <= found.due_at
    assert found.level_due_at[2] == found.due_at


FIVE = DeadlineClass("C7", Length(1, Unit.WORKDAY), Length(5, Unit.WORKDAY))
MONDAY = datetime(2026, 11, 23, 10, tzinfo=CHINA)


def test_a_class_of_workdays_is_split_in_workdays() -> None:
    friday = datetime(2026, 11, 20, 0, tzinfo=CHINA)
    found = instants(FIVE, friday, WorkingCalendar())
    assert found.level_due_at[0] == datetime(2026, 11, 24, 12, tzinfo=CHINA)
    assert found.level_due_at[1] == datetime(2026, 11, 26, 0, tzinfo=CHINA)
    assert found.warn_at == datetime(2026, 11, 25, 12, tzinfo=CHINA)
    assert found.due_at == datetime(2026, 11, 27, 0, tzinfo=CHINA)


def test_a_pause_over_a_weekend_puts_no_workday_off() -> None:
    calendar = WorkingCalendar()
    due = instants(FIVE, MONDAY, calendar).due_at
    saturday = datetime(2026, 11, 28, 0, tzinfo=CHINA)
    assert put_off(due, 2 * DAY, length=FIVE.answer, began=saturday, calendar=calendar) == due


def test_what_was_due_before_the_pause_stays_due() -> None:
    week, calendar = Length(7, Unit.DAY), WorkingCalendar()
    before, after_it = MONDAY + DAY, MONDAY + 3 * DAY
    began = MONDAY + 2 * DAY
    assert put_off(before, DAY, length=week, began=began, calendar=calendar) == before
    assert put_off(began, DAY, length=week, began=began, calendar=calendar) == began
    later = put_off(after_it, DAY, length=week, began=began, calendar=calendar)
    assert later == after_it + DAY


@pytest.mark.parametrize(
    ("statutory", "until"),
    [(False, datetime(2026, 12, 30, 10, tzinfo=CHINA)), (True, datetime(2027, 1, 1, tzinfo=CHINA))],
)
def test_an_extension_goes_on_from_the_last_day(statutory: bool, until: datetime) -> None:
    length = DeadlineClass(
        "D15",
        Length(1, Unit.DAY),
        Length(7, Unit.DAY),
        renewal=Length(30 if not statutory else 31, Unit.DAY),
        statutory=statutory,
    )
    due = instants(length, MONDAY, WorkingCalendar()).due_at
    assert renewed(due, length, WorkingCalendar()) == until
    assert renewed(due, FIVE, WorkingCalendar()) is None


def test_a_day_is_never_both() -> None:
    with pytest.raises(ValueError, match="2026-10-10"):
        WorkingCalendar(frozenset({date(2026, 10, 10)}), frozenset({date(2026, 10, 10)}))


def test_no_time_at_all_leads_nowhere() -> None:
    with pytest.raises(ValueError, match="more than none"):
        WorkingCalendar().advance(MONDAY, timedelta())


def test_the_years_nobody_knows() -> None:
    calendar = WorkingCalendar(years=frozenset({2025, 2026}))
    assert calendar.unknown(MONDAY, MONDAY + 30 * DAY) == ()
    assert calendar.unknown(MONDAY, datetime(2028, 2, 1, tzinfo=UTC)) == (2027, 2028)
    # New Year's Eve at 17:00 in UTC is New Year in Shanghai.
    assert calendar.unknown(MONDAY, datetime(2026, 12, 31, 17, tzinfo=UTC)) == (2027,)
