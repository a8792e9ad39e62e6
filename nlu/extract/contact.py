"""When and how to be reached: 晚上九点以后打, 别白天打, 周末打 平时接不到, 发短信就行.

``contact_time`` is the clause in the resident's words. Only a clause that says nothing else is
taken: 楼上天天半夜打孩子 is no wish about the telephone.
"""

from __future__ import annotations

import re
from typing import Final

from nlu.extract.span import Span

_HOUR: Final = r"(?:[一二两三四五六七八九十]{1,3}|\d{1,2})(?:点|:\d\d)(?:半|[一二三四五]?十?[一二三四五]?分|一刻)?(?:多|来)?(?:钟)?"
_PART: Final = (
    r"(?:工作日|周末|双休日?|节假日|平时|平常|白天|早上|早晨|上午|中午|午休|下午|傍晚|晚上|晚间|夜里|半夜|天黑"
    r"|周[一二三四五六日天]|礼拜[一二三四五六日天]|星期[一二三四五六日天]|下班|下了班|上班|吃饭|饭点|睡觉|放学|收工|歇班)"
)
_TIME: Final = rf"(?:{_PART}|{_HOUR})(?:的?(?:{_PART}|{_HOUR}|时间|时候|到|至|-|~))*(?:以前|之前|前|以后|之后|过后|后|左右)?"
_HEAD: Final = r"(?:(?:电话|手机|你们?|您|请|麻烦|最好|尽量|要|就|可以|能不能|得|也|给我|联系我?|打电话)(?:请|就|要|最好)?[ ,]?){0,3}"
_NOT: Final = r"(?:别|不要|莫|勿|不能|不方便|别在|不要在|莫在)"
_REACH: Final = r"(?:打(?:过来|来|我(?:电话)?|电话)?|联系(?:我)?|来电(?:话)?|回(?:个)?电话?|找我|接(?:得|不)?到?(?:电话)?|有空|有时间|没空|方便|在家|不方便|接不了|听不到|给我打)"
_TAIL: Final = r"(?:都|就|也|才|比较|最)?(?:行|可以|好|方便|得行|要得|接得到|有空|能接)?(?:吧|哈|啊|哦|呗|嘛|了|就行|就好|就可以|都行|都可以|好不)?"
_CALL: Final = re.compile(
    rf"^{_HEAD}(?:{_NOT}?{_TIME}[ ,]?(?:再|才|都|就|我|可以|能|{_NOT}|给我|最好|比较)*{_REACH}|{_NOT}?(?:打电话|联系|来电)(?:就)?(?:要|在|得)?{_TIME}){_TAIL}$"
)
_WAY: Final = re.compile(
    r"^(?:只能|只|就|请|可以|最好|你们?|有事|用|走|能不能|改|还是|就用|麻烦)*(?:(?:发|用|加|回)(?:个|我)?(?:短信|信息|微信)|(?:短信|微信)(?:联系|通知|可以|告诉|回我|说))[^,。]{0,6}$"
    r"|^(?:你们?|请|千万)?(?:别|不要|不用|不必|莫)(?:给)?(?:[我俺咱])?打(?:[我俺咱]的?)?(?:电话|手机)[^,。]{0,8}$"
)
_CLAUSE: Final = re.compile(r"[^,。;!? \n]+")
_MARKS: Final = re.compile("打|联系|接|短信|微信|信息|来电|回电|回个电|找我|有空|方便|在家")
_PHONE: Final = re.compile(r"1[3-9][\d -]{9,12}")


def find_contact(text: str, *, asked: str | None = None) -> list[Span]:
    """At most one ``contact_time``: from the clause that says it to the one that says why.

    在家, 有空 and 方便 are only heard beside a number or when the telephone was asked for.
    """
    if _MARKS.search(text) is None:
        return []
    near = asked in {"phone", "contact_time"} or _PHONE.search(text) is not None
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    for at, (start, end) in enumerate(clauses):
        found = _in_clause(text, start, end, near=near)
        if found is None and at + 1 < len(clauses):  # 电话 晚上打: the pause is no end
            joined = text[start:end] + text[slice(*clauses[at + 1])]
            if text[end : clauses[at + 1][0]] == " " and _CALL.match(joined) is not None:
                found = Span("contact_time", start, clauses[at + 1][1], "", 0.8)
        if found is not None:
            return [_worded(text, found)]
    return []


def _in_clause(text: str, start: int, end: int, *, near: bool) -> Span | None:
    number = _PHONE.match(text, start)
    start = number.end() if number is not None and number.end() < end else start
    words = text[start:end]
    match = _CALL.match(words)
    if match is not None and (near or re.search("打|联系|来电|电话|找我", words)):
        return Span("contact_time", start, end, words, 0.8)
    if _WAY.match(words) is not None:
        return Span("contact_time", start, end, words, 0.7)
    return None


def _worded(text: str, span: Span) -> Span:
    words = text[span.start : span.end].strip()
    return Span(span.entity, span.start, span.end, words, span.confidence)
