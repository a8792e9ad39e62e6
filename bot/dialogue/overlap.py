"""Lines that cross: written before our question came, or with the next one behind them already.

Also what each line adds to the story so far, which the engine reads as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.dialogue.requests import FileCase, HandOff, RaiseCrisis, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import DialogueState, Draft
from casework.copying import replace

_STORY = 400  # characters of the story kept; the beginning says most
_SAYS = 4  # characters of a line that adds to it
_QUESTIONS = frozenset({
    "ask", "ask_category", "ask_story", "ask_edit", "readback", "remind_readback", "invite",
    "ask_which_place", "ask_is_place", "ask_near",
})  # fmt: skip
_PASSING = frozenset({"noted_1", "noted_2", "never_mind", "changed", "story_added"})
_MISSED = ("fallback",)


def decided(at: Scene, decide: Callable[[Scene], Step]) -> Step:
    """The step of a line, with what crossed it taken into account.

    A line that our question overtook is no answer to it; one that is followed by another is taken
    in, and the question is left to the last one.
    """
    heard, before = at.heard, at.state
    crossed = heard.overtaken and heard.button is None and before.asking is not None
    step = decide(at.with_state(replace(before, asking=None)) if crossed else at)
    waits = heard.followed or (crossed and _is_open(before, step.state.draft))
    if waits and _may_wait(step):
        step = _held_back(before, step)
    return retold(before, step, at)


def asked_at(state: DialogueState, step: Step, now: datetime) -> DialogueState:
    """The state, knowing since when the resident has been asked something."""
    asks = state.asking is not None and any(reply.key in _QUESTIONS for reply in step.replies)
    return replace(state, asked_at=now.isoformat()) if asks else state


def is_overtaken(state: DialogueState, at: datetime) -> bool:
    """Whether a line of that moment was sent before our last question was written.

    A platform that tells whole seconds only is believed within the second.
    """
    if state.asked_at is None:
        return False
    asked = datetime.fromisoformat(state.asked_at)
    return at < (asked if at.microsecond else asked.replace(microsecond=0))


def retold(before: DialogueState, step: Step, at: Scene) -> Step:
    """The step with the line added to the story so far; a matter that is closed ends its story."""
    said, state = at.said, step.state
    if state.draft is None and before.draft is not None:
        return replace(step, state=replace(state, told="")) if state.told else step
    human = said.has("ask_human") and said.short
    adds = not human and at.heard.button is None and len(said.bare) >= _SAYS and not said.whole
    if not adds or not any(char.isalpha() for char in said.bare) or len(state.told) >= _STORY:
        return step
    text = at.heard.parts[0][0] if at.heard.parts else said.text
    told = f"{state.told}，{text.strip()}" if state.told else text.strip()
    return replace(step, state=replace(state, told=told[:_STORY]))


def _may_wait(step: Step) -> bool:
    """Whether nothing came of the line that must be said at once."""
    urgent = any(isinstance(each, FileCase | HandOff | RaiseCrisis) for each in step.requests)
    return not urgent and step.state.draft is not None


def _held_back(before: DialogueState, step: Step) -> Step:
    """The step without its question, which counts as not asked."""
    draft, old = step.state.draft, before.draft or Draft()
    kept = tuple(
        reply
        for reply in step.replies
        if reply.key not in _QUESTIONS | _PASSING and not reply.key.startswith(_MISSED)
    )
    if draft is not None:
        draft = replace(
            draft, asked=dict(old.asked), questions=old.questions, read_back=old.read_back
        )
    state = replace(
        step.state,
        draft=draft,
        asking=before.asking if _is_open(before, draft) else None,
        misses=before.misses,
        fallbacks=before.fallbacks,
    )
    return replace(step, state=state, replies=kept)


def _is_open(before: DialogueState, draft: Draft | None) -> bool:
    """Whether what was asked before is still to be answered."""
    if draft is None or before.draft is None or before.asking is None:
        return False
    kind, _, names = before.asking.partition(":")
    if kind != "slot":
        return kind != "category" or draft.category is None
    return any(name not in draft.slots and name not in draft.declined for name in names.split(","))
