"""The resident's rights: what is kept of me, delete it, stop keeping; and children under 14.

PIPL (个人信息保护法 2021): §15 consent may be taken back, as easily as it was given; §17 and §44
notice; §31 children under 14; §45 to see what is kept; §47 to have it deleted. Nothing here is
hidden behind a form: words do what buttons do, and a human is one word away.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import afterwards, handing, my_info, sensitive, smalltalk
from bot.dialogue.complaint import is_complaint, resume
from bot.dialogue.forms import go_on, repeat
from bot.dialogue.requests import (
    AmendCase,
    AskBooking,
    EraseResident,
    HandOff,
    HushLine,
    NoteConsent,
    NoteErasureAsked,
    OpenCase,
    Reply,
    Step,
    StopKeeping,
    WithdrawCase,
)
from bot.dialogue.said import without_edges
from bot.dialogue.scene import Scene
from bot.dialogue.state import KnownCase, Later
from casework.case import CLOSED, Status
from config.load import Book

_LONGEST = 24  # characters of a line that is about this and nothing else
_HELD = 500
PARTING = frozenset({"erased", "erased_kept", "stopped", "stopped_kept"})
"""After these the bot knows nothing of whom it speaks with: no greeting follows."""


def respond(scene: Scene) -> Step | None:
    """What a line asks for by right, before anything else is made of it."""
    return (
        _pressed(scene)
        or _answered(scene)
        or child(scene)
        or _asked(scene)
        or (_unkept(scene) if scene.state.stopped else None)
    )


def overheard(scene: Scene) -> Step | None:
    """The same while a human holds the conversation: in so many words, and not in danger."""
    said = scene.said
    if scene.heard.button in {"erase:yes", "erase:keep", "erase:withdraw"} or (
        said.has("erase_sure") or (said.has("erase") and scene.asking[0] == "erase")
    ):
        if scene.state.crisis in {"R2", "R3"}:
            return scene.answer(requests=(NoteErasureAsked(),))
        return _erased(scene, withdraw=scene.heard.button == "erase:withdraw")
    if _means(scene, "erase"):
        return scene.answer(requests=(NoteErasureAsked(),), asking="erase")
    if _means(scene, "stop"):
        return _stopped(scene)
    if scene.state.stopped or scene.state.minor:
        return scene.answer()
    return None


def parts(step: Step) -> bool:
    """Whether the bot speaks even where a human held the conversation: nothing is held now."""
    return any(isinstance(each, EraseResident) for each in step.requests)


def introduced(done: Step, book: Book, now_text: str) -> Step:
    """The first words to a resident say who speaks and what is kept; said again when it changed."""
    state = done.state
    silent = not done.replies or state.stopped or any(r.key in PARTING for r in done.replies)
    if silent or state.consent == book.consent_version:
        return done
    key = "greeting" if state.consent is None else "consent_renewed"
    told = replace(state, consent=book.consent_version, consent_at=now_text)
    requests = (NoteConsent(book.consent_version), *done.requests)
    return replace(done, state=told, requests=requests).led_by(Reply(key))


def _means(scene: Scene, name: str) -> bool:
    said = scene.said
    return name in said.whole or (name in said.parts and len(said.bare) <= _LONGEST)


def _pressed(scene: Scene) -> Step | None:
    kind, _, about = (scene.heard.button or "").partition(":")
    does = _BUTTONS.get(kind)
    return does(scene, about) if does else None


def _asked(scene: Scene) -> Step | None:
    """In words: 我的信息, 隐私说明, 删除我的信息, 撤回同意."""
    if _means(scene, "erase_sure"):
        return _erased(scene, withdraw=False)
    if _means(scene, "erase"):
        return ask_to_erase(scene)
    if _means(scene, "stop"):
        return _stopped(scene)
    if _means(scene, "my_info"):
        return repeat(scene, *my_info.told(scene)).plus(AskBooking("also"))
    if _means(scene, "privacy"):
        return repeat(scene, my_info.notice(scene))
    return None


def ask_to_erase(scene: Scene) -> Step:
    """What goes and what must stay, once, before it is done."""
    alive = _alive(scene)
    no = scene.button("erase_no", "erase:no")
    if not alive:
        yes = scene.button("erase_yes", "erase:yes")
        return scene.answer(Reply("erase_ask", {}, (yes, no)), asking="erase")
    keep = scene.button("erase_keep", "erase:keep")
    buttons = (keep, scene.button("erase_withdraw", "erase:withdraw"), no)
    params = {"numbers": _numbers(scene, alive)}
    return scene.answer(Reply("erase_ask_open", params, buttons), asking="erase")


def _answered(scene: Scene) -> Step | None:
    """The answer to a question of this module; anything else lets the question go."""
    kind, said = scene.asking[0], scene.said
    if scene.heard.button is not None:
        return None
    no = "deny" in said.whole or said.has("erase_no")
    if kind == "erase":
        if no:
            return _not_erased(scene)
        if said.has("erase_withdraw") or said.withdraws:
            return _erased(scene, withdraw=True)
        if "affirm" in said.whole or said.has("erase_sure", "erase_keep", "erase"):
            return _erased(scene, withdraw=False)
    if kind == sensitive.ABOUT:
        return _private(scene)
    if kind == "consent":
        if no or _means(scene, "no_consent"):
            return _still_stopped(scene)
        if "affirm" in said.whole or said.has("register"):
            return _begun_anew(scene)
    return None


def _erase_button(scene: Scene, answer: str) -> Step | None:
    if scene.asking[0] != "erase":
        return None
    if answer == "no":
        return _not_erased(scene)
    return _erased(scene, withdraw=answer == "withdraw")


def _not_erased(scene: Scene) -> Step:
    return scene.answer(Reply("erase_no"))


def _erased(scene: Scene, *, withdraw: bool) -> Step:
    """Case numbers are told once more: what is still open stays until it is closed."""
    danger = [k for k in _alive(scene) if k.case.crisis in {"R2", "R3"}]
    left = danger if withdraw else _alive(scene)
    key = "erased_kept" if left else "erased"
    params = {"numbers": _numbers(scene, left)} if left else {}
    return scene.with_draft(None).answer(
        Reply(key, params), requests=(EraseResident(scene.heard.turn_id, withdraw),)
    )


def _stopped(scene: Scene) -> Step:
    """撤回同意 is done at once: taking back is as easy as giving."""
    filed = [k for k in _alive(scene) if k.case.status not in CLOSED]
    key = "stopped_kept" if filed else "stopped"
    params = {"numbers": _numbers(scene, filed)} if filed else {}
    state = replace(scene.state, draft=None, stopped=True)
    return scene.with_state(state).answer(
        Reply(key, params), requests=(StopKeeping(scene.heard.turn_id),)
    )


def _unkept(scene: Scene) -> Step:
    """Consent was taken back: questions are answered, nothing is kept, a matter is asked about."""
    human = handing.asked_for(scene)
    if human is not None:
        return human
    turn_id = scene.heard.turn_id
    known = afterwards.follow(scene)
    writes = known is not None and any(
        isinstance(each, OpenCase | AmendCase) for each in known.requests
    )
    if known is not None and not writes and known.state.draft is None:
        return known.plus(HushLine(turn_id))
    spoken = smalltalk.respond(scene)
    if spoken is not None and not is_complaint(scene):
        return spoken.plus(HushLine(turn_id))
    held = Later(without_edges(scene.said.text)[:_HELD], scene.said.category, turn_id)
    asked = scene.with_state(replace(scene.state, held=held))
    buttons = (scene.button("consent_yes", "consent:yes"), scene.button("consent_no", "consent:no"))
    step = asked.answer(Reply("consent_again", {}, buttons), asking="consent")
    return step.plus(HushLine(turn_id, (turn_id,)))


def _consent_button(scene: Scene, answer: str) -> Step | None:
    if not scene.state.stopped:
        return None
    return _begun_anew(scene) if answer == "yes" else _still_stopped(scene)


def _begun_anew(scene: Scene) -> Step:
    """A new matter, and consent anew: the greeting says again what is kept."""
    held = scene.state.held
    state = replace(scene.state, stopped=False, consent=None, held=None)
    scene = scene.with_state(state)
    if held is None or not held.text:
        return scene.answer(Reply("ask_story"), asking="slot:issue")
    return resume(scene, held)


def _private(scene: Scene) -> Step | None:
    """The answer to the separate question; any other line goes on as if it was a no."""
    answer, draft = sensitive.answer(scene), scene.state.draft
    if answer is None or draft is None:
        return None
    if not answer:
        return go_on(scene, draft, Reply("never_mind"))
    scene, noted = sensitive.agreed(scene)
    return go_on(scene, draft, Reply("sensitive_thanks"), requests=(noted,))


def _private_button(scene: Scene, _: str) -> Step | None:
    return _private(scene) if scene.asking[0] == sensitive.ABOUT else None


def _still_stopped(scene: Scene) -> Step:
    scene = scene.with_state(replace(scene.state, held=None))
    return scene.answer(Reply("no_consent"), requests=(HushLine(scene.heard.turn_id),))


def child(scene: Scene) -> Step | None:
    """A child under 14 speaks: nothing more is taken down, grown-ups are named, a human told."""
    said = scene.said
    if scene.state.minor and _means(scene, "grown_up"):
        return scene.with_state(replace(scene.state, minor=False)).answer(Reply("grown_up"))
    if not scene.state.minor and not scene.book.privacy.child_speaks(said.text):
        return None
    draft = scene.state.draft
    kept = (WithdrawCase(draft.number),) if draft is not None and draft.number else ()
    state = replace(scene.state, draft=None, later=(), held=None, minor=True)
    reply = Reply("minor", {"youth": scene.book.privacy.youth_line})
    return scene.with_state(state).answer(reply, requests=(*kept, HandOff("minor")))


def _alive(scene: Scene) -> list[KnownCase]:
    """Filed cases that are neither closed nor forgotten already."""
    over = CLOSED | {Status.DRAFT}
    return [k for k in scene.cases if k.case.status not in over and k.case.anonymised_at is None]


def _numbers(scene: Scene, known: list[KnownCase]) -> str:
    return scene.book.words.text("between").join(each.case.number for each in known)


_BUTTONS: dict[str, Callable[[Scene, str], Step | None]] = {
    "erase": _erase_button,
    "consent": _consent_button,
    sensitive.ABOUT: _private_button,
}
