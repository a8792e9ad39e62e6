"""Which levels an organisation has, what may lie under what, and the codes of grids.

A grid code has 15 digits: 6 of the county (GB/T 2260), 3 of the street, 3 of the community and 3 of
the grid (domain §2.5; our choice, as Beijing's). A level above has the first digits of it. The last
three being 000 means the whole community, so no grid has that. Codes are never used again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.organisation import Role, Unit

CODE_LENGTH = 15  # digits
_BODY_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
WHOLE = "000"


@dataclass(frozen=True, slots=True)
class Level:
    """One kind of unit. ``under`` are the kinds it may lie in, none meaning the top of the tree;
    ``digits`` is the length of its code, 0 for none; ``roles`` work there; a ``body`` such as a
    department is no area and gets no place, and its code is any word (see config/routing.yaml)."""

    key: str
    name: str
    under: tuple[str, ...]
    top: bool
    digits: int
    roles: frozenset[Role]
    body: bool = False


@dataclass(frozen=True, slots=True)
class Levels:
    """All kinds of units of a city, by key, the larger first."""

    known: Mapping[str, Level]

    def depth(self) -> int:
        """How many areas lie in one another at most."""

        def below(key: str, seen: frozenset[str]) -> int:
            level = self.known[key]
            above = [each for each in level.under if each in self.known and each not in seen]
            return 1 + max((below(each, seen | {each}) for each in above), default=0)

        areas = [key for key, level in self.known.items() if not level.body]
        return max((below(key, frozenset({key})) for key in areas), default=0)

    def rank(self, kind: str) -> int:
        """Where a kind stands, the larger first; unknown ones last."""
        keys = list(self.known)
        return keys.index(kind) if kind in keys else len(keys)

    def wrong_parent(self, unit: Unit, parent: Unit | None) -> str:
        """What speaks against this unit lying there; blank when nothing does."""
        level = self.known.get(unit.kind)
        if level is None:
            return f"is {unit.kind or 'empty'}; known: {', '.join(self.known)}"
        if parent is None:
            return "" if level.top else f"is empty; a {unit.kind} lies in {_either(level.under)}"
        if parent.kind not in level.under:
            where = _either(level.under) or "nothing"
            return f"{parent.id} is a {parent.kind}; a {unit.kind} lies in {where}"
        return ""

    def code(self, kind: str, text: str) -> str:
        """The code as it is kept. Filled up with noughts to 15 digits is as good. Raises
        ValueError saying what is wrong."""
        level = self.known[kind]
        if not text:
            return ""
        if level.body:
            if _BODY_CODE.fullmatch(text) is None:
                raise ValueError("is no code: letters, digits, - and _, at most 20")
            return text
        if not level.digits:
            raise ValueError(f"belongs to no {kind}, which has no code")
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"is no code of {level.digits} digits")
        bare = text[: level.digits] if _filled(text, level.digits) else text
        if len(bare) != level.digits:
            raise ValueError(f"has {len(text)} digits, not {level.digits}")
        if level.digits == CODE_LENGTH and bare.endswith(WHOLE):
            raise ValueError("ends with 000, which stands for the whole community")
        return bare


def wrong_code(unit: Unit, above: Iterable[Unit]) -> str:
    """What speaks against the code of a unit below these, lowest first; blank when nothing does.

    The codes of bodies are words and say nothing of where they lie.
    """
    if not unit.code.isdigit():
        return ""
    coded = next((each for each in above if each.code.isdigit()), None)
    if coded is not None and not unit.code.startswith(coded.code):
        return f"{unit.code} does not begin with {coded.code}, the code of {coded.id}"
    return ""


def whole(code: str) -> str:
    """The code of an area as one of 15 digits, filled up with noughts."""
    return code.ljust(CODE_LENGTH, "0") if code else ""


def _filled(text: str, digits: int) -> bool:
    return len(text) == CODE_LENGTH > digits and not text[digits:].strip("0")


def _either(kinds: Iterable[str]) -> str:
    return " or ".join(kinds)
