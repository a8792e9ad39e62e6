"""What a line tells in passing: a choice, the kind of complaint, when to call.

厂里都倒闭了 answers a question that need not be asked any more, wherever in the line it stands.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.days import day_told
from bot.dialogue.said import Said
from bot.dialogue.scene import Scene
from bot.dialogue.sensitive import consented
from bot.dialogue.state import Draft
from casework.case import SlotValue
from casework.intake import KIND, Form, Slot, has, kind_of
from casework.telling import Told
from config.words import CHINA
from nlu.normalize import normalize

_STORY = ("issue", "details")
_WORD = 2  # characters of words that name a subject


def take_told(
    scene: Scene, form: Form, slots: dict[str, SlotValue], draft: Draft, asked: tuple[str, ...]
) -> None:
    """Fill what the line's words tell. What the line filled already stays.

    A filled slot changes only when asked for or being corrected, as with any other fact; a kind
    that restricts the complaint (家暴) always counts.
    """
    said = scene.said
    asks = said.waits or said.does("ask_status") or (said.consults and scene.state.draft)
    if said.empty or asks:
        return
    free = scene.corrects or scene.asking[0] in {"edit", "readback"}
    normal = normalize(said.text)
    for name, told in form.telling.told(normal.text).items():
        old = slots.get(name)
        fresh = old != draft.slots.get(name)
        changeable = not has(slots, name) or ((free or name in asked) and not fresh)
        if not (changeable or _restricts(form, old, told)):
            continue
        if not _keepable(scene, form, draft, told) or (old is not None and old.value == told.value):
            continue
        start, end = normal.span(told.start, told.end)
        words = said.text[start:end]
        value = _value(scene, form, told, words)
        if value is None:
            continue
        call = slots.get("contact_time")
        if name != "contact_time" and call is not None and words in call.text:
            continue  # 周末打 is no hour of the noise
        slots[name] = SlotValue(value, words, scene.heard.turn_id, start, end)


def _value(scene: Scene, form: Form, told: Told, words: str) -> str | None:
    """What is told: a choice, the words themselves, or the day they name; None for words about a
    day that name none."""
    slot = form.slots[told.slot]
    if slot.kind != "time":
        return told.value or words
    return day_told(slot, normalize(words).text, scene.now.astimezone(CHINA).date())


def tells_otherwise(form: Form, said: Said, slot: Slot) -> bool:
    """Whether most of the line tells something else (早高峰的时候) and cannot be this name."""
    if slot.kind not in {"name", "place"}:
        return False
    told = form.telling.told(normalize(said.text).text)
    return any(
        each.slot not in {KIND, slot.name} and (each.end - each.start) * 2 > len(said.bare)
        for each in told.values()
    )


def denied(form: Form, said: Said, slot: Slot, value: SlotValue) -> bool:
    """Whether the words of a choice follow a negation: 没签协议 is not 签协议."""
    return bool(slot.choices and value.start) and form.telling.guards.negate(
        said.text[: value.start]
    )


def recalled(scene: Scene, draft: Draft) -> Draft:
    """The draft with what its story told before its category was known, and no kind of another."""
    if draft.category is None:
        return draft
    form = scene.book.forms[draft.category]
    slots = dict(draft.slots)
    kind = kind_of(slots)
    if kind is not None and kind not in form.kinds:
        del slots[KIND]
    for name in _STORY:
        _take_from(scene, form, draft, slots, name)
    return draft if slots == draft.slots else replace(draft, slots=slots)


def _take_from(
    scene: Scene, form: Form, draft: Draft, slots: dict[str, SlotValue], source: str
) -> None:
    """Fill what prose kept earlier tells. Details are several lines: where it stood is lost."""
    kept = slots.get(source)
    if kept is None or not isinstance(kept.value, str):
        return
    normal = normalize(kept.value)
    for name, told in form.telling.told(normal.text).items():
        if has(slots, name) or name in draft.declined or not _keepable(scene, form, draft, told):
            continue
        if form.slots[name].kind == "time" and kept.turn_id != scene.heard.turn_id:
            continue  # 昨天 was the day before it was said
        start, end = normal.span(told.start, told.end)
        words = kept.value[start:end]
        held = _value(scene, form, told, words)
        if held is None:
            continue
        value = SlotValue(held, words, kept.turn_id)
        if kept.start is not None and kept.value == kept.text:
            value = replace(value, start=kept.start + start, end=kept.start + end)
        slots[name] = value


def by_words(scene: Scene, draft: Draft) -> Draft:
    """The draft with the category whose kinds its words tell, where the engine could not say.

    停水 tells one category and no other. A category that a city added has no other way to be told.
    """
    understood = scene.said.understanding
    if draft.category is not None or understood is None:
        return draft
    lines = [str(draft.slots[name].value) for name in _STORY if has(draft.slots, name)]
    text = normalize("\n".join((*lines, scene.said.text))).text
    weights = {
        category: told[KIND].weight
        for category, form in scene.book.forms.items()
        if KIND in (told := form.telling.told(text))
    }
    ranked = sorted(weights, key=lambda category: -weights[category])
    if not ranked or weights[ranked[0]] < _WORD:
        return draft
    if len(ranked) > 1 and weights[ranked[1]] == weights[ranked[0]]:
        return draft
    return replace(draft, category=ranked[0], guessed=False)


def form_meant(scene: Scene, category: str | None) -> Form:
    """The form a question is about: the draft's, else the category's, of the kind it names."""
    draft = scene.state.draft
    if draft is not None and draft.category is not None:
        return scene.form(draft)
    form = scene.book.forms[category or "other"]
    told = form.telling.told(normalize(scene.said.text).text).get(KIND)
    return form.of(told.value if told is not None else None)


def _keepable(scene: Scene, form: Form, draft: Draft, told: Told) -> bool:
    """Whether it may be kept: no sensitive fact without consent, no kind of no category."""
    if form.slots[told.slot].sensitive and not consented(scene.state):
        return False
    return told.slot != KIND or draft.category is not None


def _restricts(form: Form, old: SlotValue | None, told: Told) -> bool:
    """Whether this is a kind for named roles only, where another was thought to be meant."""
    before = form.of(str(old.value) if old is not None else None)
    return told.slot == KIND and form.of(told.value).restricted and not before.restricted
