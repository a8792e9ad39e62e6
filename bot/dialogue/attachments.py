"""Files, voice messages and locations: what is said about them, and where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.additions import attached
from bot.dialogue.filling import absorb
from bot.dialogue.readback import kept_as_case
from bot.dialogue.requests import AmendCase, OpenCase, ReopenCase, Reply, Step
from bot.dialogue.scene import Scene


def in_silence(scene: Scene) -> Step | None:
    """More of an album that was answered already; None for any other line."""
    if not scene.heard.late or not scene.said.empty:
        return None
    draft = scene.state.draft
    if draft is None:
        return with_files(scene, Step(scene.state))
    draft = absorb(scene, draft, story=False, answering=False).draft
    requests = kept_as_case(scene, draft) if draft.number else ()
    return Step(replace(scene.state, draft=draft), (), requests)


def with_files(scene: Scene, step: Step) -> Step:
    """The step, and what came with the line put into the case it is about.

    还是没修好 with a photo reopens the case: the photo goes with it.
    """
    heard = scene.heard
    if not (heard.media or heard.location or heard.contact):
        return step
    if step.state.draft is not None or step.state.held is not None:
        return step
    if any(isinstance(request, AmendCase | OpenCase) for request in step.requests):
        return step
    known = scene.meant()
    back = any(isinstance(request, ReopenCase) for request in step.requests)
    if known is None or not (back or known in scene.open_cases()):
        return step
    return step.plus(AmendCase(known.case.number, attached(scene, known.case)))


def repeated_back(scene: Scene, replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """What a machine heard in a voice message is said back before it is answered."""
    if not scene.heard.spoken:
        return tuple(replies)
    words = scene.said.text.strip()
    shown = words if len(words) <= _SHOWN else words[:_SHOWN] + "…"
    return (Reply("heard_voice", {"words": shown}), *replies)


_SHOWN = 120  # characters of a long voice message that are repeated
