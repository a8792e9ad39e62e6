"""Telephone numbers: mobile and landline, written in one, with spaces or dashes, or spelled out.

Numbers of identity cards and bank cards are told apart, so that nobody rings them and logs can
mask them: ``id_number``, whose value is only the kind of card.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from nlu.extract.span import Span

_SPOKEN: Final = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    "〇": "0",
    "幺": "1",
    "两": "2",
    "洞": "0",
    "拐": "7",
    "勾": "9",
    "o": "0",
}
_DIGIT: Final = r"[\d零〇一二三四五六七八九幺两洞拐勾]"
_GAP: Final = r"[ \-–—_.,、]{0,2}"
_ENOUGH: Final = re.compile(rf"{_DIGIT}(?:[ \-–—_.,、()]{{0,2}}{_DIGIT}){{6}}")
"""Seven ciphers close together: nothing shorter is worth a look."""
_RUN: Final = re.compile(rf"\(?{_DIGIT}(?:[ \-–—_.,、()]{{0,2}}{_DIGIT}){{2,}}")
_MOBILE: Final = re.compile(
    rf"(?:\+?86{_GAP})?(?P<number>[1一幺]{_GAP}[3-9三四五六七八九拐勾](?:{_GAP}{_DIGIT}){{9}})(?!\d)"
)
_LANDLINE: Final = re.compile(
    r"(?P<number>(?:\(0\d{2,3}\)|0\d{2,3})[ -]{0,2}[2-9]\d{6,7}|0(?:10|2\d|[3-9]\d{2})[ -]{0,2}\d{7,8}|400[ -]?\d{3}[ -]?\d{4})(?: ?(?:转|分机|-) ?\d{1,5})?(?!\d)"
)
_SHORT: Final = re.compile(r"(?:座机|固话|电话|打家里)[^\d]{0,4}(?P<number>[2-8]\d{6,7})(?!\d)")
_OTHERS: Final = re.compile(
    r"(?:老板|包工头|对方|他的?|她的?|经理|物业|公司|房东|店家|商家|工头|负责人|客服|人家)(?:的)?(?:电话|手机|号码|联系方式|号)?(?:是|:|叫)? ?$"
)
_CARD: Final = re.compile(r"(?<!\d)\d(?:[ -]?\d){13,18}(?:[ -]?x)?(?![\d])")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643: weights of the first seventeen ciphers of an identity number."""
_CHECKS: Final = "10x98765432"
_ID_CUE: Final = re.compile(r"身份证(?:号码?)?(?:是|为|:|：)? ?$")
_BANK_CUE: Final = re.compile(
    r"(?:银行卡|卡号|账号|账户|工资卡|储蓄卡)(?:号码?)?(?:是|为|:|：)? ?$"
)


def find_phones(text: str, *, asked: bool = False) -> list[Span]:
    """``phone`` is where the resident can be reached; someone else's number is ``phone_other``."""
    if _ENOUGH.search(text) is None:
        return []
    found: list[Span] = find_cards(text)
    for run in _RUN.finditer(text):
        for pattern in (_MOBILE, _LANDLINE):
            _add(found, text, pattern, run, asked=asked)
    for match in _SHORT.finditer(text):
        _take(found, text, match, asked=asked)
    return sorted(found, key=lambda span: span.start)


def _add(
    found: list[Span], text: str, pattern: re.Pattern[str], run: re.Match[str], *, asked: bool
) -> None:
    """Look inside one run of ciphers only; +86 may stand before it."""
    at = run.start() - text.startswith("+", run.start() - 1) if run.start() else 0
    while at < min(run.end(), run.start() + _LOOK):
        match = pattern.search(text, at, run.end() + 8)
        if match is None:
            return
        start = match.start()
        if text[start - 1 : start].isdigit() or text[start - 1 : start] == ".":
            at = start + 1
            continue
        _take(found, text, match, asked=asked)
        at = match.end()


_LOOK: Final = 120
"""A longer run of ciphers is no list of numbers to ring."""


def _take(found: list[Span], text: str, match: re.Match[str], *, asked: bool) -> None:
    start, end = match.start("number"), match.end()
    if any(start < span.end and span.start < end for span in found):
        return
    others = not asked and _OTHERS.search(text[max(0, start - 9) : start]) is not None
    name = "phone_other" if others else "phone"
    found.append(Span(name, start, end, _digits(match["number"]), 0.97))


def _digits(words: str) -> str:
    figures = "".join(_SPOKEN.get(char, char) for char in words)
    return re.sub(r"\D", "", figures)


def find_cards(text: str) -> list[Span]:
    """Identity and bank card numbers, told by their check digits or by the words before them."""
    found = []
    for match in _CARD.finditer(text):
        start = match.start()
        digits = re.sub(r"[ -]", "", match.group())
        before = text[max(0, start - 10) : start]
        if _is_id_card(digits) or _ID_CUE.search(before):
            found.append(Span("id_number", *match.span(), "id_card", 0.95))
        elif _is_bank_card(digits) or (_BANK_CUE.search(before) and digits.isdigit()):
            found.append(Span("id_number", *match.span(), "bank_card", 0.85))
    return found


def _is_id_card(digits: str) -> bool:
    """Eighteen signs, a birthday and the right check sign."""
    if len(digits) != 18 or not digits[:17].isdigit():
        return False
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return born.year >= 1900 and digits[17] == _CHECKS[total % 11]


def _is_bank_card(digits: str) -> bool:
    """Sixteen to nineteen ciphers that open as Chinese bank cards do and satisfy Luhn's check."""
    if not (16 <= len(digits) <= 19 and digits.isdigit() and digits[0] in "4569"):
        return False
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
