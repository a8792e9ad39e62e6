"""What is still stored of a story's resident: for ``hidden`` (of cases) and ``gone`` (anywhere)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from tests.dialogue.office import Office

KEYS = {"hidden", "gone", "stays", "modes"}


def check(story: dict[str, Any], office: Office) -> None:
    """Words ``hidden`` from cases and draft, ``gone`` from everything, ``stays`` in a turn; and
    the identity ``modes`` of the cases."""
    cases, everything = registered(office), _everything(office)
    for words in story.get("hidden", ()):
        assert words not in cases, (words, cases)
    for words in story.get("gone", ()):
        assert words not in everything, (words, everything)
    for words in story.get("stays", ()):
        assert words in everything, (words, everything)
    if "modes" in story:
        held = [case.slots.get("identity_mode") for case in office.cases.values()]
        assert [each.value if each else None for each in held] == story["modes"]


def registered(office: Office) -> str:
    """Cases and the draft, as text."""
    cases = [asdict(case) for case in office.cases.values()]
    draft = office.conversation.dialogue.get("draft")
    return json.dumps([cases, draft], ensure_ascii=False, default=str)


def _everything(office: Office) -> str:
    turns = office.read(lambda tx: tx.turns.after(office.conversation.id, 0))
    told = [asdict(turn) for turn in turns]
    conversation = asdict(office.conversation)
    events = [asdict(event) for event in office.read(lambda tx: tx.events.after(0, 1000))]
    cases_and_draft = registered(office)
    rest = json.dumps([told, conversation, events], ensure_ascii=False, default=str)
    return cases_and_draft + rest
