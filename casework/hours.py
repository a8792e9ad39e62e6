"""When somebody reads what residents write. Nothing is promised for a time when nobody does.

Hours are configuration (``config/hours.yaml``), all on one clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has known no other offset since 1991."""

Span = tuple[time, time]
"""From the first moment to before the second; 00:00 as the second is the end of the day."""
_AHEAD = 14  # days looked ahead; a week with one span in it is enough


@dataclass(frozen=True, slots=True)
class Hours:
    """``working`` and ``duty`` hold the spans of each weekday (Monday is 0).

    In working hours everything is read, in duty hours what is urgent. ``settling`` is how long
    after opening it takes until those who wrote meanwhile have heard from somebody.
    """

    working: Mapping[int, tuple[Span, ...]]
    duty: Mapping[int, tuple[Span, ...]]
    settling: timedelta = timedelta(hours=1)

    def next_read(self, now: datetime, *, urgent: bool = False) -> datetime:
        """The first moment from ``now`` on when somebody reads it; ``now`` itself in hours."""
        local = now.astimezone(CHINA)
        for ahead in range(_AHEAD):
            day = local.date() + timedelta(days=ahead)
            spans = self.working.get(day.weekday(), ())
            if urgent:
                spans = (*spans, *self.duty.get(day.weekday(), ()))
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

    def _after(self, now: datetime, *, urgent: bool) -> datetime:
        """``now`` in hours, else a while after the next opening."""
        reads = self.next_read(now, urgent=urgent)
        return now if reads == now else reads + self.settling
