"""A circuit breaker: after some failures in a row, leave a server alone for a while.

Pure but for its own counters: the time is an argument, in seconds of any clock that only runs on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

FAILURES: Final = 3
"""Failures in a row that open the circuit."""
REST_SECONDS: Final = 15.0
"""How long it stays open before one call may try again; also how long that call may take."""


@dataclass(slots=True)
class Circuit:
    """Closed: every call may pass. Open: none. After the rest: one at a time, on trial."""

    failures: int = FAILURES
    rest_seconds: float = REST_SECONDS
    in_a_row: int = field(default=0, init=False)
    _resting_until: float = field(default=0.0, init=False)

    @property
    def closed(self) -> bool:
        """Whether calls pass freely."""
        return self.in_a_row < self.failures

    def lets_pass(self, now: float) -> bool:
        """Whether a call may be made. When the rest is over, saying yes begins the trial."""
        if self.closed:
            return True
        if now < self._resting_until:
            return False
        # A trial nobody reports on (its caller was cancelled) does not block the next one.
        self._resting_until = now + self.rest_seconds
        return True

    def succeeded(self) -> bool:
        """A call went well; true when that closed the circuit."""
        opened, self.in_a_row = not self.closed, 0
        return opened

    def failed(self, now: float) -> bool:
        """A call failed; true when that opened the circuit."""
        was_closed = self.closed
        self.in_a_row += 1
        if not self.closed:
            self._resting_until = now + self.rest_seconds
        return was_closed and not self.closed
