"""Telephone numbers: mobile and landline, written in one, with spaces or dashes, or spelled out."""

from __future__ import annotations

import re
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
_MOBILE: Final = re.compile(
    rf"(?<![\d.])(?:\+?86{_GAP})?(?P<number>[1一幺]{_GAP}[3-9三四五六七八九拐勾](?:{_GAP}{_DIGIT}){{9}})(?!\d)"
)
_LANDLINE: Final = re.compile(
    r"(?<![\d.])(?P<number>(?:\(0\d{2,3}\)|0\d{2,3})[ -]{0,2}[2-9]\d{6,7}|0(?:10|2\d|[3-9]\d{2})[ -]{0,2}\d{7,8}|400[ -]?\d{3}[ -]?\d{4})(?:[-转]\d{1,5})?(?!\d)"
)
_SHORT: Final = re.compile(r"(?:座机|固话|电话|打家里)[^\d]{0,4}(?P<number>[2-8]\d{6,7})(?!\d)")
_OTHERS: Final = re.compile(
    r"(?:老板|包工头|对方|他的?|她的?|经理|物业|公司|房东|店家|商家|工头|负责人|客服|人家)(?:的)?(?:电话|手机|号码|联系方式|号)?(?:是|:|叫)? ?$"
)


def find_phones(text: str, *, asked: bool = False) -> list[Span]:
    """``phone`` is where the resident can be reached; someone else's number is ``phone_other``."""
    found: list[Span] = []
    for pattern in (_MOBILE, _LANDLINE, _SHORT):
        for match in pattern.finditer(text):
            start, end = match.span("number")
            if any(start < span.end and span.start < end for span in found):
                continue
            others = not asked and _OTHERS.search(text[max(0, start - 9) : start]) is not None
            name = "phone_other" if others else "phone"
            found.append(Span(name, start, end, _digits(match["number"]), 0.97))
    return sorted(found, key=lambda span: span.start)


def _digits(words: str) -> str:
    figures = "".join(_SPOKEN.get(char, char) for char in words)
    return re.sub(r"\D", "", figures)
