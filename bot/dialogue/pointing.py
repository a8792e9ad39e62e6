"""Which of several cases a line is about, and the one question where it does not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.requests import Reply, Step
from bot.dialogue.said import hear
from bot.dialogue.scene import Scene
from bot.dialogue.state import KnownCase
from casework.turn import Button
from config.language import ENGLISH

_MOST = 5  # cases on buttons
_TAIL = 4  # digits of a number people read out
_DAY = 11  # with the day before them
_TITLE = 16  # characters on a button
_PLACES = ("first", "second", "third")


def named(scene: Scene) -> KnownCase | None:
    """The case whose number, or the end of it, stands in the line."""
    text = scene.heard.text.lower()
    filed = scene.filed()
    whole = next((known for known in filed if known.case.number.lower() in text), None)
    if whole is not None:
        return whole
    tails = [known for known in filed if _says_tail(text, known.case.number[-_TAIL:])]
    return tails[0] if len(tails) == 1 else None


def _says_tail(text: str, tail: str) -> bool:
    at = text.find(tail)
    around = text[max(at - 1, 0) : at] + text[at + len(tail) : at + len(tail) + 1]
    return at >= 0 and not any(each.isdigit() for each in around)


def of_thing(scene: Scene, cases: Sequence[KnownCase]) -> KnownCase | None:
    """The one whose thing the line names (路灯), where it is one of several or the only one."""
    rule, text = scene.book.nearby, scene.heard.text
    about = [k for k in cases if any(word in text for word in rule.thing(k.case).words)]
    return about[0] if len(about) == 1 else None


def another_thing(scene: Scene, cases: Sequence[KnownCase]) -> bool:
    """Whether the line names a thing (井盖) that none of the cases is about."""
    rule, text = scene.book.nearby, scene.heard.text
    ours = {rule.thing(known.case).name for known in cases}
    named_here = {t.name for t in rule.things if any(word in text for word in t.words)}
    return bool(named_here) and not named_here & ours


def without_number(scene: Scene) -> Scene:
    """The line heard again without a case's number in it: JS260303-0001 五分 is a score."""
    known = named(scene)
    if known is None:
        return scene
    text = scene.said.text
    at = text.lower().find(known.case.number.lower())
    if at < 0:
        return scene
    rest = text[:at] + text[at + len(known.case.number) :]
    said = hear(replace(scene.heard, text=rest), scene.book.phrases)
    return replace(scene, said=replace(scene.said, whole=said.whole, parts=said.parts))


def pointed(scene: Scene, cases: Sequence[KnownCase]) -> KnownCase | None:
    """The one the line speaks of: by number, by what it is about, or because there is one."""
    by_number = named(scene)
    if by_number is not None and by_number in cases:
        return by_number
    if len(cases) <= 1:
        return next(iter(cases), None)
    return _by_subject(scene, cases) or _by_category(scene, cases)


def _by_subject(scene: Scene, cases: Sequence[KnownCase]) -> KnownCase | None:
    text, rule = scene.heard.text, scene.book.nearby
    about = [
        known
        for known in cases
        if any(word in text for word in rule.thing(known.case).words)
        or any(
            word in text and category == known.case.category
            for word, category in scene.book.category_words.items()
        )
    ]
    return about[0] if len(about) == 1 else None


def _by_category(scene: Scene, cases: Sequence[KnownCase]) -> KnownCase | None:
    understood, limits = scene.said.understanding, scene.book.thresholds
    ranking = understood.category_ranking[:1] if understood else ()
    for ranked in ranking:
        same = [known for known in cases if known.case.category == ranked.name]
        if len(same) == 1 and ranked.confidence >= limits.likely:
            return same[0]
    return None


def all_told_together(cases: Sequence[KnownCase]) -> bool:
    """Whether these are the matters of one breath, which are answered together."""
    numbers = {known.case.number for known in cases}
    return all({known.case.number, *known.case.linked} >= numbers for known in cases)


def choose(scene: Scene, act: str, cases: Sequence[KnownCase]) -> Step:
    """Which one? One question, a button for each."""
    shown = cases[:_MOST]
    tails = {known.case.number[-_TAIL:] for known in shown}
    tail = _TAIL if len(tails) == len(shown) else _DAY
    buttons = tuple(Button(_title(scene, k, tail), f"about:{act}:{k.case.number}") for k in shown)
    return scene.answer(Reply("which", {"count": len(cases)}, buttons), asking=f"which:{act}")


def _title(scene: Scene, known: KnownCase, tail: int) -> str:
    case = known.case
    thing = scene.book.nearby.thing(case).name if scene.book.language != ENGLISH else ""
    subject = thing or scene.book.categories[case.category]
    params = {"subject": subject[:_TITLE], "tail": case.number[-tail:]}
    return scene.book.words.text("which_button", params)


def chosen(scene: Scene, cases: Sequence[KnownCase]) -> list[KnownCase]:
    """The answer to which one, by its number, its place in the list or what it is about."""
    said, shown = scene.said, cases[:_MOST]
    if "all_of" in said.whole:
        return list(shown)
    for at, word in enumerate(_PLACES):
        if (word in said.whole or f"score_{at + 1}" in said.whole) and at < len(shown):
            return [shown[at]]
    known = pointed(scene, shown) if said.short or named(scene) else None
    return [known] if known else []
