"""Whole conversations of residents as they are (dialogues*.jsonl), judged by what came of them."""

from __future__ import annotations

import statistics
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.dialogue_verdict import Outcome, question_words, read_scripts, verdict
from casework.case import SlotValue, Status
from cli.chat import plain
from config.load import Book
from nlu.engine import EmbeddedEngine
from tests.dialogue.office import Office

FILES = ("dialogues.jsonl", "dialogues_more.jsonl")  # the second by an author who saw no code
SCRIPTS = [script for name in FILES for script in read_scripts(Path(__file__).parent / name)]


def play_script(
    script: dict[str, Any], book: Book, engine: EmbeddedEngine, log: list[Any] | None = None
) -> tuple[Outcome, Office]:
    """Let a script happen; ``log`` gets what was heard and said."""
    office, outcome, words = Office(book, engine), Outcome(), question_words(book)
    for turn in script["turns"]:
        _take(office, turn)
        outcome.handed |= office.holder != "bot"
        spoken = office.line.text if office.line else ""
        outcome.slots = values(office)
        draft = office.state.draft
        outcome.heard([spoken], {*outcome.slots, *(draft.declined if draft else ())}, words)
        if log is not None:
            log.append((turn, [reply.key for reply in office.step.replies], spoken))
    alive = [case for case in office.cases.values() if case.status is not Status.WITHDRAWN]
    draft = office.state.draft
    first = alive[0].category if alive else None
    outcome.category = draft.category if draft and draft.category else first
    outcome.cases, outcome.crisis = len(alive), office.crisis
    return outcome, office


def _take(office: Office, turn: Any) -> None:
    if isinstance(turn, str):
        office.hear(turn)
        return
    if "after_days" in turn:
        office.now += timedelta(days=turn["after_days"])
        if any(case.status is Status.DRAFT for case in office.cases.values()):
            office.clock("file")
    if "location" in turn:
        lat, lng = turn["location"]
        office.hear("", location=(lat, lng))
    if "photo" in turn:
        office.attach("photo")
    if "text" in turn:
        office.hear(turn["text"])


def values(office: Office) -> dict[str, Any]:
    """All slots there are: of the cases, then of the draft."""
    held: dict[str, SlotValue] = {}
    for case in office.cases.values():
        held |= case.slots
    if office.state.draft is not None:
        held |= office.state.draft.slots
    return plain(held)


@pytest.mark.parametrize("script", SCRIPTS, ids=[script["id"] for script in SCRIPTS])
def test_dialogue(script: dict[str, Any], book: Book, engine: EmbeddedEngine) -> None:
    log: list[Any] = []
    outcome, _ = play_script(script, book, engine, log)
    assert not verdict(script["expect"], outcome), "\n".join(str(each) for each in log)
    assert outcome.questions <= 6


def test_few_questions(book: Book, engine: EmbeddedEngine) -> None:
    asked = [play_script(script, book, engine)[0].questions for script in SCRIPTS]
    assert statistics.median(asked) <= 3
