"""Where can I go? The nearest service points, with how far they are and how to reach them."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import places
from bot.dialogue.forms import repeat
from bot.dialogue.requests import ParamValue, Reply, Step
from bot.dialogue.scene import Scene
from casework.case import SlotValue
from casework.gazetteer import Gazetteer, Near
from casework.geometry import Point

NEAR = "near"
"""What is asked; behind the colon stands what was asked before it."""

_ASKS = 24  # characters of a line that asks for a place to go and is no story with the words in it
_ANSWER = 40
_FAR = 1000  # metres from which on kilometres are told
_STEP = 50  # metres a distance is rounded to: it is a guide, no measurement


def answer(scene: Scene) -> Step | None:
    """The question for a place to go, or the answer to where the resident is."""
    known = scene.around.places
    if known is None:
        return None
    if scene.asking[0] == NEAR:
        return _told_where(scene, known)
    if "service_point" not in scene.said.parts or scene.said.has("ask_human"):
        return None
    if len(scene.said.bare) > _ASKS or _answers_where(scene):
        return None
    if not known.has_service_points:
        return repeat(scene, Reply("no_service_points"))
    point = _point(scene, known)
    if point is not None:
        return repeat(scene, _listed(scene, known.nearest_service(point)))
    asking = f"{NEAR}:{scene.state.asking}" if scene.state.asking else NEAR
    return scene.answer(Reply("ask_near"), asking=asking)


def _answers_where(scene: Scene) -> bool:
    """东城便民中心, when it was asked where: an answer, no question."""
    asks = "question" in scene.said.parts or scene.said.does("ask_capability")
    return "place" in scene.asked_slots and not asks


def let_go(scene: Scene) -> Scene:
    """Back to what was asked before, when the line is about something else."""
    kind, before = scene.asking
    if kind != NEAR:
        return scene
    return scene.with_state(replace(scene.state, asking=before or None))


def _told_where(scene: Scene, known: Gazetteer) -> Step | None:
    said, back = scene.said, let_go(scene)
    if said.whole & {"dont_know", "skip", "deny"}:
        return repeat(back, Reply("near_unknown"))
    point = scene.heard.location
    if point is None and 0 < len(said.bare) <= _ANSWER:
        point = known.point_of(known.resolve(said.text))
    if point is not None:
        return repeat(back, _listed(scene, known.nearest_service(point)))
    if said.short and not said.empty and "place" in said.parts:
        return repeat(back, Reply("near_unknown"))
    return None


def _point(scene: Scene, known: Gazetteer) -> Point | None:
    """Where the resident is, as far as they have said: in this line, this complaint, a case."""
    if scene.heard.location is not None:
        return scene.heard.location
    here = known.point_of(known.resolve(scene.said.text))
    if here is not None:
        return here
    told: list[dict[str, SlotValue]] = []
    if scene.state.draft is not None:
        told.append(scene.state.draft.slots)
    told += [case.case.slots for case in scene.filed()[:1]]
    for slots in told:
        point = places.point_of(slots) or known.point_of(places.look_up(known, slots))
        if point is not None:
            return point
    return None


def _listed(scene: Scene, near: tuple[Near, ...]) -> Reply:
    lines = "\n".join(_line(scene, each) for each in near)
    return Reply("service_points", {"points": lines})


def _line(scene: Scene, near: Near) -> str:
    """One point; what nobody has verified is said to be so."""
    words, place = scene.book.words, near.place
    facts = [place.address, _far(scene, near.metres), place.hours]
    if place.phone:
        facts.append(words.text("service_phone", {"phone": place.phone}))
    params: dict[str, ParamValue] = {
        "name": place.name,
        "facts": words.text("list_comma").join(fact for fact in facts if fact),
    }
    return words.text("service_point" if place.verified else "service_point_unverified", params)


def _far(scene: Scene, metres: float) -> str:
    if metres >= _FAR:
        return scene.book.words.text("far_km", {"count": f"{metres / 1000:.1f}"})
    return scene.book.words.text("far_m", {"count": max(_STEP, round(metres / _STEP) * _STEP)})
