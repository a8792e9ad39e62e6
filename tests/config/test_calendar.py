"""The working calendar of a city: the library's years, and what the city knows better."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from casework.hours import CHINA, Hours
from casework.lengths import Length, Unit
from casework.working_calendar import WorkingCalendar
from config.calendar import read_calendar
from config.deadlines import read_deadlines
from config.load import BadConfiguration, load_book
from config.reading import Node, Source

PLAIN: dict[str, Any] = {"day_ends": "24:00", "years": {}, "holidays": [], "workdays": []}
YEAR = {"holidays": ["2027-01-01", "2027-02-05/2027-02-11"], "workdays": ["2027-02-14"]}
BOOK = load_book()


def read(**changes: Any) -> WorkingCalendar:
    return read_calendar(Node("calendar.yaml", "", {**PLAIN, **changes}))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-02-14", True),  # a make-up Saturday
        ("2026-02-16", False),
        ("2026-02-28", True),
        ("2026-10-10", True),
        ("2026-10-08", True),
        ("2026-10-07", False),
        ("2026-01-04", True),  # a make-up Sunday
        ("2026-11-22", False),
        ("2027-01-01", True),  # a Friday of a year nobody knows
    ],
)
def test_the_library_knows_holidays_and_make_up_workdays(day: str, worked: bool) -> None:
    assert read().is_workday(date.fromisoformat(day)) == worked


def test_the_years_it_knows() -> None:
    assert read().years == frozenset(range(2004, 2027))
    assert read(years={2027: YEAR}).years == frozenset(range(2004, 2028))


def test_a_whole_year_is_given() -> None:
    calendar = read(years={2027: YEAR})
    assert not calendar.is_workday(date(2027, 1, 1))
    assert not calendar.is_workday(date(2027, 2, 11))
    assert calendar.is_workday(date(2027, 2, 12))
    assert calendar.is_workday(date(2027, 2, 14))


def test_a_year_that_is_given_replaces_the_librarys() -> None:
    calendar = read(years={2026: {"holidays": ["2026-10-01"], "workdays": []}})
    assert calendar.is_workday(date(2026, 10, 2))
    assert not calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2025, 10, 2))


def test_single_days_of_a_city() -> None:
    calendar = read(holidays=["2026-09-30", date(2026, 10, 10)], workdays=["2026-10-07"])
    assert not calendar.is_workday(date(2026, 9, 30))
    assert not calendar.is_workday(date(2026, 10, 10))
    assert calendar.is_workday(date(2026, 10, 7))


def test_an_office_closes_before_midnight() -> None:
    assert read().day_ends == time()
    assert read(day_ends="17:30").day_ends == time(17, 30)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"day_ends": "25:00"}, "day_ends"),
        ({"day_ends": "00:00"}, "day_ends"),
        ({"years": {"next": YEAR}}, "years.next"),
        ({"years": {2027: {"holidays": [], "workdays": []}}}, "years.2027.holidays"),
        ({"years": {2027: {"holidays": ["2028-01-01"], "workdays": []}}}, "years.2027"),
        (
            {"years": {2027: {"holidays": ["2027-01-01"], "workdays": ["2027-02-15"]}}},
            "years.2027.workdays",
        ),
        (
            {"years": {2027: {"holidays": ["2027-02-14"], "workdays": ["2027-02-14"]}}},
            "years.2027.workdays",
        ),
        ({"years": {2027: {"holidays": ["2027-01-01"]}}}, "years.2027"),
        ({"holidays": ["soon"]}, "holidays.0"),
        ({"holidays": ["2027-02-11/2027-02-05"]}, "holidays.0"),
        ({"holidays": ["2027-02-05/2027-12-05"]}, "holidays.0"),
        ({"holidays": ["2027-02-05/2027-02-06/2027-02-07"]}, "holidays.0"),
        ({"holidays": [7]}, "holidays.0"),
        ({"holidays": ["2027-02-05"], "workdays": ["2027-02-05"]}, "workdays"),
        ({"weekends": []}, "'weekends' is not known here"),
    ],
)
def test_a_wrong_calendar_names_its_place(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadConfiguration, match=says.replace(".", r"\.")):
        read(**changes)


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ("2026-06-01", ()),
        ("2026-11-22", (2027,)),  # 60 days and 30 more reach into February
        ("2027-03-01", (2027,)),
        ("2027-12-01", (2027, 2028)),
    ],
)
def test_which_years_a_promise_made_now_reaches(now: str, missing: tuple[int, ...]) -> None:
    assert BOOK.missing_years(datetime.fromisoformat(now).replace(tzinfo=UTC)) == missing


def test_the_classes_as_shipped() -> None:
    classes = BOOK.deadlines
    assert list(classes) == ["0-MIN", "A2", "B24", "C7", "D15", "M30", "X60"]
    assert {each.warn_at for each in classes.values()} == {0.7}
    assert {each.accept_at for each in classes.values()} == {0.25}
    assert {each.levels for each in classes.values()} == {(0.5, 0.3, 0.2)}
    assert classes["D15"].renewal == Length(15, Unit.DAY)
    assert classes["X60"].renewal == Length(30, Unit.DAY)
    assert [code for code, each in classes.items() if each.statutory] == ["X60"]
    assert classes["M30"].contact == Length(3, Unit.WORKDAY)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"contact": "0m", "answer": "7d"}, r"classes\.C7\.contact"),
        ({"contact": "24h", "answer": "7 days"}, r"classes\.C7\.answer"),
        ({"contact": "8d", "answer": "7d"}, r"classes\.C7: .*contact ≤ answer"),
        ({"contact": "1d", "answer": "7d", "on_site": "8d"}, r"classes\.C7: .*on_site"),
        ({"contact": "1d", "answer": "7d", "accept_at": 0}, r"classes\.C7: .*accept_at"),
        ({"contact": "1d", "answer": "7d", "warn_at": 2}, r"classes\.C7\.warn_at"),
        ({"contact": "1d", "answer": "7d", "levels": [0.5, 0.5]}, r"classes\.C7\.levels"),
        ({"contact": "1d", "answer": "7d", "levels": [0.5, 0.3, 0.3]}, r"classes\.C7: .*add up"),
        ({"contact": "1d", "answer": "7d", "renewal": "often"}, r"classes\.C7\.renewal"),
        ({"contact": "1d", "answer": "7d", "statutory": "yes"}, r"classes\.C7\.statutory"),
        ({"contact": "1d", "answer": "7d", "colour": "red"}, "'colour' is not known here"),
    ],
)
def test_a_wrong_class_names_its_place(given: dict[str, Any], says: str) -> None:
    top = {"classes": {"C7": given}, "urgent": "C7", "crisis": "C7"}
    with pytest.raises(BadConfiguration, match=says):
        read_deadlines(Node("deadlines.yaml", "", top))


def test_a_class_may_have_shares_of_its_own() -> None:
    top = {
        "warn_at": 0.6,
        "classes": {
            "A": {"contact": "1WD", "answer": "5WD"},
            "B": {"contact": "1WD", "answer": "5WD", "warn_at": 0.8, "levels": [0.4, 0.4, 0.2]},
        },
        "urgent": "A",
        "crisis": "A",
    }
    classes, _, _ = read_deadlines(Node("deadlines.yaml", "", top))
    assert (classes["A"].warn_at, classes["B"].warn_at) == (0.6, 0.8)
    assert classes["B"].levels == (0.4, 0.4, 0.2)
    assert classes["A"].answer == Length(5, Unit.WORKDAY)


@pytest.mark.parametrize(
    ("now", "urgent", "reads"),
    [
        ("2026-09-30 19:00", False, "2026-10-08 09:00"),  # National Day: nobody for a week
        ("2026-10-02 10:00", False, "2026-10-08 09:00"),  # a Friday that is a holiday
        ("2026-10-02 10:00", True, "2026-10-02 10:00"),  # somebody is on duty
        ("2026-10-02 23:00", True, "2026-10-03 07:00"),
        ("2026-10-10 10:00", False, "2026-10-10 10:00"),  # a make-up Saturday
        ("2026-10-09 18:00", False, "2026-10-10 09:00"),
        ("2026-10-10 18:00", False, "2026-10-12 09:00"),
        ("2026-02-14 17:59", False, "2026-02-14 17:59"),
        ("2026-02-14 18:00", False, "2026-02-24 09:00"),  # Spring Festival
    ],
)
def test_hours_know_holidays_and_make_up_workdays(now: str, urgent: bool, reads: str) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA)

    assert BOOK.hours.next_read(at(now), urgent=urgent) == at(reads)


def test_a_week_without_such_days_takes_monday_and_sunday() -> None:
    nine = ((time(9), time(12)),)
    hours = Hours({0: nine}, {6: nine}, calendar=read())
    saturday = datetime(2026, 10, 10, 8, tzinfo=CHINA)
    assert hours.next_read(saturday) == saturday + timedelta(hours=1)
    friday = datetime(2026, 10, 2, 8, tzinfo=CHINA)
    assert hours.next_read(friday, urgent=True) == friday + timedelta(hours=1)


def test_a_day_that_is_over_at_midnight_is_said_as_its_24_oclock() -> None:
    now = datetime(2026, 11, 22, 10, tzinfo=CHINA)
    words = BOOK.words
    assert words.moment(datetime(2026, 11, 23, tzinfo=CHINA), now) == "今天24:00"
    assert words.moment(datetime(2026, 11, 24, tzinfo=CHINA), now) == "明天24:00"
    assert words.moment(datetime(2026, 12, 1, tzinfo=CHINA), now) == "11月30日"
    assert words.moment(datetime(2026, 12, 1, 0, 1, tzinfo=CHINA), now) == "12月1日"


def test_the_file_as_shipped_adds_nothing() -> None:
    assert read_calendar(Source().read("calendar.yaml")) == read()
