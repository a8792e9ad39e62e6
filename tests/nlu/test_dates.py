"""When: words to dates, given the day on which they were said."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.extract.dates import resolve
from nlu.extract.lunar import lunar_year, new_year, solar, solar_term
from tests.nlu.found import first, value

NOW = date(2026, 11, 22)  # a Sunday
SAID = {
    "去年腊月": "2026-01",
    "腊月": "2026-01",
    "腊月二十三": "2026-02-10",
    "农历八月十五": "2026-09-25",
    "正月初五": "2026-02-21",
    "上个月": "2026-10",
    "上个月15号": "2026-10-15",
    "上上个月": "2026-09",
    "前年": "2024",
    "大前年夏天": "2023-06",
    "国庆前": "2026-09",
    "五一以后": "2026-05",
    "春节": "2026-02-17",
    "端午": "2026-06-19",
    "中秋节": "2026-09-25",
    "除夕": "2026-02-16",
    "年前": "2026-01",
    "大前天": "2026-11-19",
    "昨晚": "2026-11-21",
    "上周三": "2026-11-11",
    "上上个礼拜天": "2026-11-08",
    "2019年3月": "2019-03",
    "2019.3.5": "2019-03-05",
    "二零二五年八月": "2025-08",
    "19年": "2019",
    "3月5号": "2026-03-05",
    "12月": "2025-12",
    "今年三月份": "2026-03",
    "去年11月3号": "2025-11-03",
    "入夏": "2026-05",
    "冬天": "2025-12",
    "立秋": "2026-08-08",
    "去年底": "2025-12",
    "上半年": "2026-01",
    "三个月前": "2026-08",
    "半年前": "2026-05",
    "两年前": "2024",
    "十天前": "2026-11-12",
}


@pytest.mark.parametrize(("words", "when"), SAID.items())
def test_words_become_dates(words: str, when: str) -> None:
    moment = resolve(words, NOW)
    assert moment is not None
    assert moment.iso() == when


@pytest.mark.parametrize("words", ["国庆前", "五一以后", "年前", "入夏", "冬天", "两周前"])
def test_rough_words_stay_rough(words: str) -> None:
    moment = resolve(words, NOW)
    assert moment is not None
    assert moment.vague


@pytest.mark.parametrize("words", ["搬进来", "2月30日", "13月", "明年", "2099年", "老板", ""])
def test_what_names_no_past_day(words: str) -> None:
    assert resolve(words, NOW) is None


def test_before_spring_festival_the_lunar_year_is_still_the_old_one() -> None:
    january = date(2026, 1, 25)
    assert lunar_year(january) == 2025
    moment = resolve("去年腊月", january)
    assert moment is not None
    assert moment.start == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("year", "first"),
    [
        (2000, "2000-02-05"),
        (2019, "2019-02-05"),
        (2020, "2020-01-25"),
        (2023, "2023-01-22"),
        (2024, "2024-02-10"),
        (2025, "2025-01-29"),
        (2026, "2026-02-17"),
        (2033, "2033-01-31"),
    ],
)
def test_spring_festivals(year: int, first: str) -> None:
    assert new_year(year) == date.fromisoformat(first)


def test_repeated_months() -> None:
    assert solar(2025, 6, 1, leap=True) == date(2025, 7, 25)
    assert solar(2025, 7) == date(2025, 8, 23)
    assert solar(2025, 5, leap=True) is None
    assert solar(2025, 1, 31) is None
    assert solar(2051, 1) is None
    assert new_year(1900) is None
    assert solar_term("立秋", 2026) == date(2026, 8, 8)
    assert solar_term("老板", 2026) is None


@given(year=st.integers(1990, 2049))
def test_the_years_of_the_table_join(year: int) -> None:
    last = solar(year, 12, 30) or solar(year, 12, 29)
    following = new_year(year + 1)
    assert last is not None
    assert following == last + timedelta(days=1)


@settings(max_examples=200, deadline=None)
@given(words=st.sampled_from(sorted(SAID)), now=st.dates(date(1992, 1, 1), date(2050, 1, 1)))
def test_no_moment_lies_ahead(words: str, now: date) -> None:
    moment = resolve(words, now)
    assert moment is None or moment.start <= now


def test_a_start_says_how_long_only_when_the_day_is_known() -> None:
    text = "从今年三月份到现在一直没发工资"
    assert value(text, "period_months") == "none"
    period = first(text, "period_months", now=NOW)
    assert period is not None
    assert (period.value, period.vague, period.text) == (8.0, True, "今年三月份")
    assert period.confidence <= 0.5


def test_what_was_said_outright_wins_over_what_follows_from_a_date() -> None:
    entity = first("从3月到现在，已经欠了半年", "period_months", now=NOW)
    assert entity is not None
    assert entity.value == 6
