"""Everything that is neither a complaint nor about a case: greetings, thanks, questions, anger."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.dialogue.complaint import is_complaint
from bot.dialogue.forms import repeat
from bot.dialogue.handing import hand_off
from bot.dialogue.passing import form_meant
from bot.dialogue.requests import Reply, Step
from bot.dialogue.scene import Scene
from bot.dialogue.story import keep, says_something
from casework.intake import Form

_NUMBER = re.compile(r"[a-z]{2}\d{6}-\d{4}")
"""A case's number; one that is not among theirs."""
MOST_ANGER = 3
_LIKELY = 0.7  # from here on a line is of a category, though it sounds like talk
_PLAIN_ACTS = ("ask_capability", "praise", "thank", "goodbye", "greet", "chitchat")


def respond(scene: Scene) -> Step | None:
    """A short answer, then back to the open question; None when it is nothing of the kind."""
    if scene.said.does("abuse"):
        return _calm(scene)
    if "upset" in scene.said.parts and scene.said.short:
        return repeat(scene, Reply("comfort"))
    return _asked(scene) or _plain(scene)


def _asked(scene: Scene) -> Step | None:
    """Questions: how long, what the rules are, where it stands."""
    if scene.said.waits:
        return _how_long(scene)
    if scene.said.consults or _asks_whom(scene):
        return _consult(scene)
    number = _NUMBER.fullmatch(scene.said.bare) is not None and not scene.filed()
    if number or (_presses(scene) and not scene.filed() and not is_complaint(scene)):
        key = "no_case" if scene.state.draft is None else "not_filed_yet"
        return repeat(scene, Reply(key))
    return None


def _plain(scene: Scene) -> Step | None:
    """Greetings, thanks and chat."""
    if scene.said.whole & {"affirm", "deny"} and scene.state.draft is None:
        return scene.answer(Reply("okay"))
    act = next((act for act in _PLAIN_ACTS if scene.said.does(act)), None)
    if act is None:
        return None
    if act not in scene.said.whole and not scene.said.surely(act) and _may_tell(scene):
        return None
    if act == "greet" and scene.state.draft is None:
        return _greet(scene)
    if act == "chitchat":
        number = scene.state.chats % 2 + 1
        scene = scene.with_state(replace(scene.state, chats=scene.state.chats + 1))
        return repeat(scene, Reply(f"chitchat_{number}"))
    return repeat(scene, Reply(act))


def _may_tell(scene: Scene) -> bool:
    """Whether what sounds like talk may be part of a story: 我今年七十八了, 班关门了."""
    if scene.state.draft is not None:
        return says_something(scene)
    understood = scene.said.understanding
    ranking = understood.category_ranking if understood else ()
    likely = bool(ranking) and ranking[0].confidence >= _LIKELY
    return says_something(scene) and (bool(scene.said.entities) or likely)


def _greet(scene: Scene) -> Step:
    """Once with an invitation; whoever greets again may be looking for somebody."""
    if scene.state.consent is None:
        return scene.answer(Reply("invite"))
    return scene.answer(Reply("greet_again", {}, (scene.button("human", "human"),)))


def _asks_whom(scene: Scene) -> bool:
    """我该找谁, while it is being taken down."""
    draft = scene.state.draft
    return draft is not None and "whom" in scene.said.parts and scene.said.short


def _presses(scene: Scene) -> bool:
    """Whether they press us, in so many words or as far as the engine is certain.

    催债的天天来 is part of a story.
    """
    said = scene.said
    if said.has("ask_status", "urge", "hurry"):
        return True
    return said.surely("ask_status") or (said.surely("urge") and scene.state.draft is None)


def _how_long(scene: Scene) -> Step:
    """要几天有结果: what the deadline class of the form says."""
    book = scene.book
    length = book.deadlines[form_meant(scene, scene.said.category).deadline]
    params = {
        "contact": _length(length.contact.about, scene),
        "answer": _length(length.answer.about, scene),
    }
    return repeat(scene, Reply("how_long", params))


def _length(time: timedelta, scene: Scene) -> str:
    minutes = int(time.total_seconds() // 60)
    for key, size in (("days", 1440), ("hours", 60)):
        if minutes % size == 0 and minutes > size:
            return scene.book.words.text(key, {"count": minutes // size})
    return scene.book.words.text("minutes", {"count": minutes})


def _calm(scene: Scene) -> Step:
    """One calm sentence, the second time an offer, the third time a human; 垃圾都臭了 is kept."""
    draft, understood = scene.state.draft, scene.said.understanding
    ranking = understood.category_ranking if understood else ()
    if draft is not None and ranking and ranking[0].confidence >= _LIKELY:
        scene = scene.with_draft(keep(scene, draft) or draft)
    anger = scene.state.anger + 1
    scene = scene.with_state(replace(scene.state, anger=anger))
    if anger >= MOST_ANGER:
        return hand_off(scene, "abuse", Reply("handoff_anger"))
    if anger == 1:
        calm = (Reply("calm"), Reply("invite")) if _at_the_start(scene) else (Reply("calm"),)
        return repeat(scene, *calm)
    return repeat(scene, Reply("calm_offer", {}, (scene.button("human", "human"),)))


def _at_the_start(scene: Scene) -> bool:
    return scene.state.draft is None and scene.state.asking is None and not scene.filed()


def _consult(scene: Scene) -> Step:
    """What the form knows for certain, and the offer to take it down or to get a human."""
    draft = scene.state.draft
    form = consulted(scene)
    answer = Reply("consult", {"consult": form.consult})
    if draft is not None:
        return repeat(scene, answer)
    buttons = (scene.button("register", f"new:{form.category}"), scene.button("human", "human"))
    return scene.answer(
        replace(answer, buttons=buttons),
        Reply("consult_offer"),
        asking=f"register:{form.category}",
    )


def consulted(scene: Scene) -> Form:
    """The form whose routes a question of what the rules are asks for."""
    draft = scene.state.draft
    understood = scene.said.understanding
    category = draft.category if draft else None
    if category is None and understood is not None:
        category = understood.category
        ranking = understood.category_ranking
        if category is None and ranking and ranking[0].confidence >= scene.book.thresholds.likely:
            category = ranking[0].name
    return form_meant(scene, category)
