"""Words that tell a fact in passing (厂里都倒闭了), all found in one pass over a line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
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
    """``words`` → the (slot, value) pairs each tells. ``subjects`` are slots that a question or a
    supposition tells as well: 路灯坏了归谁管 is about a street light. Free text of the slots
    ``from_word`` begins with the word itself (夜里两点还在吵), not with its clause. A clause about
    one of the ``days`` that denies its word (没离职) tells nothing."""

    words: Mapping[str, Sequence[tuple[str, str | None]]] = field(default_factory=dict)
    guards: Guards = field(default_factory=Guards)
    subjects: frozenset[str] = frozenset()
    from_word: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    _heads: Mapping[str, tuple[str, ...]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_heads", _by_first(self.words))

    def told(self, text: str) -> dict[str, Told]:
        """The best-told value of each slot: the most and longest words, then what came first."""
        found = self._words_in(text)
        if not found:
            return {}
        weights: dict[tuple[str, str | None], Told] = {}
        seen: set[tuple[str, str | None, str]] = set()
        ends: dict[str, int] = {}  # how far words of a slot reach: 没签合同 is no 签合同
        breaks = [match.start() for match in _BREAK.finditer(text)]
        for word, at in found:
            end = at + len(word)
            clause = _clause(breaks, at, end, len(text))
            for slot, value in self.words[word]:
                if at < ends.get(slot, 0) or not self._stands(text, slot, value, at, clause):
                    continue
                ends[slot] = end
                gain = 0 if (slot, value, word) in seen else len(word)
                seen.add((slot, value, word))
                start, stop = clause if value is None else (at, end)
                start = at if slot in self.from_word else start
                old = weights.get((slot, value), Told(slot, value, start, stop, 0))
                weights[slot, value] = Told(slot, value, old.start, old.end, old.weight + gain)
        best: dict[str, Told] = {}
        for told in sorted(weights.values(), key=lambda each: (-each.weight, each.start)):
            best.setdefault(told.slot, told)
        return best

    def _words_in(self, text: str) -> list[tuple[str, int]]:
        """The words and where they begin: of those that begin at one place the longest first."""
        heads = self._heads
        return [
            (word, at)
            for at, first in enumerate(text)
            if first in heads
            for word in heads[first]
            if text.startswith(word, at)
        ]

    def _stands(
        self, text: str, slot: str, value: str | None, at: int, clause: tuple[int, int]
    ) -> bool:
        """Whether the word is meant: not denied, and a fact where it must be one."""
        deniable = value is not None or slot in self.days
        if deniable and self.guards.negate(text[max(0, at - _NEAR) : at]):
            return False
        if slot in self.subjects:
            return True
        return not self.guards.doubt(text[clause[0] : clause[1] + 1])  # with its question mark


def _clause(breaks: Sequence[int], start: int, end: int, length: int) -> tuple[int, int]:
    """The clause a span stands in, between the breaks around it."""
    before = bisect_left(breaks, start)
    after = bisect_left(breaks, end)
    return (
        breaks[before - 1] + 1 if before else 0,
        breaks[after] if after < len(breaks) else length,
    )


def _by_first(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words by their first character, the longest first."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        groups.setdefault(word[0], []).append(word)
    return {first: tuple(group) for first, group in groups.items()}
