"""Which days are worked in China: weekends, public holidays, and the make-up workdays (调休).

A make-up workday is a Saturday or Sunday that is worked; a holiday on a weekday is not. Days are
days of Asia/Shanghai. Worked time is counted in workdays of 24 hours, so that a length of
workdays can be split and paused like any other length.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has known no other offset since 1991."""

_DAY = timedelta(days=1)
_SATURDAY = 5
_YEAR = 366  # days: more than the longest run of days without work


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Weekends, except what ``holidays`` and ``workdays`` say otherwise.

    ``years`` are the years whose holidays are known; in any other year only weekends are free.
    ``day_ends`` is when the last day of a statutory period ends: 00:00 is its 24:00; where there
    are business hours, their end (民法典§203).
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    day_ends: time = time()
    _off: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())
    _on: tuple[int, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        both = self.holidays & self.workdays
        if both:
            raise ValueError(f"{min(both)} cannot be a holiday and a workday")
        off = (day.toordinal() for day in self.holidays if day.weekday() < _SATURDAY)
        on = (day.toordinal() for day in self.workdays if day.weekday() >= _SATURDAY)
        object.__setattr__(self, "_off", tuple(sorted(off)))
        object.__setattr__(self, "_on", tuple(sorted(on)))

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day."""
        if day in self.holidays:
            return False
        return day.weekday() < _SATURDAY or day in self.workdays

    def next_workday(self, day: date) -> date:
        """``day`` when it is a workday, else the first one after it."""
        while not self.is_workday(day):
            day += _DAY
        return day

    def unknown(self, first: datetime, last: datetime) -> tuple[int, ...]:
        """The years between two moments whose holidays are not known."""
        years = range(first.astimezone(CHINA).year, last.astimezone(CHINA).year + 1)
        return tuple(year for year in years if year not in self.years)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Worked time between two moments, in workdays of 24 hours; zero over a weekend."""
        return self._until(end) - self._until(start)

    def advance(self, start: datetime, worked: timedelta) -> datetime:
        """The first moment by which this much was worked since ``start`` (``worked`` > 0).

        It lies on a workday, or at the 24:00 that ends one. Raises ValueError for no time at all.
        """
        if worked <= timedelta():
            raise ValueError("worked time must be more than none")
        target = self._until(start) + worked
        whole, rest = divmod(target, _DAY)
        if not rest:
            whole, rest = whole - 1, _DAY
        first = start.astimezone(CHINA).date().toordinal()
        days = range(first, first + _YEAR + 3 * (worked.days + 1))
        # The day before which exactly `whole` days were worked, and which is worked itself.
        day = days[bisect_left(days, whole + 1, key=lambda each: self._before(each + 1))]
        found = datetime.combine(date.fromordinal(day), time(), CHINA) + rest
        return found.astimezone(start.tzinfo)

    def _until(self, moment: datetime) -> timedelta:
        """Time worked since the first day of all until ``moment``."""
        local = moment.astimezone(CHINA)
        day = local.date()
        spent = (
            local - datetime.combine(day, time(), CHINA) if self.is_workday(day) else timedelta()
        )
        return timedelta(days=self._before(day.toordinal())) + spent

    def _before(self, ordinal: int) -> int:
        """How many workdays lie before this day."""
        weeks, rest = divmod(ordinal - 1, 7)  # the first day of all was a Monday
        ordinary = weeks * _SATURDAY + min(rest, _SATURDAY)
        return ordinary - bisect_left(self._off, ordinal) + bisect_left(self._on, ordinal)


def midnight_after(day: date) -> datetime:
    """24:00 of this day."""
    return datetime.combine(day + _DAY, time(), CHINA)


WEEKENDS = WorkingCalendar()
"""Nothing is known but weekends."""
