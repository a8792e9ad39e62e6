"""Reads ``routing.yaml``: which level or department a case starts at."""

from __future__ import annotations

from collections.abc import Collection

from casework.routing import Entry, Routing, Rule
from config.reading import Node

_LEVELS = ("grid", "community", "area", "street", "department", "county")


def read_routing(top: Node, categories: Collection[str], classes: Collection[str]) -> Routing:
    """The city's routing. Raises BadConfiguration naming file and key."""
    top.mapping(("otherwise", "rules", "skip"))
    skip = top.need("skip")
    skip.mapping(("to", "people", "classes", "crisis"))
    return Routing(
        rules=tuple(_rule(node, categories) for node in top.need("rules").items()),
        otherwise=_entry(top.need("otherwise")),
        skip_to=skip.need("to").one_of(_LEVELS),
        group_of=int(skip.need("people").number(2, 1_000_000)),
        classes=frozenset(each.one_of(list(classes)) for each in skip.need("classes").items()),
        crisis=frozenset(each.one_of(("R1", "R2", "R3")) for each in skip.need("crisis").items()),
    )


def _rule(node: Node, categories: Collection[str]) -> Rule:
    keys = node.mapping(("categories", "kinds", "level", "department"))
    wanted = frozenset(each.one_of(list(categories)) for each in node.need("categories").items())
    kinds = frozenset(node.need("kinds").texts()) if "kinds" in keys else frozenset[str]()
    return Rule(_entry(node), wanted, kinds)


def _entry(node: Node) -> Entry:
    keys = node.mapping(("categories", "kinds", "level", "department"))
    level = node.need("level").one_of(_LEVELS)
    return Entry(level, node.need("department").text() if "department" in keys else None)
