"""Lengths of time as rules and laws give them, and the moment at which one is over.

A promise of ours runs to the minute. A period that a law gives is counted by 民法典§200-204: by
hours from the moment; by days, months and years the first day is not counted (§201), the last
day is the corresponding one or the last of its month (§202), a last day that is not worked moves
to the next workday (§203), and the period ends with its last day.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from casework.working_calendar import CHINA, WorkingCalendar, midnight_after

_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a length counts."""

    MINUTE = "m"
    HOUR = "h"
    DAY = "d"
    WORKDAY = "WD"
    MONTH = "mo"
    YEAR = "y"


_ABOUT = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: _DAY,
    Unit.WORKDAY: timedelta(days=1.4),
    Unit.MONTH: timedelta(days=30),
    Unit.YEAR: timedelta(days=365),
}
_CLOCK = frozenset({Unit.MINUTE, Unit.HOUR})


@dataclass(frozen=True, slots=True)
class Length:
    """So many of a unit; at least one."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a length is at least one {self.unit.name.lower()}")

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    @property
    def about(self) -> timedelta:
        """About how long it is: to order lengths and to name them, never to reckon a date."""
        return self.count * _ABOUT[self.unit]


def after(
    start: datetime, length: Length, calendar: WorkingCalendar, *, statutory: bool = False
) -> datetime:
    """When a length that began at ``start`` is over, in the zone of ``start``; always later.

    Where a month has no such day, it is over with the last day of that month.
    A day's end is given as the 00:00 that follows it: what is due is late from then on.
    """
    if length.unit in _CLOCK:
        return start + length.about
    if statutory:
        return _end_of(_last_day(start, length, calendar), calendar).astimezone(start.tzinfo)
    if length.unit is Unit.WORKDAY:
        return calendar.advance(start, length.count * _DAY)
    local = start.astimezone(CHINA)
    day = corresponding(local.date(), length)
    clipped = length.unit is not Unit.DAY and day.day != local.day
    found = midnight_after(day) if clipped else datetime.combine(day, local.timetz())
    return found.astimezone(start.tzinfo)


def part(
    start: datetime, length: Length, share: float, calendar: WorkingCalendar, *, statutory: bool
) -> datetime:
    """The moment when ``share`` (0 to 1) of the length is over, on the length's own time."""
    end = after(start, length, calendar, statutory=statutory)
    if share >= 1:
        return end
    if length.unit is Unit.WORKDAY:
        return calendar.advance(start, calendar.worked(start, end) * share)
    return start + (end - start) * share


def shifted(
    moment: datetime, began: datetime, by: timedelta, calendar: WorkingCalendar
) -> datetime:
    """A moment reckoned in workdays, put off by the time worked while nothing ran.

    Nothing ran from ``began`` for the length of ``by``; over a weekend nothing is put off.
    """
    worked = calendar.worked(began, began + by)
    return calendar.advance(moment, worked) if worked else moment


def last_day(moment: datetime) -> date:
    """The day on which a period ends that is over at ``moment``: the day before a 00:00."""
    return (moment.astimezone(CHINA) - timedelta.resolution).date()


def _last_day(start: datetime, length: Length, calendar: WorkingCalendar) -> date:
    """The last day of a statutory period (民法典§201-203)."""
    day = start.astimezone(CHINA).date()
    if length.unit is not Unit.WORKDAY:
        return calendar.next_workday(corresponding(day, length))
    for _ in range(length.count):
        day = calendar.next_workday(day + _DAY)
    return day


def _end_of(day: date, calendar: WorkingCalendar) -> datetime:
    closes = calendar.day_ends
    whole = closes == time()
    return datetime.combine(day + _DAY * whole, closes, CHINA)


def corresponding(day: date, length: Length) -> date:
    """The day so many days, months or years later; the last of a month that has no such day
    (民法典§202). Nothing is moved over holidays."""
    if length.unit is Unit.DAY:
        return day + length.count * _DAY
    months = length.count * (12 if length.unit is Unit.YEAR else 1)
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
