"""What the bot still says between the alarm and the human: fixed words only.

People have been called and nobody has spoken yet. The bot repeats nothing by itself here; it
answers a false alarm, a way to be contacted, 到了, and danger of another kind.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import crisis, listening, safe_contact
from bot.dialogue.complaint import facts_of
from bot.dialogue.requests import (
    AmendCase,
    Reply,
    Request,
    ResidentFine,
    ResidentOut,
    Step,
    TakeBack,
)
from bot.dialogue.scene import Scene
from casework.case import SlotValue
from casework.intake import has, next_question

_PLACE = "slot:place"
_LONGEST_PLACE = 60  # characters


def answer(scene: Scene) -> Step | None:
    """The fixed words this line needs; None when a human is to read it."""
    return (
        safe_contact.hushed(scene)
        or safe_contact.answer_waiting(scene)
        or (_after_alarm(scene) if scene.state.alarm else _first_alarm(scene))
    )


def _first_alarm(scene: Scene) -> Step | None:
    """Danger heard while somebody waits for a human for another reason: the words all the same."""
    answered = crisis.answer(scene) or crisis.safety_answer(scene)
    if answered is not None:
        return replace(answered, replies=answered.replies[:2])
    asking = scene.state.asking
    scene, worry, raised = crisis.concern(scene)
    return scene.answer(*worry, requests=raised, asking=asking) if worry else None


def _after_alarm(scene: Scene) -> Step | None:
    return _out(scene) or _other_danger(scene) or _safety(scene) or _place(scene) or _one(scene)


def _other_danger(scene: Scene) -> Step | None:
    """Worse than before, or another kind of danger: its own words, and people are told."""
    level, kind = crisis.level_of(scene)
    if level not in {"R2", "R3"}:
        return None
    worse = crisis.LEVELS.index(level) > crisis.LEVELS.index(scene.state.crisis)
    return crisis.answer(scene) if worse or kind != scene.state.alarm else None


def _safety(scene: Scene) -> Step | None:
    """The answer to the safety question; a false alarm hands the conversation back to the bot."""
    button = scene.heard.button or ""
    calm = scene.with_state(replace(scene.state, safety=False))
    if button == "crisis:no" or crisis.takes_it_back(scene):
        return _fine(calm)
    if button == "crisis:skip":
        return calm.answer(Reply("crisis_respect"), asking=scene.state.asking)
    yes = scene.state.safety and "safety_yes" in scene.said.whole
    if yes or button in {"crisis:yes", "crisis:some"}:
        return calm.answer(Reply("crisis_listening"), asking=scene.state.asking)
    return None


def _fine(scene: Scene) -> Step:
    """A kind word, on with the complaint, no flag on the person."""
    key = "crisis_fine" if scene.state.alarm in {"", "self_harm"} else "crisis_fine_other"
    state = replace(scene.state, crisis="none", alarm="")
    scene = scene.with_state(state)
    requests: tuple[Request, ...] = (ResidentFine(), TakeBack())
    known = scene.meant()
    if known is None:
        return scene.answer(Reply(key), requests=requests)
    params = {"number": known.case.number, "owner": known.owner_name}
    goes_on = Reply("crisis_goes_on", params)
    draft = scene.lapsed.draft if scene.lapsed else None
    if draft is None or draft.number != known.case.number:
        return scene.answer(Reply(key), goes_on, requests=requests)
    form = scene.form(draft)
    found = next_question(form, known.case.slots, draft.declined, draft.asked, draft.questions)
    if found is None or found[0] == ("phone",):
        return scene.answer(Reply(key), goes_on, requests=requests)
    names, words = found
    step = scene.with_draft(draft).answer(
        Reply(key), goes_on, Reply("ask", {"question": words}), requests=requests
    )
    return replace(step, state=replace(step.state, asking="slot:" + ",".join(names)))


def _out(scene: Scene) -> Step | None:
    """到了: where, and only that; the people called are told."""
    arrived = scene.said.bare.startswith(tuple(scene.book.phrases.whole["out"]))
    if scene.state.alarm != "hazard" or not (arrived or scene.said.has("out")):
        return None
    known = scene.meant()
    if known is not None and has(known.case.slots, "place"):
        return scene.answer(Reply("crisis_out"), requests=(ResidentOut(),))
    place = facts_of(scene).get("place")
    if place is not None and known is not None:
        requests = (AmendCase(known.case.number, {"place": place}), ResidentOut())
        return scene.answer(Reply("crisis_out"), requests=requests)
    return scene.answer(Reply("crisis_where"), requests=(ResidentOut(),), asking=_PLACE)


def _place(scene: Scene) -> Step | None:
    """The answer to where; also when a place is told for the first time."""
    known, text = scene.meant(), scene.said.text.strip()
    if known is None:
        return None
    if scene.state.asking != _PLACE:
        told = facts_of(scene).get("place")
        if told is None or has(known.case.slots, "place"):
            return None
        kept = listening.overhear(scene)
        return replace(kept, replies=(Reply("crisis_place_noted"),))
    if scene.heard.location is not None:
        value = SlotValue(list(scene.heard.location), "", scene.heard.turn_id)
        requests = (AmendCase(known.case.number, {"location": value}),)
        return scene.answer(Reply("crisis_place_noted"), requests=requests)
    if scene.said.empty or scene.said.whole or len(text) > _LONGEST_PLACE:
        return None
    place = facts_of(scene).get("place") or SlotValue(text, text, scene.heard.turn_id)
    requests = (AmendCase(known.case.number, {"place": place}),)
    return scene.answer(Reply("crisis_place_noted"), requests=requests)


def _one(scene: Scene) -> Step | None:
    """不方便打字就回“1”: seen, and no typing needed."""
    if scene.state.alarm != safe_contact.VIOLENCE or scene.said.bare != "1":
        return None
    return scene.answer(Reply("crisis_silent_ok"), asking=scene.state.asking)
