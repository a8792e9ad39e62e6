"""Carries out what a step asks for when somebody is in danger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.dialogue import requests
from bot.dialogue.requests import Request
from casework.alerts import ORDER, SERIOUS, Procedure
from casework.case import CLOSED, Case
from casework.conversation import Conversation, take_back, waits_in_queue
from casework.desk import alerts
from casework.duty import around
from casework.events import BOT, RESIDENT, Event, Kind
from casework.organisation import Officer
from casework.ports import Transaction
from casework.restricted import owner_above_grid
from config.load import Book


class Progress(Protocol):
    """What the requests of one step have brought about so far (bot.requests_desk.Progress)."""

    tx: Transaction
    conversation: Conversation
    now: datetime
    book: Book
    latest: str


def _raise(on: Progress, request: requests.RaiseCrisis) -> None:
    worst = max(on.conversation.crisis, request.level, key=ORDER.index)
    on.conversation = replace(on.conversation, crisis=worst, urgent=True)
    if waits_in_queue(on.conversation) and request.level in SERIOUS:
        on.conversation = replace(on.conversation, handoff_reason="crisis")
    data = {"level": request.level, "crisis_kind": request.kind}
    on.tx.events.append(Event(Kind.CRISIS_RAISED, on.now, BOT, on.conversation.id, data=data))


def _call(on: Progress, request: requests.CallPeople) -> None:
    number = on.latest or _newest_open(on)
    danger = alerts.Danger(request.level, request.kind, number, request.child)
    alerts.raise_alert(on.tx, on.conversation, danger, on.book.response, on.now)


def _newest_open(on: Progress) -> str | None:
    if not on.conversation.has_cases:
        return None
    known = on.tx.cases.of_conversation(on.conversation.id)
    alive = [case for case in known if case.status not in CLOSED]
    return alive[-1].number if alive else None


def _heard(on: Progress, _: requests.HeardInDanger) -> None:
    if on.conversation.crisis != "none":
        alerts.heard(on.tx, on.conversation, on.book.response, on.now)


def _fine(on: Progress, _: requests.ResidentFine) -> None:
    alerts.fine(on.tx, on.conversation, on.now)


def _out(on: Progress, _: requests.ResidentOut) -> None:
    on.tx.events.append(Event(Kind.RESIDENT_OUT, on.now, RESIDENT, on.conversation.id))


def _silent(on: Progress, _: requests.FallSilent) -> None:
    alerts.fall_silent(on.tx, on.conversation, on.now)


def _restrict(on: Progress, _: requests.Restrict) -> None:
    on.conversation = replace(on.conversation, restricted=True)


def _take_back(on: Progress, _: requests.TakeBack) -> None:
    before = on.conversation.epoch
    on.conversation = take_back(on.conversation)
    if on.conversation.epoch != before:
        data = {"epoch": on.conversation.epoch, "to": "bot", "to_officer": None}
        on.tx.events.append(Event(Kind.RELEASED, on.now, BOT, on.conversation.id, data=data))


def guard(tx: Transaction, case: Case, procedure: Procedure, now: datetime) -> None:
    """Restrict the case; of some categories, give it to an officer above grid and community."""
    owner = _owner_above(tx, case, procedure) if case.category in procedure.above_grid else None
    guarded = replace(case, restricted=True)
    if owner is not None:  # with their office: the one complained of owns nothing of it
        guarded = replace(guarded, owner_id=owner.id, org_id=owner.unit_id or case.org_id)
    if guarded != case:
        tx.cases.save(guarded, now)


def _owner_above(tx: Transaction, case: Case, procedure: Procedure) -> Officer | None:
    roles = procedure.sees_restricted
    if tx.people.officer(case.owner_id).role in roles:
        return None
    unit_id = case.unit_id if case.placed else None
    return owner_above_grid(around(tx, unit_id), unit_id, roles)


RUN: dict[type[Request], Callable[[Any, Any], None]] = {
    requests.RaiseCrisis: _raise,
    requests.CallPeople: _call,
    requests.HeardInDanger: _heard,
    requests.ResidentFine: _fine,
    requests.ResidentOut: _out,
    requests.FallSilent: _silent,
    requests.Restrict: _restrict,
    requests.TakeBack: _take_back,
}
