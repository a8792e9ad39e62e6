"""Reads ``statutory.yaml``: what law gives a length to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from casework.forms import Form
from casework.lengths import Length
from casework.statutory import OWN, Bearer, Row, Statutes
from config.lengths import read_period
from config.reading import Node

_KEYS = (
    "name",
    "from",
    "bearer",
    "length",
    "extension",
    "short",
    "then",
    "ahead",
    "least",
    "law",
    "verified",
    "at",
    "since",
    "unless",
    "to",
)


def read_statutory(top: Node, forms: Mapping[str, Form]) -> Statutes:
    """The table, checked against the forms it speaks of. Raises BadConfiguration."""
    top.mapping(("remind", "rows"))
    remind = top.need("remind")
    remind.mapping(("days", "at"))
    days = tuple(int(each.number(1, 366)) for each in remind.need("days").items())
    rows = {key: _row(key, node, forms) for key, node in top.need("rows").mapping().items()}
    return Statutes(rows, days, _time(remind.need("at")))


def _row(key: str, node: Node, forms: Mapping[str, Form]) -> Row:
    given = node.mapping(_KEYS)
    row = Row(
        id=key,
        name=node.need("name").text(),
        trigger=node.need("from").text(),
        bearer=Bearer(node.need("bearer").one_of([str(each) for each in Bearer])),
        law=node.need("law").text(),
        verified=node.need("verified").flag(),
        length=_length(given, "length"),
        extension=_length(given, "extension"),
        short=_length(given, "short"),
        then=_length(given, "then"),
        ahead="ahead" in given and given["ahead"].flag(),
        least="least" in given and given["least"].flag(),
        at=_at(node.need("at"), forms),
        since=given["since"].text() if "since" in given else None,
        unless=_unless(given.get("unless")),
        to=given["to"].text() if "to" in given else "",
    )
    _check(row, node, forms)
    return row


def _check(row: Row, node: Node, forms: Mapping[str, Form]) -> None:
    """A countdown must be the resident's, have a length, an office, and slots of its forms."""
    if row.length is None and (row.extension or row.short or row.then):
        raise node.wrong("needs a length")
    if row.since is None:
        if row.to or row.unless:
            raise node.wrong("needs 'since': the slot it is counted from")
        return
    if row.bearer not in OWN or row.length is None or row.ahead or not row.to:
        raise node.wrong("a countdown is the resident's own, with a length and where to apply")
    for category in row.at:
        if row.since not in forms[category].slots:
            raise node.need("since").wrong(f"{category} has no slot {row.since!r}")


def _at(node: Node, forms: Mapping[str, Form]) -> dict[str, frozenset[str]]:
    found = {}
    for category, entry in node.mapping().items():
        if category not in forms:
            raise entry.wrong("is no category")
        kinds = entry.texts()
        strange = next((kind for kind in kinds if kind not in forms[category].kinds), None)
        if strange is not None:
            raise entry.wrong(f"{strange!r} is no kind of {category}")
        found[category] = frozenset(kinds)
    return found


def _unless(node: Node | None) -> dict[str, frozenset[str]]:
    if node is None:
        return {}
    return {slot: frozenset(entry.texts()) for slot, entry in node.mapping().items()}


def _length(given: Mapping[str, Node], name: str) -> Length | None:
    return read_period(given[name]) if name in given else None


def _time(node: Node) -> time:
    try:
        return time.fromisoformat(node.text())
    except ValueError:
        raise node.wrong('must be a time of day such as "09:00"') from None
