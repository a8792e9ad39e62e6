"""Breaks Chinese text into lines: anywhere, but not before a closing mark or inside a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# What may not begin a line, and what may not end one.
_CLOSING = frozenset("，。、；：！？）」』】》〉”’…—·,.;:!?)]}%％")
_OPENING = frozenset("（「『【《〈“‘([{")
_PIECE = re.compile(r"[A-Za-z0-9.:/@#&+_-]+|\s|.", re.DOTALL)


def broken(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """The lines of a text; none is wider than ``width``, but for a single character that is."""
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph, width, measure):
            if line and measure(line + piece) > width:
                line, carried = _carried(line, piece)
                yield line.rstrip()
                line = carried
            line += piece
        yield line


def _pieces(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """Words of Latin letters and digits whole, unless they fill a line; all else by character."""
    for found in _PIECE.finditer(text):
        piece = found[0]
        if len(piece) > 1 and measure(piece) > width:
            yield from piece
        else:
            yield piece


def _carried(line: str, piece: str) -> tuple[str, str]:
    """The line as it stands, and what goes down with the next piece."""
    at = len(line)
    first = piece[0]
    while at > 1 and len(line) - at < 3:
        if first not in _CLOSING and line[at - 1] not in _OPENING:
            break
        at -= 1
        first = line[at]
    else:
        return line, ""
    return line[:at], line[at:]
