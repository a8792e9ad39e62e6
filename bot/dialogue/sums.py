"""Which sum and which length of time is meant: for all of them, and the right one of two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.scene import Scene
from casework.case import SlotValue
from nlu.understanding import Entity

_SUM, _OTHER, _PERIOD = "amount_yuan", "amount_other", "period_months"
_FAMILIES = {_SUM: {_OTHER}, _PERIOD: {"duration"}}
"""By what other names the engine calls one more of the same."""
_UNITS = (1 / 30, 0.25, 1.0, 12.0)
"""A day, a week, a month, a year: before a sum it is what the sum is for each of."""
_NEAR = 5  # characters between such a unit and its sum
_ROUND = 0.03  # a week is 0.23 or 0.25 of a month
_BEFORE = 8  # characters before a sum in which it is said to be each one's


def meant(scene: Scene) -> list[Entity]:
    """The line's entities: 每人两万四, of twelve, is the sum for all of them, which the resident
    hears read back; of 不是两万，两万六 the second is the sum, of 不是五天是一个星期 the time."""
    found = _without_rates(scene, _put_right(scene, scene.said.entities))
    totals = {e.start: e.value for e in found if e.entity == "amount_derived"}
    return [
        replace(e, value=totals[e.start])
        if e.entity == _SUM and isinstance(totals.get(e.start), int)
        else e
        for e in found
    ]


def _without_rates(scene: Scene, entities: Sequence[Entity]) -> list[Entity]:
    """一个月就靠那六百八, 一年好几万: how much for each month is not for how many."""
    sums = [each for each in entities if each.entity in {_SUM, _OTHER}]
    return [e for e in entities if not (e.entity == _PERIOD and _is_rate(scene, e, sums))]


def _is_rate(scene: Scene, period: Entity, sums: Sequence[Entity]) -> bool:
    value = period.value
    unit = isinstance(value, int | float) and any(abs(value - u) < _ROUND for u in _UNITS)
    if not unit or not any(0 <= each.start - period.end <= _NEAR for each in sums):
        return False
    before = scene.said.text[: period.start]
    return not any(word in before for word in scene.book.phrases.part["owes"])


def _put_right(scene: Scene, entities: Sequence[Entity]) -> list[Entity]:
    """Without the sum or the length of time that is denied, where another follows it."""
    found = list(entities)
    if "negated" not in scene.said.parts:
        return found
    wrong = tuple(scene.book.phrases.part["negated"])
    for name, others in _FAMILIES.items():
        told = sorted((e for e in found if e.entity in {name, *others}), key=lambda e: e.start)
        if len(told) < 2 or not scene.said.text[: told[0].start].rstrip().endswith(wrong):
            continue
        right = replace(told[1], entity=name)
        found = [right if e is told[1] else e for e in found if e is not told[0]]
    return found


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
