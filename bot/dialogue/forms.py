"""Which complaint is being taken, and what is asked next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import counterpart, places, sensitive
from bot.dialogue.passing import recalled
from bot.dialogue.readback import (
    ask_what_to_change,
    kept_as_case,
    read_back,
    readback_buttons,
)
from bot.dialogue.requests import Reply, Request, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft
from bot.dialogue.weighing import guessed
from casework.case import SlotValue
from casework.copying import replace
from casework.intake import Form, given, has, next_question, workable
from casework.turn import Button

_ABOUT_THEM = ("phone", "name", "identity_mode")
_OFFERED = 3  # categories on buttons, beside the one for everything else


def ask_category(scene: Scene, draft: Draft) -> Step:
    """One question with at most four buttons: what is it about?"""
    ranked = sorted(draft.scores.items(), key=lambda item: -item[1])
    hint = scene.book.thresholds.hint
    names = [name for name, score in ranked if name != "other" and score >= hint][:_OFFERED]
    names = names or [name for name in scene.book.categories if name != "other"][:_OFFERED]
    titles = scene.book.category_buttons
    buttons = tuple(Button(titles[name], f"cat:{name}") for name in (*names, "other"))
    return scene.with_draft(draft).answer(Reply("ask_category", {}, buttons), asking="category")


def fresh(scene: Scene) -> tuple[Scene, Draft]:
    """A new draft under a new serial. What residents said about themselves is not asked twice."""
    known: dict[str, SlotValue] = {}
    for case in scene.filed()[:1]:
        known = {n: v for n, v in case.case.slots.items() if n in _ABOUT_THEM and has({n: v}, n)}
    draft = Draft(slots=known)
    state = replace(scene.state, draft=draft, serial=scene.state.serial + 1, asking=None)
    return scene.with_state(state), draft


def repeat(scene: Scene, *before: Reply) -> Step:
    """Say something and put the open question once more, without counting it as asked again."""
    draft, kind = scene.state.draft, scene.asking[0]
    asking = scene.state.asking
    if draft is None or kind not in {"slot", "readback", "edit", "category", places.WHICH}:
        return scene.answer(*before, asking=asking)
    if kind == places.WHICH:
        if draft.where is None or not draft.where.options:
            return go_on(scene, draft, *before)
        return scene.answer(*before, places.question(scene, draft.where), asking=asking)
    if kind == "slot":
        form, names = scene.form(draft), scene.asked_slots
        if not form.slots.keys() >= set(names):  # the category, and with it the form, has changed
            return go_on(scene, draft, *before)
        words = _question(form, names, max(draft.asked.get(n, 1) for n in names) - 1)
        reply = Reply("ask", {"question": words}, _quick_answers(scene, form, names))
        return scene.answer(*before, reply, asking=asking)
    if kind == "readback":
        reply = Reply("remind_readback", {}, readback_buttons(scene))
        return scene.answer(*before, reply, asking=asking)
    step = ask_what_to_change(scene, draft) if kind == "edit" else ask_category(scene, draft)
    return step.led_by(*before)


def _question(form: Form, names: tuple[str, ...], turn: int) -> str:
    """The words for these slots; a slot asked to be changed may have none of its own."""
    found = next((q for q in form.questions if q.slots == names), None)
    return found.variants[turn % len(found.variants)] if found else form.slots[names[0]].label


def go_on(scene: Scene, draft: Draft, *before: Reply, requests: Sequence[Request] = ()) -> Step:
    """The next question of the form, or the read-back when nothing is left to ask."""
    if draft.category is None:
        if draft.asked.get("category") or draft.questions >= scene.form(draft).max_questions:
            draft = guessed(scene, draft)
        else:
            step = ask_category(scene, _counted(draft, ("category",)))
            return step.led_by(*before).plus(*requests)
    draft = places.located(scene, draft)
    which = places.ask_which(scene, draft)
    if which is not None:
        draft, reply = which
        step = scene.with_draft(draft).answer(
            *before, reply, requests=requests, asking=places.WHICH
        )
        return step.plus(*kept_as_case(scene, draft)) if _worth_keeping(scene, draft) else step
    draft = counterpart.named(scene, recalled(scene, draft))
    form = scene.form(draft)
    question = _next(scene, draft, form)
    if question is None:
        private = sensitive.ask(scene, draft, *before)
        if private is not None:
            return private.plus(*requests)
        return read_back(scene, _gave_up(form, draft), *before, requests=requests)
    names, words = question
    asked = _counted(draft, names)
    reply = Reply("ask", {"question": words}, _quick_answers(scene, form, names))
    step = scene.with_draft(asked).answer(
        *before, reply, requests=requests, asking="slot:" + ",".join(names)
    )
    return step.plus(*kept_as_case(scene, asked)) if _worth_keeping(scene, asked) else step


def _next(scene: Scene, draft: Draft, form: Form) -> tuple[tuple[str, ...], str] | None:
    """The next question; what the resident passed over while telling more is put last."""
    before = scene.state.draft
    told = before is not None and before.slots != draft.slots
    open_names = [name for name in scene.asked_slots if not given(form, draft.slots, name)]
    passed = tuple(open_names) if told and len(open_names) == len(scene.asked_slots) else ()
    for put_off in (passed, ()):
        question = next_question(
            form,
            draft.slots,
            (*draft.declined, *put_off),
            draft.asked,
            draft.questions,
            flags=flags_of(draft),
            consented=sensitive.consented(scene.state),
            extras=scene.state.anger == 0,
        )
        if question is not None:
            return question
    return None


def _worth_keeping(scene: Scene, draft: Draft) -> bool:
    """Whether there is a draft case, or enough is known for one."""
    return draft.number is not None or workable(scene.form(draft), draft.slots)


def flags_of(draft: Draft) -> tuple[str, ...]:
    """What conditions of forms may ask beside the slots."""
    return ("urgent",) if draft.urgent else ()


def _gave_up(form: Form, draft: Draft) -> Draft:
    """What was asked for and never came is not asked for again."""
    open_names = [n for n in form.wanted if draft.asked.get(n) and n not in draft.slots]
    fresh = tuple(n for n in open_names if n not in draft.declined)
    return replace(draft, declined=draft.declined + fresh)


def _counted(draft: Draft, names: tuple[str, ...]) -> Draft:
    asked = {**draft.asked, **{name: draft.asked.get(name, 0) + 1 for name in names}}
    return replace(draft, asked=asked, questions=draft.questions + 1)


def _quick_answers(scene: Scene, form: Form, names: tuple[str, ...]) -> tuple[Button, ...]:
    """Buttons where an answer has few values, and a way past what somebody may not know."""
    if len(names) > 1:
        return ()
    slot = form.slots[names[0]]
    choices = tuple(Button(c.title, f"say:{slot.name}:{at}") for at, c in enumerate(slot.choices))
    if slot.name == "phone":
        return (scene.button("anonymous", "anonymous"),)
    return choices
