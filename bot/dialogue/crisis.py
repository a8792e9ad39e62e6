"""Danger to life comes before everything: fixed words, an alert, a human.

Nothing here is generated. No words claim that somebody is on the way; R1 asks directly and goes
on with the complaint, R2 and R3 go to a human with whatever was said kept as a case.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import forms
from bot.dialogue.filling import absorb
from bot.dialogue.readback import kept_as_case
from bot.dialogue.requests import FileCase, HandOff, RaiseCrisis, Reply, Request, Step
from bot.dialogue.scene import Scene
from casework.case import SlotValue, Status
from casework.intake import has
from casework.turn import Button

LEVELS = ("none", "R1", "R2", "R3")


def level_of(scene: Scene) -> tuple[str, str]:
    """The line's crisis level and kind."""
    understood = scene.said.understanding
    if understood is None or understood.crisis == "none":
        return "none", ""
    return understood.crisis, understood.crisis_kind or "self_harm"


def answer(scene: Scene) -> Step | None:
    """R2 and R3: the fixed words, the alert, the hand-off. None for anything less."""
    level, kind = level_of(scene)
    if level not in {"R2", "R3"}:
        return None
    return _to_human(scene, level, kind, _words(scene, level, kind))


def concern(scene: Scene) -> tuple[Scene, tuple[Reply, ...], tuple[Request, ...]]:
    """R1: what to say first and whom to tell; once per conversation."""
    level, kind = level_of(scene)
    scene = scene.with_state(replace(scene.state, safety=False))  # it had its one line to answer
    if level != "R1" or scene.state.crisis != "none":
        return scene, (), ()
    reply = _words(scene, level, kind)
    state = replace(scene.state, crisis="R1", safety=bool(reply.buttons))
    return scene.with_state(state), (reply,), (RaiseCrisis("R1", kind),)


def safety_answer(scene: Scene) -> Step | None:
    """The answer to the safety question, by button or in words; None when it was not answered."""
    button = scene.heard.button or ""
    chosen = button.removeprefix("crisis:") if button.startswith("crisis:") else ""
    if not chosen and scene.state.safety:
        said = scene.said.whole
        chosen = "no" if "safety_no" in said else "yes" if "safety_yes" in said else ""
    calm = scene.with_state(replace(scene.state, safety=False))
    if chosen in {"yes", "some"}:
        return _to_human(calm, "R2", "self_harm", Reply("crisis_listening"))
    if chosen == "no":
        return forms.repeat(calm, Reply("crisis_fine"))
    if chosen == "skip":
        return forms.repeat(calm, Reply("crisis_respect"))
    return None


def _to_human(scene: Scene, level: str, kind: str, reply: Reply) -> Step:
    worst = max(scene.state.crisis, level, key=LEVELS.index)
    scene = scene.with_state(replace(scene.state, crisis=worst, safety=False))
    scene, requests = _keep(scene, kind)
    step = scene.answer(reply, requests=(RaiseCrisis(level, kind), *requests))
    return step.plus(HandOff("crisis"))


def _keep(scene: Scene, kind: str) -> tuple[Scene, tuple[Request, ...]]:
    """The complaint behind it gets its own number at once, with what is known."""
    draft = scene.state.draft
    if draft is None and any(k.case.status is not Status.WITHDRAWN for k in scene.open_cases()):
        return scene, ()
    if draft is None:
        scene, draft = forms.fresh(scene)
    if scene.heard.button is None:
        draft = absorb(scene, draft).draft
        draft = forms.weigh(scene, draft)
        if not has(draft.slots, "issue") and not scene.said.empty:
            text = scene.said.text.strip()
            issue = SlotValue(text, text, scene.heard.turn_id)
            draft = replace(draft, slots={**draft.slots, "issue": issue})
    behind = scene.book.crisis.categories[kind]
    draft = replace(draft, urgent=True, category=draft.category or behind)
    scene = scene.with_draft(draft)
    return scene, (*kept_as_case(scene, draft), FileCase(draft.number or ""))


def _words(scene: Scene, level: str, kind: str) -> Reply:
    plan = scene.book.crisis
    key = plan.table[kind][level]
    return Reply(key, {}, _safety_buttons(scene) if key in plan.asks else ())


def _safety_buttons(scene: Scene) -> tuple[Button, ...]:
    return tuple(scene.button(f"safety_{each}", f"crisis:{each}") for each in _SAFETY)


_SAFETY = ("yes", "some", "no", "skip")
