"""What is told beyond the facts: the issue in the resident's own words, and what follows."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue.said import without_edges
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft
from casework.case import SlotValue
from casework.intake import has
from config.phrases import size

_ENOUGH = 3  # characters beside set phrases that make a complaint's text worth keeping
_PROSE = 6  # characters that make a line worth keeping beside its facts
_NUMBER = re.compile(r"\d{4}")
_WORD = re.compile(r"[a-z]{2,}")
_WORDS = 3  # different words of a line in English that say something
_CONTENT = 2  # different characters beyond sounds and fillers that say something
_ANSWERS = ("affirm", "deny", "dont_know", "skip", "anonymous", "correct", "withdraw")
_MOST = 2000


def take_story(scene: Scene, draft: Draft, slots: dict[str, SlotValue]) -> bool:
    """Prose becomes the issue, later prose the details. Returns whether anything was kept."""
    text = without_edges(scene.said.text)
    if slots.get("issue") != draft.slots.get("issue"):
        return False
    fresh = [slots[name].text for name in slots if slots[name] != draft.slots.get(name)]
    if not _is_story(scene, text, fresh, first=not has(slots, "issue")):
        return False
    start = scene.said.text.find(text)
    value = SlotValue(text, text, scene.heard.turn_id, start, start + len(text))
    if not has(slots, "issue"):
        if _content(text, scene) < _ENOUGH:
            return False
        slots["issue"] = value
        return True
    old = slots.get("details")
    if old is None:
        slots["details"] = value
    elif len(str(old.value)) < _MOST:
        slots["details"] = replace(old, value=f"{old.value}\n{text}")
    return True


def _is_story(scene: Scene, text: str, fresh: list[str], *, first: bool) -> bool:
    """Whether the line tells something beyond the facts just taken from it."""
    said = scene.said
    if said.empty or said.whole or not text or said.waits or said.consults:
        return False
    left = text
    for words in fresh:
        left = left.replace(words, "") if words else left
    answered = bool(fresh) and bool(scene.asked_slots)
    if fresh and scene.corrects:
        return False
    if not fresh and not first and draft_open(scene):
        answers = any(said.does(act) for act in _ANSWERS)
        return not said.talks and not answers and says_something(scene)
    enough = _PROSE * 2 if answered else _PROSE
    if "place" in scene.asked_slots and answered:
        enough = _ENOUGH + 1  # the way there, beside the road's name
    if first or ("phone" in scene.asked_slots and any(c.isdigit() for w in fresh for c in w)):
        enough = _ENOUGH  # 晚上七点后打 belongs with the number
    return (not said.talks or said.category is not None) and size(without_edges(left)) >= enough


def keep(scene: Scene, draft: Draft) -> Draft | None:
    """The draft with a line nothing else was made of kept in its details; None when it is noise."""
    text = without_edges(scene.said.text)
    if scene.said.empty or scene.said.whole or not says_something(scene):
        return None
    name = "details" if has(draft.slots, "issue") else "issue"
    old = draft.slots.get(name)
    value = SlotValue(text, text, scene.heard.turn_id)
    if old is not None:
        whole = f"{old.value}\n{text}" if len(str(old.value)) < _MOST else old.value
        value = replace(old, value=whole)
    return replace(draft, slots={**draft.slots, name: value})


def draft_open(scene: Scene) -> bool:
    """Whether a complaint has been begun before this line."""
    return scene.state.draft is not None and scene.state.draft.questions > 0


def says_something(scene: Scene) -> bool:
    """Whether the line has words that tell, beyond sounds: never for mere noise."""
    left = scene.said.bare
    for phrase in sorted(scene.book.phrases.part["filler"], key=len, reverse=True):
        left = left.replace(phrase, "")
    told = {char for char in left if char.isalpha() and not char.isascii()}
    words = set(_WORD.findall(left))  # of a line in English
    numbered = bool(told) and any(char.isdigit() for char in left)  # 78路
    many = len(told) >= _CONTENT or len(words) >= _WORDS
    return many or numbered or _NUMBER.search(left) is not None


def _content(text: str, scene: Scene) -> int:
    """How many characters are left when set phrases (我要投诉物业) are taken away."""
    left = text
    for phrase in sorted(scene.book.phrases.part["generic"], key=len, reverse=True):
        left = left.replace(phrase, "")
    return size(without_edges(left))
