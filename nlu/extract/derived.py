"""Sums that follow from others: 我们5个人每人欠一万二, 欠了三个月每月6000.

``amount_derived`` is our arithmetic and nobody's words, so it never fills a slot by itself: its
confidence is low, and its span is the rate that it was worked out from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nlu.extract.span import Span

SURE: Final = 0.35
_EACH: Final = re.compile(
    r"(?:每人|人均|每个人|一个人|一人)(?:欠|差|交|收|摊|给|要|出|还|各|都|得|也|该|应|平均|大概|差不多|押金|工资)*$"
)
_GIVEN: Final = re.compile("[给发付退补]了?(?:每人|每个人)")
_OWED: Final = re.compile("欠|没[发给结拿领付]|未[发付结]|不[发给结付]|拖|压")


def derived(
    text: str, money: Sequence[Span], periods: Sequence[Span], people: Sequence[Span]
) -> list[Span]:
    """At most one total: what each is owed by so many, or a month's wage by the months owed."""
    if not money or any(span.entity == "amount_derived" for span in money):
        return []
    count = _only(people, "people_n")
    months = _only(periods, "period_months")
    for span in money:
        if not isinstance(span.value, int):
            continue
        each = _EACH.search(text[max(0, span.start - 8) : span.start]) is not None
        if (
            each
            and count is not None
            and not _GIVEN.search(text[max(0, span.start - 12) : span.start])
        ):
            return [_total(span, count)]
        if span.entity == "wage_rate" and months is not None and _OWED.search(text):
            by_month = re.search("月", text[max(0, span.start - 6) : span.end + 4]) is not None
            return [_total(span, months)] if by_month else []
    return []


def _only(spans: Sequence[Span], name: str) -> Span | None:
    """The exact one of that name; a rough one gives no total."""
    return next(
        (s for s in spans if s.entity == name and s.value is not None and not s.vague), None
    )


def _total(rate: Span, times: Span) -> Span:
    product = float(rate.value or 0) * float(times.value or 0)
    total = int(product) if product == int(product) else round(product, 2)
    return Span("amount_derived", rate.start, rate.end, total, SURE, vague=True)
