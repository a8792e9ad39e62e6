"""Lengths of time as configuration writes them: 15m, 2h, 7d, 5WD, 3mo, 1y."""

from __future__ import annotations

import re
from datetime import timedelta

from casework.lengths import Length, Unit
from config.reading import Node

_LENGTH = re.compile(r"([1-9]\d{0,4})(m|h|d|WD|mo|y)")
_TIME = re.compile(r"(\d+)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def read_length(node: Node) -> timedelta:
    """A length of time that is the same whenever it begins. Raises BadConfiguration."""
    match = _TIME.fullmatch(node.text())
    if match is None:
        raise node.wrong("must be a length of time such as 15m, 2h or 7d")
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})


def read_period(node: Node) -> Length:
    """A length that a calendar may be needed for: workdays, months, years. BadConfiguration."""
    match = _LENGTH.fullmatch(node.text())
    if match is None:
        raise node.wrong("must be a length of time such as 15m, 2h, 7d, 5WD, 3mo or 1y")
    return Length(int(match.group(1)), Unit(match.group(2)))
