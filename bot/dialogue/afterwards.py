"""After filing: which case a line is about, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.dialogue import additions, higher, identity, joining, matters, mediation, outcome, standing
from bot.dialogue.complaint import resume
from bot.dialogue.pointing import (
    all_told_together,
    choose,
    chosen,
    named,
    of_thing,
    pointed,
    without_number,
)
from bot.dialogue.requests import Reply, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import KnownCase
from casework.case import OPEN, Status

_SHORT = 6
_TOLD = 8  # characters of a line that tells what has happened
_ASKS = 16  # characters of a line whose point is who has the case


def follow(scene: Scene) -> Step | None:
    """A line in a conversation that has cases; None when it is about none of them."""
    if not scene.filed():
        return None
    scene = without_number(scene)
    return (
        additions.late_answer(scene)
        or joining.answered(scene)
        or mediation.answered(scene)
        or _chosen(scene)
        or _second(scene)
        or additions.add_or_new(scene)
        or identity.changed(scene)
        or outcome.again(scene)
        or joining.came_loose(scene)
        or mediation.wished(scene)
        or outcome.told_more(scene)
        or outcome.outcome(scene)
        or outcome.withdraw(scene)
        or higher.higher(scene)
        or _announces(scene)
        or _since(scene)
        or _asks_who(scene)
        or _progress(scene)
        or outcome.back_again(scene)
        or additions.asked_for(scene)
        or additions.new_matter(scene)
    )


def _second(scene: Scene) -> Step | None:
    """The complaint put aside earlier: take it down now?"""
    held = scene.state.held
    if scene.asking[0] != "second" or held is None:
        return None
    told = scene.said.short and "register" in scene.said.parts and not scene.said.withdraws
    if "affirm" in scene.said.whole or scene.said.does("affirm") or told:
        return resume(scene, held)
    if "deny" in scene.said.whole or scene.said.does("deny"):
        back = matters.declined(scene)
        scene = scene.with_state(replace(scene.state, held=None))
        return scene.answer(Reply("second_declined"), requests=back)
    return None


def _chosen(scene: Scene) -> Step | None:
    """The answer to which case was meant."""
    kind, act = scene.asking
    if kind != "which":
        return None
    meant = chosen(scene, _choices(scene, act))
    if not meant:
        return None
    if len(meant) > 1:
        return scene.answer(*(standing.standing(scene, known) for known in meant))
    return _do(scene, act, meant[0])


def pressed(scene: Scene, act: str, known: KnownCase) -> Step | None:
    """A button under "which one?". What changes a case works only while that is being asked."""
    harmless = act in {"progress", "who", "urge"}
    if not harmless and scene.state.asking != f"which:{act}":
        return None
    return _do(scene, act, known) if harmless or known in _choices(scene, act) else None


def _choices(scene: Scene, act: str) -> list[KnownCase]:
    if act.startswith("rate"):
        return [known for known in scene.filed() if known.case.status is Status.DONE_WAIT]
    return scene.open_cases()


def _do(scene: Scene, act: str, known: KnownCase) -> Step | None:
    if act.startswith("rate"):
        return outcome.rated(scene, known, int(act.removeprefix("rate")))
    does = _ACTS.get(act)
    return does(scene, known) if does else None


_ACTS: dict[str, Callable[[Scene, KnownCase], Step | None]] = {
    "progress": standing.progress,
    "who": standing.who,
    "urge": standing.urge,
    "higher": higher.raised,
    "withdraw": outcome.withdrawn,
    "add": additions.add_to,
}


def _announces(scene: Scene) -> Step | None:
    """还要反映一个事, and no more: what is it?"""
    if "announces" not in scene.said.parts or not scene.said.short:
        return None
    if scene.said.complaint is not None or scene.said.entities:
        return None
    return scene.answer(Reply("invite"), asking="new")


def _since(scene: Scene) -> Step | None:
    """What has happened since, told at some length and not asked."""
    said = scene.said
    news = "since_then" in said.parts and len(said.bare) >= _TOLD and not said.whole
    if not news or "question" in said.parts or said.has("ask_status") or not scene.open_cases():
        return None
    return additions.new_matter(scene)


def _asks_who(scene: Scene) -> Step | None:
    """谁负责, 要个准信."""
    said = scene.said
    if "who" not in said.parts or len(said.bare) > _ASKS:
        return None
    alive = [known for known in scene.open_cases() if known.case.status in OPEN]
    if not alive or said.complaint not in {None, *(known.case.category for known in alive)}:
        return None
    return _about(scene, "who", alive)


def _progress(scene: Scene) -> Step | None:
    """Where it stands, and a nudge to the owner when asked for one."""
    said, alive = scene.said, scene.open_cases()
    if said.does("urge") and alive:
        return _about(scene, "urge", alive)
    if len(alive) > 1 and "all_of" in said.whole:
        return scene.answer(*(standing.standing(scene, known) for known in alive))
    what_of = "what_of" in said.parts and len(said.bare) <= _SHORT
    if alive and said.short and said.bare.endswith(scene.book.phrases.part["done_yet"]):
        return _about(scene, "progress", alive)
    if what_of and (of_thing(scene, alive) or len(alive) > 1):
        return _about(scene, "progress", alive)
    if named(scene) or said.does("ask_status") or said.has("ask_status") or said.waits:
        return _about(scene, "progress", alive or scene.filed()[:1])
    ours = {None, *(known.case.category for known in scene.filed())}
    if said.has("not_solved") and said.category in ours:
        return _still(scene, alive) or _about(scene, "progress", alive or scene.filed()[:1])
    return None


def _still(scene: Scene, alive: Sequence[KnownCase]) -> Step | None:
    """又开始了，昨晚又弄到两点: kept in the case that is open, and where that stands."""
    known = pointed(scene, alive) if alive else None
    if known is None or len(scene.said.bare) < _TOLD or known.case.status is Status.DONE_WAIT:
        return None
    step = additions.more(scene, known)
    return replace(step, replies=(*step.replies, standing.standing(scene, known)))


def _about(scene: Scene, act: str, cases: Sequence[KnownCase]) -> Step | None:
    """Do it with the case that is meant; matters of one breath are answered together."""
    known = pointed(scene, cases) or named(scene)
    if known is not None:
        return _do(scene, act, known)
    if act == "progress" and all_told_together(cases):
        return scene.answer(*(standing.standing(scene, each) for each in cases))
    return choose(scene, act, cases)


def add_anyway(scene: Scene) -> Step | None:
    """A line nothing else could be made of goes into the open case, if there is one."""
    alive = scene.open_cases()
    if not alive or scene.said.empty or scene.said.whole or len(scene.said.bare) < _SHORT:
        return None
    understood, known = scene.said.understanding, scene.meant()
    if understood is None or known is None or known not in alive:
        return None
    if "question" in scene.said.parts:
        return standing.progress(scene, known)
    return None if scene.said.talks else additions.more(scene, known)
