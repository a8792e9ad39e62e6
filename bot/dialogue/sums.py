"""Which sum is meant: for all of them, and the right one of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.scene import Scene
from casework.case import SlotValue
from nlu.understanding import Entity

_SUM, _OTHER = "amount_yuan", "amount_other"
_BEFORE = 8  # characters before a sum in which it is said to be each one's


def meant(scene: Scene) -> list[Entity]:
    """The line's entities: 每人两万四, of twelve, is the sum for all of them, which the resident
    hears read back; of 不是两万，两万六 the second is the sum."""
    found = _put_right(scene, scene.said.entities)
    totals = {e.start: e.value for e in found if e.entity == "amount_derived"}
    return [
        replace(e, value=totals[e.start])
        if e.entity == _SUM and isinstance(totals.get(e.start), int)
        else e
        for e in found
    ]


def _put_right(scene: Scene, entities: Sequence[Entity]) -> list[Entity]:
    """Without the sum that is denied, where another follows it."""
    wrong = tuple(scene.book.phrases.part["negated"])
    first = next((e for e in entities if e.entity == _SUM), None)
    if first is None or "negated" not in scene.said.parts:
        return list(entities)
    later = next((e for e in entities if e.entity == _OTHER and e.start > first.start), None)
    if later is None or not scene.said.text[: first.start].rstrip().endswith(wrong):
        return list(entities)
    right = replace(later, entity=_SUM)
    return [right if e is later else e for e in entities if e is not first]


def for_all(
    scene: Scene, slots: dict[str, SlotValue], entity: Entity, value: SlotValue
) -> SlotValue:
    """每人大概一万五, after 我们十一个人: the sum for all of them, in the resident's words."""
    people = slots.get("people_n")
    if entity.entity != _SUM or people is None or people.turn_id == scene.heard.turn_id:
        return value
    heads, each = people.value, entity.value
    if not isinstance(heads, int) or heads < 2 or not isinstance(each, int):
        return value
    if each != value.value:
        return value
    at = max(0, entity.start - _BEFORE)
    starts = [
        scene.said.text.rfind(mark, at, entity.start)
        for mark in scene.book.phrases.part["each"]
        if mark in scene.said.text[at : entity.start]
    ]
    if not starts:
        return value
    start = min(starts)
    return replace(value, value=each * heads, text=scene.said.text[start : entity.end], start=start)
