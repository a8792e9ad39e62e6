"""How places are named: what a name ends in, and what may stand around it."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

LONGEST = 20  # characters of a name that are compared
_READ = 500  # characters of a text that are searched for names


@dataclass(frozen=True, slots=True)
class Naming:
    """How places are named (``config/places.yaml``).

    ``endings`` maps what a name may end in to the kind of place it says; ``general`` endings are
    said of any estate. Names that differ in a ``telling`` character are two places. ``masks``
    stand for a character left out on purpose, ``part`` matches a phase or section at a name's
    end, ``detail`` a house or flat, and ``before`` holds characters that may precede a name.
    """

    endings: Mapping[str, str]
    general: frozenset[str]
    telling: frozenset[str]
    masks: frozenset[str]
    part: re.Pattern[str]
    detail: re.Pattern[str]
    before: frozenset[str]

    def ending(self, name: str) -> str:
        """The longest ending the name has, with something before it; else an empty text."""
        sizes = range(min(5, len(name) - 1), 0, -1)
        return next((name[-size:] for size in sizes if name[-size:] in self.endings), "")

    def follows(self, text: str, at: int) -> str:
        """The longest ending that stands at this position of a text."""
        return next(
            (
                text[at : at + size]
                for size in (5, 4, 3, 2, 1)
                if text[at : at + size] in self.endings
            ),
            "",
        )


def longest_name(text: str, names: Container[str], longest: int = LONGEST) -> str | None:
    """The longest of these names that stands in the text; of several the first."""
    text = text[:_READ]
    for size in range(min(longest, len(text)), 1, -1):
        for at in range(len(text) - size + 1):
            if text[at : at + size] in names:
                return text[at : at + size]
    return None
