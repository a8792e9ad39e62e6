"""Finds the rows of a vocabulary in a line of English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.english import ANY, GAP, Label, Row, spread

_WORD = re.compile(r"[A-Za-z0-9]+(?:[-'’`][A-Za-z0-9]+)*|[.!?;。！？；\n]+")
_MOST_BETWEEN = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word as rows have it, where it stands, and the number of its sentence."""

    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Found:
    """A row found: its label and the words it covers, ``first`` to before ``last``."""

    label: Label
    first: int
    last: int


def words_of(text: str) -> list[Word]:
    """The Latin words and numbers of a line, with their sentences counted."""
    found, sentence = [], 0
    for match in _WORD.finditer(text):
        if match.group()[0].isalnum():
            start, end = match.span()
            found += [Word(word, start, end, sentence) for word in spread(match.group())]
        elif not _inside_number(text, match.start()):
            sentence += 1
    return found


def _inside_number(text: str, at: int) -> bool:
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    return text[at] == "." and len(around) == 2 and around.isdigit()


class Finder:
    """Rows by their first word, so that a line is looked through once."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._whole: dict[str, list[Row]] = {}
        self._stems: dict[str, list[tuple[str, Row]]] = {}
        for row in rows:
            for word in row.words[0]:
                if word.endswith("*"):
                    self._stems.setdefault(word[:2], []).append((word[:-1], row))
                else:
                    self._whole.setdefault(word, []).append(row)

    def find(self, words: Sequence[Word]) -> list[Found]:
        """Every row that stands in the line; none reaches over the end of a sentence."""
        found = []
        for at, word in enumerate(words):
            rows = list(self._whole.get(word.text, ()))
            stems = self._stems.get(word.text[:2], ())
            rows += [row for stem, row in stems if word.text.startswith(stem)]
            for row in rows:
                end = _end(row.words, 1, words, at + 1, word.sentence)
                if end is not None:
                    found.append(Found(row.label, at, end))
        return found


def _end(
    row: Sequence[tuple[str, ...]], n: int, words: Sequence[Word], at: int, sentence: int
) -> int | None:
    """Behind the last word when the row's words from ``n`` on stand from ``at`` on."""
    if n == len(row):
        return at
    if row[n] == (GAP,):
        ends = (_end(row, n + 1, words, at + more, sentence) for more in range(_MOST_BETWEEN + 1))
        return next((end for end in ends if end is not None), None)
    if at >= len(words) or words[at].sentence != sentence:
        return None
    if row[n] != (ANY,) and not any(_is(words[at].text, word) for word in row[n]):
        return None
    return _end(row, n + 1, words, at + 1, sentence)


def _is(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
