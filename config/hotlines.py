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

    def fill(self, node: Node) -> str:
        """The text with its numbers. Raises BadConfiguration naming the text's place."""
        text = _OPTIONAL.sub(lambda part: self._optional(part.group(1)), node.text())
        for key in _PLACE.findall(text):
            if not self._shown(key):
                raise node.wrong(f"hotline {key!r} is unknown or not verified")
        return _PLACE.sub(lambda place: self.by_key[place.group(1)].number, text)

    def _optional(self, part: str) -> str:
        return part if all(self._shown(key) for key in _PLACE.findall(part)) else ""

    def _shown(self, key: str) -> bool:
        return key in self.by_key and self.by_key[key].verified


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
