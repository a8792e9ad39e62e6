"""Which category a complaint is of: by its line, by all lines added up, by the story so far."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.passing import by_words
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft
from casework.intake import KIND, kind_of
from nlu.normalize import normalize
from nlu.understanding import Ranked, Understanding

_PLAINER = 0.9  # the story must be this sure to overrule a category that one line settled …
_GONE = 0.05  # … of which it then thinks no more than this
_ECHO = 0.5  # … and the line at hand must be this much of the same opinion


def weigh(scene: Scene, draft: Draft) -> Draft:
    """The draft with what this line, and the story with it, say about category and urgency.

    A category the resident named stays; one that a line settled may be put right by the story.
    """
    understood, story = scene.said.understanding, scene.heard.story
    if understood is None or scene.said.empty:
        return draft
    urgent = understood.urgent or (story is not None and story.urgent)
    draft = replace(draft, urgent=draft.urgent or urgent)
    if draft.chosen:
        return draft
    if draft.category is not None and not draft.guessed:
        return _put_right(scene, draft, understood, story)
    scores = dict(draft.scores)
    for ranked in understood.category_ranking[:5]:
        scores[ranked.name] = scores.get(ranked.name, 0.0) + ranked.confidence
    draft = replace(draft, scores=scores)
    category = scene.said.category
    if category is not None and _convinced(scene, draft, category):
        secondary = understood.secondary if understood.secondary != category else None
        return settled(replace(draft, secondary=secondary), category)
    if story is not None and _plain(scene, story.category_ranking):
        return settled(draft, story.category_ranking[0].name)
    return by_words(scene, draft)


def settled(draft: Draft, category: str) -> Draft:
    """The draft with its category beyond doubt."""
    return replace(draft, category=category, guessed=False)


def guessed(scene: Scene, draft: Draft) -> Draft:
    """The draft with the likeliest category, until later words settle it."""
    name, score = max(draft.scores.items(), key=lambda item: item[1], default=("other", 0.0))
    story = scene.heard.story
    if story is not None and story.category_ranking:
        name, score = story.category_ranking[0]
    likely = score >= scene.book.thresholds.likely
    return replace(draft, category=name if likely else "other", guessed=True)


def _still_of_its_kind(scene: Scene, draft: Draft, category: str) -> bool:
    """Whether a matter of work of some kind stays one: the line has no words of the other's."""
    forms = scene.book.forms
    work = all("employer" in forms[name].slots for name in (draft.category or "other", category))
    told = forms[category].telling.told(normalize(scene.said.text).text)
    return work and kind_of(draft.slots) is not None and KIND not in told


def _put_right(
    scene: Scene, draft: Draft, understood: Understanding, story: Understanding | None
) -> Draft:
    """地下停车场又漏了 sounds like parking until the property company comes into it."""
    if story is None or not understood.category_ranking:
        return draft
    if _still_of_its_kind(scene, draft, understood.category_ranking[0].name):
        return draft  # an accident at work stays one, though wages are paid in cash there
    first, echo = story.category_ranking[0], understood.category_ranking[0]
    share = next((r.confidence for r in story.category_ranking if r.name == draft.category), 0.0)
    plain = first.confidence >= _PLAINER and share <= _GONE
    if not plain or first.name == "other" or echo.name != first.name or echo.confidence < _ECHO:
        return draft
    return settled(draft, first.name)


def _plain(scene: Scene, ranking: tuple[Ranked, ...]) -> bool:
    """Whether a ranking names one category clearly enough; "other" is where lines end that say
    too little, so asking is better."""
    limits = scene.book.thresholds
    first, second = (*(ranked.confidence for ranked in ranking[:2]), 0.0, 0.0)[:2]
    if ranking[0].name == "other":
        return first >= (1 + limits.sure) / 2
    return first >= limits.sure or (first >= limits.likely and first - second >= limits.margin)


def _convinced(scene: Scene, draft: Draft, category: str) -> bool:
    """Whether this line alone, or all lines together, name one category clearly enough."""
    understood, limits = scene.said.understanding, scene.book.thresholds
    if understood is None:
        return False
    if understood.category_ranking and _plain(scene, understood.category_ranking):
        return True
    totals = sorted(draft.scores.values(), reverse=True)
    top = draft.scores.get(category, 0.0)
    return len(totals) > 1 and top == totals[0] and top >= limits.sure + totals[1]
