"""When somebody reads it: a table of moments, all on the clock of Shanghai."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from casework.hours import CHINA, Hours
from config.hours import read_hours
from config.load import BadConfiguration
from config.reading import Node

NINE_TO_SIX = ((time(9), time(18)),)
SPLIT = ((time(8, 30), time(12)), (time(14), time(18)))
WEEK = Hours(dict.fromkeys(range(5), NINE_TO_SIX), dict.fromkeys(range(7), ((time(7), time(22)),)))
SIESTA = Hours(dict.fromkeys(range(5), SPLIT), {})
ALWAYS = Hours({}, dict.fromkeys(range(7), ((time(), time()),)))


def at(text: str) -> datetime:
    """``24 17:30``: a day of November 2026 (the 23rd is a Monday) and the clock."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return datetime(2026, 11, int(day), int(hour), int(minute), tzinfo=CHINA)


@pytest.mark.parametrize(
    ("hours", "now", "urgent", "reads"),
    [
        (WEEK, "24 10:00", False, "24 10:00"),  # in hours: now
        (WEEK, "24 09:00", False, "24 09:00"),  # the first moment counts
        (WEEK, "24 18:00", False, "25 09:00"),  # the last one does not
        (WEEK, "24 08:59", False, "24 09:00"),
        (WEEK, "24 23:30", False, "25 09:00"),
        (WEEK, "27 18:30", False, "30 09:00"),  # Friday evening: Monday
        (WEEK, "28 12:00", False, "30 09:00"),  # Saturday
        (WEEK, "28 12:00", True, "28 12:00"),  # urgent: somebody is on duty
        (WEEK, "28 23:00", True, "29 07:00"),
        (WEEK, "24 06:00", True, "24 07:00"),
        (SIESTA, "24 12:30", False, "24 14:00"),
        (SIESTA, "24 12:30", True, "24 14:00"),
        (ALWAYS, "28 03:00", True, "28 03:00"),  # 00:00-24:00 never closes
    ],
)
def test_the_next_moment_somebody_reads(hours: Hours, now: str, urgent: bool, reads: str) -> None:
    assert hours.next_read(at(now), urgent=urgent) == at(reads)
    assert hours.reading(at(now), urgent=urgent) == (now == reads)


@pytest.mark.parametrize(
    ("now", "by", "urgent", "promised"),
    [
        ("24 10:00", "25 10:00", False, "25 10:00"),  # as the deadline has it
        ("24 17:30", "24 19:30", False, "25 10:00"),  # nobody is there at 19:30
        ("24 23:00", "25 01:00", False, "25 10:00"),
        ("24 23:00", "25 09:10", False, "25 10:00"),
        ("24 23:00", "25 11:00", False, "25 11:00"),
        ("27 17:00", "28 17:00", False, "30 10:00"),  # over the weekend
        ("24 23:00", "25 01:00", True, "25 08:00"),
        ("24 20:00", "24 21:00", True, "24 21:00"),  # on duty until ten
    ],
)
def test_nothing_is_promised_for_a_closed_hour(
    now: str, by: str, urgent: bool, promised: str
) -> None:
    given = WEEK.promise(at(by), at(now), urgent=urgent)
    assert given == at(promised)
    assert given >= WEEK.next_read(at(now), urgent=urgent)


def test_hours_without_a_span_are_an_error() -> None:
    with pytest.raises(ValueError, match="nobody ever reads"):
        Hours({}, {}).next_read(at("24 10:00"))


@pytest.mark.parametrize("span", ["9-18", "18:00-09:00", "09:00-25:00", "09:00 18:00"])
def test_a_wrong_span_names_its_place(span: str) -> None:
    top = Node(
        "hours.yaml",
        "",
        {"working": {"monday": [span]}, "duty": {}, "settling": "1h", "urge_again": "4h"},
    )
    with pytest.raises(BadConfiguration, match=r"hours\.yaml: working\.monday\.0"):
        read_hours(top)


def test_a_day_may_end_at_midnight() -> None:
    top = Node(
        "hours.yaml",
        "",
        {"working": {"monday": ["00:00-24:00"]}, "duty": {}, "settling": "1h", "urge_again": "4h"},
    )
    hours, again = read_hours(top)
    assert hours.next_read(at("23 23:59")) == at("23 23:59")
    assert hours.next_read(at("24 00:00")) == at("30 00:00")
    assert again.total_seconds() == 4 * 3600
