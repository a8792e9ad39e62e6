"""Reads ``hours.yaml``: when humans read, and how often they are pressed."""

from __future__ import annotations

import re
from datetime import time, timedelta

from casework.hours import HOLIDAY, MAKE_UP, Hours, Span
from casework.working_calendar import WEEKENDS, WorkingCalendar
from config.lengths import read_length
from config.reading import Node

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KINDS = {
    **{day: number for number, day in enumerate(DAYS)},
    "make_up": MAKE_UP,
    "holiday": HOLIDAY,
}
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24:00))")


def read_hours(top: Node, calendar: WorkingCalendar = WEEKENDS) -> tuple[Hours, timedelta]:
    """The hours, and how long an urge stands before another one. Raises BadConfiguration."""
    top.mapping(("working", "duty", "settling", "urge_again"))
    working = _week(top.need("working"))
    if not any(working.values()):
        raise top.need("working").wrong("needs at least one day with hours")
    settling = read_length(top.need("settling"))
    hours = Hours(working, _week(top.need("duty")), settling, calendar)
    return hours, read_length(top.need("urge_again"))


def _week(node: Node) -> dict[int, tuple[Span, ...]]:
    days = node.mapping(tuple(_KINDS))
    return {_KINDS[day]: tuple(read_span(each) for each in n.items()) for day, n in days.items()}


def read_span(node: Node) -> Span:
    """Hours of a day. Raises BadConfiguration."""
    match = _SPAN.fullmatch(node.text())
    if match is None:
        raise node.wrong("must be hours of a day such as 09:00-18:00")
    opens = time(int(match[1]), int(match[2]))
    closes = time() if match[5] else time(int(match[3]), int(match[4]))
    if closes <= opens and not match[5]:
        raise node.wrong("must end later than it begins")
    return opens, closes
