"""Conversations as data (stories/*.yaml): what residents say, and what must come of it.

A turn is one of ``say``, ``press`` (a button's payload or its beginning), ``send`` (photo, voice,
location, contact), ``officer`` ([verb, text]) or ``clock`` (file, lapse). It may name the
``reply`` keys that must be among those sent, what is then ``asks``-ed, words the answer
``tells`` or must ``hush`` and the titles of the buttons it ``offers``; a location is sent ``at``
a point. ``filed`` is a case from before the story, ``neighbour`` another resident's (``times``
many), ``acts`` what its owner does, ``follow`` the clock bringing joined cases up to date,
``wait`` time passing and ``finish`` the rest of the form. A story with ``area: demo`` plays on
the demo street. At the end: which cases are ``joined`` and how many ``linked``; the newest case's
``unit``, whether it is ``placed``, ``category``, ``slots``, ``cases`` (statuses, in order),
``holder``, ``crisis``, what is ``hidden``, ``gone`` or ``stays`` (tests.dialogue.kept),
``questions`` (at most) and ``never`` (slots never asked for). Files: tests.dialogue.media.
``replayed`` stories are played once more through real channels (tests.journeys.test_replayed).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.dialogue import alarms, appointments, kept, media, mediating, neighbours
from tests.dialogue.office import Office

STORIES = Path(__file__).parent / "stories"
TURN_KEYS = {
    *("say", "press", "send", "officer", "clock", "reply", "asks", "tells", "hush", "edits"),
    *("at", "offers"),
    *appointments.TURN_KEYS,
    *mediating.KEYS,
}
END_KEYS = {
    *("category", "slots", "cases", "holder", "crisis", "questions", "never", "later"),
    *("area", "unit", "placed", "joined", "linked", "urged", "language", "replayed"),
    *appointments.KEYS,
    *mediating.END_KEYS,
}


def load_stories() -> list[Any]:
    found = []
    for path in sorted(STORIES.glob("*.yaml")):
        for story in yaml.safe_load(path.read_text(encoding="utf-8")):
            unknown = (
                set(story) - END_KEYS - kept.KEYS - alarms.KEYS - media.KEYS - {"story", "turns"}
            )
            assert not unknown, f"{path.name}: {story['story']}: {unknown}"
            found.append(pytest.param(story, id=f"{path.stem}: {story['story']}"))
    return found


def play(office: Office, turn: dict[str, Any]) -> None:
    """Let one turn happen."""
    assert not set(turn) - TURN_KEYS - neighbours.KEYS - alarms.TURN_KEYS - media.TURN_KEYS, turn
    if (
        neighbours.happens(office, turn)
        or appointments.happens(office, turn)
        or alarms.happens(office, turn)
        or media.happens(office, turn)
        or mediating.happens(office, turn)
    ):
        return
    if "officer" in turn:
        office.officer(*turn["officer"])
    elif "clock" in turn:
        office.clock(turn["clock"])
    elif "press" in turn:
        office.press(turn["press"])
    elif "send" in turn:
        office.attach(
            turn["send"], turn.get("say", ""), **({"at": tuple(turn["at"])} if "at" in turn else {})
        )
    else:
        office.hear(turn["say"], edits=turn.get("edits", False))


def check(office: Office, turn: dict[str, Any]) -> None:
    """Whether the answer is what the turn expects."""
    keys = [reply.key for reply in office.step.replies]
    text = office.line.text if office.line else ""
    where = f"after {turn}: {keys} {text!r}"
    for key in turn.get("reply", ()):
        assert key in keys, where
    if "quiet" in turn:
        assert office.line is None, where
    if "offers" in turn:
        assert office.line is not None, where
        assert [button.title for button in office.line.buttons] == turn["offers"], where
    if "asks" in turn:
        assert office.state.asking == turn["asks"], f"{where}: asks {office.state.asking}"
    for words in turn.get("tells", ()):
        assert words in text, where
    for words in turn.get("hush", ()):
        assert words not in text, where


def values(office: Office) -> dict[str, Any]:
    """All slots there are: of the cases, then of the draft."""
    found: dict[str, Any] = {}
    for case in office.cases.values():
        found |= {name: slot.value for name, slot in case.slots.items()}
    if office.state.draft is not None:
        found |= {name: slot.value for name, slot in office.state.draft.slots.items()}
    return found


@pytest.mark.parametrize("story", load_stories())
def test_story(story: dict[str, Any], office: Office) -> None:
    asked: list[str] = []
    questions = 0
    filed = False
    if "area" in story:
        office.move_in()
    for turn in story["turns"]:
        play(office, turn)
        check(office, turn)
        kind, _, names = (office.state.asking or "").partition(":")
        filed = filed or any(reply.key == "receipt" for reply in office.step.replies)
        asks = any(
            reply.key in {"ask", "ask_category", "ask_which_place", "ask_is_place"}
            for reply in office.step.replies
        )
        questions += asks and not filed
        if kind == "slot" and asks:
            asked += names.split(",")
    _check_end(story, office)
    assert questions <= story.get("questions", 6), asked
    assert not set(story.get("never", ())) & set(asked), asked


def _check_ties(story: dict[str, Any], office: Office) -> None:
    cases = list(office.cases.values())
    if "mediation" in story:
        mediating.check(office, story["mediation"])
    if "joined" in story:
        assert [case.joined is not None for case in cases] == story["joined"]
    if "linked" in story:
        assert [len(case.linked) for case in cases] == story["linked"]
    if "urged" in story:
        assert len(office.urged) == story["urged"]


def _check_end(story: dict[str, Any], office: Office) -> None:
    _check_ties(story, office)
    kept.check(story, office)
    alarms.check(story, office)
    appointments.check(story, office)
    media.check(story, office)
    held = values(office)
    for name, value in story.get("slots", {}).items():
        assert held.get(name) == value, (name, held)
    if "category" in story:
        draft = office.state.draft
        found = draft.category if draft else next(iter(office.cases.values())).category
        assert found == story["category"]
    if "cases" in story:
        assert [case.status.value for case in office.cases.values()] == story["cases"]
    assert office.holder == story.get("holder", "bot"), office.reasons
    assert office.crisis == story.get("crisis", "none")
    newest = office.cases[max(office.cases)] if office.cases else None
    for name, found in (("unit", "unit_id"), ("placed", "placed")):
        if name in story:
            assert getattr(newest, found) == story[name], (name, newest)
    if "language" in story:
        assert office.conversation.language == story["language"]
    if "later" in story:
        assert [each.category for each in office.state.later] == story["later"]
