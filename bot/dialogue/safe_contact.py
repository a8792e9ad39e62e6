"""Somebody who is hurt at home: how they may be contacted comes before every other question.

Whoever hurts them may read the telephone, stand beside them or pick up. So the question comes
first, nobody asks who it is, and one word is enough to make the bot fall silent.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import forms
from bot.dialogue.requests import AmendCase, FallSilent, OpenCase, Reply, Request, Restrict, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import DialogueState, Draft
from casework.case import SlotValue
from casework.desk.alerts import SAFE_CONTACT
from casework.intake import KIND, has, kind_of

ASKED = "asked"
VIOLENCE = "violence"
CODES = ("message", "call", "appointment", "none")
_ASKING = frozenset({"ask", "ask_category", "readback", "remind_readback"})


def question(scene: Scene) -> Reply:
    """The question with its four buttons."""
    buttons = tuple(scene.button(f"contact_{code}", f"contact:{code}") for code in CODES)
    return Reply("crisis_ask_contact", {}, buttons)


def answer(scene: Scene) -> Step | None:
    """The answer, by button or in words; None when it was not answered."""
    code = chosen(scene)
    if code is None:
        return None
    scene, reply = _noted(scene, code)
    draft = scene.state.draft
    if draft is None:
        return scene.answer(reply, asking=scene.state.asking)
    return forms.go_on(scene, draft, reply)


def answer_waiting(scene: Scene) -> Step | None:
    """The same while people are called: nothing else is asked."""
    code = chosen(scene)
    if code is None:
        return None
    scene, reply = _noted(scene, code)
    known = next((k for k in scene.open_cases() if k.case.restricted), None) or scene.meant()
    value = _value(scene, code)
    requests = (AmendCase(known.case.number, {SAFE_CONTACT: value}),) if known else ()
    return scene.answer(reply, requests=requests, asking=scene.state.asking)


def chosen(scene: Scene) -> str | None:
    """The code meant by the line, if it answers the question."""
    button = scene.heard.button or ""
    if button.startswith("contact:"):
        code = button.removeprefix("contact:")
        return code if code in CODES and scene.state.contact else None
    if scene.state.contact != ASKED or _acute(scene):
        return None
    said = scene.said
    exact = next((code for code in CODES if f"contact_{code}" in said.whole), None)
    if exact is not None or not said.short:
        return exact
    return next((code for code in reversed(CODES) if f"contact_{code}" in said.parts), None)


def told_contact(scene: Scene) -> tuple[str, SlotValue] | None:
    """How to contact them, told beside what happened: the code and the slot."""
    parts = scene.said.parts
    code = next((code for code in reversed(CODES) if f"contact_{code}" in parts), None)
    return (code, _value(scene, code)) if code is not None else None


def _acute(scene: Scene) -> bool:
    understood = scene.said.understanding
    return understood is not None and understood.crisis == "R3"


def hushed(scene: Scene) -> Step | None:
    """有人来了: one short neutral line, and nothing more until they write again."""
    state, said = scene.state, scene.said
    if not (state.alarm or guards(state)) or not said.has("hush"):
        return None
    if not said.short:
        return None
    return scene.answer(Reply("crisis_quiet"), requests=(FallSilent(),), asking=state.asking)


def first(scene: Scene, done: Step) -> Step:
    """A complaint of such a kind begins with help and this question, once; its case is
    restricted, and who did it is never asked."""
    state, draft = done.state, done.state.draft
    told = state.alarm == VIOLENCE
    if state.contact or not (told or (draft is not None and _begins_so(scene, draft))):
        return done
    replies = done.replies if told else (*_before_question(done), Reply("crisis_at_home"))
    requests = done.requests
    if not told or at_home(scene.with_state(state)):
        requests = tuple(restricted(each) for each in requests)
        state = replace(state, guarded=state.serial if draft is not None else 0)
    kind = _such_kind(scene, draft) if draft is not None else None
    if draft is not None and kind is not None:
        draft = replace(draft, slots={**draft.slots, KIND: kind})
    if draft is not None and has(draft.slots, SAFE_CONTACT):
        kept = replace(state, contact=_known(scene, draft), draft=without_respondent(draft))
        return Step(kept, (*replies, *_questions(done)), requests)
    if draft is not None:
        draft = _uncounted(scene, without_respondent(draft))
    asked = replace(state, contact=ASKED, draft=draft, asking=None)
    return Step(
        asked, (*_before_question(replace(done, replies=replies)), question(scene)), requests
    )


def at_home(scene: Scene) -> bool:
    """Whether violence is taken for violence at home: unless it is known to be about something
    else, such as a foreman with a knife, where more people than a few must be able to help."""
    draft, known = scene.state.draft, scene.meant()
    category = (draft.category if draft else None) or scene.said.category
    category = category or (known.case.category if known else None)
    return category is None or category in scene.book.crisis.contact_first


def _before_question(done: Step) -> tuple[Reply, ...]:
    return tuple(reply for reply in done.replies if reply.key not in _ASKING)


def _questions(done: Step) -> tuple[Reply, ...]:
    return tuple(reply for reply in done.replies if reply.key in _ASKING)


def _uncounted(scene: Scene, draft: Draft) -> Draft:
    """The draft without the question that is put off: it has not been asked yet."""
    before = scene.state.draft or Draft()
    asked = {**before.asked, SAFE_CONTACT: 1}
    return replace(draft, asked=asked, questions=before.questions + 1)


def _known(scene: Scene, draft: Draft) -> str:
    """The code of what was said already."""
    value = draft.slots[SAFE_CONTACT].value
    codes = scene.book.crisis.safe_contact
    return next((code for code in CODES if codes[code] == value), ASKED)


def without_respondent(draft: Draft) -> Draft:
    """The draft whose form does not ask who did it."""
    if has(draft.slots, "respondent") or "respondent" in draft.declined:
        return draft
    return replace(draft, declined=(*draft.declined, "respondent"))


def guards(state: DialogueState) -> bool:
    """Whether the complaint being talked about is such a one."""
    return bool(state.guarded) and state.guarded == state.serial


def guarded(scene: Scene, done: Step) -> Step:
    """The step with conversation and cases of a restricted complaint hidden from the first word."""
    draft = done.state.draft
    form = scene.form(draft) if draft is not None else None
    secret = form.of(kind_of(draft.slots)).restricted if form and draft else False
    if not (secret or guards(done.state)):
        return done
    return replace(done, requests=(Restrict(), *(restricted(each) for each in done.requests)))


def restricted(request: Request) -> Request:
    """The request, for named roles only."""
    if isinstance(request, OpenCase | AmendCase) and not request.restricted:
        return replace(request, restricted=True)
    return request


def _begins_so(scene: Scene, draft: Draft) -> bool:
    return _such_kind(scene, draft) is not None


def _such_kind(scene: Scene, draft: Draft) -> SlotValue | None:
    """The kind that makes the complaint such a one: as taken down, or told beside another."""
    kinds = scene.book.crisis.contact_first.get(draft.category or "", frozenset())
    if not kinds or kind_of(draft.slots) in kinds:
        return draft.slots.get(KIND) if kinds else None
    choices = scene.book.forms[draft.category or ""].slots[KIND].choices
    words = [(c.value, w) for c in choices if c.value in kinds for w in c.words]
    told = next(((kind, word) for kind, word in words if word in scene.said.text), None)
    return SlotValue(told[0], told[1], scene.heard.turn_id) if told else None


def _noted(scene: Scene, code: str) -> tuple[Scene, Reply]:
    state, value = scene.state, _value(scene, code)
    draft = state.draft
    if draft is not None:
        draft = replace(draft, slots={**draft.slots, SAFE_CONTACT: value})
    scene = scene.with_state(replace(state, contact=code, draft=draft))
    title = scene.book.words.buttons[f"contact_{code}"]
    return scene, Reply("crisis_contact_noted", {"choice": title})


def _value(scene: Scene, code: str) -> SlotValue:
    said = scene.heard.text.strip() or scene.book.words.buttons[f"contact_{code}"]
    return SlotValue(scene.book.crisis.safe_contact[code], said, scene.heard.turn_id)
