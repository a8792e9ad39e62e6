"""Covers numbers that name a person, keeping every character's place (138****1234)."""

from __future__ import annotations

import re

_DIGIT_BEFORE, _DIGIT_AFTER = r"(?<![0-9])", r"(?![0-9Xx])"
# In this order: the longer number first, or its middle would pass for a telephone.
_RULES = (
    # identity card: first one, last two
    (re.compile(_DIGIT_BEFORE + r"([1-9])\d{15}([0-9][0-9Xx])" + _DIGIT_AFTER), 1, 2),
    # mobile, with or without gaps
    (re.compile(_DIGIT_BEFORE + r"(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})" + _DIGIT_AFTER), 3, 4),
    # landline with its area code
    (re.compile(_DIGIT_BEFORE + r"(0\d{2,3})-?\d{5,6}(\d{2})" + _DIGIT_AFTER), 4, 2),
)


def masked(text: str) -> str:
    """The text with telephone and identity numbers covered, as long as before."""
    for pattern, head, tail in _RULES:
        text = pattern.sub(lambda m, h=head, t=tail: _cover(m[0], h, t), text)  # type: ignore[misc]
    return text


def _cover(number: str, head: int, tail: int) -> str:
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]
