"""Who it is and when it was, told beside the answer or after the question was let go."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import answers
from bot.dialogue.said import BARE_NAME, trimmed
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft
from casework.case import SlotValue
from casework.intake import Form, given, has
from config.phrases import holds, size
from nlu.extract.place_words import is_sentence


def take_called(scene: Scene, form: Form, slots: dict[str, SlotValue]) -> None:
    """叫动力星球 在万达旁边, asked where the shop is: what it is called is who it is."""
    name = next((n for n in ("employer", "respondent") if n in form.slots), None)
    called = scene.book.phrases.part["called"]
    words = scene.said.text.split()
    told = next((w for w in words if w.startswith(called) and len(words) > 1), None)
    if name is None or told is None:
        return
    old = slots.get(name)
    mine = old is not None and old.turn_id == scene.heard.turn_id
    value = trimmed(told, scene.book.phrases)
    if (has(slots, name) and not mine) or not 2 <= len(value) <= BARE_NAME or is_sentence(value):
        return
    start = scene.said.text.find(value)
    slots[name] = SlotValue(value, value, scene.heard.turn_id, start, start + len(value))


def take_office(scene: Scene, form: Form, slots: dict[str, SlotValue], draft: Draft) -> None:
    """桥东派出所, asked where: the office complained about is where it is as well."""
    told = slots.get("respondent")
    wanted = "place" in draft.asked and not given(form, slots, "place")
    if told is None or not wanted or told.turn_id != scene.heard.turn_id:
        return
    all_of_it = trimmed(scene.said.text, scene.book.phrases) == told.text
    where = told.text.endswith(scene.book.phrases.part["place"]) and "employer" not in form.slots
    if all_of_it and where and "respondent" not in form.slots["place"].instead:
        slots["place"] = replace(told)


def take_late(scene: Scene, form: Form, slots: dict[str, SlotValue], draft: Draft) -> None:
    """The answer to a question that was let go: 丰收农资店 after where, 就上个月的事 after when."""
    said, part = scene.said, scene.book.phrases.part
    words = trimmed(said.text, scene.book.phrases)
    if not (said.short and said.informs) or said.whole or said.consults or size(words) > BARE_NAME:
        return
    for name in draft.asked:
        slot = form.slots.get(name)
        if slot is None or given(form, slots, name):
            continue
        if name == "place" and "respondent" in slot.instead and words.endswith(part["shop"]):
            slot = form.slots["respondent"]
        elif slot.kind != "time" or not holds(part["ago"], words):
            continue
        value = answers.read(slot, said, scene.heard.turn_id, scene.book.phrases)
        if value is not None:
            slots[slot.name] = value
