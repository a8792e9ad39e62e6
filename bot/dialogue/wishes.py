"""What residents want done, where their words say that it is that: 我只要他修好, 退给我就行."""

from __future__ import annotations

import re

from bot.dialogue.said import without_edges
from bot.dialogue.scene import Scene
from casework.case import SlotValue
from casework.intake import has

_CLAUSE = re.compile(r"(?<![^\s，,。；;！!？?])[^\s，,。；;！!？?]+")
_MOST = 200  # characters of a wish
_LEAST = 4  # characters of a clause that ends like one


def take_demand(scene: Scene, slots: dict[str, SlotValue]) -> None:
    """诉求就俩：给个准日子…, from the clause that says so; a visit asked for is one as well."""
    text = scene.said.text
    start = _start(scene, text)
    visit = visits(scene)
    if start is None and not visit:
        return
    words = without_edges(text[start or 0 :])[:_MOST]
    old = slots.get("demand")
    if old is not None and has(slots, "demand"):
        told = str(old.value)
        if not visit or words in told:
            return
        slots["demand"] = SlotValue(f"{told}；{words}"[:_MOST], words, scene.heard.turn_id)
        return
    at = text.find(words)
    slots["demand"] = SlotValue(words, words, scene.heard.turn_id, at, at + len(words))


def visits(scene: Scene) -> bool:
    """Whether the line asks somebody to come: a wish to pass on, not one for a human here."""
    said = scene.said
    return "home_visit" in said.parts and "ask_human" not in said.whole


def _start(scene: Scene, text: str) -> int | None:
    phrases = scene.book.phrases.part
    for clause in _CLAUSE.finditer(text):
        words = clause.group()
        if words.startswith(tuple(phrases["demand"])):
            return clause.start()
        ends = words.endswith(tuple(phrases["demand_end"])) and len(words) > _LEAST
        if ends and not any(each in words for each in phrases["reach"]):
            return clause.start()
    return None
