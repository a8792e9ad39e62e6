"""Giving the conversation to a human, with everything said so far kept."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.filling import absorb
from bot.dialogue.forms import repeat
from bot.dialogue.hours import after_hours
from bot.dialogue.readback import kept_as_case
from bot.dialogue.requests import HandOff, Reply, Request, Step
from bot.dialogue.scene import Scene
from bot.dialogue.weighing import guessed, weigh
from bot.dialogue.wishes import visits

LAST_FALLBACK = 4
MOST_MISSES = 2


def asked_for(scene: Scene) -> Step | None:
    """人工, in any wording, at any point."""
    if scene.heard.button is None and visits(scene):
        return None
    if scene.heard.button == "human" or scene.said.has("ask_human") or _asks(scene):
        draft = scene.state.draft
        if draft is not None and "ask_human" not in scene.said.whole and not scene.heard.button:
            given = absorb(scene, weigh(scene, draft), story=False, answering=False)
            scene = scene.with_draft(given.draft)
        return hand_off(scene, "asked", Reply("handoff_asked"))
    return None


def _asks(scene: Scene) -> bool:
    """Whether the engine hears the wish, where no phrase of ours says so.

    6个人, asked how many they are, is no wish for one of them; nor is a line with facts in it.
    """
    said = scene.said
    if not said.does("ask_human") or "their_service" in said.parts:
        return False
    if scene.state.draft is None:
        return True
    return not said.entities and said.surely("ask_human")


def hand_off(scene: Scene, reason: str, *replies: Reply) -> Step:
    """To the queue; a complaint begun becomes a draft case that the clock will file."""
    requests: tuple[Request, ...] = ()
    draft = scene.state.draft
    if draft is not None and (draft.slots or draft.category):
        draft = draft if draft.category else guessed(scene, draft)
        scene = scene.with_draft(draft)
        requests = kept_as_case(scene, draft)
    return scene.answer(*replies, *after_hours(scene, draft), requests=(*requests, HandOff(reason)))


def _got_on(scene: Scene) -> bool:
    """Whether we have understood each other before: one more try is worth it then."""
    draft = scene.state.draft
    return bool(scene.filed()) or (draft is not None and bool(draft.slots))


def not_understood(scene: Scene) -> Step:
    """One kind try to hear it again, never twice in the same words; then a human."""
    misses, number = scene.state.misses + 1, scene.state.fallbacks + 1
    most = MOST_MISSES + _got_on(scene)
    if misses >= most or number > LAST_FALLBACK:
        return hand_off(scene, "not_understood", Reply("handoff_not_understood"))
    state = replace(scene.state, misses=misses, fallbacks=number)
    key = "fallback_empty" if scene.said.empty and number == 1 else f"fallback_{number}"
    human = (scene.button("human", "human"),)
    step = repeat(scene.with_state(state), Reply(key, {}, human))
    return replace(step, state=replace(step.state, misses=misses))
