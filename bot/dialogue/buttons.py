"""Pressed buttons. One that no longer fits is answered kindly, and the open question repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import (
    additions,
    afterwards,
    booking,
    countdown,
    joining,
    matters,
    mediation,
    outcome,
    places,
    safe_contact,
    taking,
)
from bot.dialogue.complaint import begin, resume
from bot.dialogue.crisis import safety_answer
from bot.dialogue.forms import ask_category, go_on, repeat
from bot.dialogue.handing import asked_for
from bot.dialogue.readback import ask_what_to_change, file_it
from bot.dialogue.requests import Reply, Step
from bot.dialogue.scene import Scene, case_params
from casework.case import SlotValue
from casework.intake import ANONYMOUS, given, has


def pressed(scene: Scene) -> Step | None:
    """What a button does; None when the line is no button press, or of a button we never made."""
    payload = scene.heard.button
    if payload is None:
        return None
    kind, _, about = payload.partition(":")
    does = _DOES.get(kind)
    if does is None:
        return None
    return does(scene, about) or stale(scene)


def stale(scene: Scene) -> Step:
    """The button is from earlier in the conversation."""
    filed = scene.filed()
    if scene.state.draft is None and filed:
        params = case_params(filed[0].case, filed[0].owner_name, scene.book)
        return repeat(scene, Reply("stale_filed", params))
    return repeat(scene, Reply("stale"))


def _file(scene: Scene, serial: str) -> Step | None:
    draft = scene.state.draft
    if draft is None or scene.asking[0] not in {"readback", "edit"}:
        return None
    if serial and serial != str(scene.state.serial):
        return None
    return file_it(scene, draft)


def _edit(scene: Scene, name: str) -> Step | None:
    draft = scene.state.draft
    if draft is None or scene.asking[0] not in {"readback", "edit", "slot"}:
        return None
    if not name:
        return ask_what_to_change(scene, draft)
    if name == "category":
        return ask_category(scene, replace(draft, category=None, guessed=False))
    known = name in scene.form(draft).slots and has(draft.slots, name)
    return taking.ask_new_value(scene, draft, name) if known else None


def _say(scene: Scene, about: str) -> Step | None:
    """A quick answer: ``SLOT:INDEX`` of the slot's choices."""
    name, _, index = about.partition(":")
    draft = scene.state.draft
    slot = scene.form(draft).slots.get(name) if draft else None
    if draft is None or slot is None or not index.isdigit() or int(index) >= len(slot.choices):
        return None
    asked = scene.asking == ("slot", name)
    if given(scene.form(draft), draft.slots, name) and not asked:
        return None
    choice = slot.choices[int(index)]
    value = SlotValue(choice.value, choice.title, scene.heard.turn_id)
    return go_on(scene, replace(draft, slots={**draft.slots, name: value}, latest=name))


def _category(scene: Scene, category: str) -> Step | None:
    draft = scene.state.draft
    if draft is None or draft.category is not None or category not in scene.book.forms:
        return None
    return taking.category_named(scene, draft, category)


def _where(scene: Scene, about: str) -> Step | None:
    draft = scene.state.draft
    found = places.pressed(scene, draft, about) if draft is not None else None
    return go_on(scene, found[0], *found[1]) if found is not None else None


def _anonymous(scene: Scene, _: str) -> Step | None:
    draft = scene.state.draft
    if draft is None:
        return None
    words = scene.book.words.buttons["anonymous"]
    value = SlotValue(ANONYMOUS, words, scene.heard.turn_id)
    return go_on(scene, replace(draft, slots={**draft.slots, "identity_mode": value}))


def _human(scene: Scene, _: str) -> Step | None:
    return asked_for(scene)


def _new(scene: Scene, category: str) -> Step | None:
    if scene.state.draft is not None:
        return None
    if category in scene.book.forms:
        return begin(scene, category)
    return scene.answer(Reply("invite"))


def _rate(scene: Scene, about: str) -> Step | None:
    known = scene.case(about.rpartition(":")[0])
    return outcome.by_button(scene, known, "rate", about) if known else None


def _reopen(scene: Scene, number: str) -> Step | None:
    known = scene.case(number)
    return outcome.by_button(scene, known, "reopen", number) if known else None


def _second(scene: Scene, answer: str) -> Step | None:
    held = scene.state.held
    if held is None or scene.asking[0] != "second":
        return None
    if answer == "yes":
        return resume(scene, held)
    back = matters.declined(scene)
    scene = scene.with_state(replace(scene.state, held=None))
    return scene.answer(Reply("second_declined"), requests=back)


def _more(scene: Scene, answer: str) -> Step | None:
    held = scene.state.held
    if held is None or scene.asking[0] not in {"add_or_new", "added"}:
        return None
    return additions.add_held(scene, held) if answer == "add" else resume(scene, held)


def _again(scene: Scene, answer: str) -> Step | None:
    return outcome.again_pressed(scene, answer)


def _about(scene: Scene, about: str) -> Step | None:
    act, _, number = about.partition(":")
    known = scene.case(number)
    return afterwards.pressed(scene, act, known) if known else None


def _same(scene: Scene, about: str) -> Step | None:
    answer, _, number = about.partition(":")
    return joining.pressed(scene, answer, number)


def _crisis(scene: Scene, _: str) -> Step | None:
    return safety_answer(scene)


def _contact(scene: Scene, _: str) -> Step | None:
    return safe_contact.answer(scene)


_DOES: dict[str, Callable[[Scene, str], Step | None]] = {
    "file": _file,
    "edit": _edit,
    "say": _say,
    "cat": _category,
    "where": _where,
    "anonymous": _anonymous,
    "human": _human,
    "new": _new,
    "rate": _rate,
    "reopen": _reopen,
    "countdown": countdown.pressed,
    "second": _second,
    "more": _more,
    "same": _same,
    "again": _again,
    "about": _about,
    "crisis": _crisis,
    "contact": _contact,
    "book": booking.pressed,
    **mediation.BUTTONS,
}
