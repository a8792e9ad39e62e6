"""Is it solved? A rating, yes, no; a case that is back after it was closed; taking one back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.additions import added, with_details
from bot.dialogue.complaint import facts_of, is_complaint, resume
from bot.dialogue.pointing import choose, named, pointed
from bot.dialogue.requests import (
    AmendCase,
    ConfirmCase,
    RateCase,
    ReopenCase,
    Reply,
    Step,
    WithdrawCase,
)
from bot.dialogue.said import without_edges
from bot.dialogue.scene import Scene, case_params, without_owner
from bot.dialogue.standing import progress
from bot.dialogue.state import KnownCase, Later
from casework.case import CLOSED, Status
from casework.lifecycle import may_reopen

_SHORT = 6
_KEPT = 500
_GONE_UP = {"reopened": "reopened_up", "reopened_ask": "reopened_up_ask"}


def told_more(scene: Scene) -> Step | None:
    """The words after a rating or a reopening."""
    kind, number = scene.asking
    if kind not in {"rating_text", "reopen_detail"} or scene.said.empty:
        return None
    known, text = scene.case(number), scene.said.text.strip()
    if known is None or scene.said.does("ask_status") or scene.said.has("another"):
        return None
    if kind == "rating_text" and scene.said.has("not_solved"):
        return None
    if kind == "reopen_detail" and known.case.status is Status.DONE_WAIT:
        return None  # it was answered anew meanwhile: this is said of the new answer
    if scene.said.whole & {"thank", "goodbye", "deny", "skip", "dont_know", "affirm"}:
        return scene.answer(Reply("thank"))
    if kind == "rating_text":
        requests = [RateCase(number, None, text[:_KEPT])]
        return scene.answer(Reply("rating_noted"), requests=requests)
    slots = {**facts_of(scene), "details": with_details(known.case, text, scene.heard.turn_id)}
    return added(scene, known, slots)


def outcome(scene: Scene) -> Step | None:
    """The answer to "is it solved?": a score, yes, or no."""
    kind, number = scene.asking
    said, score = scene.said, _score(scene)
    just = scene.case(number) if kind == "rating" else None
    if just is not None and score is not None:
        return rated(scene, just, score)
    waiting = [k for k in scene.filed() if k.case.status is Status.DONE_WAIT]
    if not waiting:
        return _late_score(scene, score) or _reopen_closed(scene)
    if score is not None:
        known = pointed(scene, waiting)
        return rated(scene, known, score) if known else choose(scene, f"rate{score}", waiting)
    known = pointed(scene, waiting) or waiting[0]
    if said.has("not_solved") or "deny" in said.whole:
        return reopened(scene, known, said.text.strip())
    if "dissatisfied" in said.parts:
        return rated(scene, known, 2, said.text.strip()[:_KEPT])
    if said.has("solved") or "affirm" in said.whole or "thank" in said.whole:
        return confirmed(scene, known)
    return None


def _score(scene: Scene) -> int | None:
    return next((n for n in range(1, 6) if f"score_{n}" in scene.said.whole), None)


def _late_score(scene: Scene, score: int | None) -> Step | None:
    """A score for a case that was closed without one."""
    unrated = [k for k in scene.filed() if _unrated(k)]
    known = pointed(scene, unrated) if unrated else None
    plain = named(scene) is not None or "affirm" not in scene.said.whole
    if score is None or known is None or not plain or scene.open_cases():
        return None
    return rated(scene, known, score)


def _unrated(known: KnownCase) -> bool:
    return known.case.status is Status.CONFIRMED and known.case.rating is None


def _referred(known: KnownCase) -> bool:
    """Whether the resident was told another way than ours."""
    return known.case.resolution == "referred" and known.case.status in CLOSED


def _reopen_closed(scene: Scene) -> Step | None:
    """还没解决 after the case was closed, weeks later too."""
    closed = [k for k in scene.filed() if may_reopen(k.case, scene.now)]
    disagrees = "disagrees" in scene.said.parts and any(_referred(k) for k in closed)
    if not (scene.said.has("not_solved") or disagrees) or not closed:
        return None
    known = pointed(scene, closed)
    if known is None:
        known = scene.meant()
    if known not in closed or not _same_subject(scene, known):
        return None
    return reopened(scene, known, scene.said.text.strip())


def _same_subject(scene: Scene, known: KnownCase) -> bool:
    """Whether the line does not plainly speak of something else."""
    heard = scene.said.category
    return heard in {None, known.case.category, known.case.secondary} or named(scene) == known


def back_again(scene: Scene) -> Step | None:
    """The same trouble as a closed case's: that one again, or a new matter?"""
    category, now, rule = scene.said.category, scene.now, scene.book.nearby
    if category is None or not is_complaint(scene) or scene.said.has("another"):
        return None
    recent = [
        known
        for known in scene.filed()
        if may_reopen(known.case, now)
        and known.case.category == category
        and now - (known.case.closed_at or known.case.opened_at) <= rule.reopen_within
    ]
    if not recent or any(known.case.category == category for known in scene.open_cases()):
        return None
    about = [k for k in recent if any(w in scene.said.text for w in rule.thing(k.case).words)]
    if not about and "recurs" not in scene.said.parts:
        return None
    known = (about or recent)[0]
    held = Later(without_edges(scene.said.text)[:_KEPT], category, scene.heard.turn_id)
    scene = scene.with_state(replace(scene.state, held=held))
    buttons = (scene.button("again", "again:yes"), scene.button("another", "again:no"))
    params = case_params(known.case, known.owner_name, scene.book)
    return scene.answer(Reply("again_or_new", params, buttons), asking=f"again:{known.case.number}")


def again(scene: Scene) -> Step | None:
    """The answer to whether a closed case is back."""
    if scene.asking[0] != "again":
        return None
    said = scene.said
    if "another" in said.whole or "deny" in said.whole or said.has("apart"):
        return again_pressed(scene, "no")
    if "affirm" in said.whole or said.has("more", "same", "not_solved", "recurs"):
        return again_pressed(scene, "yes")
    return None


def again_pressed(scene: Scene, answer: str) -> Step | None:
    """The answer to it; None when it is not open any more."""
    kind, number = scene.asking
    held, known = scene.state.held, scene.case(number)
    if kind != "again" or held is None or known is None:
        return None
    if answer != "yes" or not may_reopen(known.case, scene.now):
        return resume(scene, held)
    scene = scene.with_state(replace(scene.state, held=None))
    return reopened(scene, known, held.text)


def by_button(scene: Scene, known: KnownCase, kind: str, about: str) -> Step | None:
    """A pressed score (``NUMBER:SCORE``) or 还没解决; None when the case is past it."""
    status = known.case.status
    if kind == "reopen":
        if not may_reopen(known.case, scene.now):
            return None
        pressed = "appeal" if _referred(known) else "not_solved"
        return reopened(scene, known, scene.book.officers.words.buttons[pressed])
    score = about.rpartition(":")[2]
    unrated = status is Status.CONFIRMED and known.case.rating is None
    if score not in {"1", "2", "3", "4", "5"} or not (status is Status.DONE_WAIT or unrated):
        return None
    return rated(scene, known, int(score))


def rated(scene: Scene, known: KnownCase, score: int, text: str | None = None) -> Step:
    """A score; the case is closed by it and one optional question follows.

    Under a low one stands the way back: whoever is not satisfied may not be done.
    """
    number = known.case.number
    low = score < 3
    buttons = (scene.button("not_solved", f"reopen:{number}"),) if low else ()
    return scene.answer(
        Reply("rated" if score < 4 else "rated_well", {"number": number}, buttons),
        requests=[RateCase(number, score, text)],
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
    bare = len(without_edges(reason)) <= _SHORT
    given = reason or scene.book.officers.words.text("reopen_reason")
    params = case_params(known.case, known.owner_name, scene.book)
    key, asking = ("reopened_ask", f"reopen_detail:{number}") if bare else ("reopened", None)
    requests = [ReopenCase(number, given[:_KEPT])]
    return scene.answer(Reply(key, params), requests=requests, asking=asking)


def gone_up(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """It was not solved again, and whoever had it has it no more: said instead, with who has it
    from now on."""
    return tuple(
        replace(reply, key=_GONE_UP[reply.key], params=without_owner(reply.params))
        if reply.key in _GONE_UP
        else reply
        for reply in replies
    )


def withdraw(scene: Scene) -> Step | None:
    """Only in the resident's own words: what merely sounds like it is answered with how to."""
    alive = scene.open_cases()
    if not alive:
        gone = scene.filed()[0]
        return progress(scene, gone) if "withdraw" in scene.said.whole else None
    if scene.said.withdraws:
        known = pointed(scene, alive)
        return withdrawn(scene, known) if known else choose(scene, "withdraw", alive)
    known = scene.meant()
    if known is None or known.case.status in CLOSED:
        return None
    how = Reply("withdraw_how", case_params(known.case, known.owner_name, scene.book))
    if scene.said.does("withdraw"):
        return scene.answer(how)
    return _over_already(scene, known, how)


def _over_already(scene: Scene, known: KnownCase, how: Reply) -> Step | None:
    """修好了, before anybody has answered: news of the case, and theirs to take back or not."""
    said = scene.said
    if not said.has("solved") or not said.short or said.has("not_solved", "dissatisfied"):
        return None
    if "question" in said.parts:
        return None
    details = with_details(known.case, said.text.strip(), scene.heard.turn_id)
    return scene.answer(how, requests=[AmendCase(known.case.number, {"details": details})])


def withdrawn(scene: Scene, known: KnownCase) -> Step:
    """Taken back."""
    params = case_params(known.case, known.owner_name, scene.book)
    return scene.answer(Reply("withdrawn", params), requests=[WithdrawCase(known.case.number)])
