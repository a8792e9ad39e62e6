"""Health, injury, small children: kept as facts only after one separate, skippable question.

PIPL (个人信息保护法 2021) §28–29. What a resident writes of their own accord stays in their story;
it is asked about once, before the read-back, and only where the story tells something of the kind.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.requests import NoteConsent, Reply, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import DialogueState, Draft
from casework.intake import Form, has
from nlu.normalize import normalize

ABOUT = "sensitive"
_YES, _NO = "yes", "no"
_TOLD = ("issue", "details")


def consented(state: DialogueState) -> bool:
    """Whether the resident agreed, for the matter being taken."""
    return _answer(state).startswith(_YES)


def ask(scene: Scene, draft: Draft, *before: Reply) -> Step | None:
    """The separate question, once for each matter; None where there is nothing to ask about."""
    form = scene.form(draft)
    hinted = _hinted(form, draft)
    calm = scene.state.anger == 0 and scene.state.crisis in {"none", "R1"}
    room = draft.questions < form.max_questions
    if not hinted or _answer(scene.state) or not calm or not room or draft.read_back:
        return None
    labels = scene.book.words.text("between").join(form.slots[name].label for name in hinted)
    buttons = (
        scene.button("sensitive_yes", "sensitive:yes"),
        scene.button("sensitive_no", "sensitive:no"),
    )
    counted = replace(draft, questions=draft.questions + 1)
    # Passed over counts as no: it is never asked again.
    scene = _answered(scene.with_draft(counted), _NO)
    reply = Reply("sensitive_ask", {"labels": labels}, buttons)
    return scene.answer(*before, reply, asking=ABOUT)


def answer(scene: Scene) -> bool | None:
    """Whether this line or button says yes or no to the question; None when it says neither."""
    if scene.asking[0] != ABOUT:
        return None
    kind, _, about = (scene.heard.button or "").partition(":")
    if kind == ABOUT:
        return about == _YES
    if "sensitive_no" in scene.said.whole or "deny" in scene.said.whole:
        return False
    if "sensitive_yes" in scene.said.whole or "affirm" in scene.said.whole:
        return True
    return None


def agreed(scene: Scene) -> tuple[Scene, NoteConsent]:
    """The scene with consent given, and the note of it."""
    version = scene.book.consent_version
    return _answered(scene, f"{_YES}@{version}@{scene.now.isoformat()}"), NoteConsent(
        version, ABOUT
    )


def _hinted(form: Form, draft: Draft) -> list[str]:
    """The sensitive slots the story would fill."""
    text = "\n".join(str(draft.slots[name].value) for name in _TOLD if has(draft.slots, name))
    told = form.telling.told(normalize(text).text)
    return [
        name
        for name in told
        if form.slots[name].sensitive and not has(draft.slots, name) and name not in draft.declined
    ]


def _answered(scene: Scene, answer: str) -> Scene:
    kept = f"{scene.state.serial}:{answer}"
    return scene.with_state(replace(scene.state, sensitive=kept))


def _answer(state: DialogueState) -> str:
    """The answer given for the matter being taken, empty when it was not asked."""
    serial, _, answer = (state.sensitive or "").partition(":")
    return answer if serial == str(state.serial) else ""
