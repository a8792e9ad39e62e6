"""Reads ``deadlines.yaml``: the classes of deadlines, and which override the form's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from casework.deadlines import DeadlineClass
from casework.lengths import Length
from config.lengths import read_period
from config.reading import Node

_KEYS = (
    "contact",
    "on_site",
    "answer",
    "accept_at",
    "warn_at",
    "levels",
    "renewal",
    "statutory",
)


def read_deadlines(top: Node) -> tuple[dict[str, DeadlineClass], str, str]:
    """The classes by code, the one for what is urgent, the one for danger. BadConfiguration."""
    top.mapping(("accept_at", "warn_at", "levels", "classes", "urgent", "crisis"))
    classes = {
        code: _class(code, node, top) for code, node in top.need("classes").mapping().items()
    }
    known = list(classes)
    return classes, top.need("urgent").one_of(known), top.need("crisis").one_of(known)


def _class(code: str, node: Node, top: Node) -> DeadlineClass:
    given = {**top.mapping(), **node.mapping(_KEYS)}
    contact, answer = read_period(node.need("contact")), read_period(node.need("answer"))
    try:
        found = DeadlineClass(
            code,
            contact,
            answer,
            on_site=_period(given, "on_site"),
            renewal=_period(given, "renewal"),
            statutory="statutory" in given and given["statutory"].flag(),
        )
        if "accept_at" in given:
            found = replace(found, accept_at=given["accept_at"].number(0, 1))
        if "warn_at" in given:
            found = replace(found, warn_at=given["warn_at"].number(0, 1))
        if "levels" in given:
            found = replace(found, levels=_levels(given["levels"]))
    except ValueError as error:
        raise node.wrong(str(error)) from error
    return found


def _period(given: Mapping[str, Node], name: str) -> Length | None:
    return read_period(given[name]) if name in given else None


def _levels(node: Node) -> tuple[float, float, float]:
    shares = [each.number(0, 1) for each in node.items()]
    if len(shares) != 3:
        raise node.wrong("must be three shares: of the grid, the community, the street")
    return shares[0], shares[1], shares[2]
