"""Appointments, in residents' words: 我想见领导, 预约律师, 约调解员, 集中办理预约.

Which times are free only the executor knows; here it is decided what a line asks of it. Buttons
and words do the same: a number, a day, 换一个时间, 就这个, 不约了.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.booking_words import wish_of
from bot.dialogue.forms import repeat
from bot.dialogue.requests import AskBooking, Reply, Step
from bot.dialogue.scene import Scene
from bot.dialogue.state import Booking
from casework.booking import BookingKind
from config.phrases import size

ASKING = "booking"
"""What is asked; behind the colon stands what was asked before it."""

_LONGEST = 28  # characters of a line that asks for a time and tells nothing else
_ANSWER = 20
_ORDINALS = ("first", "second", "third")
_KINDS = {
    "book_joint_desk": BookingKind.JOINT_DESK,
    "book_adviser": BookingKind.ADVISER,
    "book_mediator": BookingKind.MEDIATOR,
    "book_reception": BookingKind.RECEPTION,
}


def answer(scene: Scene) -> Step | None:
    """A line about a time: the answer to what was offered, or the wish for one."""
    asked = scene.asking[0] == ASKING
    silent = scene.said.empty and not (asked and scene.heard.location)
    if scene.heard.button is not None or silent or scene.said.has("ask_human"):
        return None
    open_now = _answered(scene) if asked else None
    return open_now or _about_mine(scene) or _begun(scene)


def let_go(scene: Scene) -> Scene:
    """Back to what was asked before, when the line is about something else."""
    kind, before = scene.asking
    if kind != ASKING:
        return scene
    return scene.with_state(replace(scene.state, asking=before or None, booking=None))


def pressed(scene: Scene, about: str) -> Step | None:
    """``book:ACT[:WHICH]``. A time offered long ago can still be asked for: it is looked up."""
    act, _, which = about.partition(":")
    held = scene.state.booking
    if act == "kind" and which in set(BookingKind):
        return _ask(scene, AskBooking("find"), Booking(which))
    if act == "host" and held is not None:
        return _ask(scene, AskBooking("find"), Booking(held.kind, host=which))
    if act == "at":
        return _ask(scene, AskBooking("check", key=which), held or Booking(""))
    if act == "yes" and held is not None and held.chosen:
        return _book(scene, held)
    if act == "more" and held is not None:
        return _ask(scene, AskBooking("find"), replace(held, chosen=""))
    if act == "drop" and scene.asking[0] == ASKING:
        return _dropped(scene)
    if act in {"move", "cancel"} and which:
        return _ask(scene, AskBooking(act, key=which), held or Booking(""))
    return None


def _begun(scene: Scene) -> Step | None:
    """我想见领导, with a day or a name when the line has one."""
    said = scene.said
    if size(said.bare) > _LONGEST or "book_not" in said.parts:
        return None
    named = "book_named" in said.parts
    kind = next((kind for name, kind in _KINDS.items() if said.has(name)), None)
    if kind is None and not named:
        return None
    kind = kind or BookingKind.RECEPTION
    act = "hosts" if named else "find"
    request = AskBooking(act, words=said.text, wish=wish_of(scene), unit=_lives(scene))
    return _ask(scene, request, Booking(kind.value))


def _about_mine(scene: Scene) -> Step | None:
    """我的预约, 取消预约, 改预约时间; and 那天去不了了, said by somebody who has booked."""
    said, held = scene.said, scene.state.booking
    if size(said.bare) > _LONGEST:
        return None
    cannot = held is not None and held.made and said.short and "book_cannot" in said.parts
    for name, act in (("book_cancel", "cancel"), ("book_move", "move"), ("book_mine", "mine")):
        says = name in said.parts or (name in said.whole and (held is not None or _idle(scene)))
        if says or (act == "cancel" and cannot):
            kind = next((k.value for n, k in _KINDS.items() if said.has(n)), "")
            asked = AskBooking(act, words=said.text, wish=wish_of(scene))
            return _ask(scene, asked, Booking(kind))
    return None


def _idle(scene: Scene) -> bool:
    """Whether no complaint is being taken, where 改期 may mean something else."""
    return scene.state.draft is None


def _answered(scene: Scene) -> Step | None:
    """What was offered is chosen, changed or refused."""
    said, held = scene.said, scene.state.booking
    if held is None or size(said.bare) > _ANSWER:
        return None
    for at, name in enumerate(_ORDINALS):
        if name in said.whole and at < len(held.offered) and not held.chosen:
            return _ask(scene, AskBooking("check", key=held.offered[at]), held)
    if said.has("book_drop"):
        return _dropped(scene)
    if said.has("book_other") or (held.chosen and "deny" in said.whole):
        wish = wish_of(scene)
        return _ask(scene, AskBooking("find", wish=wish), replace(held, chosen=""))
    if "affirm" in said.whole or "book_yes" in said.whole:
        if held.chosen:
            return _book(scene, held)
        key = held.offered[0] if held.offered else ""
        return _ask(scene, AskBooking("check", key=key), held) if key else None
    if "deny" in said.whole:
        return _dropped(scene)
    return _wished(scene, held)


def _wished(scene: Scene, held: Booking) -> Step | None:
    """Another day, or one of the people who can be asked for."""
    wish, unit = wish_of(scene), _lives(scene)
    if unit and not held.offered:
        return _ask(scene, AskBooking("find", wish=wish, unit=unit), held)
    if wish:
        again = replace(held, chosen="", seen=())
        return _ask(scene, AskBooking("find", wish=wish), again)
    for each in held.hosts:
        host_id, _, name = each.partition(":")
        if name and name in scene.said.text:
            return _ask(scene, AskBooking("find"), Booking(held.kind, host=host_id))
    return None


def _lives(scene: Scene) -> str:
    """The unit the line names or was sent from, where that is certain."""
    known = scene.around.places
    if known is None:
        return ""
    return known.locate(scene.said.text, scene.heard.location).unit_id or ""


def _ask(scene: Scene, request: AskBooking, held: Booking) -> Step:
    """Let the executor look. The open question waits behind the colon."""
    asking = f"{ASKING}:{_before(scene)}" if _before(scene) else ASKING
    scene = scene.with_state(replace(scene.state, booking=held))
    return scene.answer(Reply("booking_looking"), requests=[request], asking=asking)


def _book(scene: Scene, held: Booking) -> Step:
    """The resident said yes: the executor takes it, or says kindly who was faster."""
    request = AskBooking("book", key=held.chosen)
    back = scene.with_state(replace(scene.state, asking=_before(scene) or None))
    return repeat(back, Reply("booking_booked")).plus(request)


def _dropped(scene: Scene) -> Step:
    return repeat(let_go(scene), Reply("booking_dropped"))


def _before(scene: Scene) -> str:
    kind, before = scene.asking
    return before if kind == ASKING else scene.state.asking or ""
