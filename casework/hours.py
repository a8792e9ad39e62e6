"""When somebody reads what residents write. Nothing is promised for a time when nobody does.

Hours are configuration (``config/hours.yaml``), all on one clock. Public holidays and make-up
workdays have hours of their own: on a make-up Saturday the office is open, on National Day it is
not, whatever weekday they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from casework.working_calendar import CHINA, WEEKENDS, WorkingCalendar

__all__ = ["CHINA", "HOLIDAY", "MAKE_UP", "Hours", "Span"]

MAKE_UP, HOLIDAY = 7, 8
"""Beside the weekdays 0 to 6: a Saturday or Sunday that is worked, and a public holiday."""
_LIKE = {MAKE_UP: 0, HOLIDAY: 6}  # where nothing is said of them: as on Mondays, as on Sundays

Span = tuple[time, time]
"""From the first moment to before the second; 00:00 as the second is the end of the day."""
_AHEAD = 35  # days looked ahead: one day a week is enough, and holidays may take some of them


@dataclass(frozen=True, slots=True)
class Hours:
    """``working`` and ``duty`` hold the spans of each weekday (Monday is 0), MAKE_UP and HOLIDAY.

    In working hours everything is read, in duty hours what is urgent. ``settling`` is how long
    after opening it takes until those who wrote meanwhile have heard from somebody.
    """

    working: Mapping[int, tuple[Span, ...]]
    duty: Mapping[int, tuple[Span, ...]]
    settling: timedelta = timedelta(hours=1)
    calendar: WorkingCalendar = WEEKENDS

    def next_read(self, now: datetime, *, urgent: bool = False) -> datetime:
        """The first moment from ``now`` on when somebody reads it; ``now`` itself in hours."""
        local = now.astimezone(CHINA)
        for ahead in range(_AHEAD):
            day = local.date() + timedelta(days=ahead)
            spans = self._spans(self.working, day)
            if urgent:
                spans = (*spans, *self._spans(self.duty, day))
            found = []
            for opens, closes in spans:
                start = datetime.combine(day, opens, CHINA)
                end = datetime.combine(day, closes, CHINA)
                end += timedelta(days=closes <= opens)
                if local < end:
                    found.append(max(start, local))
            if found:
                return min(found)
        raise ValueError("nobody ever reads: hours without a single span")

    def reading(self, now: datetime, *, urgent: bool = False) -> bool:
        """Whether somebody reads at this moment."""
        return self.next_read(now, urgent=urgent) == now

    def promise(self, by: datetime, now: datetime, *, urgent: bool = False) -> datetime:
        """What may be promised when the rules want something done ``by`` then.

        Never before anybody reads it, and never a moment when nobody is there.
        """
        latest = max(by, self._after(now, urgent=urgent))
        return self._after(latest, urgent=urgent)

    def _spans(self, week: Mapping[int, tuple[Span, ...]], day: date) -> tuple[Span, ...]:
        kind = day.weekday()
        if day in self.calendar.holidays:
            kind = HOLIDAY
        elif day in self.calendar.workdays:
            kind = MAKE_UP
        return week.get(kind, week.get(_LIKE.get(kind, kind), ()))

    def _after(self, now: datetime, *, urgent: bool) -> datetime:
        """``now`` in hours, else a while after the next opening."""
        reads = self.next_read(now, urgent=urgent)
        return now if reads == now else reads + self.settling
