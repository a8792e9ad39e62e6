"""The bot's conduct: one heard line in, the next state, replies and requests out.

Pure: the same arguments always give the same step. In this order: danger, buttons, a wish for a
human, the complaint being taken, the cases there are, small talk, a new complaint, and last the
admission that the line was not understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.dialogue import (
    additions,
    afterwards,
    alarm,
    arriving,
    attachments,
    booking,
    buttons,
    countdown,
    crisis,
    handing,
    identity,
    listening,
    mediation,
    overlap,
    rights,
    safe_contact,
    service_points,
    smalltalk,
    taking,
    waiting,
)
from bot.dialogue.around import NOWHERE, Around
from bot.dialogue.complaint import begin, is_complaint, received_words
from bot.dialogue.filling import absorb
from bot.dialogue.forms import fresh, repeat
from bot.dialogue.readback import leftover
from bot.dialogue.requests import HandOff, HeardInDanger, Reply, Step, WithdrawCase
from bot.dialogue.said import hear
from bot.dialogue.scene import Scene, scene
from bot.dialogue.state import DialogueState, Heard, KnownCase
from bot.dialogue.story import says_something
from bot.dialogue.wishes import visits
from config.load import Book

_FIRST = 1  # questions asked while 不同意 still answers our first words
_WORDS = 4  # characters of a line that may begin a complaint …
_TELLING = 8  # … and of one that tells though the engine is not sure that it does


def step(
    state: DialogueState,
    heard: Heard,
    cases: Sequence[KnownCase],
    now: datetime,
    book: Book,
    around: Around = NOWHERE,
) -> Step:
    """What the bot does about a line while it holds the conversation. Never raises for any line."""
    return overlap.decided(scene(state, heard, cases, now, book, around), _step)


def _step(at: Scene) -> Step:
    quiet = attachments.in_silence(at)
    if quiet is not None:
        return quiet
    danger = safe_contact.hushed(at) or safe_contact.answer(at) or crisis.answer(at)
    if danger is not None:
        return danger
    answered = crisis.safety_answer(at)
    if answered is not None:
        handed = any(isinstance(each, HandOff) for each in answered.requests)
        return answered if handed else _introduced(answered, at)
    at, worry, raised = crisis.concern(at)
    done = identity.settled(at, _after_worry(at, worry) if worry else _handled(at))
    done = attachments.with_files(at, done)
    said = done.replies if worry else attachments.repeated_back(at, done.replies)
    done = safe_contact.first(at, replace(done, replies=said, requests=(*raised, *done.requests)))
    done = safe_contact.guarded(at, done)
    return done if worry else _introduced(done, at)


def listen(
    state: DialogueState,
    heard: Heard,
    cases: Sequence[KnownCase],
    now: datetime,
    book: Book,
    around: Around = NOWHERE,
) -> Step:
    """What is kept of a line while a human holds the conversation: requests, but no replies."""
    at = scene(state, heard, cases, now, book, around)
    return overlap.retold(at.state, identity.settled(at, listening.overhear(at)), at)


def wait(
    state: DialogueState,
    heard: Heard,
    cases: Sequence[KnownCase],
    now: datetime,
    book: Book,
    around: Around = NOWHERE,
) -> Step:
    """While a human is wanted and none has come: as ``listen``, and fixed words in danger."""
    at = scene(state, heard, cases, now, book, around)
    said = alarm.answer(at)
    if said is None:
        said = overlap.retold(at.state, listening.overhear(at), at)
        said = waiting.acknowledged(at, said)
    return said.plus(HeardInDanger())


def opened(state: DialogueState, number: str) -> DialogueState:
    """The state after ``OpenCase`` was carried out under this number."""
    if state.draft is None:
        return replace(state, last_number=number)
    return replace(state, draft=replace(state.draft, number=number), last_number=number)


def _after_worry(at: Scene, worry: tuple[Reply, ...]) -> Step:
    """R1: the direct question first, then on with the complaint, if there is one."""
    draft, child = at.state.draft, rights.child(at)
    if child is not None:
        return child.led_by(*worry)
    if draft is None and not (at.said.category and is_complaint(at)):
        return at.answer(*worry, asking=at.state.asking)
    done = _handled(at)
    if any(reply.key.startswith("fallback") for reply in done.replies):
        done = repeat(at)
    return done.led_by(*worry)


def _handled(at: Scene) -> Step:
    at, kept = additions.let_go(at)
    done = leftover(at, _answered(at) or _told(booking.let_go(service_points.let_go(at))))
    return done.plus(*kept) if kept else done


def _answered(at: Scene) -> Step | None:
    """What is dealt with whatever the conversation is about."""
    return (
        _in_language(at)
        or rights.respond(at)
        or buttons.pressed(at)
        or arriving.arrived(at)
        or _started(at)
        or countdown.answer(at)
        or service_points.answer(at)
        or mediation.explicit(at)
        or booking.answer(at)
        or handing.asked_for(at)
        or _unrecorded(at)
    )


def _told(at: Scene) -> Step:
    """A line about a matter, a case, or nothing yet."""
    draft = at.state.draft
    return (
        (taking.take(at, draft) if draft is not None else None)
        or afterwards.follow(at)
        or _fresh(at)
    )


def _in_language(at: Scene) -> Step | None:
    """English please, 繁體: from this answer on, and the open question once more."""
    return repeat(at, Reply("language_ok")) if at.heard.wishes else None


def _unrecorded(at: Scene) -> Step | None:
    """先别记，我就问问: nothing of the matter is kept, and the resident may still ask."""
    draft = at.state.draft
    if "no_consent" not in at.said.parts or not at.said.short:
        return None
    if draft is not None and draft.questions > _FIRST and "disagrees" in at.said.parts:
        return None  # 村里要平坟，我不同意: not with us
    kept = (WithdrawCase(draft.number),) if draft is not None and draft.number else ()
    return at.with_draft(None).answer(Reply("no_consent"), requests=kept)


def _started(at: Scene) -> Step | None:
    """A deep link: its payload may name a category."""
    start = at.heard.start
    if start is None or at.state.draft is not None:
        return None
    return begin(at, start) if start in at.book.forms else at.answer(Reply("invite"))


def _fresh(at: Scene) -> Step:
    """A line in a conversation where nothing is open."""
    if (at.heard.location or at.heard.media or at.heard.contact) and at.said.empty:
        return _begin_with_attachment(at)
    if at.said.has("anonymous") or at.said.does("anonymous"):
        return begin(at) if at.said.category else _begin_with_identity(at)
    kind, category = at.asking
    wants = "affirm" in at.said.whole or ("register" in at.said.parts and at.said.short)
    if kind == "register" and wants:
        return begin(replace(at, said=hear(replace(at.heard, text=""), at.book.phrases)), category)
    named = at.book.category_words.get(at.said.bare)
    if named is not None:
        return begin(at, named)
    if visits(at) and not at.open_cases():
        return begin(at, category if kind == "register" else None).led_by(Reply("home_visit"))
    spoken = smalltalk.respond(at)
    if spoken is not None:
        return _begin_with_attachment(at) if at.heard.media else spoken
    if kind == "register" and not at.said.whole and says_something(at):
        return begin(at, category, tells=True)  # asked whether to take it down, they go on telling
    return begin(at) if is_complaint(at) else _unclear(at)


def _unclear(at: Scene) -> Step:
    """Neither talk nor plainly a complaint: what tells something is taken down all the same."""
    if "opener" in at.said.parts:
        return at.answer(Reply("invite"))
    added = afterwards.add_anyway(at)
    if added is None and _tells(at):
        return begin(at)
    return added or handing.not_understood(at)


def _tells(at: Scene) -> bool:
    """Whether a line may begin a complaint though nobody knows yet what about: 砸了脚."""
    said = at.said
    alone = not at.open_cases() and not said.talks and not said.whole
    telling = alone and (said.informs or len(said.bare) >= _TELLING)
    return telling and len(said.bare) >= _WORDS and says_something(at)


def _begin_with_attachment(at: Scene) -> Step:
    """A photo or a location before any word: kept, and asked what it is about."""

    at, draft = fresh(at)
    at = at.with_draft(absorb(at, draft).draft)
    return at.answer(*received_words(at), Reply("ask_story"), asking="slot:issue")


def _begin_with_identity(at: Scene) -> Step:
    """可以匿名吗, before any word of the matter."""
    at, draft = fresh(at)
    at = at.with_draft(absorb(at, draft, story=False).draft)
    return at.answer(Reply("anonymous_ok"), Reply("ask_story"), asking="slot:issue")


def _introduced(done: Step, at: Scene) -> Step:
    """The first words to a resident say who is speaking and what is kept."""
    return rights.introduced(done, at.book, at.now.isoformat())
