"""Who has a conversation on screen. Kept in memory: it is true for seconds only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

LASTS = timedelta(seconds=15)
Activity = Literal["viewing", "typing"]


@dataclass(frozen=True, slots=True)
class Present:
    """An officer at a conversation until ``until``, unless heard of again."""

    officer_id: str
    name: str
    activity: Activity
    until: datetime


class Presences:
    """Everybody at every conversation of this process."""

    def __init__(self) -> None:
        self._at: dict[str, dict[str, Present]] = {}

    def tell(
        self, conversation_id: str, officer_id: str, name: str, activity: Activity, now: datetime
    ) -> bool:
        """Note an officer; True when what others see has changed."""
        before = self.of(conversation_id, now)
        here = self._at.setdefault(conversation_id, {})
        here[officer_id] = Present(officer_id, name, activity, now + LASTS)
        return _seen(before) != _seen(self.of(conversation_id, now))

    def leave(self, conversation_id: str, officer_id: str, now: datetime) -> bool:
        """The officer went away; True when somebody was there to go."""
        gone = self._at.get(conversation_id, {}).pop(officer_id, None)
        self._tidy(conversation_id, now)
        return gone is not None

    def of(self, conversation_id: str, now: datetime) -> list[Present]:
        """Who is there now, by name."""
        self._tidy(conversation_id, now)
        return sorted(self._at.get(conversation_id, {}).values(), key=lambda each: each.name)

    def _tidy(self, conversation_id: str, now: datetime) -> None:
        here = self._at.get(conversation_id)
        if here is None:
            return
        for officer_id in [each.officer_id for each in here.values() if each.until <= now]:
            del here[officer_id]
        if not here:
            del self._at[conversation_id]


def _seen(present: list[Present]) -> list[tuple[str, str]]:
    return [(each.officer_id, each.activity) for each in present]
