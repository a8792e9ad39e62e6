"""Is the data as varied as people are? Measures each intent and says where it repeats itself.

Sentences made by filling nouns into a few frames look many and teach little. They betray
themselves in four ways, all measured here on normalised text without punctuation: lines nearly the
same (Jaccard of character pairs), few different character pairs in a stretch of text, many lines
that begin or end alike, and all of one length. The bars lie between what our own sentences measure
and what filled frames measure; the test builds such frames and shows that each is caught.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, log2
from typing import Final

from nlu.intents import CATEGORIES
from nlu.normalize import normalize
from nlu.training_data import Example, TrainingData

NEAR: Final = 0.6
"""Jaccard of character pairs above which two lines count as one line written twice."""
TELLING: Final = 6
"""Fewest characters of a line compared: 谢谢 and 谢谢啊 are both things people say."""
EDGE: Final = 4
"""Characters that make an opening or an ending."""
WINDOW: Final = 1000
"""Character pairs in the stretches whose variety is measured, so that size does not matter."""
FEWEST: Final = 60
"""Lines below which shares say nothing."""

MOST_NEAR: Final = 0.01
LEAST_VARIETY: Final = {True: 0.80, False: 0.50}
MOST_ALIKE: Final = {True: 0.04, False: 0.15}
LEAST_ENTROPY: Final = 0.90
ONE_WORD: Final = 6
LETTER: Final = 200
"""Bars: share of lines near another, distinct pairs a window, share of the commonest edge and its
relative entropy; by whether the intent is a complaint. Of complaints, one of at most ONE_WORD and
one of at least LETTER characters must occur."""


@dataclass(frozen=True, slots=True)
class Near:
    """Two lines of one intent that are nearly the same; the second is the later one."""

    first: Example
    second: Example
    likeness: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How varied one intent is. Shares and ratios lie between 0 and 1, lengths are characters."""

    intent: str
    lines: int
    near: tuple[Near, ...]
    variety: float
    opening: float
    ending: float
    entropy: float
    shortest: int
    longest: int


def spread(intent: str, examples: Sequence[Example]) -> Spread:
    """Measure one intent; ``examples`` must not be empty."""
    plain = [bare(example.text) for example in examples]
    openings = Counter(text[:EDGE] for text in plain if len(text) >= TELLING)
    endings = Counter(text[-EDGE:] for text in plain if len(text) >= TELLING)
    return Spread(
        intent,
        len(examples),
        tuple(near_lines(examples)),
        _variety(plain),
        _commonest(openings),
        _commonest(endings),
        _entropy(openings),
        min(map(len, plain)),
        max(map(len, plain)),
    )


def bare(text: str) -> str:
    """``text`` normalised, letters and digits only: what counts when lines are compared."""
    return "".join(char for char in normalize(text).text if char.isalnum())


def near_lines(examples: Sequence[Example], bar: float = NEAR) -> Iterator[Near]:
    """Pairs whose character pairs overlap by more than ``bar``, each later line once.

    A set join: of two sets that alike, the rarest few members of each must share one, so only
    those are indexed; thousands of lines take a second.
    """
    sets = [_pairs(bare(example.text)) for example in examples]
    seen = Counter(pair for pairs in sets for pair in pairs)
    index: dict[str, list[int]] = defaultdict(list)
    for at, pairs in enumerate(sets):
        if len(pairs) < TELLING - 1:
            continue
        rarest = sorted(pairs, key=lambda pair: (seen[pair], pair))
        rarest = rarest[: len(pairs) - ceil(bar * len(pairs)) + 1]
        others = {other for pair in rarest for other in index[pair]}
        closest = max(((_alike(pairs, sets[one]), -one) for one in others), default=(0.0, 0))
        if closest[0] > bar:
            yield Near(examples[-closest[1]], examples[at], closest[0])
        for pair in rarest:
            index[pair].append(at)


def in_two_intents(examples: Sequence[Example]) -> list[tuple[Example, Example]]:
    """Lines that say the same, punctuation and script aside, under two intents."""
    first: dict[str, Example] = {}
    found = []
    for example in examples:
        key = bare(example.text) or example.text
        other = first.setdefault(key, example)
        if other.intent != example.intent:
            found.append((other, example))
    return found


def findings(data: TrainingData) -> list[str]:
    """Everything that is monotonous or told twice, a sentence each; empty when all is well."""
    said = [
        f"{_where(second)}: {second.text!r} stands as {first.intent} in {_where(first)}"
        for first, second in in_two_intents(data.examples)
    ]
    for intent in dict.fromkeys(example.intent for example in data.examples):
        said += _judged(spread(intent, data.of(intent)))
    return said


def _judged(one: Spread) -> Iterator[str]:
    complaint = one.intent in CATEGORIES
    if len(one.near) > MOST_NEAR * one.lines:
        yield from (
            f"{_where(near.second)}: {near.second.text!r} nearly repeats {_where(near.first)}"
            f" ({near.likeness:.2f})"
            for near in one.near
        )
    if one.lines < FEWEST:
        return
    if one.variety < LEAST_VARIETY[complaint]:
        yield f"{one.intent}: too few different words ({one.variety:.2f} of its character pairs)"
    for what, share in (("begin", one.opening), ("end", one.ending)):
        if share > MOST_ALIKE[complaint]:
            yield f"{one.intent}: {share:.0%} of the lines {what} with the same {EDGE} characters"
    if one.entropy < LEAST_ENTROPY:
        yield f"{one.intent}: its lines begin in too few ways ({one.entropy:.2f} of all possible)"
    if complaint and (one.shortest > ONE_WORD or one.longest < LETTER):
        yield (
            f"{one.intent}: lines of {one.shortest} to {one.longest} characters only;"
            f" both a word or two and a letter of {LETTER} must occur"
        )


def _where(example: Example) -> str:
    return f"{example.path.name}:{example.line}"


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(text)))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def _variety(plain: Sequence[str]) -> float:
    """The mean share of distinct character pairs in windows of WINDOW, half overlapping."""
    run = ["".join(pair) for text in plain for pair in pairwise(text)]
    starts = range(0, max(1, len(run) - WINDOW + 1), WINDOW // 2)
    shares = [len(set(part)) / len(part) for at in starts if (part := run[at : at + WINDOW])]
    return sum(shares) / len(shares) if shares else 1.0


def _commonest(edges: Counter[str]) -> float:
    return max(edges.values()) / edges.total() if edges else 0.0


def _entropy(edges: Counter[str]) -> float:
    """Entropy of the openings, of what it would be if every line began differently."""
    total = edges.total()
    if total < 2:
        return 1.0
    return -sum(n / total * log2(n / total) for n in edges.values()) / log2(total)
