"""Try only those of many patterns that a text can match at all.

A pattern such as 跳(?:楼|河) needs a 跳, one of 楼, 河, and one of the pairs 跳楼, 跳河. What each
needs is read off its parse tree, so nothing that could match is ever left out; of 219 patterns a
line of 120 characters tries two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from operator import add
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

Need = frozenset[str]
"""At least one of these characters, or pairs of neighbours, must occur."""
Edge = Need | None
"""The characters a match can begin (or end) with; None: any, or there may be no character."""

_COMMON: Final = frozenset(
    "我你他她的了不是一个人在有到上下来去就都也没要说这那们给把得着过大小里家好还又"
)
_DIGITS: Final = frozenset("0123456789")
_WIDEST: Final = 64
_ZERO_WIDTH: Final = frozenset({codes.AT, codes.ASSERT, codes.ASSERT_NOT})
_REPEATS: Final = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT})


class Sieve:
    """Patterns in the order given; :meth:`candidates` keeps that order."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._compiled: list[re.Pattern[str]] = []
        self._always: list[int] = []
        self._by_sign: dict[str, list[tuple[int, tuple[Need, ...]]]] = {}
        for at, pattern in enumerate(patterns):
            tree = parser.parse(pattern)
            self._compiled.append(compiler.compile(tree))  # parsed once for both
            for needs in _ways(tree):
                self._index(at, needs)
        self._signs = frozenset(self._by_sign)

    def _index(self, at: int, needs: list[Need]) -> None:
        if not needs:
            self._always.append(at)
            return
        ordered = sorted(needs, key=_frequency)
        for sign in ordered[0]:
            self._by_sign.setdefault(sign, []).append((at, tuple(ordered[1:4])))

    def candidates(self, text: str) -> Iterator[tuple[int, re.Pattern[str]]]:
        """Index and pattern of each that may match ``text``."""
        signs = _signs_of(text)
        found = set(self._always)
        for sign in self._signs & signs:
            for at, needs in self._by_sign[sign]:
                if at not in found and not any(need.isdisjoint(signs) for need in needs):
                    found.add(at)
        for at in sorted(found):
            yield at, self._compiled[at]


@lru_cache(maxsize=2)  # one line goes through several sieves in turn
def _signs_of(text: str) -> frozenset[str]:
    """The characters of ``text`` and its pairs of neighbours."""
    return frozenset(chain(text, map(add, text, text[1:])))


def _frequency(need: Need) -> float:
    """Roughly how often a text holds one of these."""
    return sum(_rarity(sign) for sign in need)


def _rarity(sign: str) -> float:
    if len(sign) == 2:
        return 0.2 if _COMMON.isdisjoint(sign) else 0.4
    return 8 if sign in _COMMON else 1


def _ways(tree: Any) -> list[list[Need]]:
    """For each alternative at the top, all that it needs."""
    items = list(tree)
    if len(items) == 1 and items[0][0] is codes.BRANCH:
        return [_needs(branch) for branch in items[0][1][1]]
    return [_needs(items)]


def _needs(tree: Any) -> list[Need]:
    """What every match of a sequence needs."""
    found: list[Need] = []
    items = [item for item in tree if item[0] not in _ZERO_WIDTH]
    for code, value in items:
        if code is codes.SUBPATTERN:
            found += _needs(value[3])
        elif code in _REPEATS and value[0] >= 1:
            found += _needs(value[2])
        else:
            found += _choice(code, value)
    for one, next_one in pairwise(items):
        last, first = _edge(one, -1), _edge(next_one, 0)
        if last is not None and first is not None and len(last) * len(first) <= _WIDEST:
            found.append(frozenset(left + right for left in last for right in first))
    return found


def _choice(code: Any, value: Any) -> list[Need]:
    """A character, or one of a set or of several branches; nothing when any of them is open."""
    options: list[Need | None]
    if code is codes.BRANCH:
        options = [min(_needs(branch), key=_frequency, default=None) for branch in value[1]]
    else:
        options = [_edge((code, value), 0)] if code in {codes.LITERAL, codes.IN} else [None]
    union = _union(options)
    return [union] if union is not None and len(union) <= _WIDEST else []


def _edge(item: tuple[Any, Any], end: int) -> Edge:
    """The characters with which an item always begins (``end`` 0) or ends (-1)."""
    code, value = item
    if code is codes.LITERAL:
        return frozenset(chr(value))
    if code is codes.IN:
        return _union([_member(*member) for member in value])
    if code is codes.BRANCH:
        return _union([_sequence_edge(branch, end) for branch in value[1]])
    if code is codes.SUBPATTERN:
        return _sequence_edge(value[3], end)
    if code in _REPEATS and value[0] >= 1:
        return _sequence_edge(value[2], end)
    return None


def _sequence_edge(tree: Any, end: int) -> Edge:
    items = [item for item in tree if item[0] not in _ZERO_WIDTH]
    return _edge(items[end], end) if items else None


def _union(options: Sequence[Edge]) -> Edge:
    if not options or None in options:
        return None
    return frozenset(sign for option in options if option is not None for sign in option)


def _member(code: Any, value: Any) -> Need | None:
    if code is codes.LITERAL:
        return frozenset(chr(value))
    if code is codes.CATEGORY and value is codes.CATEGORY_DIGIT:
        return _DIGITS
    if code is codes.RANGE and value[1] - value[0] < _WIDEST:
        return frozenset(map(chr, range(value[0], value[1] + 1)))
    return None
