"""What English lines are understood by: ``english.yaml``, read into rows of words.

A row is written as ``owe* ... wage*/salary``: ``word*`` matches any ending, ``a/b`` either,
``...`` up to four words between, ``.`` any one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.reading import Node

GAP = "..."
ANY = "."
_LEVELS = ("R1", "R2", "R3")
_KINDS = ("self_harm", "violence", "hazard", "witness")
_SHORTEST_STEM = 2
ACTS = (
    "ask_human",
    "withdraw",
    "urge",
    "ask_status",
    "consult_policy",
    "ask_capability",
    "abuse",
    "correct",
    "suggest",
    "praise",
    "anonymous",
    "dont_know",
    "skip",
    "thank",
    "goodbye",
    "chitchat",
    "greet",
)
"""Acts that words can name, the telling ones first: the first that is found counts."""

_ENDS = {"m": "am", "ve": "have", "ll": "will", "re": "are", "d": "would", "s": "is"}
_WHO = frozenset({"he", "she", "it", "that", "what", "there", "who", "where", "how", "here"})
_SHORT_FORMS = {
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "hes": ("he", "is"),
    "shes": ("she", "is"),
    "theyre": ("they", "are"),
    "youre": ("you", "are"),
    "thats": ("that", "is"),
    "whats": ("what", "is"),
    "theres": ("there", "is"),
}
"""Short forms as people type them without the apostrophe."""

Label = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Words that mean ``label`` when they stand in a line in this order."""

    label: Label
    words: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``rows`` mean something; ``figures`` are figures of speech, taken out before danger is
    looked for. ``dangers`` are the (kind, level) that a ``crisis`` row's number stands for."""

    rows: tuple[Row, ...]
    figures: tuple[Row, ...]
    dangers: tuple[tuple[str, str], ...]

    @property
    def plain(self) -> frozenset[str]:
        """Every word that a row names, in full or by its beginning."""
        named = {word.rstrip("*") for row in self.rows for words in row.words for word in words}
        return frozenset(word for word in named if word.isalpha() and len(word) > 2)

    def told(self, values: Mapping[Label, Iterable[str]]) -> Vocabulary:
        """This vocabulary with more rows: the words of forms, by label."""
        more = [Row(label, row(words)) for label, each in values.items() for words in each]
        return Vocabulary((*self.rows, *more), self.figures, self.dangers)


def bare(word: str) -> str:
    """A word as rows have it: lower case, without apostrophes."""
    return re.sub(r"['’`]", "", word.lower())


def spread(word: str) -> tuple[str, ...]:
    """The words a word is made of: I'm → i, am; he's → he, is. Negations stay (don't → dont)."""
    lowered = re.sub(r"[’`]", "'", word.lower())
    whole = _SHORT_FORMS.get(lowered.replace("'", "")) if lowered != "its" else None
    head, mark, tail = lowered.partition("'")
    if whole is None and mark and tail in _ENDS and (tail != "s" or head in _WHO):
        return head, _ENDS[tail]
    return whole or (bare(word),)


def row(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of a row, each with what may stand in its place; without gaps at its ends."""
    words: list[tuple[str, ...]] = []
    for word in text.split():
        words += [tuple(bare(word).split("/"))] if "/" in word else [(w,) for w in spread(word)]
    while words and words[-1] == (GAP,):
        words.pop()
    return tuple(words)


def read_vocabulary(top: Node, categories: Sequence[str]) -> Vocabulary:
    """``english.yaml``. Raises BadConfiguration naming the key.

    A category a city added may have no English words: it is named by its button or in Chinese.
    """
    top.mapping(("categories", "acts", "urgent", "figures", "crisis", "values"))
    rows: list[Row] = []
    for name, node in top.need("categories").mapping(tuple(categories)).items():
        node.mapping(("strong", "weak"))
        for weight in ("strong", "weak"):
            rows += _rows(node.need(weight), ("category", name, weight))
    for name, node in top.need("acts").mapping(ACTS).items():
        rows += _rows(node, ("act", name))
    rows += _rows(top.need("urgent"), ("urgent",))
    dangers = []
    for number, node in enumerate(top.need("crisis").items()):
        known = node.mapping(("kind", "level", "any", "alone", "unless"))
        dangers.append((node.need("kind").one_of(_KINDS), node.need("level").one_of(_LEVELS)))
        rows += _rows(node.need("any"), ("crisis", str(number)))
        for key in ("alone", "unless"):
            if key in known:
                rows += _rows(known[key], (key, str(number)))
    for slot, values in top.need("values").mapping().items():
        for value, node in values.mapping().items():
            rows += _rows(node, ("value", slot, value))
    figures = tuple(_rows(top.need("figures"), ("figure",)))
    return Vocabulary(tuple(rows), figures, tuple(dangers))


def _rows(node: Node, label: Label) -> Iterator[Row]:
    for item in node.items():
        words = row(item.text())
        stems = [word for alternatives in words for word in alternatives if word.endswith("*")]
        if not words or words[0] in {(GAP,), (ANY,)} or any(not w for ws in words for w in ws):
            raise item.wrong("must be words, and not begin with a gap")
        if any(len(stem) <= _SHORTEST_STEM for stem in stems):
            raise item.wrong(f"a word before * has at least {_SHORTEST_STEM} letters")
        yield Row(label, words)
