"""Chinese and mixed numerals as people write them: 两万三, 1w8, 三千五, 叁万捌仟, 2.3万, 廿三.

No library was found that reads these inside a sentence (cn2an wants formal numerals, jionlp misses
every colloquial amount tried), so this is a small parser of our own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

_DIGITS: Final = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    "两": 2,
    "俩": 2,
    "仨": 3,
    "弐": 2,
    "叄": 3,
    "貳": 2,
    "o": 0,
    "幺": 1,
}
_SMALL: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000}
_LARGE: Final = {"万": 10_000, "w": 10_000, "亿": 100_000_000}
_TENS: Final = {"廿": 20, "卅": 30}

DIGIT: Final = "零〇一二两俩仨三四五六七八九壹贰叁叄肆伍陆柒捌玖"
UNIT: Final = "十拾百佰千仟万亿"
ARABIC: Final = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)|\d{1,12})(?:\.\d{1,4})?"
NUMERAL: Final = (
    rf"(?<!\d)(?:{ARABIC}|[{DIGIT}{UNIT}廿卅])"
    rf"(?:(?<!\d)[{DIGIT}]|[{UNIT}]|(?<=[\d{UNIT}])[wk](?![a-z])|(?<=[{UNIT}wk])\d{{1,12}}){{0,14}}"
)
"""A run that may be a number; :func:`parse` says whether it is."""

_RUN: Final = re.compile(rf"[\d{DIGIT}{UNIT}廿卅]+")

MOST: Final = 300
"""No letter tells more figures than that; a wall of numbers is not read to its end."""
LARGEST: Final = 1e13
"""Beyond this no resident means a number."""

_ARABIC: Final = re.compile(ARABIC)
_RANGE: Final = re.compile(r"一二|二三|两三|三四|四五|五六|六七|七八|八九|三五|一两|[2-9]-[2-9]")


def numeral_runs(text: str) -> list[tuple[int, int]]:
    """Where characters that numbers are made of stand together: the only places worth a look.

    Every pattern for a quantity is tried at the start of a run, not at every character, so that
    ten thousand of one character cost one try.
    """
    return [match.span() for match in islice(_RUN.finditer(text), MOST)]


@dataclass(frozen=True, slots=True)
class Number:
    """``vague`` marks a range such as 三四千 or 一万七八: ``value`` is then its lower end."""

    value: float
    vague: bool = False


def parse(words: str) -> Number | None:
    """Read one numeral of normalised text, or None when it is not a number."""
    if not words:
        return None
    vague = False
    if not words.isascii():
        ranged = _RANGE.search(words)
        if ranged is not None and not _spelled_out(words):
            vague = True
            words = words[: ranged.start() + 1] + words[ranged.end() :]
        if _spelled_out(words) and len(words) <= 12:
            return Number(float("".join(str(_DIGITS[char]) for char in words)))
    value = _Reading().read(words)
    return None if value is None or value > LARGEST else Number(value, vague)


def _spelled_out(words: str) -> bool:
    """Digit after digit without units: 二零一九, 一三八."""
    return len(words) > 2 and all(char in _DIGITS for char in words)


class _Reading:
    """One pass over a numeral: hundreds gather in ``section``, ten-thousands in ``total``."""

    def __init__(self) -> None:
        self.total = 0.0
        self.section = 0.0
        self.pending: float | None = None
        self.last_unit = 1.0
        self.after_zero = False

    def read(self, words: str) -> float | None:
        at = 0
        while at < len(words):
            arabic = _ARABIC.match(words, at)
            if arabic is not None:
                if self.pending is not None:
                    return None
                self.pending = float(arabic.group().replace(",", ""))
                at = arabic.end()
            elif self._take(words[at]):
                at += 1
            else:
                return None
        return self.total + self.section + self._tail()

    def _take(self, char: str) -> bool:
        if char in _DIGITS:
            return self._digit(_DIGITS[char])
        if char in _TENS:
            self.section += _TENS[char]
            self.last_unit = 10
            return True
        if char in _SMALL:
            unit = _SMALL[char]
            self.section += (1 if self.pending is None else self.pending) * unit
        elif char in _LARGE:
            unit = self._large(_LARGE[char])
        else:
            return False
        self.pending, self.last_unit, self.after_zero = None, unit, False
        return True

    def _large(self, unit: int) -> int:
        section = self.section + (self.pending or 0)
        if unit > 10_000:
            self.total = (self.total + section or 1) * unit
        else:
            self.total += (section or 1) * unit
        self.section = 0
        return unit

    def _digit(self, digit: int) -> bool:
        if self.pending is not None:
            return False
        if digit == 0:
            self.after_zero = True
            return True
        self.pending = float(digit)
        return True

    def _tail(self) -> float:
        """两万三 means 23 000: a lone digit after a unit counts the next lower unit."""
        if self.pending is None:
            return 0
        lone = self.pending < 10 and self.pending == int(self.pending)
        if lone and self.last_unit >= 100 and not self.after_zero:
            return self.pending * self.last_unit / 10
        return self.pending
