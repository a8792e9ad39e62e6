"""Cuts a long text into pieces a platform takes, at the ends of sentences where it can."""

from __future__ import annotations

# Best place to cut first: behind a paragraph, a line, a sentence, a clause, a word.
ENDS = ("\n\n", "\n", "。！？!?…", "；;", "，,、：:", " \u3000")
CLOSERS = "”’」』）)】》\"'"
# A cut earlier than this share of the limit would make a piece needlessly short.
EARLIEST = 0.5


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(text) + sum(1 for c in text if c > "\uffff")


def split_text(text: str, limit: int = 4096) -> list[str]:
    """The text in order, in pieces of at most ``limit`` UTF-16 code units.

    The same text always gives the same pieces, so that a retry can go on with piece n. Blanks
    around a cut are dropped; a blank text gives no piece.
    """
    if limit < 2:
        raise ValueError("a piece must hold at least one character of two code units")
    pieces = []
    rest = text.strip()
    while rest:
        room = _fitting(rest, limit)
        cut = room if room == len(rest) else _cut(rest, room)
        piece = rest[:cut].rstrip()
        if piece:
            pieces.append(piece)
        rest = rest[cut:].lstrip()
    return pieces


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text fit."""
    if len(text) * 2 <= limit:
        return len(text)
    used = 0
    for count, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return count
    return len(text)


def _cut(text: str, room: int) -> int:
    """Where to cut a text of which ``room`` characters fit."""
    earliest = int(room * EARLIEST)
    for ends in ENDS:
        found = _last_end(text, ends, earliest, room)
        if found:
            return found
    while room > 1 and _joined(text, room):
        room -= 1
    return room


def _last_end(text: str, ends: str, earliest: int, room: int) -> int:
    """Behind the last of ``ends`` (a blank is one separator, other signs are alternatives)."""
    if ends.startswith("\n"):
        found = text.rfind(ends, earliest, room)
        return found + len(ends) if found >= 0 else 0
    for place in range(room - 1, earliest - 1, -1):
        if text[place] in ends:
            behind = place + 1
            while behind < room and text[behind] in CLOSERS:
                behind += 1
            return behind
    return 0


def _joined(text: str, cut: int) -> bool:
    """Whether a cut here would tear a character apart (emoji sequences, combining marks)."""
    after, before = text[cut], text[cut - 1]
    return "\u200d" in (after, before) or after in "\ufe0f\u20e3" or "\u0300" <= after <= "\u036f"
