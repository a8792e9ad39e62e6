"""The state survives being stored, by this program and by others."""

from __future__ import annotations

import json

from bot.dialogue import policy
from bot.dialogue.state import DialogueState, Draft, Later
from casework.case import SlotValue

FULL = DialogueState(
    consent="1",
    draft=Draft(
        category="wage_arrears",
        slots={"phone": SlotValue("138", "138", "t1", 0, 3), "location": SlotValue([1.0, 2.0])},
        declined=("employer",),
        asked={"employer": 2},
        questions=2,
        scores={"consumer": 0.4},
    ),
    asking="slot:amount_yuan,period_months",
    later=(Later("路灯也坏了", "public_facility", "t2"),),
    held=Later("还有"),
    misses=1,
    serial=3,
)


def test_it_comes_back_from_json_as_it_was() -> None:
    assert DialogueState.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL


def test_an_empty_mapping_is_a_fresh_state_and_a_fresh_state_is_empty() -> None:
    assert DialogueState.from_json({}) == DialogueState()
    assert DialogueState().to_json() == {}


def test_unknown_keys_are_dropped() -> None:
    stored = FULL.to_json() | {"from_the_future": 1}
    stored["draft"] |= {"mood": "good"}
    assert DialogueState.from_json(stored) == FULL


def test_the_context_is_the_first_slot_asked_for() -> None:
    assert FULL.context == "amount_yuan"
    assert DialogueState(asking="readback").context == "readback"
    assert DialogueState(asking="category").context is None


def test_an_opened_case_gives_the_draft_its_number() -> None:
    state = policy.opened(FULL, "JS-1")
    assert state.draft is not None
    assert state.draft.number == "JS-1"
    assert state.last_number == "JS-1"
