"""The other cases that an event names. Of one that few may see, not even the number is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from casework.events import Event

_ONE = ("joined", "leading")
_SEVERAL = "linked"


def named(events: Iterable[Event]) -> set[str]:
    """The numbers of the other cases that these events name."""
    found: set[str] = set()
    for event in events:
        found.update(str(event.data[key]) for key in _ONE if event.data.get(key))
        found.update(event.data.get(_SEVERAL, ()))
    return found


def without(event: Event, hidden: Collection[str]) -> Event:
    """The event as whoever may not see the hidden cases reads it."""
    if not hidden or not named([event]) & set(hidden):
        return event
    told = dict(event.data)
    for key in _ONE:
        if told.get(key) in hidden:
            del told[key]
    if _SEVERAL in told:
        told[_SEVERAL] = [each for each in told[_SEVERAL] if each not in hidden]
    return replace(event, data=told)
