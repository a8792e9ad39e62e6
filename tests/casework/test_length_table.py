"""When lengths of time are over: a table of moments from the notices of the State Council.

The holidays here are copied from the notices for 2024-2026 and not
from the library that jiesu reads: what the library says is tested against them too.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from casework.lengths import Length, Unit, after, last_day
from casework.working_calendar import CHINA, WorkingCalendar
from config.calendar import read_calendar
from config.reading import Source

NOTICES = """
2024 off 0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007
2024 on  0204 0218 0407 0428 0511 0914 0929 1012
2025 off 0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008
2025 on  0126 0208 0427 0928 1011
2026 off 0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007
2026 on  0104 0214 0228 0509 0920 1010
"""
TABLE = """
# minutes and hours run from the moment, over any night or holiday
promise  2026-09-30 17:55  1m    2026-09-30 17:56
promise  2026-09-30 17:55  15m   2026-09-30 18:10
promise  2026-09-30 17:55  2h    2026-09-30 19:55
promise  2026-09-30 17:55  24h   2026-10-01 17:55
promise  2026-09-30 17:55  72h   2026-10-03 17:55
law  2025-12-31 23:30  24h   2026-01-01 23:30
law  2025-12-31 23:30  72h   2026-01-03 23:30
law  2025-12-31 23:30  48h   2026-01-02 23:30
law  2026-02-16 08:00  24h   2026-02-17 08:00
law  2026-02-16 08:00  72h   2026-02-19 08:00
law  2026-02-16 08:00  48h   2026-02-18 08:00
# natural days keep the clock; holidays do not matter to a promise
promise  2026-11-23 10:00  1d    2026-11-24 10:00
promise  2026-11-23 10:00  7d    2026-11-30 10:00
promise  2026-11-23 10:00  15d   2026-12-08 10:00
promise  2026-09-28 10:00  1d    2026-09-29 10:00
promise  2026-09-28 10:00  7d    2026-10-05 10:00
promise  2026-09-28 10:00  15d   2026-10-13 10:00
promise  2025-12-30 23:59  1d    2025-12-31 23:59
promise  2025-12-30 23:59  7d    2026-01-06 23:59
promise  2025-12-30 23:59  15d   2026-01-14 23:59
promise  2024-02-28 00:30  1d    2024-02-29 00:30
promise  2024-02-28 00:30  7d    2024-03-06 00:30
promise  2024-02-28 00:30  15d   2024-03-14 00:30
# workdays of a promise: weekends
promise  2026-11-20 10:00  1WD   2026-11-23 10:00
promise  2026-11-20 10:00  2WD   2026-11-24 10:00
promise  2026-11-20 10:00  5WD   2026-11-27 10:00
promise  2026-11-23 00:00  1WD   2026-11-23 24:00
promise  2026-11-23 00:00  2WD   2026-11-24 24:00
promise  2026-11-23 00:00  5WD   2026-11-27 24:00
promise  2026-11-21 10:00  1WD   2026-11-23 24:00
promise  2026-11-21 10:00  2WD   2026-11-24 24:00
promise  2026-11-21 10:00  5WD   2026-11-27 24:00
promise  2026-11-22 23:59  1WD   2026-11-23 24:00
promise  2026-11-22 23:59  2WD   2026-11-24 24:00
promise  2026-11-22 23:59  5WD   2026-11-27 24:00
# workdays of a promise: Spring Festival 2026 (15-23 Feb off, 14 and 28 Feb worked)
promise  2026-02-13 10:00  1WD   2026-02-14 10:00
promise  2026-02-13 10:00  3WD   2026-02-25 10:00
promise  2026-02-13 10:00  5WD   2026-02-27 10:00
promise  2026-02-14 16:00  1WD   2026-02-24 16:00
promise  2026-02-14 16:00  3WD   2026-02-26 16:00
promise  2026-02-14 16:00  5WD   2026-02-28 16:00
promise  2026-02-15 12:00  1WD   2026-02-24 24:00
promise  2026-02-15 12:00  3WD   2026-02-26 24:00
promise  2026-02-15 12:00  5WD   2026-02-28 24:00
promise  2026-02-27 09:00  1WD   2026-02-28 09:00
promise  2026-02-27 09:00  3WD   2026-03-03 09:00
promise  2026-02-27 09:00  5WD   2026-03-05 09:00
# workdays of a promise: Spring Festival 2025 (28 Jan - 4 Feb off, 26 Jan and 8 Feb worked)
promise  2025-01-24 18:00  1WD   2025-01-26 18:00
promise  2025-01-24 18:00  2WD   2025-01-27 18:00
promise  2025-01-24 18:00  7WD   2025-02-10 18:00
promise  2025-01-27 09:00  1WD   2025-02-05 09:00
promise  2025-01-27 09:00  2WD   2025-02-06 09:00
promise  2025-01-27 09:00  7WD   2025-02-12 09:00
promise  2025-01-30 09:00  1WD   2025-02-05 24:00
promise  2025-01-30 09:00  2WD   2025-02-06 24:00
promise  2025-01-30 09:00  7WD   2025-02-12 24:00
# workdays of a promise: May and October, make-up Sundays and Saturdays
promise  2026-04-30 15:00  1WD   2026-05-06 15:00
promise  2026-04-30 15:00  2WD   2026-05-07 15:00
promise  2026-04-30 15:00  5WD   2026-05-11 15:00
promise  2025-09-26 08:30  1WD   2025-09-28 08:30
promise  2025-09-26 08:30  2WD   2025-09-29 08:30
promise  2025-09-26 08:30  5WD   2025-10-10 08:30
promise  2026-09-18 17:00  1WD   2026-09-20 17:00
promise  2026-09-18 17:00  2WD   2026-09-21 17:00
promise  2026-09-18 17:00  5WD   2026-09-24 17:00
promise  2026-09-24 11:00  1WD   2026-09-28 11:00
promise  2026-09-24 11:00  2WD   2026-09-29 11:00
promise  2026-09-24 11:00  5WD   2026-10-09 11:00
promise  2026-09-30 23:00  1WD   2026-10-08 23:00
promise  2026-09-30 23:00  2WD   2026-10-09 23:00
promise  2026-09-30 23:00  5WD   2026-10-13 23:00
# workdays by law: the first day is not counted, the last is counted whole
law  2026-11-23 10:00  1WD   2026-11-24 24:00
law  2026-11-23 10:00  5WD   2026-11-30 24:00
law  2026-11-23 10:00  7WD   2026-12-02 24:00
law  2026-11-20 18:00  1WD   2026-11-23 24:00
law  2026-11-20 18:00  5WD   2026-11-27 24:00
law  2026-11-20 18:00  7WD   2026-12-01 24:00
law  2026-11-21 09:00  1WD   2026-11-23 24:00
law  2026-11-21 09:00  5WD   2026-11-27 24:00
law  2026-11-21 09:00  7WD   2026-12-01 24:00
law  2026-02-13 09:00  1WD   2026-02-14 24:00
law  2026-02-13 09:00  5WD   2026-02-27 24:00
law  2026-02-13 09:00  7WD   2026-03-02 24:00
law  2026-02-20 09:00  1WD   2026-02-24 24:00
law  2026-02-20 09:00  5WD   2026-02-28 24:00
law  2026-02-20 09:00  7WD   2026-03-03 24:00
law  2025-09-30 17:00  1WD   2025-10-09 24:00
law  2025-09-30 17:00  5WD   2025-10-14 24:00
law  2025-09-30 17:00  7WD   2025-10-16 24:00
law  2025-12-31 12:00  1WD   2026-01-04 24:00
law  2025-12-31 12:00  5WD   2026-01-08 24:00
law  2025-12-31 12:00  7WD   2026-01-12 24:00
# workdays by law: long ones of labour inspection and registration
law  2025-12-15 10:00  20WD  2026-01-13 24:00
law  2025-12-15 10:00  30WD  2026-01-27 24:00
law  2025-12-15 10:00  60WD  2026-03-16 24:00
law  2026-01-12 09:30  20WD  2026-02-09 24:00
law  2026-01-12 09:30  30WD  2026-02-28 24:00
law  2026-01-12 09:30  60WD  2026-04-13 24:00
# days by law: a last day off moves to the next day worked (§203)
law  2026-11-14 10:00  7d    2026-11-23 24:00
law  2026-11-14 10:00  15d   2026-11-30 24:00
law  2026-11-14 10:00  30d   2026-12-14 24:00
law  2026-09-26 10:00  7d    2026-10-08 24:00
law  2026-09-26 10:00  15d   2026-10-12 24:00
law  2026-09-26 10:00  30d   2026-10-26 24:00
law  2026-09-16 10:00  7d    2026-09-23 24:00
law  2026-09-16 10:00  15d   2026-10-08 24:00
law  2026-09-16 10:00  30d   2026-10-16 24:00
law  2025-01-18 10:00  7d    2025-01-26 24:00
law  2025-01-18 10:00  15d   2025-02-05 24:00
law  2025-01-18 10:00  30d   2025-02-17 24:00
law  2026-02-06 08:00  7d    2026-02-13 24:00
law  2026-02-06 08:00  15d   2026-02-24 24:00
law  2026-02-06 08:00  30d   2026-03-09 24:00
law  2026-01-15 08:00  7d    2026-01-22 24:00
law  2026-01-15 08:00  15d   2026-01-30 24:00
law  2026-01-15 08:00  30d   2026-02-14 24:00
# days by law: a make-up workday is a workday, and ends there
law  2026-02-07 10:00  7d    2026-02-14 24:00
law  2026-09-13 10:00  7d    2026-09-20 24:00
law  2026-09-25 09:00  7d    2026-10-08 24:00
law  2025-10-04 09:00  7d    2025-10-11 24:00
# days by law: 60 days of review, 90 of hand-over
law  2026-08-03 09:00  60d   2026-10-08 24:00
law  2026-08-03 09:00  90d   2026-11-02 24:00
law  2025-11-30 09:00  60d   2026-01-29 24:00
law  2025-11-30 09:00  90d   2026-02-28 24:00
law  2026-07-09 09:00  60d   2026-09-07 24:00
law  2026-07-09 09:00  90d   2026-10-08 24:00
law  2025-12-18 09:00  60d   2026-02-24 24:00
law  2025-12-18 09:00  90d   2026-03-18 24:00
# months end on the corresponding day or the last of the month (§202)
law  2026-01-31 10:00  1mo   2026-02-28 24:00
law  2026-01-31 10:00  3mo   2026-04-30 24:00
law  2026-01-31 10:00  6mo   2026-07-31 24:00
law  2025-08-31 10:00  1mo   2025-09-30 24:00
law  2025-08-31 10:00  3mo   2025-12-01 24:00
law  2025-08-31 10:00  6mo   2026-02-28 24:00
law  2025-11-30 10:00  1mo   2025-12-30 24:00
law  2025-11-30 10:00  3mo   2026-02-28 24:00
law  2025-11-30 10:00  6mo   2026-06-01 24:00
law  2026-03-31 10:00  1mo   2026-04-30 24:00
law  2026-03-31 10:00  3mo   2026-06-30 24:00
law  2026-03-31 10:00  6mo   2026-09-30 24:00
law  2024-01-31 10:00  1mo   2024-02-29 24:00
law  2024-01-31 10:00  3mo   2024-04-30 24:00
law  2024-01-31 10:00  6mo   2024-07-31 24:00
# years and leap days
law  2024-02-29 10:00  1y    2025-02-28 24:00
law  2024-02-29 10:00  2y    2026-02-28 24:00
law  2024-02-29 10:00  3y    2027-03-01 24:00
law  2025-02-28 10:00  1y    2026-02-28 24:00
law  2025-02-28 10:00  2y    2027-03-01 24:00
law  2025-02-28 10:00  3y    2028-02-28 24:00
law  2025-10-01 10:00  1y    2026-10-08 24:00
law  2025-10-01 10:00  2y    2027-10-01 24:00
law  2025-10-01 10:00  3y    2028-10-02 24:00
law  2025-05-02 10:00  1y    2026-05-06 24:00
law  2025-05-02 10:00  2y    2027-05-03 24:00
law  2025-05-02 10:00  3y    2028-05-02 24:00
law  2023-06-20 10:00  1y    2024-06-20 24:00
law  2023-06-20 10:00  2y    2025-06-20 24:00
law  2023-06-20 10:00  3y    2026-06-22 24:00
# months and years of a promise keep the clock and clip the day
promise  2024-02-29 10:00  1mo   2024-03-29 10:00
promise  2024-02-29 10:00  1y    2025-02-28 24:00
promise  2026-01-31 08:15  1mo   2026-02-28 24:00
promise  2026-01-31 08:15  1y    2027-01-31 08:15
"""


def _days(year: str, span: str) -> set[date]:
    first, last = (datetime.strptime(year + each, "%Y%m%d") for each in (span[:4], span[-4:]))  # noqa: DTZ007
    return {(first + timedelta(days=n)).date() for n in range((last - first).days + 1)}


def _notices() -> WorkingCalendar:
    off, on = set[date](), set[date]()
    for row in NOTICES.split("\n"):
        year, kind, *spans = row.split() or ["", ""]
        for span in spans:
            (off if kind == "off" else on).update(_days(year, span))
    return WorkingCalendar(frozenset(off), frozenset(on), frozenset({2024, 2025, 2026}))


CALENDAR = _notices()
ROWS = [tuple(re.split(r"  +", row.strip())) for row in TABLE.split("\n") if row and row[0] != "#"]


def moment(text: str) -> datetime:
    """``2026-02-28 24:00`` is the end of that day."""
    day, clock = text.split()
    whole = clock == "24:00"
    found = datetime.fromisoformat(f"{day} {'00:00' if whole else clock}").replace(tzinfo=CHINA)
    return found + timedelta(days=whole)


def length(text: str) -> Length:
    match = re.fullmatch(r"(\d+)(\w+?)", text)
    assert match is not None
    return Length(int(match[1]), Unit(match[2]))


def test_the_table_is_large() -> None:
    assert len(ROWS) == len(set(ROWS)) >= 120


@pytest.mark.parametrize(("kind", "start", "text", "due"), ROWS)
def test_a_length_is_over(kind: str, start: str, text: str, due: str) -> None:
    found = after(moment(start), length(text), CALENDAR, statutory=kind == "law")
    assert found == moment(due)
    if due.endswith("24:00"):
        assert last_day(found) == date.fromisoformat(due[:10])


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_library_knows_what_the_notices_say(year: int) -> None:
    library = read_calendar(Source().read("calendar.yaml"))
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365 + (year == 2024))]
    assert [d for d in days if library.is_workday(d) != CALENDAR.is_workday(d)] == []


def test_an_office_may_close_earlier_than_the_day() -> None:
    closes = WorkingCalendar(day_ends=datetime(2026, 1, 1, 17, 30).time())  # noqa: DTZ001
    found = after(moment("2026-11-23 10:00"), Length(7, Unit.DAY), closes, statutory=True)
    assert found == moment("2026-11-30 17:30")


def test_nothing_is_shorter_than_one() -> None:
    with pytest.raises(ValueError, match="at least one workday"):
        Length(0, Unit.WORKDAY)
