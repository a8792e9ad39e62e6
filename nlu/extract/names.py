"""Runs of words that may form a name: what lies between stop words and punctuation."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from nlu.lexicon import word_set

MASKED: Final = re.compile(r"(?<![a-z\d])[a-z]\d{0,2} ?(?:市|区|县)(?!场)|西地省")
"""Places masked on petition boards: A市, A3区, 西地省."""

LONGEST: Final = 34
"""No name of a place or company is longer, in characters."""
_IN_A_COMPANY: Final = re.compile(
    r"(?:投资|实业|置业|经营|管理|集团|股份|有限|责任|工程|发展|服务|建设|开发|安装)*(?:公司|集团)"
)
_COMPANY_VERBS: Final = frozenset({"开发", "建设", "销售", "施工", "使用", "修建", "出租"})
"""Stop words that may stand inside a company's full name: 房地产开发有限公司."""
_OWES: Final = re.compile(
    "(?:公司)?(?:还|又|一直|也|都|长期|恶意)*(?:拖?欠|不给|没给|不发|没发|克扣|压着?我)"
)
"""宏远建设欠薪: there the 建设 is a name's end, no verb."""
_JOINING: Final = _COMPANY_VERBS | {"之", "地"}
_BY_PLACE: Final = re.compile("对面|后[头边面]|旁边|附近|斜对|背后|边上|一带|栋|幢|号楼|单元")
"""Beside these any word may be a landmark or an estate's name."""
_SQUARE: Final = ("广场", "产业", "小区", "花园", "公寓", "家园")
"""What lets a 地 belong to the name before it: 兴地广场."""


class Piece(NamedTuple):
    """One word of the text, with its place. ``masked`` is a masked city, district or province."""

    start: int
    end: int
    word: str
    masked: bool = False


def name_runs(text: str, words: Sequence[str]) -> list[list[Piece]]:
    """Maximal stretches of words without a stop word or punctuation between them.

    Words are cut again at masked places (市安 in D11市安居物业). Runs that cannot hold a name are
    left out.
    """
    masks = [match.span() for match in MASKED.finditer(text)] if _may_be_masked(text) else []
    if masks:
        return _masked_runs(text, words, masks)
    stop, lasts = word_set("name_stop"), name_ends()
    every = _BY_PLACE.search(text) is not None
    result: list[list[Piece]] = []
    current: list[tuple[int, str]] = []
    wanted = every
    end = 0
    for word in words:
        start = end
        end += len(word)
        if word in stop:
            inside = bool(current) and word in _JOINING and _joins(text, word, end)
        else:
            inside = word[0].isalnum()
        if inside:
            current.append((start, word))
            wanted = wanted or word[-1] in lasts
        elif current:
            if wanted:
                result.append(_as_pieces(current))
            current, wanted = [], every
    if current and wanted:
        result.append(_as_pieces(current))
    return result


def _as_pieces(current: list[tuple[int, str]]) -> list[Piece]:
    return [Piece(start, start + len(word), word) for start, word in current]


@cache
def name_ends() -> frozenset[str]:
    """What the last word of a name can end in; a run without one holds no name."""
    lists = ("place_suffix", "place_suffix_short", "company_suffix", "company_trade")
    return frozenset(word[-1] for name in lists for word in word_set(name)) | {"院", "校", "行"}


def _masked_runs(
    text: str, words: Sequence[str], masks: list[tuple[int, int]]
) -> list[list[Piece]]:
    stop = word_set("name_stop")
    result: list[list[Piece]] = []
    current: list[Piece] = []
    for piece in _pieces(text, words, masks):
        word = piece.word
        stops = word in stop and not (current and _joins(text, word, piece.end))
        if piece.masked or not (stops or not word[0].isalnum()):
            current.append(piece)
        elif current:
            result.append(current)
            current = []
    if current:
        result.append(current)
    return result


def _joins(text: str, word: str, end: int) -> bool:
    """Whether a stop word goes on with the name before it: 云山之湾, 兴地广场, 房产开发公司."""
    if word == "之":
        return text[end : end + 1] not in "前后内外间中下上类一"
    if word == "地":
        return text.startswith(_SQUARE, end)
    if word == "建设" and _OWES.match(text, end) is not None:
        return True
    return word in _COMPANY_VERBS and _IN_A_COMPANY.match(text, end) is not None


def _pieces(text: str, words: Sequence[str], masks: list[tuple[int, int]]) -> list[Piece]:
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


def _may_be_masked(text: str) -> bool:
    return "市" in text or "区" in text or "县" in text or "西地省" in text


def _cut(start: int, end: int, edges: set[int]) -> list[tuple[int, int]]:
    if not any(edge in edges for edge in range(start + 1, end)):
        return [(start, end)]
    marks = [start, *(edge for edge in range(start + 1, end) if edge in edges), end]
    return list(itertools.pairwise(marks))
