"""Reads ``telling.yaml``: the hours in which residents are not woken."""

from __future__ import annotations

import re
from datetime import time

from casework.quiet import Quiet
from config.reading import Node

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def read_quiet(top: Node) -> Quiet:
    """The quiet hours. Raises BadConfiguration naming file and key."""
    top.mapping(("quiet",))
    hours = top.need("quiet")
    hours.mapping(("from", "until"))
    return Quiet(_clock(hours.need("from")), _clock(hours.need("until")))


def _clock(node: Node) -> time:
    match = _CLOCK.fullmatch(node.text())
    if match is None:
        raise node.wrong("must be a time of the day such as 21:30")
    return time(int(match[1]), int(match[2]))
