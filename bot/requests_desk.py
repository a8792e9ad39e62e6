"""Carries out what a dialogue step asks for, inside the turn's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot import crisis_desk, requests_booking, requests_mediation, requests_privacy
from bot.dialogue import higher, joining, matters, outcome, policy, requests
from bot.dialogue.replies import moment_text
from bot.dialogue.requests import ParamValue, Reply, Request, Step
from bot.dialogue.state import DialogueState
from casework.case import Case, Status
from casework.clusters import Found
from casework.conversation import Conversation, bot_may_speak
from casework.desk import cases as desk
from casework.desk import joining as joining_desk
from casework.desk import linking, reminding
from casework.desk.conversations import hand_off
from casework.desk.handing import TWICE
from casework.errors import ForbiddenTransition
from casework.ports import Transaction
from config.load import Book


@dataclass(slots=True)
class Progress:
    """What the requests of one step have brought about so far."""

    tx: Transaction
    conversation: Conversation
    state: DialogueState
    now: datetime
    book: Book
    facts: dict[str, ParamValue] = field(default_factory=dict)
    latest: str = ""
    replies: tuple[Reply, ...] = ()
    same: tuple[Case, Found] | None = None

    def number(self, given: str) -> str:
        """The request's case: the one named, else the one opened last."""
        draft = self.state.draft
        return (
            given
            or self.latest
            or (draft.number if draft and draft.number else "")
            or (self.state.last_number or "")
        )

    def learn(self, case: Case) -> None:
        """Make the case's facts known to the replies."""
        self.latest = case.number
        self.facts["number"] = case.number
        self.facts["owner"] = self.tx.people.officer(case.owner_id).name
        words = self.book.words
        promised = self.book.promised(case).contact_by
        if promised is not None:
            self.facts["contact_text"] = moment_text(promised, self.now, words)
        if case.due_at is not None:
            self.facts["due_text"] = moment_text(case.due_at, self.now, words)

    def ask_whether_same(self) -> None:
        """Let the resident be asked about the same issue nearby, if the bot still speaks."""
        if not self.replies or not bot_may_speak(self.conversation):
            return
        if self.same is not None:
            self.state, ask = joining.found(self.state, *self.same, self.book)
        else:
            self.state, ask = joining.due(self.state, self.book)
        self.replies = (*self.replies, *((ask,) if ask else ()))


def carry_out(
    tx: Transaction, conversation: Conversation, step: Step, now: datetime, book: Book
) -> Progress:
    """Run the step's requests in order; what they brought about is in the answer."""
    progress = Progress(tx, conversation, step.state, now, book, replies=step.replies)
    for request in step.requests:
        _RUN[type(request)](progress, request)
    progress.ask_whether_same()
    return progress


def _open(on: Progress, request: requests.OpenCase) -> None:
    case = desk.draft(
        on.tx,
        on.conversation,
        desk.Opening(
            category=request.category,
            secondary=request.secondary,
            urgent=request.urgent,
            crisis=request.crisis,
            slots=request.slots,
            title=request.title,
            restricted=request.restricted,
            where=request.where,
            source=request.source,
        ),
        on.now,
    )
    on.conversation = replace(on.conversation, has_cases=True, unit_id=case.unit_id)
    _restrict(on, case)
    on.state = policy.opened(on.state, case.number)
    requests_privacy.guard(on, case.number)


def _open_beside(on: Progress, request: requests.OpenBeside) -> None:
    first = on.number("")
    title = on.book.officers.categories.get(request.category, request.category)
    opening = desk.Opening(
        category=request.category,
        secondary=None,
        urgent=False,
        crisis=on.state.crisis,
        slots=request.slots,
        title=title,
    )
    case = desk.draft(on.tx, on.conversation, opening, on.now)
    linking.link(on.tx, case.number, first, on.now)
    on.state = matters.numbered(on.state, request.text, case.number)
    requests_privacy.guard(on, case.number)


def _amend(on: Progress, request: requests.AmendCase) -> None:
    number = on.number(request.number)
    change = desk.Change(
        request.slots, request.category, request.title, request.restricted, request.where
    )
    case = desk.amend(on.tx, number, change, on.now)
    if case.status is Status.AWAIT_INFO:  # what they were asked for, or as much of it as they have
        case = desk.act_as_resident(on.tx, number, "inform", on.book, on.now)
    on.conversation = replace(on.conversation, unit_id=case.unit_id)
    _restrict(on, case)
    reminding.count(on.tx, case, on.book, on.now)
    requests_privacy.guard(on, case.number)


def _restrict(on: Progress, case: Case) -> None:
    """A conversation about a restricted case is as restricted as the case, and a complaint about
    an official is never owned by the office complained of."""
    if not case.restricted and not on.book.forms[case.category].of(case.kind).restricted:
        return
    on.conversation = replace(on.conversation, restricted=True)
    crisis_desk.guard(on.tx, case, on.book.crisis.procedure, on.now)


def _file(on: Progress, request: requests.FileCase) -> None:
    number = on.number(request.number)
    case = desk.file(on.tx, number, on.book, on.now)
    on.learn(case)
    requests_booking.told(on, case.number)
    found = joining_desk.find(on.tx, number, on.book.nearby, on.now)
    on.same = (case, found) if found else None


def _rate(on: Progress, request: requests.RateCase) -> None:
    number = on.number(request.number)
    on.learn(desk.rate(on.tx, number, on.book, on.now, score=request.score, text=request.text))


def _confirm(on: Progress, request: requests.ConfirmCase) -> None:
    on.learn(desk.act_as_resident(on.tx, on.number(request.number), "confirm", on.book, on.now))


def _reopen(on: Progress, request: requests.ReopenCase) -> None:
    before = on.tx.cases.get(on.number(request.number))
    why = request.reason
    case = desk.act_as_resident(on.tx, before.number, "reopen", on.book, on.now, reason=why)
    if before.round >= TWICE and case.org_id != before.org_id:
        on.replies = outcome.gone_up(on.replies)
    on.learn(case)


def _withdraw(on: Progress, request: requests.WithdrawCase) -> None:
    on.learn(desk.act_as_resident(on.tx, on.number(request.number), "withdraw", on.book, on.now))


def _urge(on: Progress, request: requests.UrgeCase) -> None:
    on.learn(desk.urge(on.tx, on.number(request.number), on.now))


def _escalate(on: Progress, request: requests.EscalateCase) -> None:
    number = on.number(request.number)
    try:
        case = desk.act_as_resident(on.tx, number, "escalate", on.book, on.now)
    except ForbiddenTransition:  # there is nobody above
        case = on.tx.cases.get(number)
        on.replies = higher.at_the_top(on.replies)
    on.learn(case)


def _join(on: Progress, request: requests.JoinCase) -> None:
    number = on.number(request.number)
    joined = joining_desk.join(on.tx, number, request.leading, on.book.nearby, on.now)
    if joined is None:
        on.replies = joining.too_late(on.replies)
    on.learn(joined or on.tx.cases.get(number))


def _loosen(on: Progress, request: requests.LoosenCase) -> None:
    on.learn(joining_desk.loosen(on.tx, on.number(request.number), on.book, on.now))


def _link(on: Progress, request: requests.LinkCase) -> None:
    linking.link(on.tx, on.number(request.number), request.other, on.now)


def _hand_off(on: Progress, request: requests.HandOff) -> None:
    on.conversation = hand_off(on.tx, on.conversation, request.reason, on.now)


def _end_countdown(on: Progress, request: requests.EndCountdown) -> None:
    reminding.end(on.tx, request.reminder_id, request.why, on.now)


_RUN: dict[type[Request], Callable[[Progress, Any], None]] = {
    requests.OpenCase: _open,
    requests.OpenBeside: _open_beside,
    requests.AmendCase: _amend,
    requests.FileCase: _file,
    requests.RateCase: _rate,
    requests.ConfirmCase: _confirm,
    requests.ReopenCase: _reopen,
    requests.WithdrawCase: _withdraw,
    requests.UrgeCase: _urge,
    requests.EscalateCase: _escalate,
    requests.EndCountdown: _end_countdown,
    requests.JoinCase: _join,
    requests.LoosenCase: _loosen,
    requests.LinkCase: _link,
    requests.HandOff: _hand_off,
    **requests_privacy.RUN,
    **requests_booking.RUN,
    **requests_mediation.RUN,
    **crisis_desk.RUN,
}
