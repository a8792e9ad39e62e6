"""Since when the trouble is, and when they were paid last: 从去年腊月到现在, 工资只发到八月.

With the day on which it was said, the value is a date (ISO 8601, as exact as the words); without,
the words themselves. A start that is told and lasts to this day also says how long, roughly.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from nlu.extract.dates import WHEN, Moment, resolve
from nlu.extract.numbers import NUMERAL
from nlu.extract.span import Span

_SINCE: Final = re.compile(
    rf"(?:(?:从|自从?|打从?|自打)(?P<from>{WHEN}(?:那天|那会儿?|的?时候)?)(?P<lasts>以来|以后|之后|后|开始|起|就|一直|到现在|到目前|到今天|至今|到今天)?"
    rf"|(?P<since>{WHEN})(?P<still>到现在|到目前|至今|到今天|到这会儿|开始|以来|起就|起到|起|至今天|(?<=以后)|(?<=之后)))"
)
_SPAN: Final = re.compile(rf"(?:从|自)?(?P<first>{WHEN})(?:到|至|-|—|~)(?P<last>{WHEN})(?!现在)")
_START_WORDS: Final = re.compile(
    r"[从自打起始至]|到现在|到目前|到今天|以来|以后|到这会|[月年]份?[到至\-—~]"
)
_ANY_WHEN: Final = re.compile(WHEN)
_HOW_LONG: Final = re.compile(
    rf"(?:{NUMERAL}|半)个?(?:多|半)?(?:月|年|天|周|星期|礼拜)(?:多|半)?(?:了|前|以前)?"
)
_HOUR: Final = (
    r"(?:晚上?|夜里|早上|上午|中午|下午|凌晨|傍晚|半夜)?"
    rf"(?:{NUMERAL}点(?:半|多|{NUMERAL}分?)?(?:左右|过|来?钟|多)?)?"
)
_BEGINS: Final = re.compile(
    rf"{_HOUR}(?:的事|就?(?:开始|起|停|断|漏|塌|坏|没|拆|签|买|办|交(?!通)|出的?|做的?|装|盖|占|摔|扣|通知|关门|跑|发生|种的|入住|报的?|走的|没的))"
)
_ALONE: Final = re.compile(
    rf"(?:^|[ ,。;!])(?:[^\W\d_]{{0,2}}(?:就?是|就在))?(?P<when>{WHEN}){_HOUR}的?(?=[ ,。;!]|$)"
)
"""A clause that is a day and no more (昨天晚上，眼角缝了三针), or says which it was."""
_LAST_PAID: Final = re.compile(
    rf"(?:上次|最后一次|最近一次|上回|最后)(?:发|给|结|领|开)?(?:的)?(?:工资|钱|薪|工钱)?(?:是|发的?|在|还是|就是)*(?P<when>{WHEN})"
    rf"|(?:工资|钱)?只?(?:发|结|给|算|开)到(?:了)?(?P<until>{WHEN})"
)
_PAID_WORDS: Final = re.compile("上次|上回|最后|最近一次|[发结给算开]到")
_OWED: Final = re.compile("欠|没[发给结拿领]|未[发付结]|不[发给结]|工资|工钱|薪")
_LASTS: Final = frozenset(
    {
        "以来",
        "到现在",
        "到目前",
        "到今天",
        "至今",
        "到这会儿",
        "至今天",
        "开始",
        "起",
        "起就",
        "就",
        "一直",
    }
)


_NO_TIME: Final = frozenset({None, "phone", "people_n", "contract", "scope"})
"""What is asked where a bare date answers an earlier question: when it was."""


def find_since(text: str, *, asked: str | None = None, now: date | None = None) -> list[Span]:
    """``happened_since`` and ``last_paid``; given ``now``, ``period_months`` where they imply it.

    ``asked`` lets a bare date be the answer.
    """
    spans = []
    paid = _LAST_PAID.search(text) if _PAID_WORDS.search(text) is not None else None
    if paid is not None:
        group = "when" if paid["when"] else "until"
        spans.append(_dated(Span("last_paid", *paid.span(group), paid[group], 0.8), now))
    closed = _between(text, now)
    if closed:
        return spans + closed
    found, lasts = _since(text, asked)
    if found is not None:
        spans.append(_dated(found, now))
        spans += _how_long(found, now) if lasts else []
    return spans


def _dated(span: Span, now: date | None) -> Span:
    moment = None if now is None else resolve(str(span.value), now)
    if moment is None:
        return span
    return Span(
        span.entity, span.start, span.end, moment.iso(), span.confidence, moment.vague, span.score
    )


def _since(text: str, asked: str | None) -> tuple[Span | None, bool]:
    """The start, and whether it is said to last."""
    match = _SINCE.search(text) if _START_WORDS.search(text) is not None else None
    if match is not None:
        group = "from" if match["from"] else "since"
        lasts = (match["lasts"] or match["still"] or "") in _LASTS
        return Span("happened_since", *match.span(group), match[group], 0.85), lasts
    if asked == "happened_since":
        plain = _ANY_WHEN.search(text) or _HOW_LONG.search(text)
        if plain is not None:
            return Span("happened_since", *plain.span(), plain.group(), 0.75), False
    plain = _ANY_WHEN.search(text)
    if plain is not None and _BEGINS.match(text, plain.end()):
        return Span("happened_since", *plain.span(), plain.group(), 0.6), False
    alone = _ALONE.search(text) if asked in _NO_TIME else None
    if alone is not None:
        return Span("happened_since", *alone.span("when"), alone["when"], 0.5), False
    return None, False


def _how_long(span: Span, now: date | None) -> list[Span]:
    """From that day to this; a month's name alone leaves it open by a month."""
    moment = None if now is None else resolve(str(span.value), now)
    if moment is None or now is None or moment.precision == "year":
        return []
    months = round(_months(moment, now), 2)
    if months <= 0:
        return []
    vague = moment.vague or moment.precision != "day"
    return [Span("period_months", span.start, span.end, months, 0.5, vague, score=0.1)]


def _months(moment: Moment, now: date) -> float:
    start = moment.start
    whole = (now.year - start.year) * 12 + now.month - start.month
    return whole + (now.day - start.day) / 30 if moment.precision == "day" else float(whole)


def _between(text: str, now: date | None) -> list[Span]:
    """2019年3月至5月没发: three months are owed, counted with both ends."""
    if now is None or _OWED.search(text) is None:
        return []
    match = _SPAN.search(text)
    if match is None:
        return []
    first, last = resolve(match["first"], now), resolve(match["last"], now)
    if first is None or last is None or "year" in {first.precision, last.precision}:
        return []
    months = (last.start.year - first.start.year) * 12 + last.start.month - first.start.month
    if months < 0 and "年" not in match["last"]:
        months += 12
    if not 0 < months <= 120:
        return []
    whole = match.span("first")[0], match.span("last")[1]
    since = Span("happened_since", *match.span("first"), match["first"], 0.8)
    return [_dated(since, now), Span("period_months", *whole, float(months + 1), 0.6, score=0.2)]
