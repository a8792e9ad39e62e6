"""By name, in confidence or unnamed: said at any time, in the form and after filing.

Whoever says nothing is kept confidential. An unnamed resident's complaint loses what gives them
away here, in the draft, and again in the case (casework.desk.privacy.guard).
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue.requests import AmendCase, Reply, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import Draft, KnownCase
from casework.case import SlotValue, Status
from casework.intake import ANONYMOUS, CONFIDENTIAL, KIND, REAL_NAME, Form
from casework.privacy import IDENTITY, mode_of, shielded
from config.phrases import position
from nlu.normalize import normalize

_PHRASES = {ANONYMOUS: "anonymous", CONFIDENTIAL: "confidential", REAL_NAME: "real_name"}
_KEYS = {
    ANONYMOUS: "anonymous_ok",
    CONFIDENTIAL: "identity_confidential",
    REAL_NAME: "identity_real",
}
_CASE_KEYS = {
    ANONYMOUS: "identity_anonymous_case",
    CONFIDENTIAL: "identity_confidential_case",
    REAL_NAME: "identity_real_case",
}
_PLAIN = frozenset({"noted_1", "noted_2", "never_mind"})
_QUESTIONS = frozenset({"ask", "readback", "ask_category", "ask_story", "remind_readback"})
_LONG = 16  # characters; a longer line after filing tells more than how one wants to appear


def told(scene: Scene) -> SlotValue | None:
    """How the resident wants to appear, as this line says it: 不用匿名 is no wish to be unnamed."""
    said, phrases = scene.said, scene.book.phrases
    found = {mode for mode, part in _PHRASES.items() if part in said.parts}
    if "not_anonymous" in said.parts:
        found = (found - {ANONYMOUS}) or {CONFIDENTIAL}
    if "not_real_name" in said.parts:
        found = (found - {REAL_NAME}) or {CONFIDENTIAL}
    mode = next((mode for mode in _PHRASES if mode in found), None)
    if mode is None:
        return None
    plain = normalize(said.text)
    words = [w for w in phrases.part[_PHRASES[mode]] if position(w, plain.text) >= 0]
    if not words:  # told by a no to another
        return SlotValue(mode, said.text.strip(), scene.heard.turn_id)
    word = max(words, key=len)
    at = position(word, plain.text)
    start, end = plain.span(at, at + len(word))
    return SlotValue(mode, said.text[start:end], scene.heard.turn_id, start, end)


def changed(scene: Scene) -> Step | None:
    """我要改成匿名, 写我名字吧: of a case that exists already."""
    wish = told(scene)
    if wish is None or len(scene.said.bare) > _LONG or scene.said.complaint is not None:
        return None
    meant = _meant(scene, wish)
    if not meant:
        return None
    numbers = scene.book.words.text("between").join(known.case.number for known in meant)
    replies = [Reply(_CASE_KEYS[wish.value], {"numbers": numbers})]
    formal = any(known.case.category in scene.book.privacy.formal for known in meant)
    if wish.value == ANONYMOUS and formal and not scene.state.limits_told:
        replies.append(Reply("identity_limits"))
        scene = scene.with_state(replace(scene.state, limits_told=True))
    requests = [AmendCase(known.case.number, {IDENTITY: wish}) for known in meant]
    return scene.answer(*replies, requests=requests)


def _meant(scene: Scene, wish: SlotValue) -> list[KnownCase]:
    """Being unnamed or kept in confidence is for all open cases, signing for the one meant."""
    known = scene.meant()
    named = known is not None and known.case.number.lower() in scene.said.text.lower()
    if wish.value != REAL_NAME and not named and scene.open_cases():
        return scene.open_cases()
    withdrawn = known is None or known.case.status is Status.WITHDRAWN
    return [] if known is None or withdrawn or known.case.anonymised_at else [known]


def settled(scene: Scene, done: Step) -> Step:
    """The step with what gives an unnamed resident away hidden, and a new wish confirmed."""
    done = _into_case(scene, done)
    draft = done.state.draft
    if draft is None:
        return done
    slots = shielded(draft.slots, draft.category, scene.book.privacy.record)
    if slots != draft.slots:
        draft = replace(draft, slots=slots)
        done = replace(done, state=replace(done.state, draft=draft))
    return _confirmed(scene, done)


def take_back(scene: Scene, form: Form, slots: dict[str, SlotValue], draft: Draft) -> None:
    """Let go what the line fills and what gives its unnamed writer away.

    A choice made of it goes (我是保洁 is no kind of complaint); an answer that lost its beginning
    (他们的会计, of 我是他们的会计) is read with it.
    """
    if mode_of(slots) != ANONYMOUS:
        return
    line, clues = scene.said.text, scene.book.privacy.record.clues
    left = clues.hidden(line)
    for name, held in list(slots.items()):
        if name == IDENTITY or held == draft.slots.get(name) or held.text not in line:
            continue
        kind = form.slots[name].kind if name in form.slots else "choice"
        if (name == KIND or kind == "choice") and held.text and held.text not in left:
            del slots[name]
            if name in draft.slots:
                slots[name] = draft.slots[name]
        elif name != KIND and kind == "text" and isinstance(held.value, str):
            whole = _from_clause(line, held.value)
            if clues.hidden(whole) != whole:
                slots[name] = SlotValue(clues.hidden(whole), clues.hidden(whole), held.turn_id)


def _from_clause(line: str, words: str) -> str:
    """The words with what stands before them in their clause."""
    at = line.find(words)
    before = re.split(r"[，,。；;！!？?：\s]", line[:at])[-1] if at > 0 else ""
    return before + words


def _into_case(scene: Scene, done: Step) -> Step:
    """A wish in a line that adds to a filed case goes with the rest of it."""
    wish = told(scene)
    if wish is None or scene.state.draft is not None or done.state.draft is not None:
        return done
    requests = tuple(
        replace(each, slots={**each.slots, IDENTITY: wish})
        if isinstance(each, AmendCase) and IDENTITY not in each.slots
        else each
        for each in done.requests
    )
    return replace(done, requests=requests)


def _confirmed(scene: Scene, done: Step) -> Step:
    """One sentence when the wish is new; that it limits the formal ways is said once."""
    draft = done.state.draft
    if draft is None or not done.replies:
        return done
    wish = draft.slots.get(IDENTITY)
    if wish is None:
        return done
    old = scene.state.draft.slots.get(IDENTITY) if scene.state.draft else None
    said: list[Reply] = []
    keys = {reply.key for reply in done.replies}
    new = wish.turn_id == scene.heard.turn_id and (old is None or old.value != wish.value)
    shown = "changed" in keys and wish.value != ANONYMOUS  # it stands in what was read back
    if new and wish.value in _KEYS and _KEYS[wish.value] not in keys and not shown:
        said.append(Reply(_KEYS[wish.value]))
    formal = draft.category in scene.book.privacy.formal
    if wish.value == ANONYMOUS and formal and not done.state.limits_told:
        said.append(Reply("identity_limits"))
        done = replace(done, state=replace(done.state, limits_told=True))
    return _with(done, said) if said else done


def _with(done: Step, said: list[Reply]) -> Step:
    """Said before the question, in the place of a plain 记下了."""
    kept = [reply for reply in done.replies if reply.key not in _PLAIN]
    at = next((i for i, reply in enumerate(kept) if reply.key in _QUESTIONS), len(kept))
    return replace(done, replies=(*kept[:at], *said, *kept[at:]))
