"""Reads ``nearby.yaml``: when two residents' reports may be the same issue."""

from __future__ import annotations

import re
from collections.abc import Collection

from casework.clusters import Joinable, Nearby, Reach, Thing, Weights
from config.lengths import read_length
from config.reading import Node

_KEYS = (
    "score",
    "window",
    "look_back",
    "look_at",
    "count_from",
    "categories",
    "against",
    "objects",
    "otherwise",
    "building",
    "reopen_within",
)
_WEIGHTS = ("category", "distance", "words", "time", "ask_from")
_METRES = re.compile(r"(\d+)m")
_FARTHEST = 10_000
_SAME: dict[str, Reach] = {"building": "building", "community": "community"}


def read_nearby(top: Node, categories: Collection[str]) -> Nearby:
    """The rule. Raises BadConfiguration."""
    top.mapping(_KEYS)
    score, rest = top.need("score"), top.need("otherwise")
    score.mapping(_WEIGHTS)
    rest.mapping(("within", "words"))
    return Nearby(
        weights=Weights(*(score.need(name).number(0, 1) for name in _WEIGHTS)),
        window=read_length(top.need("window")),
        look_back=read_length(top.need("look_back")),
        look_at=int(top.need("look_at").number(1, 1000)),
        count_from=int(top.need("count_from").number(3, 1000)),
        categories=_joinable(top.need("categories"), categories),
        against=top.need("against").texts(),
        things=tuple(_thing(each, categories) for each in top.need("objects").items()),
        otherwise=Thing("", _reach(rest.need("within"))),
        otherwise_words=rest.need("words").number(0, 1),
        building=_pattern(top.need("building")),
        reopen_within=read_length(top.need("reopen_within")),
    )


def _joinable(top: Node, categories: Collection[str]) -> dict[str, Joinable]:
    found = {}
    for name, node in top.mapping(tuple(categories)).items():
        keys = node.mapping(("same", "reporters"))
        same = node.need("same").texts() if "same" in keys else ()
        least = node.need("reporters").number(1, 1000) if "reporters" in keys else 1
        found[name] = Joinable(same, int(least))
    return found


def _thing(node: Node, categories: Collection[str]) -> Thing:
    keys = node.mapping(("name", "words", "kinds", "categories", "within"))

    def texts(name: str) -> tuple[str, ...]:
        return node.need(name).texts() if name in keys else ()

    for each in node.need("categories").items() if "categories" in keys else ():
        each.one_of(tuple(categories))
    return Thing(
        node.need("name").text(),
        _reach(node.need("within")),
        texts("words"),
        texts("kinds"),
        texts("categories"),
    )


def _reach(node: Node) -> Reach:
    text = node.text()
    if text in _SAME:
        return _SAME[text]
    match = _METRES.fullmatch(text)
    if match is None or not 0 < int(match[1]) <= _FARTHEST:
        raise node.wrong("must be metres such as 30m, or building, or community")
    return float(match[1])


def _pattern(node: Node) -> re.Pattern[str]:
    try:
        pattern = re.compile(node.text())
    except re.error as error:
        raise node.wrong(f"is no pattern: {error}") from error
    if pattern.groups < 1:
        raise node.wrong("needs a group for the number")
    return pattern
