"""A place that is known already, told further: its estate, its building, more of its name."""

from __future__ import annotations

from bot.dialogue.facts import SHARED_LOCATION
from bot.dialogue.said import BARE_NAME, trimmed
from bot.dialogue.scene import Scene
from casework.case import SlotValue
from config.phrases import holds, size
from nlu.extract.place_words import is_fragment, is_sentence, looks_like_place, merged

_MOST = 30  # characters of a place told more fully
_BEYOND = 2  # characters after the building it is told by: 楼下, 门口


def told_further(scene: Scene, slots: dict[str, SlotValue]) -> None:
    """The place with what this line tells of it, where the whole line is about that.

    恒大绿洲 after 三号楼, 11栋2单元楼下 after 桂花苑, 幸福路农行门口 after 幸福路; and 民生医院
    after another hospital that was not named.
    """
    old, words = slots["place"], trimmed(scene.said.text, scene.book.phrases)
    if not isinstance(old.value, str) or old.value == SHARED_LOCATION or not scene.said.informs:
        return
    value = None
    if old.turn_id != scene.heard.turn_id and not _says_who(scene, slots, words):
        value = _named(scene, old.value, words) or _with_building(old.value, words)
    value = value or _with_estate(scene, old.value, words)
    if value is not None:
        start, turn_id = scene.said.text.find(words), scene.heard.turn_id
        slots["place"] = SlotValue(value, words, turn_id, start, start + len(words))


def _says_who(scene: Scene, slots: dict[str, SlotValue], words: str) -> bool:
    """四楼那户, asked who it is, is where they live and not where it happened."""
    now = (held for held in slots.values() if held.turn_id == scene.heard.turn_id)
    return any(held.text and held.text in words for held in now)


def _named(scene: Scene, old: str, words: str) -> str | None:
    """The words, where they name the place more fully or at all."""
    phrases = scene.book.phrases.part
    if not looks_like_place(words) or is_sentence(words):
        return None
    edge = words.startswith(old) or words.endswith(old)
    if edge and size(old) < size(words) <= _MOST and not any(char.isspace() for char in words):
        return words
    return words if old.startswith(phrases["no_name"]) and holds(phrases["place"], words) else None


def _with_building(old: str, words: str) -> str | None:
    """The place with the building that the words begin with and hardly go beyond."""
    ends = range(len(words), max(0, len(words) - _BEYOND - 1), -1)
    part = next((words[:end] for end in ends if is_fragment(words[:end])), "")
    whole = merged(old, part) if part else old
    return whole if whole != old and whole.startswith(old) else None


def _with_estate(scene: Scene, old: str, words: str) -> str | None:
    """恒大绿洲, after 三号楼: a bare name is the estate's that was still missing."""
    said = scene.said
    bare = 3 <= size(words) <= BARE_NAME and not said.entities and not said.whole and not said.talks
    fits = is_fragment(old) and bare and looks_like_place(words) and not is_sentence(words)
    return f"{words}{old}" if fits else None
