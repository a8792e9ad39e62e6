"""A resident answers a countdown of their own: it is done, or no reminder is wanted.

Words count as the button does, while such a countdown runs and nothing else is being taken down.
"""

from __future__ import annotations

from bot.dialogue.requests import EndCountdown, Reply, Step
from bot.dialogue.scene import Scene
from casework.reminders import DONE, UNWANTED, Reminder

_SAID = {DONE: "countdown_done", UNWANTED: "countdown_stop"}


def pressed(scene: Scene, about: str) -> Step | None:
    """A button under a countdown; None when it runs no more."""
    why, _, reminder_id = about.partition(":")
    found = next((each for each in _running(scene) if each.id == reminder_id), None)
    return _ended(scene, [found], why) if found is not None and why in _SAID else None


def answer(scene: Scene) -> Step | None:
    """已经申请了, 不用提醒了; None when it says neither, or nothing of the kind was told."""
    told = [each for each in _running(scene) if each.told_at is not None]
    why = next((why for why, key in _SAID.items() if key in scene.said.whole), None)
    if why is None or not told or scene.state.draft is not None:
        return None
    return _ended(scene, told, why)


def _running(scene: Scene) -> list[Reminder]:
    return [each for known in scene.cases for each in known.countdowns]


def _ended(scene: Scene, found: list[Reminder], why: str) -> Step:
    requests = tuple(EndCountdown(each.id, why) for each in found)
    reply = Reply("countdown_done" if why == DONE else "countdown_stopped")
    return scene.answer(reply, requests=requests, asking=scene.state.asking)
