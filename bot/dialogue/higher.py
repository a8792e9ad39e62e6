"""要求上报: the resident wants the next level to have it. Nobody may keep a case from going up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.pointing import choose, pointed
from bot.dialogue.requests import EscalateCase, Reply, Step
from bot.dialogue.scene import Scene, case_params, without_owner
from bot.dialogue.state import KnownCase
from casework.events import RESIDENT
from casework.lifecycle import VERBS, may

_LONGEST = 30  # characters: more than that tells a story


def higher(scene: Scene) -> Step | None:
    """The resident asks for it in so many words."""
    if not scene.said.has("go_higher") or len(scene.said.bare) > _LONGEST:
        return None
    alive = [known for known in scene.open_cases() if _may(scene, known)]
    if not alive:
        return None
    known = pointed(scene, alive)
    return raised(scene, known) if known is not None else choose(scene, "higher", alive)


def raised(scene: Scene, known: KnownCase) -> Step | None:
    """It goes up; who has it then is told."""
    if not _may(scene, known):
        return None
    params = without_owner(case_params(known.case, known.owner_name, scene.book))
    requests = [EscalateCase(known.case.number)]
    return scene.answer(Reply("went_up", params), requests=requests)


def at_the_top(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """There is no next level: said instead."""
    return tuple(
        replace(reply, key="at_the_top") if reply.key == "went_up" else reply for reply in replies
    )


def _may(scene: Scene, known: KnownCase) -> bool:
    return may(VERBS["escalate"], known.case, RESIDENT, scene.now)
