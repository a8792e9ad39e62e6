"""Runs of words that may form a name: what lies between stop words and punctuation."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from nlu.lexicon import word_set

MASKED: Final = re.compile(r"(?<![a-z\d])[a-z]\d{0,2} ?(?:市|区|县)(?!场)|西地省")
"""Places masked on petition boards: A市, A3区, 西地省."""

LONGEST: Final = 34
"""No name of a place or company is longer, in characters."""


class Piece(NamedTuple):
    """One word of the text, with its place. ``masked`` is a masked city, district or province."""

    start: int
    end: int
    word: str
    masked: bool = False


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """The tokens with their offsets, cut again at masked places (市信 in D11市信美物业)."""
    masks = [match.span() for match in MASKED.finditer(text)]
    if not masks:
        return _whole(words)
    edges = {edge for mask in masks for edge in mask}
    opened = dict(masks)
    found: list[Piece] = []
    at, skip = 0, 0
    for word in words:
        start = at
        at += len(word)
        for begin, end in _cut(start, at, edges):
            if begin in opened:
                skip = opened[begin]
                found.append(Piece(begin, skip, text[begin:skip], masked=True))
            elif begin >= skip:
                found.append(Piece(begin, end, text[begin:end]))
    return found


def _whole(words: Sequence[str]) -> list[Piece]:
    found, at = [], 0
    for word in words:
        end = at + len(word)
        found.append(Piece(at, end, word))
        at = end
    return found


def _cut(start: int, end: int, edges: set[int]) -> list[tuple[int, int]]:
    marks = [start, *(edge for edge in range(start + 1, end) if edge in edges), end]
    return list(itertools.pairwise(marks))


def runs(found: Sequence[Piece]) -> list[list[Piece]]:
    """Maximal stretches of pieces without a stop word or punctuation between them."""
    stop = word_set("name_stop")
    result: list[list[Piece]] = []
    current: list[Piece] = []
    for piece in found:
        if not piece.masked and (piece.word in stop or not piece.word[0].isalnum()):
            if current:
                result.append(current)
            current = []
            continue
        current.append(piece)
    if current:
        result.append(current)
    return result
