"""Reading the complaint back, changing it, filing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue import matters, places
from bot.dialogue.facts import SHARED_LOCATION
from bot.dialogue.hours import after_hours
from bot.dialogue.requests import (
    AmendCase,
    FileCase,
    HandOff,
    LinkCase,
    OpenCase,
    Reply,
    Request,
    Step,
)
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft, Later
from casework.case import SlotValue, Source
from casework.intake import KIND, Form, Slot, has
from casework.turn import Button

_SHOWN = 60  # characters of a long text in the read-back: its beginning must stay on a small screen
_NOT_EDITED = frozenset({"location", "evidence", "details", KIND})
_NOT_READ = frozenset({"location", "details", KIND})
_EDITABLE = 8  # buttons when asked what to change
_SUBJECT = ("employer", "respondent", "project", "place", "issue")


def read_back(scene: Scene, draft: Draft, *before: Reply, requests: Sequence[Request] = ()) -> Step:
    """Everything noted, with the two buttons; at the latest from here on there is a draft case."""
    draft = replace(draft, read_back=True)
    reply = Reply("readback", {"summary": summary(scene, draft)}, readback_buttons(scene))
    return (
        scene.with_draft(draft)
        .answer(*before, reply, requests=requests, asking="readback")
        .plus(*kept_as_case(scene, draft))
    )


def readback_buttons(scene: Scene) -> tuple[Button, ...]:
    """对，提交 and 要改."""
    return (scene.button("file", f"file:{scene.state.serial}"), scene.button("edit", "edit"))


def kept_as_case(scene: Scene, draft: Draft) -> tuple[Request, ...]:
    """What brings the draft case up to date: opened when there is none, amended when it differs."""
    if draft.number is None:
        category = draft.category or "other"
        opened = OpenCase(
            category=category,
            secondary=draft.secondary,
            urgent=draft.urgent,
            crisis=scene.state.crisis,
            slots=dict(draft.slots),
            title=title(scene, draft),
            restricted=scene.form(draft).restricted,
            where=places.whereabouts(scene, draft),
            source=Source.LINK if draft.scanned else Source.RESIDENT,
        )
        beside = matters.opened_beside(scene)
        linked = (LinkCase("", draft.beside),) if draft.beside else ()
        return (opened, *linked, *beside)
    known = scene.case(draft.number)
    stored = known.case.slots if known else {}
    changed = {name: slot for name, slot in draft.slots.items() if stored.get(name) != slot}
    moved = draft.category if known and draft.category != known.case.category else None
    where = places.moved(scene, draft, known.case) if known else None
    if not (changed or moved or where):
        return ()
    called = title(scene, draft)
    return (
        AmendCase(
            draft.number,
            changed,
            moved,
            called if known and known.case.title != called else None,
            restricted=scene.form(draft).restricted,
            where=where,
        ),
    )


def file_it(scene: Scene, draft: Draft) -> Step:
    """The resident agreed: the case goes to its owner, and a second complaint has its turn."""
    form = scene.form(draft)
    requests = (*kept_as_case(scene, draft), FileCase(draft.number or ""))
    state = replace(scene.state, draft=None, last_number=draft.number or scene.state.last_number)
    wanted = "" if has(draft.slots, "evidence") else form.evidence  # never asked for twice
    receipt = Reply("receipt", {"evidence": wanted})
    closed = after_hours(scene, draft)
    later = matters.waiting(scene)
    if not later:
        state = replace(state, later=())
        return scene.with_state(state).answer(receipt, *closed, requests=requests)
    held, *rest = later
    scene = scene.with_state(replace(state, held=held, later=tuple(rest)))
    return ask_second(scene, held, receipt, *closed).plus(*requests)


def leftover(scene: Scene, done: Step) -> Step:
    """A complaint put aside is not forgotten when the one before it ended without its receipt."""
    state = done.state
    busy = state.draft is not None or state.asking is not None or state.held is not None
    human = any(isinstance(request, HandOff) for request in done.requests)
    later = matters.waiting(scene.with_state(state))
    if busy or human or not later or not done.replies:
        return done
    held, *rest = later
    scene = scene.with_state(replace(state, held=held, later=tuple(rest)))
    return ask_second(scene, held, *done.replies).plus(*done.requests)


def ask_second(scene: Scene, held: Later, *before: Reply) -> Step:
    """You also said …: shall that be taken down too?"""
    buttons = (scene.button("yes", "second:yes"), scene.button("no", "second:no"))
    name = scene.book.categories.get(held.category or "")
    ask = Reply("ask_second", {"text": name or shortened(held.text, 40)}, buttons)
    return scene.answer(*before, ask, asking="second")


def ask_what_to_change(scene: Scene, draft: Draft) -> Step:
    """One button per noted slot; free words do as well."""
    form = scene.form(draft)
    names = [n for n in form.slots if has(draft.slots, n) and n not in _NOT_EDITED]
    slots = tuple(Button(form.slots[n].label, f"edit:{n}") for n in names[:_EDITABLE])
    category = Button(scene.book.words.text("label_category"), "edit:category")
    buttons = (*slots, category)
    return scene.answer(Reply("ask_edit", {}, buttons), asking="edit")


def summary(scene: Scene, draft: Draft) -> str:
    """One line per noted slot, in the form's order."""
    form = scene.form(draft)
    words = scene.book.words
    lines = [
        words.text(
            "summary_line", {"label": words.text("label_category"), "value": named(scene, form)}
        )
    ]
    for name, slot in form.slots.items():
        held = draft.slots.get(name)
        if held is None or not has(draft.slots, name) or name in _NOT_READ:
            continue
        if worked_out(form, draft, name):
            continue
        lines.append(slot_line(scene, slot, held))
    return "\n".join(lines)


def worked_out(form: Form, draft: Draft, name: str) -> bool:
    """Whether a length of time comes from 去年腊月, which is read back in their own words."""
    times = [n for n, slot in form.slots.items() if slot.kind == "time" and n in draft.slots]
    told = {draft.slots[n].text for n in times}
    return form.slots[name].kind == "months" and draft.slots[name].text in told


def named(scene: Scene, form: Form) -> str:
    """The category, with its kind when it is known: 公共设施（路灯）."""
    if form.kind is None:
        return form.name
    return scene.book.words.text("category_kind", {"category": form.name, "kind": form.kind_name})


def slot_line(scene: Scene, slot: Slot, held: SlotValue) -> str:
    """One slot of the read-back."""
    params = {"label": slot.label, "value": shown(scene, slot, held)}
    return scene.book.words.text("summary_line", params)


def shown(scene: Scene, slot: Slot, held: SlotValue) -> str:
    """A slot's value as a resident reads it."""
    value = next((c.title for c in slot.choices if c.value == held.value), held.value)
    if value == SHARED_LOCATION:
        return scene.book.words.text("shared_location")
    if isinstance(value, list):
        value = len(value)
    if value is None or _is_rough(scene, slot, held) or (slot.kind == "time" and held.text):
        # A worked-out 2026-01 is for the officer; the resident reads their own words again.
        return shortened(held.text, _SHOWN)
    if isinstance(value, float):
        value = int(value)
    return slot.display.replace("{value}", shortened(str(value), _SHOWN))


def _is_rough(scene: Scene, slot: Slot, held: SlotValue) -> bool:
    """Whether the resident's words say more than the number: 十几个人, 三千多, 半个月."""
    if slot.kind not in {"money", "months", "count"} or not held.text:
        return False
    words = any(word in held.text for word in scene.book.phrases.part["rough"])
    return words or (isinstance(held.value, float) and held.value != int(held.value))


def shortened(text: str, most: int) -> str:
    """The text on one line, cut with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def title(scene: Scene, draft: Draft) -> str:
    """What officers see in lists, in their language: the category, and whom or what it is about."""
    scene = replace(scene, book=scene.book.officers)
    form: Form = scene.form(draft)
    known = [name for name in _SUBJECT if name in form.slots]
    subject = next((name for name in known if has(draft.slots, name)), None)
    if subject is None:
        return named(scene, form)
    value = shown(scene, form.slots[subject], draft.slots[subject])
    return scene.book.words.text(
        "case_title", {"category": named(scene, form), "subject": shortened(value, 30)}
    )
