"""What law gives a length to: the table, its dates, and the periods that are a resident's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casework.case import Case, SlotValue
from casework.lengths import last_day
from casework.reminders import DONE, MOOT, OVER, begun, ended, moved, spoken
from casework.statutory import OWN, Bearer, Row, Statutes, due, safe_end
from casework.working_calendar import CHINA, WorkingCalendar
from config.load import BadConfiguration, load_book
from config.reading import Node, Source
from config.statutory import read_statutory

BOOK = load_book()
ROWS = BOOK.statutes.rows
CALENDAR = BOOK.calendar
NOW = datetime(2026, 11, 22, 10, tzinfo=CHINA)
WITH_LENGTH = sorted(key for key, row in ROWS.items() if row.length is not None)
OWN_ROWS = sorted(key for key, row in ROWS.items() if row.since is not None)
days = st.integers(0, 900).map(lambda n: date(2024, 6, 1) + timedelta(days=n))


def case(category: str, kind: str | None, **slots: str) -> Case:
    given = {name: SlotValue(value) for name, value in slots.items()}
    return Case("JS1", "c", category, NOW, "o", "u", kind=kind, slots=given)


@pytest.mark.parametrize(
    ("row", "day", "last"),
    [
        ("injury_person", "2026-03-05", "2027-03-05"),
        ("injury_person", "2025-02-20", "2026-02-24"),  # the day lies in Spring Festival
        ("injury_person", "2024-02-29", "2025-02-28"),
        ("injury_unit", "2026-09-03", "2026-10-08"),  # the day lies in the week of National Day
        ("labor_limit", "2025-01-26", "2026-01-26"),
        ("labor_accept", "2026-11-17", "2026-11-23"),  # the fifth day is a Sunday
        ("labor_award", "2026-01-15", "2026-03-02"),
        ("labor_appeal", "2026-11-10", "2026-11-25"),
        ("sup_accept", "2026-02-13", "2026-02-27"),  # 14 February is worked, 15-23 are not
        ("sup_invest", "2026-01-12", "2026-04-13"),
        ("pay_house", "2025-12-15", "2026-01-27"),
        ("rescind_urge", "2025-11-30", "2026-02-28"),  # a make-up Saturday is worked
        ("title_due", "2026-07-09", "2026-10-08"),
        ("review", "2026-08-03", "2026-10-08"),
        ("admin_sue", "2026-04-07", "2026-10-08"),
        ("land_arb", "2024-04-08", "2026-04-08"),
        ("civil_limit", "2023-05-04", "2026-05-06"),
        ("pet_finish", "2026-07-01", "2026-08-31"),
        ("cons_reply", "2026-09-28", "2026-10-13"),
        ("cons_return", "2026-09-25", "2026-10-08"),
    ],
)
def test_the_last_day_of_a_period(row: str, day: str, last: str) -> None:
    assert last_day(due(ROWS[row], date.fromisoformat(day), CALENDAR)) == date.fromisoformat(last)


def test_what_is_counted_in_hours_or_backwards() -> None:
    asked = datetime(2026, 10, 1, 9, 30, tzinfo=CHINA)
    assert due(ROWS["protect"], asked, CALENDAR) == asked + timedelta(hours=72)
    assert due(ROWS["protect"], asked, CALENDAR, short=True) == asked + timedelta(hours=24)
    assert due(ROWS["cut_water"], asked, CALENDAR) == asked - timedelta(hours=24)
    assert due(ROWS["cut_power"], asked, CALENDAR) == asked - timedelta(days=7)


def test_an_extension_is_part_of_the_period() -> None:
    began = date(2026, 1, 15)
    assert last_day(due(ROWS["labor_award"], began, CALENDAR, extended=True)) == date(2026, 3, 16)
    with pytest.raises(ValueError, match="labor_appeal"):
        due(ROWS["labor_appeal"], began, CALENDAR, extended=True)
    with pytest.raises(ValueError, match="elevator"):
        due(ROWS["elevator"], began, CALENDAR)


def test_the_whole_table_is_there() -> None:
    """The ids of the domain reference §4.6; review and re-check are a row each, and the year of
    arbitration has one for those who left and are owed wages."""
    assert len(ROWS) == 44
    assert all(row.law and row.trigger and row.name for row in ROWS.values())
    assert {row.bearer for row in ROWS.values()} == set(Bearer)
    assert OWN_ROWS == [
        "injury_person",
        "labor_appeal",
        "labor_limit",
        "labor_limit_left",
        "land_arb",
        "pet_review",
        "review",
    ]


@given(st.sampled_from(WITH_LENGTH), days, st.integers(0, 400))
def test_a_later_day_is_never_over_sooner(key: str, day: date, more: int) -> None:
    row = ROWS[key]
    first, second = (due(row, each, CALENDAR) for each in (day, day + timedelta(days=more)))
    assert first <= second


@given(st.sampled_from(OWN_ROWS), days)
def test_reminders_lie_between_the_day_and_the_last_day(key: str, day: date) -> None:
    row = ROWS[key]
    last = last_day(safe_end(row, day, CALENDAR))
    assert last <= last_day(due(row, day, CALENDAR))
    times = BOOK.statutes.reminders(row, day, CALENDAR)
    ahead = [each for each in (60, 30, 7) if last - timedelta(days=each) > day]
    assert [(last - each.astimezone(CHINA).date()).days for each in times] == ahead
    assert ahead
    assert all(each.astimezone(CHINA).time() == time(9) for each in times)


@pytest.mark.parametrize(
    ("years", "since", "told"),
    [
        ({2026, 2027}, date(2026, 2, 6), date(2027, 2, 8)),  # a Saturday: moved
        ({2026}, date(2026, 2, 6), date(2027, 2, 6)),  # 2027 is not known: not moved
        ({2026}, date(2026, 2, 5), date(2027, 2, 5)),
        ({2023}, date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_a_last_day_is_not_moved_in_a_year_nobody_knows(
    years: set[int], since: date, told: date
) -> None:
    calendar = WorkingCalendar(years=frozenset(years))
    assert last_day(safe_end(ROWS["injury_person"], since, calendar)) == told


def test_a_short_period_has_only_the_reminders_it_has_time_for() -> None:
    row = ROWS["review"]
    assert len(BOOK.statutes.reminders(row, date(2026, 8, 10), CALENDAR)) == 2
    assert BOOK.statutes.reminders(ROWS["cons_return"], date(2026, 11, 3), CALENDAR) == ()


@pytest.mark.parametrize(
    ("found", "category", "kind", "slots"),
    [
        ("injury_person", "labour_other", "injury", {"happened_since": "2026-03-05"}),
        ("labor_limit", "labour_other", "dismissal", {"happened_since": "2026-06"}),
        ("labor_limit_left", "wage_arrears", "leaving", {"left_on": "2026-06-01"}),
        ("labor_limit_left", "wage_arrears", "factory", {"left_on": "2026-06"}),
        ("labor_appeal", "wage_arrears", "factory", {"award_on": "2026-11-15"}),
        ("labor_appeal", "labour_other", "hours", {"award_on": "2026-11-15"}),
        ("review", "land_demolition", "expropriation", {"decision_on": "2026-11-01"}),
        ("review", "other", "permits", {"decision_on": "2026-11-01"}),
        ("pet_review", "other", "village_affairs", {"reply_on": "2026-11-10"}),
        # Since when wages are owed is not the day somebody left.
        (None, "wage_arrears", "leaving", {"happened_since": "2026-06-01"}),
        (None, "labour_other", "hours", {"award_on": "2026-11-15", "legal_stage": "诉讼"}),
        ("land_arb", "land_demolition", "contract_land", {"happened_since": "2025-06-01"}),
        (None, "labour_other", "injury", {}),
        (None, "labour_other", "injury", {"happened_since": "2026"}),  # a year alone
        (None, "labour_other", "injury", {"happened_since": "进厂以后"}),
        (None, "labour_other", "injury", {"happened_since": "2025-11-19"}),  # over
        (None, "labour_other", "hours", {"happened_since": "2026-03-05"}),
        (None, "wage_arrears", "factory", {"happened_since": "2026-03-05"}),
        (
            None,
            "labour_other",
            "injury",
            {"happened_since": "2026-03-05", "injury_filed": "单位已报"},
        ),
        (
            None,
            "labour_other",
            "dismissal",
            {"happened_since": "2026-03-05", "legal_stage": "仲裁"},
        ),
        (
            None,
            "wage_arrears",
            "leaving",
            {"left_on": "2026-03-05", "employed_still": "在职"},
        ),
    ],
)
def test_which_periods_are_the_residents_own(
    found: str | None, category: str, kind: str, slots: dict[str, str]
) -> None:
    running = BOOK.statutes.countdowns(case(category, kind, **slots), CALENDAR, NOW)
    assert [each.row.id for each in running] == ([found] if found else [])
    assert all(each.row.bearer in OWN and each.due_at > NOW for each in running)


def test_a_month_counts_from_its_first_day_and_says_so() -> None:
    told = case("labour_other", "injury", happened_since="2026-03")
    (found,) = BOOK.statutes.countdowns(told, CALENDAR, NOW)
    assert (found.since, found.exact, found.last_day) == (
        date(2026, 3, 1),
        False,
        date(2027, 3, 1),
    )


def test_what_nobody_confirmed_is_shown_to_nobody() -> None:
    hurt = case("labour_other", "injury", happened_since="2026-03-05")
    assert {row.id for row in BOOK.statutes.of(hurt)} >= {"injury_person", "injury_unit"}
    doubtful = _with(lambda rows: rows["injury_person"].update(verified=False))
    assert doubtful.countdowns(hurt, CALENDAR, NOW) == []


def test_a_countdown_is_told_once_and_then_at_its_reminders() -> None:
    told = case("labour_other", "injury", happened_since="2026-03-05")
    (found,) = BOOK.statutes.countdowns(told, CALENDAR, NOW)
    reminder = begun("r", "JS1", "c", found, NOW)
    seen = []
    while reminder.next_at is not None:
        at = reminder.next_at
        seen.append((at.date().isoformat(), reminder.days_left(at)))
        reminder = spoken(reminder, BOOK.statutes, at)
    assert seen == [("2026-11-22", 103), ("2027-01-04", 60), ("2027-02-03", 30), ("2027-02-26", 7)]
    assert (reminder.said, reminder.ended) == (3, OVER)


def test_reminders_missed_in_a_row_are_said_as_one() -> None:
    told = case("labour_other", "injury", happened_since="2026-03-05")
    (found,) = BOOK.statutes.countdowns(told, CALENDAR, NOW)
    reminder = spoken(begun("r", "JS1", "c", found, NOW), BOOK.statutes, NOW)
    late = datetime(2027, 2, 10, 12, tzinfo=CHINA)  # 60 and 30 were due meanwhile
    after = spoken(reminder, BOOK.statutes, late)
    assert after.next_at == datetime(2027, 2, 26, 9, tzinfo=CHINA)
    assert after.said == 1


def test_a_corrected_day_is_told_anew_unless_it_ended() -> None:
    first = case("labour_other", "injury", happened_since="2026-03-05")
    other = case("labour_other", "injury", happened_since="2026-05-05")
    (before,) = BOOK.statutes.countdowns(first, CALENDAR, NOW)
    (after,) = BOOK.statutes.countdowns(other, CALENDAR, NOW)
    reminder = spoken(begun("r", "JS1", "c", before, NOW), BOOK.statutes, NOW)
    assert moved(reminder, before, NOW) == reminder
    again = moved(reminder, after, NOW)
    assert (again.told_at, again.next_at, again.last_day) == (None, NOW, date(2027, 5, 5))
    over = ended(reminder, DONE)
    assert moved(over, after, NOW) == over
    assert ended(over, OVER) == over
    for why in (OVER, MOOT):  # a year told wrongly, and put right
        revived = moved(ended(reminder, why), after, NOW)
        assert (revived.ended, revived.next_at) == (None, NOW)


def _raw() -> dict[str, Any]:
    loaded = yaml.safe_load(yaml.safe_dump(Source().read("statutory.yaml").value))
    assert isinstance(loaded, dict)
    return loaded


def _with(change: Callable[[dict[str, Any]], object]) -> Statutes:
    raw = _raw()
    change(raw["rows"])
    return read_statutory(Node("statutory.yaml", "", raw), BOOK.forms)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda r: r["review"].update(length="60x"), r"rows\.review\.length"),
        (lambda r: r["review"].update(bearer="us"), r"rows\.review\.bearer"),
        (lambda r: r["review"].pop("law"), r"rows\.review: 'law' is missing"),
        (lambda r: r["review"].update(at={"nothing": []}), r"rows\.review\.at\.nothing"),
        (lambda r: r["review"].update(at={"other": ["nothing"]}), r"rows\.review\.at\.other"),
        (lambda r: r["cons_return"].update(to="店里"), r"rows\.cons_return: needs 'since'"),
        (lambda r: r["elevator"].update(extension="3d"), r"rows\.elevator: needs a length"),
        (lambda r: r["injury_unit"].update(since="place", to="x"), r"rows\.injury_unit"),
        (lambda r: r["injury_person"].update(since="nothing"), r"rows\.injury_person\.since"),
        (lambda r: r["injury_person"].pop("to"), r"rows\.injury_person"),
    ],
)
def test_a_wrong_row_names_its_place(change: Callable[[dict[str, Any]], object], says: str) -> None:
    with pytest.raises(BadConfiguration, match=r"config/statutory\.yaml: " + says):
        _with(change)


def test_a_row_without_kinds_concerns_them_all() -> None:
    row = Row("x", "x", "x", Bearer.COURT, "x", True, at={"other": frozenset()})
    assert row.concerns(case("other", "permits"))
    assert row.concerns(case("other", None))
    assert not row.concerns(case("consumer", None))
    assert Statutes({"x": row}).countdowns(case("other", None), WorkingCalendar(), NOW) == []
