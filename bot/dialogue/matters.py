"""Two matters announced in one line (我有两个事，一个是…，还有就是…), and where each begins.

Each is understood by its own words; the second waits as a case of its own, linked to the first.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.requests import OpenBeside, Request, WithdrawCase
from bot.dialogue.said import hear, without_edges
from bot.dialogue.scene import Scene
from bot.dialogue.state import DialogueState, Later
from casework.case import SlotValue, Status
from config.phrases import Phrases, size

_LEAST = 4  # characters a matter has at least
_NEAR = 4  # characters between the announcement and what counts the first
_KEPT = 500


def parted(text: str, phrases: Phrases) -> tuple[str, str] | None:
    """The text up to the second matter, and the second without what counts it; else None."""
    announced = [
        text.find(word) + len(word) for word in phrases.part["two_matters"] if word in text
    ]
    if text.startswith(phrases.part["counts_first"]):
        announced.append(0)  # 一个是…，一个是…, after 两个事
    if not announced:
        return None
    begin = min(announced)
    for word in phrases.part["first_matter"]:
        at = text.find(word, begin)
        if 0 <= at - begin <= _NEAR:
            begin = at + len(word)
            break
    marks = phrases.part["second_matter"]
    found = [(at, -len(word)) for word in marks if (at := text.find(word, begin + _LEAST)) >= 0]
    if not found:
        return None
    start, length = min(found)
    second = without_edges(text[start - length :])
    return (text[:start], second) if size(second) >= _LEAST else None


def first_of(scene: Scene) -> tuple[Scene, Later | None]:
    """The scene of the first matter alone, and the second for later."""
    if len(scene.heard.parts) < 2:
        return scene, None
    (text, understood), (second, other) = scene.heard.parts[:2]
    heard = replace(scene.heard, text=text, understanding=understood, story=None)
    ranking = other.category_ranking
    likely = ranking and ranking[0].confidence >= scene.book.thresholds.hint
    category = ranking[0].name if likely else None
    later = Later(second[:_KEPT], category, heard.turn_id, beside=True, apart=True)
    return replace(scene, heard=heard, said=hear(heard, scene.book.phrases)), later


def opened_beside(scene: Scene) -> tuple[Request, ...]:
    """What opens the draft cases of matters that wait with words of their own."""
    waiting = [each for each in scene.state.later if each.apart and each.number is None]
    return tuple(
        OpenBeside(
            each.category or "other",
            {"issue": SlotValue(each.text, each.text, each.turn_id or "")},
            each.text,
        )
        for each in waiting
    )


def numbered(state: DialogueState, text: str, number: str) -> DialogueState:
    """The state once the matter of these words has a draft case."""
    later = tuple(
        replace(each, number=number) if each.apart and each.text == text else each
        for each in state.later
    )
    return replace(state, later=later)


def waiting(scene: Scene) -> tuple[Later, ...]:
    """The matters still to be taken down; one the clock has filed meanwhile is none."""
    return tuple(each for each in scene.state.later if _open(scene, each))


def declined(scene: Scene) -> tuple[Request, ...]:
    """What takes back the draft case of a matter the resident does not want taken down."""
    held = scene.state.held
    return (WithdrawCase(held.number),) if held and held.number and _open(scene, held) else ()


def _open(scene: Scene, later: Later) -> bool:
    known = scene.case(later.number) if later.number else None
    return known is None or known.case.status is Status.DRAFT
