"""The Chinese calendar from a table: lunar dates, moving feasts, the solar terms that farmers name.

The table covers lunar years 1990 to 2050; outside them the answers are None.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

TABLE: Final = Path(__file__).parent / "lunar.txt"
_TERMS: Final = {
    "立春": (2, 4), "清明": (4, 5), "谷雨": (4, 20), "立夏": (5, 6), "芒种": (6, 6), "夏至": (6, 21),
    "小暑": (7, 7), "大暑": (7, 23), "立秋": (8, 8), "处暑": (8, 23), "白露": (9, 8), "秋分": (9, 23),
    "霜降": (10, 23), "立冬": (11, 7), "小雪": (11, 22), "大雪": (12, 7), "冬至": (12, 22),
    "小寒": (1, 6), "大寒": (1, 20),
}  # fmt: skip
"""Month and day of each solar term; it moves by a day at most from year to year."""


class _Year(NamedTuple):
    first: date
    leap: int
    lengths: tuple[int, ...]


@cache
def _table() -> dict[int, _Year]:
    years = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        first, leap, lengths = line.split()
        day = date.fromisoformat(first)
        years[day.year] = _Year(
            day, int(leap), tuple(30 if mark == "x" else 29 for mark in lengths)
        )
    return years


def new_year(year: int) -> date | None:
    """The first day of lunar ``year``: Spring Festival."""
    found = _table().get(year)
    return None if found is None else found.first


def lunar_year(day: date) -> int:
    """The lunar year that ``day`` lies in; the solar one outside the table."""
    first = new_year(day.year)
    return day.year - 1 if first is not None and day < first else day.year


def solar(year: int, month: int, day: int = 1, *, leap: bool = False) -> date | None:
    """The date of a lunar day, or None when there is no such day."""
    found = _table().get(year)
    if found is None or not 1 <= month <= 12 or (leap and month != found.leap):
        return None
    at = month - 1 + (1 if leap or 0 < found.leap < month else 0)
    if not 1 <= day <= found.lengths[at]:
        return None
    return found.first + timedelta(days=sum(found.lengths[:at]) + day - 1)


def solar_term(name: str, year: int) -> date | None:
    """The day of a solar term, to a day; None for another word."""
    found = _TERMS.get(name)
    return None if found is None else date(year, *found)
