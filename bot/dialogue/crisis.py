"""Danger to life comes before everything: fixed words, an alert, a human.

Nothing here is generated. No words claim that somebody is on the way; R1 asks directly and goes
on with the complaint, R2 and R3 go to a human with whatever was said kept as a case.
"""

from __future__ import annotations

from bot.dialogue import forms
from bot.dialogue.filling import absorb
from bot.dialogue.readback import kept_as_case
from bot.dialogue.requests import (
    AmendCase,
    CallPeople,
    FileCase,
    HandOff,
    RaiseCrisis,
    Reply,
    Request,
    Restrict,
    Step,
)
from bot.dialogue.safe_contact import (
    ASKED,
    VIOLENCE,
    at_home,
    question,
    restricted,
    told_contact,
)
from bot.dialogue.scene import Scene
from bot.dialogue.weighing import weigh
from casework.case import SlotValue, Status
from casework.copying import replace
from casework.desk.alerts import SAFE_CONTACT
from casework.intake import has
from casework.turn import Button

LEVELS = ("none", "R1", "R2", "R3")
HAZARD = "hazard"
_AMONG_PEOPLE = frozenset({VIOLENCE, "witness"})
"""Somebody hurts somebody: whether at home is often told only later."""


def level_of(scene: Scene) -> tuple[str, str]:
    """The line's crisis level and kind."""
    understood = scene.said.understanding
    if understood is None or understood.crisis == "none":
        return "none", ""
    kind: str = understood.crisis_kind or "self_harm"
    if kind == "witness" and scene.said.has("at_home") and not scene.said.has("next_door"):
        kind = VIOLENCE  # whose husband it is makes the difference
    if kind == "witness" and scene.state.alarm == VIOLENCE and not scene.said.has("next_door"):
        kind = VIOLENCE  # 他在踹门, said by whom he beat a moment ago
    return understood.crisis, kind


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
    alarm = kind if kind == VIOLENCE else scene.state.alarm
    state = replace(scene.state, crisis="R1", safety=bool(reply.buttons), alarm=alarm)
    secret = (Restrict(),) if kind == VIOLENCE and at_home(scene) else ()
    return scene.with_state(state), (reply,), (RaiseCrisis("R1", kind), *secret)


def safety_answer(scene: Scene) -> Step | None:
    """The answer to the safety question, by button or in words; None when it was not answered."""
    button = scene.heard.button or ""
    chosen = button.removeprefix("crisis:") if button.startswith("crisis:") else ""
    if not button and takes_it_back(scene):
        chosen = "no"
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
    safety = reply.key in scene.book.crisis.asks
    state = replace(scene.state, crisis=worst, safety=safety, alarm=kind, waited=False)
    scene, requests = _keep(scene.with_state(state), kind, scene.state.alarm)
    replies: tuple[Reply, ...] = (reply,)
    child = child_in_danger(scene, kind)
    if child or (kind == VIOLENCE and at_home(scene)):
        scene = scene.with_state(replace(scene.state, guarded=scene.state.serial))
        requests = (Restrict(), *(restricted(each) for each in requests))
    if kind == VIOLENCE:
        told = told_contact(scene)
        if told is not None:
            scene = scene.with_state(replace(scene.state, contact=told[0]))
            requests = (*requests, AmendCase("", {SAFE_CONTACT: told[1]}))
        elif not scene.state.contact:
            replies = (reply, question(scene))
            scene = scene.with_state(replace(scene.state, contact=ASKED))
    step = scene.answer(*replies, requests=(RaiseCrisis(level, kind), *requests))
    return step.plus(CallPeople(level, kind, child), HandOff("crisis"))


def child_in_danger(scene: Scene, kind: str) -> bool:
    """Whether the community must report it (未成年人保护法§11)."""
    if kind not in {VIOLENCE, "witness"}:
        return False
    return "child" in scene.said.parts or scene.book.privacy.child_speaks(scene.said.text)


def takes_it_back(scene: Scene) -> bool:
    """Whether the line says that it was not meant: 我说气话; a bare 没有 only as an answer."""
    if not (scene.state.safety or scene.state.alarm):
        return False
    said = scene.said
    if said.has("not_meant"):
        return said.short or "not_meant" in said.whole
    return scene.state.safety and "safety_no" in said.whole


def _keep(scene: Scene, kind: str, before: str) -> tuple[Scene, tuple[Request, ...]]:
    """The complaint behind it gets its own number at once, with what is known.

    After an alarm ``before`` of the same sort it is the same matter, told more closely.
    """
    draft = scene.state.draft
    alive = [k for k in scene.open_cases() if k.case.status is not Status.WITHDRAWN]
    behind_it = {before, kind} <= _AMONG_PEOPLE and scene.meant() in alive
    if draft is None and any(k.case.restricted or kind != VIOLENCE or behind_it for k in alive):
        return scene, ()
    if draft is None:
        scene, draft = forms.fresh(scene)
    if scene.heard.button is None:
        draft = absorb(scene, draft).draft
        draft = weigh(scene, draft)
        answers = scene.said.whole & {"safety_yes", "safety_no"}
        text = (scene.state.told if answers else scene.said.text).strip()
        if not has(draft.slots, "issue") and text:
            issue = SlotValue(text, text, scene.heard.turn_id)
            draft = replace(draft, slots={**draft.slots, "issue": issue})
    behind = scene.book.crisis.categories[kind]
    draft = replace(draft, urgent=True, category=draft.category or behind)
    scene = scene.with_draft(draft)
    return scene, (*kept_as_case(scene, draft), FileCase(draft.number or ""))


def _words(scene: Scene, level: str, kind: str) -> Reply:
    plan = scene.book.crisis
    key = plan.table[kind][level]
    if kind == HAZARD:
        told = (k for k, words in plan.hazards if any(w in scene.said.bare for w in words))
        key = next(told, key)
    return Reply(key, {}, _safety_buttons(scene) if key in plan.asks else ())


def _safety_buttons(scene: Scene) -> tuple[Button, ...]:
    return tuple(scene.button(f"safety_{each}", f"crisis:{each}") for each in _SAFETY)


_SAFETY = ("yes", "some", "no", "skip")
