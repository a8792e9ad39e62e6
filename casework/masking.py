"""Covers what names a person, keeping every character's place (138****1234).

No law counts the stars; these follow what Chinese services commonly show.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_DIGIT_BEFORE, _DIGIT_AFTER = r"(?<![0-9])", r"(?![0-9Xx])"
# In this order: the longer number first, or its middle would pass for a telephone.
_NUMBERS = (
    # identity card: first one, last two
    (re.compile(_DIGIT_BEFORE + r"([1-9])\d{15}([0-9][0-9Xx])" + _DIGIT_AFTER), 1, 2),
    # bank card, with or without gaps
    (
        re.compile(
            _DIGIT_BEFORE
            + r"(?:(?:62\d\d|4\d{3}|5[1-5]\d\d)[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?:[ -]?\d{1,3})?)"
            + _DIGIT_AFTER
        ),
        4,
        4,
    ),
    # mobile, with or without gaps
    (re.compile(_DIGIT_BEFORE + r"(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})" + _DIGIT_AFTER), 3, 4),
    # landline with its area code
    (re.compile(_DIGIT_BEFORE + r"(0\d{2,3})-?\d{5,6}(\d{2})" + _DIGIT_AFTER), 4, 2),
    # number plate: province and city, the last one
    (
        re.compile(r"[\u4e00-\u9fff][A-HJ-NP-Z]·?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9](?![A-Za-z0-9])"),
        2,
        1,
    ),
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def masked(text: str) -> str:
    """The text with numbers and addresses that name a person covered, as long as before."""
    return _MAIL.sub(_cover_mail, replaced_numbers(text, _cover))


def masked_name(name: str) -> str:
    """段正淳 as 段**."""
    return name[:1] + "*" * (len(name) - 1)


def without_numbers(text: str, mark: str) -> str:
    """The text with ``mark`` in the place of every such number and address."""
    return _MAIL.sub(mark, replaced_numbers(text, lambda *_: mark))


def replaced_numbers(text: str, by: Callable[[str, int, int], str]) -> str:
    """The text with each number given to ``by`` with how much of its head and tail may be seen."""
    for pattern, head, tail in _NUMBERS:
        text = pattern.sub(lambda m, h=head, t=tail: by(m[0], h, t), text)  # type: ignore[misc]
    return text


def _cover(number: str, head: int, tail: int) -> str:
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


def _cover_mail(found: re.Match[str]) -> str:
    name, _, host = found[0].partition("@")
    return f"{name[:1]}{'*' * (len(name) - 1)}@{host}"
