"""Reading a bare answer to the question just asked."""

from __future__ import annotations

import re

from bot.dialogue.said import Said, trimmed, without_edges
from casework.case import SlotValue
from casework.intake import AnswerKind, Slot
from config.phrases import Phrases
from nlu.extract.numbers import NUMERAL, parse
from nlu.normalize import normalize
from nlu.understanding import Entity

_NUMBER = re.compile(NUMERAL)
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[2-9]\d{6,7})(?!\d)")
_LONGEST: dict[AnswerKind, int] = {"name": 20, "place": 60, "time": 24, "text": 500}
_FAMILY: dict[AnswerKind, tuple[str, ...]] = {
    "money": ("amount_yuan", "money"),
    "months": ("period_months", "duration", "period"),
    "count": ("people_n", "people_other"),
    "time": ("happened_since", "last_paid", "period_months", "date", "time", "duration"),
    "name": ("employer", "respondent", "project", "organisation", "person", "name"),
    "place": ("place", "project"),
    "phone": ("phone",),
}


def read(slot: Slot, said: Said, turn_id: str, phrases: Phrases) -> SlotValue | None:
    """The slot's value in a line that answers for it; None when the line holds none.

    A number that is only hinted at (好几万) is a value of None with its words.
    """
    found = _entity(slot, said)
    if found is not None:
        return kept(found, turn_id)
    if slot.kind == "choice":
        return choose(slot, said, turn_id)
    if slot.kind == "phone":
        match = _PHONE.search(normalize(said.text).text.replace(" ", ""))
        return SlotValue(match.group(), match.group(), turn_id) if match else None
    if slot.kind in {"money", "months", "count"}:
        return _number(slot, said, turn_id)
    return _words(slot, said, turn_id, phrases)


def kept(entity: Entity, turn_id: str) -> SlotValue:
    """An entity as a slot's value."""
    value = None if entity.vague and entity.value is None else entity.value
    return SlotValue(value, entity.text, turn_id, entity.start, entity.end)


def choose(slot: Slot, said: Said, turn_id: str) -> SlotValue | None:
    """The choice whose longest word is in the line; a longer match wins (没有签 over 签)."""
    normal = normalize(said.text)
    text = normal.text
    best: tuple[int, str, str] | None = None
    for choice in slot.choices:
        for word in (choice.title, choice.value, *choice.words):
            if word in text and (best is None or len(word) > best[0]):
                best = (len(word), choice.value, word)
    if best is None:
        return None
    at = text.index(best[2])
    start, end = normal.span(at, at + best[0])
    return SlotValue(best[1], said.text[start:end], turn_id, start, end)


def _entity(slot: Slot, said: Said) -> Entity | None:
    names = (slot.name, *(name for name in _FAMILY.get(slot.kind, ()) if name != slot.name))
    for name in names:
        found = next((e for e in said.entities if e.entity == name), None)
        if found is not None:
            return found
    return None


def _number(slot: Slot, said: Said, turn_id: str) -> SlotValue | None:
    normal = normalize(said.text)
    text = normal.text
    if len(text) > 24:
        return None
    for match in _NUMBER.finditer(text):
        number = parse(match.group())
        if number is not None and number.value > 0:
            value = number.value if slot.kind == "months" else int(number.value)
            start, end = normal.span(match.start(), match.end())
            return SlotValue(value, said.text[start:end], turn_id, start, end)
    if "vague" in said.parts and len(text) <= 12:
        words = without_edges(said.text)
        return SlotValue(None, words, turn_id, 0, len(words))
    return None


def _words(slot: Slot, said: Said, turn_id: str, phrases: Phrases) -> SlotValue | None:
    """The line itself, less the facts that answer something else and the fillers around it."""
    words = trimmed(_rest(slot, said), phrases)
    if not words or not re.search(r"\w", words) or len(words) > _LONGEST.get(slot.kind, 0):
        return None
    if slot.kind in {"name", "time"} and "question" in said.parts:
        return None
    start = said.text.find(words)
    place = (start, start + len(words)) if start >= 0 else (None, None)
    return SlotValue(words, words, turn_id, *place)


def _rest(slot: Slot, said: Said) -> str:
    text = said.text
    own = {slot.name, *_FAMILY.get(slot.kind, ())}
    if slot.kind == "text":
        return text
    for entity in sorted(said.entities, key=lambda e: e.start, reverse=True):
        if entity.entity not in own and text[entity.start : entity.end] == entity.text:
            text = text[: entity.start] + " " + text[entity.end :]
    return text
