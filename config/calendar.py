"""Reads ``calendar.yaml``: the public holidays of a library, and what a city knows better."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from chinese_calendar import holidays as public_holidays
from chinese_calendar import workdays as public_workdays

from casework.deadlines import DeadlineClass
from casework.working_calendar import WorkingCalendar
from config.reading import Node

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_SATURDAY = 5
_MOST_DAYS = 31  # in a row: longer is a slip of the pen


def read_calendar(top: Node) -> WorkingCalendar:
    """The working calendar of this city. Raises BadConfiguration."""
    top.mapping(("day_ends", "years", "holidays", "workdays"))
    free, made_up = set(public_holidays), set(public_workdays)
    known = {day.year for day in free}
    for name, node in top.need("years").mapping().items():
        year = _year(name, node)
        off, on = _whole_year(node, year)
        free = {day for day in free if day.year != year} | off
        made_up = {day for day in made_up if day.year != year} | on
        known.add(year)
    off, on = set(_days(top.need("holidays"))), set(_days(top.need("workdays")))
    if off & on:
        raise top.need("workdays").wrong(f"{min(off & on)} is among the holidays too")
    return WorkingCalendar(
        holidays=frozenset((free - made_up - on) | off),
        workdays=frozenset((made_up - off) | on),
        years=frozenset(known),
        day_ends=_day_ends(top.need("day_ends")),
    )


def missing_years(
    calendar: WorkingCalendar, classes: Iterable[DeadlineClass], now: datetime
) -> tuple[int, ...]:
    """The years without data that a promise made now can reach into, extension and all."""
    longest = max(
        (each.answer.about + (each.renewal.about if each.renewal else timedelta()))
        for each in classes
    )
    return calendar.unknown(now, now + longest)


def _year(name: str, node: Node) -> int:
    if not re.fullmatch(r"20\d\d", name):
        raise node.wrong("must stand under a year such as 2027")
    return int(name)


def _whole_year(node: Node, year: int) -> tuple[set[date], set[date]]:
    """The holidays and the make-up workdays of one year."""
    node.mapping(("holidays", "workdays"))
    off, on = set(_days(node.need("holidays"))), set(_days(node.need("workdays")))
    if not off:
        raise node.need("holidays").wrong("needs the holidays of the year")
    stray = next((day for day in sorted(off | on) if day.year != year), None)
    if stray is not None:
        raise node.wrong(f"{stray} does not lie in {year}")
    idle = next((day for day in sorted(on) if day.weekday() < _SATURDAY), None)
    if idle is not None:
        raise node.need("workdays").wrong(f"{idle} is no Saturday or Sunday: it is worked anyway")
    if off & on:
        raise node.need("workdays").wrong(f"{min(off & on)} is among the holidays too")
    return off, on


def _days(node: Node) -> Iterable[date]:
    for each in node.items():
        first, last = _span(each)
        if not timedelta() <= last - first < timedelta(days=_MOST_DAYS):
            raise each.wrong(f"must end after it begins, within {_MOST_DAYS} days")
        yield from (first + timedelta(days=day) for day in range((last - first).days + 1))


def _span(node: Node) -> tuple[date, date]:
    if isinstance(node.value, date):  # written without quotes
        return node.value, node.value
    try:
        first, *last = (date.fromisoformat(part) for part in node.text().split("/"))
    except ValueError:
        raise node.wrong('must be a day such as "2027-02-05", or from/to') from None
    if len(last) > 1:
        raise node.wrong("must name one day, or two")
    return first, last[0] if last else first


def _day_ends(node: Node) -> time:
    match = _CLOCK.fullmatch(node.text())
    if match is None or node.value == "00:00":
        raise node.wrong('must be a time of day such as "17:30", or "24:00"')
    return time(int(match[1]), int(match[2])) if match[1] else time()
