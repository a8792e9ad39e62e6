"""Two matters announced in one line (我有两个事，一个是…，还有就是…), and where each begins.

Each is understood by its own words; the second waits as a case of its own, linked to the first.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue.requests import OpenBeside, Request, WithdrawCase
from bot.dialogue.said import hear, without_edges
from bot.dialogue.scene import Scene
from bot.dialogue.state import DialogueState, Later
from casework.case import SlotValue, Status
from config.phrases import Phrases, holds, size
from nlu.understanding import Understanding

_LEAST = 4  # characters a matter has at least
_NEAR = 4  # characters between the announcement and what counts the first
_KEPT = 500
_SHORT_LINE = 60  # characters of a line that two clauses may part unannounced …
_WORTH = 5  # … and of each of them
_WORK = frozenset({"wage_arrears", "labour_other"})
"""Both are one boss's doing and one case's."""
_CLAUSE = re.compile(r"(?<![^\s，,。；;！!？?])[^\s，,。；;！!？?]+")


def parted(text: str, phrases: Phrases) -> tuple[str, str] | None:
    """The text up to the second matter, and the second without what counts it; else None."""
    announced = [
        text.find(word) + len(word) for word in phrases.part["two_matters"] if word in text
    ]
    if text.startswith(phrases.part["counts_first"]):
        announced.append(0)  # 一个是…，一个是…, after 两个事
    if not announced:
        return _side_by_side(text, phrases)
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


def _side_by_side(text: str, phrases: Phrases) -> tuple[str, str] | None:
    """电梯三天两头坏 另外门口烧烤摊熏死人: a short line that a clause of it may part in two."""
    if size(text) > _SHORT_LINE:
        return None
    for clause in _CLAUSE.finditer(text):
        words = clause.group()
        mark = next((m for m in phrases.part["second_matter"] if words.startswith(m)), None)
        if mark is None or clause.start() < _WORTH:
            continue
        second = without_edges(text[clause.start() + len(mark) :])
        if size(second) >= _WORTH:
            return text[: clause.start()], second
    return None


def _announced(scene: Scene) -> bool:
    """Whether they said themselves that it is two."""
    part, text = scene.book.phrases.part, scene.said.text
    return holds(part["two_matters"], text) or text.startswith(part["counts_first"])


def _apart(scene: Scene, one: Understanding, other: Understanding) -> bool:
    """Whether two clauses that nobody announced as two matters are two: of subjects that are each
    certain, and not both of somebody's work."""
    sure = scene.book.thresholds.sure
    tops = [each.category_ranking[0] for each in (one, other) if each.category_ranking]
    names = {ranked.name for ranked in tops if ranked.confidence >= sure}
    return len(names) > 1 and "other" not in names and names != _WORK


def first_of(scene: Scene) -> tuple[Scene, Later | None]:
    """The scene of the first matter alone, and the second for later.

    Of what nobody announced as two the first keeps the whole line, and the second is no case before
    they say that it is one.
    """
    if len(scene.heard.parts) < 2:
        return scene, None
    (text, understood), (second, other) = scene.heard.parts[:2]
    announced = _announced(scene)
    if not announced and not _apart(scene, understood, other):
        return scene, None
    line = text if announced else scene.heard.text
    heard = replace(scene.heard, text=line, understanding=understood, story=None)
    ranking = other.category_ranking
    likely = ranking and ranking[0].confidence >= scene.book.thresholds.hint
    category = ranking[0].name if likely else None
    later = Later(second[:_KEPT], category, heard.turn_id, beside=True, apart=announced)
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
