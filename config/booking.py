"""Reads ``booking.yaml``: how appointments are offered, and the words that say when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from casework.booking import BookingRule
from casework.wishes import WhenWords
from config.hours import read_span
from config.lengths import read_length
from config.reading import Node

_KEYS = ("reminders", "offered", "horizon", "ahead", "keep_names", "announced", "when")
_WHEN = (
    "days",
    "weekdays",
    "next",
    "next_week",
    "weekend",
    "parts",
    "month",
    "day",
    "hour",
    "half",
)
_WEEK = 7
_FARTHEST = 60


@dataclass(frozen=True, slots=True)
class Appointments:
    """What a city says about appointments."""

    rule: BookingRule
    when: WhenWords


def read_booking(top: Node) -> Appointments:
    """Raises BadConfiguration."""
    top.mapping(_KEYS)
    reminders = tuple(read_length(each) for each in top.need("reminders").items())
    rule = BookingRule(
        reminders=tuple(sorted(reminders, reverse=True)),
        offered=int(top.need("offered").number(1, 3)),
        horizon=read_length(top.need("horizon")),
        ahead=read_length(top.need("ahead")),
        keep_names=read_length(top.need("keep_names")),
        announced=int(top.need("announced").number(1, 200)),
    )
    if not 1 <= rule.horizon.days <= _FARTHEST:
        raise top.need("horizon").wrong(f"must be from 1d to {_FARTHEST}d")
    return Appointments(rule, _when(top.need("when")))


def _when(top: Node) -> WhenWords:
    top.mapping(_WHEN)
    days = {}
    for ahead, node in top.need("days").mapping().items():
        if not ahead.isdigit():
            raise node.wrong("must be a number of days")
        days[int(ahead)] = node.texts()
    weekdays = tuple(each.texts() for each in top.need("weekdays").items())
    if len(weekdays) != _WEEK:
        raise top.need("weekdays").wrong("needs a list for each day from Monday to Sunday")
    plain = {
        name: top.need(name).texts() for name in _WHEN if name not in {"days", "weekdays", "parts"}
    }
    parts = tuple(_part(each) for each in top.need("parts").items())
    return WhenWords(days=days, weekdays=weekdays, parts=parts, **plain)


def _part(node: Node) -> tuple[tuple[str, ...], time, time | None]:
    node.mapping(("words", "hours"))
    opens, closes = read_span(node.need("hours"))
    return node.need("words").texts(), opens, closes if closes != time() else None
