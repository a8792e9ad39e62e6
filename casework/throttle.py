"""How often one source may try something. Kept in memory; the time is an argument."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta


class Throttle:
    """At most ``burst`` tries at once per key, and again as many spread over each ``period``.

    One moment is kept per key: when everything it used will have been given back (the generic
    cell rate algorithm). The keys touched longest ago are forgotten beyond ``most_keys``.
    """

    def __init__(self, burst: int, period: timedelta, *, most_keys: int = 10_000) -> None:
        if burst < 1 or period <= timedelta():
            raise ValueError("a throttle needs a burst of at least 1 and a period")
        self._step = period / burst
        self._period = period
        self._most_keys = most_keys
        self._free_at: OrderedDict[str, datetime] = OrderedDict()

    def wait(self, key: str, now: datetime) -> timedelta:
        """How long until the key may try; zero when it may try now."""
        free_at = max(self._free_at.get(key, now), now)
        return max(free_at + self._step - self._period - now, timedelta())

    def count(self, key: str, now: datetime) -> None:
        """Count one try."""
        self._free_at[key] = max(self._free_at.get(key, now), now) + self._step
        self._free_at.move_to_end(key)
        while len(self._free_at) > self._most_keys:
            self._free_at.popitem(last=False)

    def forget(self, key: str) -> None:
        """Give everything back to the key."""
        self._free_at.pop(key, None)
