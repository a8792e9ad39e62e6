"""The hours in which nobody is woken with the progress of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from casework.hours import CHINA


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one time of the day until another, over midnight or not, on China's clock."""

    begins: time
    ends: time

    def until(self, now: datetime) -> datetime | None:
        """When the quiet hours end that ``now`` lies in; None outside them."""
        local = now.astimezone(CHINA)
        at = local.time().replace(tzinfo=None)
        over_midnight = self.ends <= self.begins
        if over_midnight:
            inside = at >= self.begins or at < self.ends
        else:
            inside = self.begins <= at < self.ends
        if not inside:
            return None
        tomorrow = over_midnight and at >= self.begins
        day = local.date() + timedelta(days=1) * tomorrow
        return datetime.combine(day, self.ends, CHINA).astimezone(now.tzinfo)
