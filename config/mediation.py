"""Reads ``mediation.yaml``, and fills the texts of mediation with days and moments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time

from casework.case import Source
from casework.intake import Form
from casework.mediation import Answer, Rule
from casework.turn import Line
from casework.working_calendar import CHINA
from config.booking_words import when_text
from config.lengths import read_length
from config.reading import Node
from config.words import ParamValue, Words

_KEYS = ("lasts", "long_running", "posts", "specialties", "never", "never_from", "asked_before")
_MOST_YEARS = 50


def read_mediation(top: Node, forms: Mapping[str, Form]) -> Rule:
    """The rule of a city. Raises BadConfiguration naming file and key."""
    top.mapping(_KEYS)
    posts = top.need("posts")
    posts.mapping(("chief", "liaison"))
    before = top.need("asked_before")
    before.mapping(("slot", "yes", "no"))
    answers = dict.fromkeys(before.need("yes").texts(), Answer.YES)
    answers |= dict.fromkeys(before.need("no").texts(), Answer.NO)
    return Rule(
        specialties=_specialties(top.need("specialties"), forms),
        never=frozenset(_never(each, forms) for each in top.need("never").items()),
        never_from=frozenset(
            Source(each.one_of(list(Source))) for each in top.need("never_from").items()
        ),
        chief=posts.need("chief").text(),
        liaison=posts.need("liaison").text(),
        long_years=int(top.need("long_running").number(1, _MOST_YEARS)),
        lasts=read_length(top.need("lasts")),
        slot=before.need("slot").text(),
        answers=answers,
    )


def _specialties(top: Node, categories: Collection[str]) -> dict[str, str]:
    found = dict[str, str]()
    for post, node in top.mapping().items():
        for each in node.items():
            category = each.one_of(list(categories))
            if category in found:
                raise each.wrong(f"{category!r} belongs to {found[category]} already")
            found[category] = post
    return found


def _never(node: Node, forms: Mapping[str, Form]) -> str:
    category, _, kind = node.text().partition(".")
    if category not in forms or (kind and kind not in forms[category].kinds):
        raise node.wrong("must be a category, or category.kind")
    return node.text()


def told(
    words: Words,
    key: str,
    now: datetime,
    params: Mapping[str, str | int | date | datetime],
    buttons: Sequence[tuple[str, str]],
) -> Line:
    """A text with its days (11月29日) and its moments (明天（周三）上午9:00), and its buttons."""
    filled = {name: _said(value, now, words) for name, value in params.items()}
    made = tuple(words.button(title, payload) for title, payload in buttons)
    return Line(words.text(key, filled), made)


def _said(value: str | int | date | datetime, now: datetime, words: Words) -> ParamValue:
    if isinstance(value, datetime):
        return when_text(value, now, words)
    if isinstance(value, date):
        return words.day(datetime.combine(value, time(12), CHINA))
    return value
