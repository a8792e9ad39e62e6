"""What a form says and whom it names: for the category, and for each of its sub-kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from casework.forms import Choice, Office, Route, Slot
from config.hotlines import Hotlines
from config.reading import Node
from config.words import in_a_row

LEVELS = ("grid", "community", "street", "department", "county", "national")
"""The levels of the house, from the smallest area up."""

_TEXTS = ("deadline", "restricted", "opening", "consult", "evidence", "office", "routes")


@dataclass(frozen=True, slots=True)
class Texts:
    """What may differ between the sub-kinds of a form; ``lead`` is how its consult text begins."""

    opening: str
    lead: str
    evidence: str
    deadline: str
    restricted: bool
    office: Office | None
    routes: tuple[Route, ...]

    def as_fields(self) -> dict[str, Any]:
        """The fields of a Form. The consult text is the lead and every verified route's words."""
        said = [route.say for route in self.routes if route.verified and route.say]
        return {
            "opening": self.opening,
            "consult": in_a_row((self.lead, *said)),
            "evidence": self.evidence,
            "deadline": self.deadline,
            "restricted": self.restricted,
            "office": self.office,
            "routes": self.routes,
        }


@dataclass(frozen=True, slots=True)
class SubKind:
    """A sub-kind of a category, the words that tell it and what it says differently."""

    name: str
    words: tuple[str, ...]
    texts: Texts


def read_texts(
    node: Node, base: Texts | None, hotlines: Hotlines, deadlines: Mapping[str, object]
) -> Texts:
    """The texts of a form, or of a kind over those of its form. Raises BadConfiguration."""
    entries = {key: entry for key, entry in node.mapping().items() if key in _TEXTS}
    office, routes = entries.get("office"), entries.get("routes")
    own = _office(office) if office else (base.office if base else None)
    places = {"office": own.name} if own is not None and own.verified else {}
    given: dict[str, Any] = {"office": own}
    if routes is not None:
        given["routes"] = tuple(_route(each, hotlines, places) for each in routes.items())
    if "consult" in entries:
        given["lead"] = hotlines.fill(entries["consult"], places)
    elif routes is not None and base is not None:
        given["lead"] = ""  # a kind with ways of its own says those, not its category's
    if "restricted" in entries:
        given["restricted"] = entries["restricted"].flag()
    if "deadline" in entries or base is None:
        given["deadline"] = node.need("deadline").one_of(list(deadlines))
    for key in ("opening", "evidence"):
        if key in entries or base is None:
            given[key] = node.need(key).text()
    empty = Texts("", "", "", "", restricted=False, office=None, routes=())
    texts = replace(base or empty, **given)
    if not texts.as_fields()["consult"]:
        raise node.wrong("needs 'consult', or a verified route with 'say'")
    return texts


def read_kinds(
    node: Node | None, base: Texts, hotlines: Hotlines, deadlines: Mapping[str, object]
) -> dict[str, SubKind]:
    """The sub-kinds by key. Raises BadConfiguration for one without words, or words shared."""
    found: dict[str, SubKind] = {}
    owner: dict[str, str] = {}
    for key, entry in (node.mapping() if node is not None else {}).items():
        entry.mapping(("name", "words", *_TEXTS))
        words = entry.need("words").texts()
        if not words:
            raise entry.need("words").wrong("a kind needs words that tell it")
        for word in words:
            if owner.setdefault(word, key) != key:
                raise entry.need("words").wrong(f"{word!r} tells {owner[word]!r} already")
        texts = read_texts(entry, base, hotlines, deadlines)
        found[key] = SubKind(entry.need("name").text(), words, texts)
    return found


def kind_slot(top: Node, kinds: Mapping[str, SubKind], shared: Slot) -> Slot:
    """The slot that holds the sub-kind: its choices are the kinds."""
    if not kinds:
        raise top.need("kinds").wrong("no kinds")
    choices = tuple(Choice(key, kind.name, kind.words) for key, kind in kinds.items())
    return replace(shared, kind="choice", choices=choices)


def _office(node: Node) -> Office:
    node.mapping(("name", "level", "verified"))
    return Office(
        node.need("name").text(),
        node.need("level").one_of(LEVELS),
        node.need("verified").flag(),
    )


def _route(node: Node, hotlines: Hotlines, places: Mapping[str, str]) -> Route:
    """A route. Raises BadConfiguration for an unknown hotline, and a verified one without law."""
    entries = node.mapping(("name", "to", "deadline", "law", "hotline", "say", "verified"))
    verified = node.need("verified").flag()
    plain = {key: entries[key].text() for key in ("deadline", "law", "hotline") if key in entries}
    if verified and "law" not in plain:
        raise node.wrong("a verified route names its law")
    if "hotline" in plain and plain["hotline"] not in hotlines.by_key:
        raise entries["hotline"].wrong(f"hotline {plain['hotline']!r} is not in hotlines.yaml")
    say = None
    if "say" in entries:  # what is not verified is never said, so its numbers need not be either
        say = hotlines.fill(entries["say"], places) if verified else entries["say"].text()
    return Route(node.need("name").text(), node.need("to").text(), verified, say=say, **plain)
