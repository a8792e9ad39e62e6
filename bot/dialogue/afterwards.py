"""After filing: progress, urging, additions, solved or not, taking back, something new."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import joining
from bot.dialogue.additions import add_or_new, added, late_answer, more, new_matter, with_details
from bot.dialogue.attachments import with_files
from bot.dialogue.complaint import facts_of, resume
from bot.dialogue.requests import (
    ConfirmCase,
    RateCase,
    ReopenCase,
    Reply,
    Step,
    UrgeCase,
    WithdrawCase,
)
from bot.dialogue.said import without_edges
from bot.dialogue.scene import Scene, case_params
from bot.dialogue.state import KnownCase
from casework.case import CLOSED, Status
from config.phrases import size

_LISTED = 3
_SHORT = 6


def follow(scene: Scene) -> Step | None:
    """A line in a conversation that has cases; None when it is about none of them."""
    if not scene.filed():
        return None
    done = (
        late_answer(scene)
        or joining.answered(scene)
        or _second(scene)
        or add_or_new(scene)
        or joining.came_loose(scene)
        or _told_more(scene)
        or _outcome(scene)
        or _withdraw(scene)
        or _progress(scene)
        or new_matter(scene)
    )
    return with_files(scene, done) if done else None


def _second(scene: Scene) -> Step | None:
    """The complaint put aside earlier: take it down now?"""
    held = scene.state.held
    if scene.asking[0] != "second" or held is None:
        return None
    if "affirm" in scene.said.whole or scene.said.does("affirm"):
        return resume(scene, held)
    if "deny" in scene.said.whole or scene.said.does("deny"):
        return scene.with_state(replace(scene.state, held=None)).answer(Reply("second_declined"))
    return None


def _told_more(scene: Scene) -> Step | None:
    """The words after a rating or a reopening."""
    kind, number = scene.asking
    if kind not in {"rating_text", "reopen_detail"} or scene.said.empty:
        return None
    known, text = scene.case(number), scene.said.text.strip()
    if known is None or scene.said.does("ask_status") or scene.said.has("another"):
        return None
    if scene.said.whole & {"thank", "goodbye", "deny", "skip", "dont_know", "affirm"}:
        return scene.answer(Reply("thank"))
    if kind == "rating_text":
        return scene.answer(Reply("rating_noted"), requests=[RateCase(number, None, text[:500])])
    slots = {**facts_of(scene), "details": with_details(known.case, text, scene.heard.turn_id)}
    return added(scene, known, slots)


def _outcome(scene: Scene) -> Step | None:
    """The answer to "is it solved?": a score, yes, or no."""
    kind, number = scene.asking
    score = next((n for n in range(1, 6) if f"score_{n}" in scene.said.whole), None)
    just = scene.case(number) if kind == "rating" else None
    if just is not None and score is not None:
        return rated(scene, just, score)
    waiting = [k for k in scene.filed() if k.case.status is Status.DONE_WAIT]
    said = scene.said
    if not waiting:
        return _reopen_closed(scene)
    known = next((k for k in waiting if k.case.number.lower() in said.text.lower()), waiting[0])
    if score is not None:
        return rated(scene, known, score)
    if said.has("not_solved") or "deny" in said.whole:
        return reopened(scene, known, said.text.strip())
    if said.has("solved") or "affirm" in said.whole or "thank" in said.whole:
        return confirmed(scene, known)
    return None


def _reopen_closed(scene: Scene) -> Step | None:
    """又坏了 after the case was closed."""
    known = scene.meant()
    if known is None or known.case.status is not Status.CONFIRMED:
        return None
    if not scene.said.has("not_solved"):
        return None
    return reopened(scene, known, scene.said.text.strip())


def by_button(scene: Scene, known: KnownCase, kind: str, about: str) -> Step | None:
    """A pressed score (``NUMBER:SCORE``) or 还没解决; None when the case is past it."""
    status = known.case.status
    if kind == "reopen":
        if status not in {Status.DONE_WAIT, Status.CONFIRMED}:
            return None
        return reopened(scene, known, scene.book.words.buttons["not_solved"])
    score = about.rpartition(":")[2]
    unrated = status is Status.CONFIRMED and known.case.rating is None
    if score not in {"1", "2", "3", "4", "5"} or not (status is Status.DONE_WAIT or unrated):
        return None
    return rated(scene, known, int(score))


def rated(scene: Scene, known: KnownCase, score: int) -> Step:
    """A score; the case is closed by it and one optional question follows."""
    number = known.case.number
    key = "rated_well" if score >= 4 else "rated"
    return scene.answer(
        Reply(key, {"number": number}),
        requests=[RateCase(number, score, None)],
        asking=f"rating_text:{number}",
    )


def confirmed(scene: Scene, known: KnownCase) -> Step:
    """Solved, without a score: closed, and the score is asked for once."""
    number = known.case.number
    buttons = tuple(scene.button(f"score_{n}", f"rate:{number}:{n}") for n in (5, 4, 3, 2, 1))
    return scene.answer(
        Reply("confirmed", {"number": number}, buttons),
        requests=[ConfirmCase(number)],
        asking=f"rating:{number}",
    )


def reopened(scene: Scene, known: KnownCase, reason: str) -> Step:
    """Not solved: it goes back at once; a bare no is asked for its reason afterwards."""
    number = known.case.number
    bare = size(without_edges(reason)) <= _SHORT
    given = reason or scene.book.words.text("reopen_reason")
    params = case_params(known.case, known.owner_name, scene.book)
    key, asking = ("reopened_ask", f"reopen_detail:{number}") if bare else ("reopened", None)
    requests = [ReopenCase(number, given[:500])]
    return scene.answer(Reply(key, params), requests=requests, asking=asking)


def _withdraw(scene: Scene) -> Step | None:
    """Only in the resident's own words: what merely sounds like it is answered with how to."""
    known = scene.meant()
    if known is None or known.case.status in CLOSED:
        return None
    params = case_params(known.case, known.owner_name, scene.book)
    if scene.said.withdraws:
        return scene.answer(Reply("withdrawn", params), requests=[WithdrawCase(known.case.number)])
    if scene.said.does("withdraw"):
        return scene.answer(Reply("withdraw_how", params))
    return None


def _progress(scene: Scene) -> Step | None:
    """Where it stands, and a nudge to the owner when asked for one."""
    said = scene.said
    if said.does("urge"):
        known = scene.meant()
        if known is not None and known.case.status not in CLOSED:
            params = case_params(known.case, known.owner_name, scene.book)
            return scene.answer(Reply("urged", params), requests=[UrgeCase(known.case.number)])
    named = any(k.case.number.lower() in said.text.lower() for k in scene.filed())
    if not (said.does("ask_status") or said.has("ask_status", "not_solved") or said.waits or named):
        return None
    alive = scene.open_cases()
    meant = scene.meant()
    if named or len(alive) <= 1:
        return scene.answer(_standing(scene, meant)) if meant else None
    return scene.answer(*(_standing(scene, known) for known in alive[:_LISTED]))


def _standing(scene: Scene, known: KnownCase) -> Reply:
    case = known.case
    params = case_params(case, known.owner_name, scene.book)
    if case.status is Status.DONE_WAIT:
        return Reply("progress_done", {**params, "result": case.result or ""})
    if case.status in CLOSED:
        return Reply("progress_closed", params)
    return Reply("progress", {**params, "due": scene.moment(case.due_at)})


def add_anyway(scene: Scene) -> Step | None:
    """A line nothing else could be made of goes into the open case, if there is one."""
    alive = scene.open_cases()
    if not alive or scene.said.empty or scene.said.whole or size(scene.said.bare) < _SHORT:
        return None
    understood, known = scene.said.understanding, scene.meant()
    if understood is None or known is None or known not in alive:
        return None
    if "question" in scene.said.parts:
        return scene.answer(_standing(scene, known))
    return None if scene.said.talks else more(scene, known)
