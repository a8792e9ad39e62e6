"""Public telephone numbers and the texts that name them.

``{police}`` in a text becomes the number. A part in ``[[ ]]`` is left out unless every number it
names is there and verified; outside such a part, an unverified number is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from config.reading import Node

_OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Hotline:
    """A public number; ``verified`` is false until a source or the city has confirmed it."""

    number: str
    name: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Hotlines:
    """All numbers by key."""

    by_key: Mapping[str, Hotline]

    def fill(self, node: Node, names: Mapping[str, str] | None = None) -> str:
        """The text with its numbers, and with ``names`` (the office) that may be said beside them.

        Raises BadConfiguration naming the text's place.
        """
        shown = {key: line.number for key, line in self.by_key.items() if line.verified}
        shown |= names or {}

        def optional(part: re.Match[str]) -> str:
            text = part.group(1)
            return text if all(key in shown for key in _PLACE.findall(text)) else ""

        text = _OPTIONAL.sub(optional, node.text())
        for key in _PLACE.findall(text):
            if key not in shown:
                raise node.wrong(f"{{{key}}} is unknown or not verified")
        return _PLACE.sub(lambda place: shown[place.group(1)], text)


def read_hotlines(top: Node) -> Hotlines:
    """``hotlines.yaml``."""
    top.mapping(("hotlines",))
    found = {}
    for key, node in top.need("hotlines").mapping().items():
        node.mapping(("number", "name", "verified"))
        found[key] = Hotline(
            node.need("number").text(), node.need("name").text(), node.need("verified").flag()
        )
    return Hotlines(found)
