"""From replies to the lines that are stored and sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.dialogue.requests import ParamValue, Reply
from casework.turn import Line
from config.words import Words


def moment_text(at: datetime, now: datetime, words: Words) -> str:
    """A moment as people say it: 今天16:30, 明天9:00, 11月29日."""
    return words.moment(at, now)


def lines(
    replies: Sequence[Reply], facts: Mapping[str, ParamValue], words: Words
) -> tuple[Line, ...]:
    """One line for all replies of a step, so that one message is answered by one message.

    ``facts`` are what the requests brought about (``number``, ``owner``, ``due_text``,
    ``contact_text``); a reply's own params come first. Raises MissingWords when a text needs what
    neither gives.
    """
    if not replies:
        return ()
    text = "\n".join(words.text(each.key, {**facts, **each.params}) for each in replies)
    return (Line(text, tuple(button for each in replies for button in each.buttons)),)
