"""Reads ``supervision.yaml``: slips, sponsors and what their words are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from casework import sponsors, supervision
from casework.case import Supervision
from casework.sponsors import Duty
from config.lengths import read_length
from config.reading import Node

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_CODE = re.compile(r"[a-z][a-z_]{0,31}")


@dataclass(frozen=True, slots=True)
class Watch:
    """How a city watches its cases; ``duties`` are the names of what sponsors do."""

    slips: supervision.Rules
    sponsors: sponsors.Rules
    duties: Mapping[Duty, str]


def read_watch(top: Node) -> Watch:
    """The rules. Raises BadConfiguration naming file and key."""
    top.mapping(("slips", "sponsors"))
    theirs = top.need("sponsors")
    theirs.mapping(("remind_after", "backlog_after", "backlog_reopened", "look_at", "duties"))
    names = theirs.need("duties")
    names.mapping(tuple(Duty))
    return Watch(
        slips=_slips(top.need("slips")),
        sponsors=sponsors.Rules(
            remind_after=read_length(theirs.need("remind_after")),
            backlog_after=read_length(theirs.need("backlog_after")),
            backlog_reopened=int(theirs.need("backlog_reopened").number(1, 100)),
            look_at=_clock(theirs.need("look_at")),
        ),
        duties={duty: names.need(duty.value).text() for duty in Duty},
    )


def _slips(node: Node) -> supervision.Rules:
    node.mapping(("number", "reasons", "workdays", "longest"))
    number = node.need("number")
    try:
        first, second = (number.text().format(year=2026, serial=each) for each in (1, 2))
    except (KeyError, IndexError, ValueError) as error:
        raise number.wrong("knows {year} and {serial} only") from error
    if first == second or number.text().format(year=2027, serial=1) == first:
        raise number.wrong("needs {year} and {serial}, or two slips would have one number")
    reasons = node.need("reasons").mapping()
    for code, each in reasons.items():
        if not _CODE.fullmatch(code):
            raise each.wrong("a reason's code is small letters and _")
    if not reasons:
        raise node.need("reasons").wrong("needs at least one reason")
    longest = int(node.need("longest").number(1, 250))
    days = node.need("workdays")
    days.mapping(tuple(supervision.BY_HAND))
    return supervision.Rules(
        reasons={code: each.text() for code, each in reasons.items()},
        workdays={
            Supervision(level): int(days.need(level.value).number(1, longest))
            for level in supervision.BY_HAND
        },
        number=number.text(),
        longest=longest,
    )


def _clock(node: Node) -> time:
    match = _CLOCK.fullmatch(node.text())
    if match is None:
        raise node.wrong("must be a time of the day such as 08:00")
    return time(int(match[1]), int(match[2]))
