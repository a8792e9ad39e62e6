"""Try only those of many patterns that a text can match at all.

A pattern such as 跳(?:楼|河) needs a 跳 and one of 楼, 河. What each needs is read off its parse
tree, so nothing that could match is ever left out; on a short line one pattern in twenty remains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

Need = frozenset[str]
"""At least one of these characters must occur."""

_COMMON: Final = frozenset(
    "我你他她的了不是一个人在有到上下来去就都也没要说这那们给把得着过大小里家好还又"
)
_DIGITS: Final = frozenset("0123456789")
_WIDEST: Final = 64


class Sieve:
    """Patterns in the order given; :meth:`candidates` keeps that order."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._compiled = [re.compile(pattern) for pattern in patterns]
        self._always: list[int] = []
        self._by_character: dict[str, list[tuple[int, tuple[Need, ...]]]] = {}
        for at, pattern in enumerate(patterns):
            for needs in _ways(parser.parse(pattern)):
                self._index(at, needs)

    def _index(self, at: int, needs: list[Need]) -> None:
        if not needs:
            self._always.append(at)
            return
        ordered = sorted(needs, key=_frequency)
        for char in ordered[0]:
            self._by_character.setdefault(char, []).append((at, tuple(ordered[1:4])))

    def candidates(self, text: str) -> Iterator[tuple[int, re.Pattern[str]]]:
        """Index and pattern of each that may match ``text``."""
        characters = frozenset(text)
        found = set(self._always)
        for char in characters:
            for at, needs in self._by_character.get(char, ()):
                if at not in found and not any(need.isdisjoint(characters) for need in needs):
                    found.add(at)
        for at in sorted(found):
            yield at, self._compiled[at]


def _frequency(need: Need) -> int:
    """Roughly how often a text holds one of these."""
    return sum(8 if char in _COMMON else 1 for char in need)


def _ways(tree: Any) -> list[list[Need]]:
    """For each alternative at the top, all that it needs."""
    items = list(tree)
    if len(items) == 1 and items[0][0] is codes.BRANCH:
        return [_needs(branch) for branch in items[0][1][1]]
    return [_needs(items)]


def _needs(tree: Any) -> list[Need]:
    """What every match of a sequence needs."""
    found: list[Need] = []
    for code, value in tree:
        if code is codes.LITERAL:
            found.append(frozenset(chr(value)))
        elif code is codes.SUBPATTERN:
            found += _needs(value[3])
        elif code in {codes.MAX_REPEAT, codes.MIN_REPEAT} and value[0] >= 1:
            found += _needs(value[2])
        else:
            found += _choice(code, value)
    return found


def _choice(code: Any, value: Any) -> list[Need]:
    """A set of characters or a branch: one of several; nothing when any of them is open."""
    options: list[Need | None] = []
    if code is codes.IN:
        options = [_member(*member) for member in value]
    elif code is codes.BRANCH:
        options = [min(_needs(branch), key=_frequency, default=None) for branch in value[1]]
    if not options or None in options:
        return []
    union = frozenset(char for option in options if option is not None for char in option)
    return [union] if len(union) <= _WIDEST else []


def _member(code: Any, value: Any) -> Need | None:
    if code is codes.LITERAL:
        return frozenset(chr(value))
    if code is codes.CATEGORY and value is codes.CATEGORY_DIGIT:
        return _DIGITS
    if code is codes.RANGE and value[1] - value[0] < _WIDEST:
        return frozenset(map(chr, range(value[0], value[1] + 1)))
    return None
