"""Bring a line to one written form without losing where each character came from.

Width (NFKC), case, Traditional to Simplified, control characters and lone surrogates to a space.
Extraction and classification read the normalised text; spans are mapped back to the original.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

TRADITIONAL: Final = Path(__file__).parent / "data" / "traditional.txt"
_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f")


@dataclass(frozen=True, slots=True)
class Normalized:
    """``text`` is what to read; ``offsets`` is None when every position equals the original's."""

    text: str
    original: str
    offsets: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of ``text[start:end]``; ``start < end``."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1

    def spelling(self, start: int, end: int) -> str:
        """``text[start:end]`` as it was written, without what was dropped between."""
        if self.offsets is None:
            return self.original[start:end]
        places = dict.fromkeys(self.offsets[start:end])
        return "".join(self.original[at] for at in places)

    def head(self, size: int) -> Normalized:
        """The first ``size`` characters; spans still index the whole original."""
        if len(self.text) <= size:
            return self
        offsets = None if self.offsets is None else self.offsets[:size]
        return Normalized(self.text[:size], self.original, offsets)


class _Characters(dict[int, str]):
    """A ``str.translate`` table that works each character out once, when first met."""

    def __missing__(self, code: int) -> str:
        written = _written(chr(code))
        if code < 0x10000:  # keeps the table small whatever is sent
            self[code] = written
        return written


def _written(char: str) -> str:
    """One character in normal form; never empty, so positions can only spread."""
    category = unicodedata.category(char)
    if category in {"Cc", "Cs", "Zl", "Zp"} or char in _INVISIBLE or category == "Zs":
        return " "
    simplified = _traditional().get(char, char)
    plain = unicodedata.normalize("NFKC", simplified).lower()
    return plain.replace("\n", " ") or " "


@cache
def _traditional() -> dict[str, str]:
    """Traditional character to Simplified, one to one."""
    lines = TRADITIONAL.read_text(encoding="utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    return dict(zip(pairs[0::2], pairs[1::2], strict=True))


_CHARACTERS: Final = _Characters()


def normalize(text: str) -> Normalized:
    """Normalise ``text``; any string is accepted, the empty one too."""
    written = text.translate(_CHARACTERS)
    if len(written) == len(text):  # no character ever shrinks, so nothing has moved
        return Normalized(written, text, None)
    offsets = [at for at, char in enumerate(text) for _ in _CHARACTERS[ord(char)]]
    return Normalized(written, text, tuple(offsets))
