"""While a human holds the conversation the bot is silent, and still takes down what is said."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import additions, crisis, joining, mediation, outcome, rights, safe_contact
from bot.dialogue.complaint import facts_of, is_complaint
from bot.dialogue.filling import absorb
from bot.dialogue.forms import fresh
from bot.dialogue.readback import kept_as_case
from bot.dialogue.requests import (
    AmendCase,
    CallPeople,
    RaiseCrisis,
    RateCase,
    ReopenCase,
    Request,
    Restrict,
    Step,
)
from bot.dialogue.scene import Scene
from bot.dialogue.weighing import weigh
from casework.intake import has
from config.phrases import size

_WORTH = 8  # characters of a line that may begin a complaint behind an officer's back


def overhear(scene: Scene) -> Step:
    """What is kept of the line: requests only."""
    alarm, scene = _alarm(scene)
    asked = rights.overheard(scene)
    if asked is not None:
        return asked.plus(*alarm)
    if scene.heard.button is not None:
        return _button(scene).plus(*alarm)
    draft = scene.state.draft
    if draft is None and _begins(scene):
        scene, draft = fresh(scene)
    if draft is None:
        return scene.answer(requests=(*alarm, *_into_case(scene)))
    draft = absorb(scene, weigh(scene, draft)).draft
    scene = scene.with_draft(draft)
    if draft.category is None:
        return scene.answer(requests=alarm)
    return scene.answer(requests=(*alarm, *kept_as_case(scene, draft)))


def _alarm(scene: Scene) -> tuple[tuple[Request, ...], Scene]:
    """A crisis that is worse than what people were told already."""
    level, kind = crisis.level_of(scene)
    known = scene.state.crisis
    if crisis.LEVELS.index(level) <= crisis.LEVELS.index(known):
        return (), scene
    told: tuple[Request, ...] = (RaiseCrisis(level, kind),)
    if kind == safe_contact.VIOLENCE and safe_contact.at_home(scene):
        told = (*told, Restrict())
    if level != "R1":
        told = (*told, CallPeople(level, kind, crisis.child_in_danger(scene, kind)))
    return told, scene.with_state(replace(scene.state, crisis=level))


def _begins(scene: Scene) -> bool:
    if scene.open_cases() or scene.said.complaint is None:
        return False
    return is_complaint(scene) and size(scene.said.text.strip()) >= _WORTH


def _into_case(scene: Scene) -> tuple[Request, ...]:
    """Facts a filed case does not have yet, and files; the words are in the conversation."""
    known = scene.meant()
    if known is None or known not in scene.open_cases():
        return ()
    facts = {n: v for n, v in facts_of(scene).items() if not has(known.case.slots, n)}
    slots = {**facts, **additions.attached(scene, known.case)}
    return (AmendCase(known.case.number, slots),) if slots else ()


def _button(scene: Scene) -> Step:
    """Ratings, reopening, joining and answers about mediation work whoever holds the conversation;
    others do nothing."""
    kind, _, about = (scene.heard.button or "").partition(":")
    if kind == "same":
        answer, _, number = about.partition(":")
        step = joining.pressed(scene, answer, number)
        return replace(step, replies=()) if step is not None else Step(scene.state)
    if kind in mediation.BUTTONS:
        step = mediation.BUTTONS[kind](scene, about)
        return replace(step, replies=()) if step is not None else Step(scene.state)
    if kind in {"rate", "reopen"}:
        number = about.rpartition(":")[0] if kind == "rate" else about
        known = scene.case(number)
        step = outcome.by_button(scene, known, kind, about) if known else None
        if step is not None:
            kept = tuple(r for r in step.requests if isinstance(r, RateCase | ReopenCase))
            return scene.answer(requests=kept)
    return Step(scene.state)
