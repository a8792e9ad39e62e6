"""The bot's conduct: one heard line in, the next state, replies and requests out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.dialogue.requests import Step
from bot.dialogue.state import DialogueState, Heard, KnownCase
from config.load import Book


def step(
    state: DialogueState, heard: Heard, cases: Sequence[KnownCase], now: datetime, book: Book
) -> Step:
    """What the bot does about a line while it holds the conversation. Never raises for any line."""
    raise NotImplementedError


def listen(
    state: DialogueState, heard: Heard, cases: Sequence[KnownCase], now: datetime, book: Book
) -> Step:
    """What is kept of a line while a human holds the conversation: requests, but no replies."""
    raise NotImplementedError


def opened(state: DialogueState, number: str) -> DialogueState:
    """The state after ``OpenCase`` was carried out under this number."""
    if state.draft is None:
        return replace(state, last_number=number)
    return replace(state, draft=replace(state.draft, number=number), last_number=number)
