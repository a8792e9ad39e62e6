"""Carries out the resident's rights, inside the turn's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.dialogue import requests
from bot.dialogue.requests import Reply
from bot.dialogue.state import DialogueState
from casework.desk import privacy as desk
from casework.desk.bookable import standing
from casework.desk.privacy import Erasure
from casework.events import RESIDENT, Event, Kind

if TYPE_CHECKING:
    from bot.requests_desk import Progress


def guard(on: Progress, number: str) -> None:
    """A case just written holds nothing its resident did not want to be known by."""
    on.learn(desk.guard(on.tx, number, on.book.privacy.record, on.now))


def _wish(on: Progress, turn_id: str, *, withdraw: bool = False) -> Erasure:
    names = on.book.officers.categories
    return Erasure(turn_id, on.book.privacy.record, names, withdraw=withdraw)


def _fresh(on: Progress) -> DialogueState:
    """What is not about the resident: which buttons are stale, and the language."""
    old = on.state
    return DialogueState(serial=old.serial, language_fixed=old.language_fixed)


def _erase(on: Progress, request: requests.EraseResident) -> None:
    wish = _wish(on, request.turn_id, withdraw=request.withdraw)
    booked = len(standing(on.tx, on.conversation.id, on.now))
    on.conversation = desk.erase(on.tx, on.conversation, wish, on.now)
    if len(standing(on.tx, on.conversation.id, on.now)) < booked:
        on.replies = (*on.replies, Reply("erased_booking"))
    crisis = on.state.crisis if on.conversation.crisis != "none" else "none"
    on.state = replace(_fresh(on), crisis=crisis)


def _stop(on: Progress, request: requests.StopKeeping) -> None:
    on.conversation = desk.stop(on.tx, on.conversation, _wish(on, request.turn_id), on.now)
    number = on.state.last_number if on.conversation.has_cases else None
    on.state = replace(
        _fresh(on), stopped=True, crisis=on.state.crisis, minor=on.state.minor, last_number=number
    )


def _hush(on: Progress, request: requests.HushLine) -> None:
    kept, line = request.kept_turns, request.turn_id
    on.conversation = desk.hush(on.tx, on.conversation, kept, line, on.now)
    on.state = replace(on.state, told="")


def _asked(on: Progress, request: requests.NoteErasureAsked) -> None:  # noqa: ARG001
    desk.asked_while_held(on.tx, on.conversation, on.now)


def _consent(on: Progress, request: requests.NoteConsent) -> None:
    data = {"version": request.version}
    if request.about:
        data["about"] = request.about
    on.tx.events.append(Event(Kind.CONSENT_NOTED, on.now, RESIDENT, on.conversation.id, data=data))


RUN: dict[type[requests.Request], Callable[[Progress, Any], None]] = {
    requests.EraseResident: _erase,
    requests.StopKeeping: _stop,
    requests.HushLine: _hush,
    requests.NoteErasureAsked: _asked,
    requests.NoteConsent: _consent,
}
