"""Words that tell a fact in passing (厂里都倒闭了), all found in one pass over a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_BREAK = re.compile(r"[，,。；;！!？?…\n\s]")
_NEAR = 8  # characters before a word in which a negation may stand


@dataclass(frozen=True, slots=True)
class Told:
    """What words of a line tell: a slot's value, or None where the words themselves are it.

    ``start`` and ``end`` count characters of the line. ``weight`` is how many characters of
    different words say so.
    """

    slot: str
    value: str | None
    start: int
    end: int
    weight: int


@dataclass(frozen=True, slots=True)
class Guards:
    """What undoes a word. ``negations`` stand right before it, unless they are the end of one of
    ``affirmed`` (是不是); ``doubts`` stand in its clause (如果, 吗) and make it no fact."""

    negations: tuple[str, ...] = ()
    affirmed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def negate(self, before: str) -> bool:
        """Whether a word that follows ``before`` is denied by it."""
        return before.endswith(self.negations) and not before.endswith(self.affirmed)

    def doubt(self, clause: str) -> bool:
        """Whether what stands in this clause is asked or supposed, not told."""
        return any(mark in clause for mark in self.doubts)


@dataclass(frozen=True, slots=True)
class Telling:
    """``words`` → the (slot, value) pairs each tells. ``topics`` are slots that a question or a
    supposition tells as well: 路灯坏了归谁管 is about a street light."""

    words: Mapping[str, Sequence[tuple[str, str | None]]] = field(default_factory=dict)
    guards: Guards = field(default_factory=Guards)
    topics: frozenset[str] = frozenset()
    _pattern: re.Pattern[str] | None = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.words:
            object.__setattr__(self, "_pattern", _compiled(self.words))

    def told(self, text: str) -> dict[str, Told]:
        """The best-told value of each slot: the most and longest words, then what came first."""
        weights: dict[tuple[str, str | None], Told] = {}
        seen: set[tuple[str, str | None, str]] = set()
        ends: dict[str, int] = {}  # how far words of a slot reach: 没签合同 is no 签合同
        for word, at in self._words_in(text):
            end = at + len(word)
            for slot, value in self.words[word]:
                if at < ends.get(slot, 0) or not self._stands(text, slot, value, at, end):
                    continue
                ends[slot] = end
                gain = 0 if (slot, value, word) in seen else len(word)
                seen.add((slot, value, word))
                start, stop = clause_around(text, at, end) if value is None else (at, end)
                old = weights.get((slot, value), Told(slot, value, start, stop, 0))
                weights[slot, value] = Told(slot, value, old.start, old.end, old.weight + gain)
        best: dict[str, Told] = {}
        for told in sorted(weights.values(), key=lambda each: (-each.weight, each.start)):
            best.setdefault(told.slot, told)
        return best

    def _words_in(self, text: str) -> list[tuple[str, int]]:
        """The words and where they begin: of those that begin at one place all, longest first."""
        if self._pattern is None:
            return []
        return [
            (longest[:length], match.start())
            for match in self._pattern.finditer(text)
            for longest in (match.group(1),)
            for length in range(len(longest), 0, -1)
            if longest[:length] in self.words
        ]

    def _stands(self, text: str, slot: str, value: str | None, at: int, end: int) -> bool:
        """Whether the word is meant: not denied, and a fact where it must be one."""
        if value is not None and self.guards.negate(text[max(0, at - _NEAR) : at]):
            return False
        if slot in self.topics:
            return True
        start, stop = clause_around(text, at, end)
        return not self.guards.doubt(text[start : stop + 1])  # with its question mark


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause a span stands in."""
    breaks = [match.end() for match in _BREAK.finditer(text, 0, start)]
    after = _BREAK.search(text, end)
    return (breaks[-1] if breaks else 0), (after.start() if after else len(text))


def _compiled(words: Mapping[str, object]) -> re.Pattern[str]:
    """Matches wherever a word begins, the longest one; words are grouped by first character."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        groups.setdefault(word[0], []).append(re.escape(word))
    return re.compile("(?=(" + "|".join(f"(?:{'|'.join(each)})" for each in groups.values()) + "))")
