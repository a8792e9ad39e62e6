"""Lengths of time as configuration writes them: 15m, 2h, 7d."""

from __future__ import annotations

import re
from datetime import timedelta

from config.reading import Node

_LENGTH = re.compile(r"(\d+)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def read_length(node: Node) -> timedelta:
    """A length of time. Raises BadConfiguration."""
    match = _LENGTH.fullmatch(node.text())
    if match is None:
        raise node.wrong("must be a length of time such as 15m, 2h or 7d")
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})
