"""Everything that is neither a complaint nor about a case: greetings, thanks, questions, anger."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.dialogue.answers import GUESSED
from bot.dialogue.complaint import begin, is_complaint
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
_FACTS = frozenset({"place", "period_months", "amount_yuan", "people_n", "happened_since"})
_LIKELY = 0.7  # from here on a line is of a category, though it sounds like talk
_PLAIN_ACTS = ("ask_capability", "praise", "thank", "goodbye", "greet", "chitchat")


def respond(scene: Scene) -> Step | None:
    """A short answer, then back to the open question; None when it is nothing of the kind."""
    if scene.said.does("abuse"):
        return _told_in_anger(scene) or _calm(scene)
    if "hold_on" in scene.said.whole:
        return scene.answer(Reply("take_time"), asking=scene.state.asking)
    new = scene.state.draft is None and scene.said.complaint is not None  # 路灯坏了😡
    if "upset" in scene.said.parts and scene.said.short and not new:
        start = (Reply("invite"),) if _at_the_start(scene) else ()
        return repeat(scene, Reply("comfort"), *start)
    if "no_phone" in scene.said.parts and scene.said.short and _all_filed(scene):
        return scene.answer(Reply("never_mind"))
    return _asked(scene) or _plain(scene)


def _all_filed(scene: Scene) -> bool:
    return scene.state.draft is None and bool(scene.open_cases())


def _told_in_anger(scene: Scene) -> Step | None:
    """垃圾好几天没人收了臭死人: whoever is angry and tells what it is, is not asked what it is."""
    facts = any(e.entity in _FACTS for e in scene.said.entities)
    if not facts or scene.state.draft is not None or scene.filed() or not says_something(scene):
        return None
    return begin(scene, tells=True).led_by(Reply("calm"))


def _asked(scene: Scene) -> Step | None:
    """Questions: how long, what the rules are, where it stands."""
    if scene.said.waits:
        return _how_long(scene)
    if asks_the_way(scene):
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
    if act is None or (act == "ask_capability" and _of_the_matter(scene)):
        return None
    plainly = act in scene.said.whole or scene.said.surely(act)
    if not plainly and (_may_tell(scene) or (act == "goodbye" and scene.open_cases())):
        return None
    if act == "praise" and "praises" in scene.said.parts and not scene.state.draft:
        return begin(scene, "other", tells=True) if not scene.filed() else repeat(scene, Reply(act))
    if act == "greet" and scene.state.draft is None:
        return _greet(scene)
    if act == "chitchat":
        number = scene.state.chats % 2 + 1
        scene = scene.with_state(replace(scene.state, chats=scene.state.chats + 1))
        return repeat(scene, Reply(f"chitchat_{number}"))
    return repeat(scene, Reply(act))


def _of_the_matter(scene: Scene) -> bool:
    """会不会电到人, while it is being taken down, asks nothing about what we can do."""
    said = scene.said
    told = scene.state.draft is not None and "addressed" not in said.parts and not said.whole
    return told and says_something(scene)


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


def asks_the_way(scene: Scene) -> bool:
    """A question of what the rules are; 我该找谁, 合不合法 while it is being taken down."""
    said, draft = scene.said, scene.state.draft
    whom = draft is not None and "whom" in said.parts and said.short
    facts = any(entity.confidence > GUESSED for entity in said.entities)
    return said.consults or (whom and not facts)


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
