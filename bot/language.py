"""Which language a resident writes, told from one line and the language so far. Pure.

Traditional and Simplified are told apart by the two national character sets: a character that
GB 2312 lacks and Big5 (with Hong Kong's supplement) has is Traditional only; one that GB 2312 has
and Big5 lacks is Simplified only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from config.language import ENGLISH, HOME, TRADITIONAL, Language, Tongues
from config.phrases import size

READ = 600  # characters of a line are enough to tell
_SHORT_WISH = 60
_ONLY_WISH = 14
_LATIN = re.compile(r"(?<![A-Za-z0-9_@./-])[A-Za-z][A-Za-z'’]*(?![A-Za-z0-9_@])")
_EDGE = re.compile(r"^[\s\W_]+|[\s\W_]+$")
_PINYIN = re.compile(
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ong|iao|ian|ing|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|ve"
    r"|a|o|e|i|u|v)+"
)
_ENOUGH_WORDS = 3
_FIRST, _LAST = 0x3400, 0x9FFF  # the code points of Chinese characters …
_RARE = range(0x20000, 0x40000)  # … and of the rare ones
_SENTENCE = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """The language to answer in; ``wished`` when this line asked for it in so many words, and
    ``only`` when it says nothing else."""

    language: str
    wished: bool = False
    only: bool = False


def judge(text: str, so_far: str, tongues: Tongues, *, fixed: bool = False) -> Judged:
    """The language to answer this line in.

    ``so_far`` is the conversation's language; it stays unless the line speaks clearly for another
    one. With ``fixed`` the resident has asked for it, and only another wish changes it.
    """
    head = text[:READ]
    wished = _wish(head, tongues)
    if wished is not None:
        return Judged(wished, wished=True, only=size(head) <= _ONLY_WISH)
    return Judged(so_far if fixed else _written(head, so_far, tongues))


def is_english(text: str, tongues: Tongues) -> bool:
    """Whether the line is mostly English words; ok, WiFi, a plate number or pinyin are not."""
    words = [word.replace("’", "'").lower() for word in _LATIN.findall(text[:READ])]
    if not words or 2 * _chinese(text[:READ]) > len(words):
        return False
    telling = [word for word in words if word in tongues.common and word not in tongues.neutral]
    if len(words) < _ENOUGH_WORDS:
        return bool(telling) and all(word in tongues.common for word in words)
    return bool(telling) and not all(_PINYIN.fullmatch(word) for word in words)


def _wish(text: str, tongues: Tongues) -> Language | None:
    bare = text.strip().lower().replace("’", "'")
    for form in (bare, _EDGE.sub("", bare)):
        if form in tongues.wishes:
            return tongues.wishes[form]
    if len(bare) > _SHORT_WISH:
        return None
    return next((language for words, language in tongues.asks if words in bare), None)


def _written(text: str, so_far: str, tongues: Tongues) -> str:
    if so_far == ENGLISH:
        return _chinese_again(text, tongues) or ENGLISH
    if is_english(text, tongues):
        return ENGLISH
    traditional, simplified, all_of_it = _kinds(text)
    if traditional >= 2 and traditional > simplified and all_of_it >= _SENTENCE:
        return TRADITIONAL
    if simplified >= 2 and simplified > 2 * traditional:
        return HOME
    return so_far


def _chinese_again(text: str, tongues: Tongues) -> Language | None:
    """Chinese sentences end English; a Chinese name or address in an answer does not."""
    traditional, simplified, all_of_it = _kinds(text)
    if all_of_it < _SENTENCE or all_of_it <= 2 * len(_LATIN.findall(text)):
        return None
    if not any(mark in text for mark in tongues.sentence):
        return None
    return TRADITIONAL if traditional >= 2 and traditional > simplified else HOME


def _chinese(text: str) -> int:
    return _kinds(text)[2]


def _kinds(text: str) -> tuple[int, int, int]:
    """How many characters are Traditional only, Simplified only, and Chinese at all."""
    kinds = [_kind(char) for char in text if ord(char) >= _FIRST]
    chinese = [kind for kind in kinds if kind is not None]
    return chinese.count("traditional"), chinese.count("simplified"), len(chinese)


@lru_cache(maxsize=8192)
def _kind(char: str) -> str | None:
    """``traditional``, ``simplified`` or ``both``; None for what is no Chinese character."""
    if not (_FIRST <= ord(char) <= _LAST or ord(char) in _RARE):
        return None
    if _in(char, "gb2312"):
        return "both" if _in(char, "big5") else "simplified"
    return "traditional" if _in(char, "big5hkscs") else "both"


def _in(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
