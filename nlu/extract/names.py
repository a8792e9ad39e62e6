"""Runs of words that may form a name: what lies between stop words and punctuation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from nlu.lexicon import word_set
from nlu.tokenizer import is_word

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
NUMBER: Final = 6
"""So many characters of a building's number may stand between its estate's name and the mark."""
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
    masked = frozenset(start for start, _ in masks)
    marks = [match.start() for match in _BY_PLACE.finditer(text)]
    result: list[list[Piece]] = []
    current: list[tuple[int, str]] = []
    wanted = False
    end = 0
    for word in _cut_at(text, words, masks) if masks else words:
        start = end
        end += len(word)
        kind = _WORDS[word]
        if kind == _STOP:
            if current and word in _JOINING and _joins(text, word, end):
                kind = _ENDING
            elif start in masked:
                kind = _PLAIN
        if kind >= _PLAIN:
            current.append((start, word))
            if kind == _ENDING or start in masked:
                wanted = True
            continue
        if current and (wanted or (marks and _is_by(marks, current[0][0], start))):
            result.append(_as_pieces(current, masked))
        current, wanted = [], False
        if kind == _GLUED:
            current.append((start + 1, word[1:]))
            wanted = _WORDS[word[1:]] == _ENDING
    if current and (wanted or (marks and _is_by(marks, current[0][0], end))):
        result.append(_as_pieces(current, masked))
    return result


def _is_by(marks: Sequence[int], begin: int, end: int) -> bool:
    """Whether a landmark's or a building's mark stands in this run or shortly after it."""
    return any(begin <= mark <= end + NUMBER for mark in marks)


def _as_pieces(current: list[tuple[int, str]], masked: frozenset[int]) -> list[Piece]:
    return [Piece(start, start + len(word), word, start in masked) for start, word in current]


def _cut_at(text: str, words: Sequence[str], masks: list[tuple[int, int]]) -> list[str]:
    """The words, each mask one word of its own."""
    found: list[str] = []
    waiting = iter(masks)
    begin, close = next(waiting)
    at = 0
    for word in words:
        start, at = at, at + len(word)
        while at > begin:
            if start < begin:
                found.append(text[start:begin])
            if at < close:  # goes on in the next word
                start = at
                break
            found.append(text[begin:close])
            start = close
            begin, close = next(waiting, (len(text) + 1, len(text) + 1))
        if start < at:
            found.append(text[start:at])
    return found


_GLUED, _STOP, _BREAK, _PLAIN, _ENDING = -1, 0, 1, 2, 3
"""_GLUED: 在鑫达, an unknown name that drags its preposition along."""
_MOST_WORDS: Final = 50_000
_ALONE: Final = 2  # characters of a word that has no room for a preposition and a name


class _Kinds(dict[str, int]):
    """What each word is to a run, worked out once; words are few, though whatever is sent."""

    def __missing__(self, word: str) -> int:
        if word in word_set("name_stop"):
            kind = _STOP
        elif not word[0].isalnum():
            kind = _BREAK
        elif word[0] == "在" and len(word) > _ALONE and not is_word(word):
            kind = _GLUED
        else:
            kind = _ENDING if word[-1] in name_ends() else _PLAIN
        if len(self) < _MOST_WORDS and len(word) <= LONGEST:
            self[word] = kind
        return kind


_WORDS: Final = _Kinds()


@cache
def name_ends() -> frozenset[str]:
    """What the last word of a name can end in; a run without one holds no name."""
    lists = ("place_suffix", "place_suffix_short", "company_suffix", "company_trade")
    return frozenset(word[-1] for name in lists for word in word_set(name)) | {"院", "校", "行"}


def _joins(text: str, word: str, end: int) -> bool:
    """Whether a stop word goes on with the name before it: 云山之湾, 兴地广场, 房产开发公司."""
    if word == "之":
        return text[end : end + 1] not in "前后内外间中下上类一"
    if word == "地":
        return text.startswith(_SQUARE, end)
    if word == "建设" and _OWES.match(text, end) is not None:
        return True
    return word in _COMPANY_VERBS and _IN_A_COMPANY.match(text, end) is not None


def _may_be_masked(text: str) -> bool:
    return "市" in text or "区" in text or "县" in text or "西地省" in text
