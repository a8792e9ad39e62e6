"""What a machine makes of a voice message, where the city has one that listens."""

from __future__ import annotations

from typing import Protocol

from casework.turn import Media, Turn


class Ears(Protocol):
    """Writes down what is said in a recording (bot.speech_http.SpeechServer)."""

    async def transcribe(self, media: Media) -> str | None:
        """The words; None when they cannot be had, for whatever reason. Never raises for the
        server's or the network's sake, and always returns within a bounded time."""
        ...


def worth_hearing(turn: Turn) -> Media | None:
    """The one recording that stands for the line's words; None when there is none, or none yet
    to be written down. Several at once are for a person."""
    if turn.transcript is not None or turn.text.strip() or len(turn.voices) != 1:
        return None
    return turn.voices[0]


def words_of(turn: Turn) -> str:
    """The line's words: typed, else as a machine heard them."""
    return turn.text if turn.text.strip() else turn.transcript or turn.text
