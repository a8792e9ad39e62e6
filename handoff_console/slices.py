"""What the clock is made of: one small class for each kind of thing that time does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from storage.glance import Look


class Slice(Protocol):
    """One kind of thing that time does.

    ``looks`` are where its due things are found: it is asked only when the clock's one look at
    the store found something there. With none it keeps a pace of its own and is always asked.
    """

    @property
    def looks(self) -> Sequence[Look]:
        """Where what is due stands."""
        ...

    async def step(self, now: datetime) -> bool:
        """Do something that is due; False when nothing was done. What was found is only a hint:
        it is read again, and the verb decides under its lock."""
        ...
