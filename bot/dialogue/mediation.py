"""Mediation, in residents' words: 我想调解, 愿意, 不愿意, 不露面, 不调了, 请老李来调, 没做到.

What is asked is asked by an officer or a clock, outside any turn; a button and a word mean the
same whenever they come. A bare 好 counts only while nothing was said since the question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue.requests import Mediate, Reply, Step
from bot.dialogue.scene import Scene, case_params
from bot.dialogue.state import Asked, KnownCase
from casework.case import OPEN, Status
from config.phrases import size

ASKING = "meet"
"""Whether the other side may know who it is; behind the colon stands the case's number."""
_LONGEST = 24  # characters of a line that wishes for a mediation and tells nothing else
_ANSWER = 14
_WANTED, _NAMED, _PROMISE = "wanted", "named", "promise"
_ACTS = {"yes": "yes", "no": "no", "later": "later"}


def explicit(scene: Scene) -> Step | None:
    """What can mean nothing else, whatever is being asked: no more of it, or by whom."""
    if scene.heard.button is not None or scene.said.empty:
        return None
    return _leaves(scene) or _names_mediator(scene)


def answered(scene: Scene) -> Step | None:
    """A line that answers what was asked about a mediation or a promise."""
    if scene.heard.button is not None or scene.said.empty:
        return None
    return _on_court(scene) or _on_promise(scene) or _on_named(scene) or _on_wanted(scene)


def wished(scene: Scene) -> Step | None:
    """我想调解, said unasked."""
    said = scene.said
    if "mediation_wish" not in said.parts or "mediation_leave" in said.parts:
        return None
    if size(said.bare) > _LONGEST or "question" in said.parts:
        return None
    alive = [known for known in scene.open_cases() if known.case.status in OPEN]
    meant = scene.meant()
    known = meant if meant in alive else next(iter(alive), None)
    if known is None:
        return None
    if known.mediating:
        return scene.answer(Reply("mediation_open", _params(scene, known)))
    return _agreed(scene, known, Mediate("apply", known.case.number))


def pressed(scene: Scene, about: str) -> Step | None:
    """``mediate:ANSWER:NUMBER``; None when it is not asked any more."""
    answer, _, number = about.partition(":")
    known = scene.case(number)
    if known is None or not _asked(known, _WANTED) or answer not in _ACTS:
        return None
    return _wanted(scene, known, answer)


def meeting(scene: Scene, about: str) -> Step | None:
    """``meet:ANSWER:NUMBER``."""
    answer, _, number = about.partition(":")
    known = scene.case(number)
    if known is None or not known.mediating or answer not in {"yes", "no"}:
        return None
    return _named(scene, known, named=answer == "yes")


def promised(scene: Scene, about: str) -> Step | None:
    """``promise:ANSWER:ID``."""
    answer, _, promise_id = about.partition(":")
    found = [(k, a) for k in scene.filed() for a in k.asked if a.about == promise_id]
    if not found or answer not in {"yes", "no"}:
        return None
    return _promise(scene, *found[0], kept=answer == "yes")


def _leaves(scene: Scene) -> Step | None:
    """不调了: at any time, and without a reason."""
    mediating = [known for known in scene.filed() if known.mediating]
    said = scene.said
    if not mediating or "mediation_leave" not in said.parts or size(said.bare) > _LONGEST:
        return None
    meant = scene.meant()
    known = meant if meant in mediating else mediating[0]
    key = "mediation_left" if known.case.status is Status.MEDIATION else "mediation_declined"
    return _step(scene, known, key, "leave")


def _names_mediator(scene: Scene) -> Step | None:
    """点名调解."""
    said = scene.said
    mediating = [known for known in scene.filed() if known.mediating]
    if not mediating or "mediator_pick" not in said.parts or size(said.bare) > _LONGEST:
        return None
    known = mediating[0]
    request = Mediate("choose", known.case.number, words=said.text)
    return scene.answer(Reply("mediation_chosen"), requests=[request], asking=_kept(scene))


def _on_court(scene: Scene) -> Step | None:
    """想办司法确认: of an agreement there is; whether its days are over the executor knows."""
    said = scene.said
    if "judicial_wish" not in said.parts or size(said.bare) > _LONGEST:
        return None
    known = scene.meant()
    if known is None:
        return None
    request = Mediate("court", known.case.number)
    return scene.answer(Reply("judicial_noted"), requests=[request], asking=_kept(scene))


def _on_promise(scene: Scene) -> Step | None:
    """做到了, 没做到."""
    said = scene.said
    for known in scene.filed():
        for asked in known.asked:
            if asked.kind != _PROMISE:
                continue
            bare = asked.fresh and said.short
            if said.has("promise_broken") or (bare and _says(scene, "deny", "not_solved")):
                return _promise(scene, known, asked, kept=False)
            if said.has("promise_kept") or (bare and _says(scene, "affirm", "solved")):
                return _promise(scene, known, asked, kept=True)
    return None


def _on_named(scene: Scene) -> Step | None:
    known = _open(scene, _NAMED)
    if known is None or size(scene.said.bare) > _LONGEST:
        return None
    bare = scene.asking == (ASKING, known.case.number) or _asked(known, _NAMED, fresh=True)
    if scene.said.has("named_no") or (bare and _says(scene, "deny", "mediation_no")):
        return _named(scene, known, named=False)
    if scene.said.has("named_yes") or (bare and _says(scene, "affirm", "mediation_yes")):
        return _named(scene, known, named=True)
    return None


def _on_wanted(scene: Scene) -> Step | None:
    known = _open(scene, _WANTED)
    said = scene.said
    if known is None or size(said.bare) > _ANSWER:
        return None
    bare = _asked(known, _WANTED, fresh=True)
    if "mediation_later" in said.whole or (bare and _says(scene, "dont_know", "skip")):
        return _wanted(scene, known, "later")
    if "mediation_no" in said.whole or (bare and _says(scene, "deny")):
        return _wanted(scene, known, "no")
    wish = "mediation_wish" in said.parts and "question" not in said.parts
    if wish or "mediation_yes" in said.whole or (bare and _says(scene, "affirm")):
        return _wanted(scene, known, "yes")
    return None


def _says(scene: Scene, *names: str) -> bool:
    return any(name in scene.said.whole for name in names)


def _wanted(scene: Scene, known: KnownCase, answer: str) -> Step:
    if answer == "yes":
        return _agreed(scene, known, Mediate("yes", known.case.number))
    key = "mediation_declined" if answer == "no" else "mediation_thinking"
    return _step(scene, known, key, answer)


def _agreed(scene: Scene, known: KnownCase, request: Mediate) -> Step:
    """Yes; and apart from it, whether the other side may know who it is."""
    number = known.case.number
    buttons = (
        scene.button("named_yes", f"meet:yes:{number}"),
        scene.button("named_no", f"meet:no:{number}"),
    )
    glad = Reply("mediation_glad", _params(scene, known))
    asked = Reply("mediation_named_ask", {}, buttons)
    return scene.answer(glad, asked, requests=[request], asking=f"{ASKING}:{number}")


def _named(scene: Scene, known: KnownCase, *, named: bool) -> Step:
    key = "mediation_named" if named else "mediation_unnamed"
    return _step(scene, known, key, "named" if named else "unnamed")


def _promise(scene: Scene, known: KnownCase, asked: Asked, *, kept: bool) -> Step:
    act = "kept" if kept else "broken"
    key = "promise_thanks" if kept else "promise_escalated"
    request = Mediate(act, known.case.number, key=asked.about)
    return scene.answer(Reply(key), requests=[request], asking=_kept(scene))


def _step(scene: Scene, known: KnownCase, key: str, act: str) -> Step:
    request = Mediate(act, known.case.number)
    reply = Reply(key, _params(scene, known))
    return scene.answer(reply, requests=[request], asking=_kept(scene))


def _kept(scene: Scene) -> str | None:
    """What else was being asked stays asked."""
    return None if scene.asking[0] == ASKING else scene.state.asking


def _params(scene: Scene, known: KnownCase) -> dict[str, str | int | float]:
    return case_params(known.case, known.owner_name, scene.book)


def _asked(known: KnownCase, kind: str, *, fresh: bool = False) -> bool:
    return any(each.kind == kind and (each.fresh or not fresh) for each in known.asked)


def _open(scene: Scene, kind: str) -> KnownCase | None:
    """The case this is being asked about: the one meant, else the newest."""
    found = [known for known in scene.filed() if _asked(known, kind)]
    meant = scene.meant()
    return meant if meant in found else next(iter(found), None)


def instead(replies: tuple[Reply, ...], key: str) -> tuple[Reply, ...]:
    """What is said when a mediation could not be arranged after all."""
    rest = tuple(r for r in replies if r.key not in {"mediation_glad", "mediation_named_ask"})
    first = next((r for r in replies if r.key == "mediation_glad"), Reply(key))
    return (replace(first, key=key), *rest)


BUTTONS: dict[str, Callable[[Scene, str], Step | None]] = {
    "mediate": pressed,
    "meet": meeting,
    "promise": promised,
}
