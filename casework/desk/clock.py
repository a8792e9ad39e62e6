"""Verbs of time: what happens because nobody did anything.

Each is conditional on the version the case was found at, so any number of clocks may run: what
one has done the others find changed. Conversation before case, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from casework import clocks
from casework.case import Case, Status
from casework.clocks import Due
from casework.conversation import Conversation, HolderKind
from casework.desk.assigning import raised
from casework.desk.cases import file
from casework.desk.moving import Use, apply, locked
from casework.desk.notifying import tell
from casework.desk.rulebook import Rulebook
from casework.effects import Given
from casework.events import SYSTEM, Event, Kind
from casework.ports import Transaction

SILENCE = timedelta(minutes=10)  # a complete draft nobody touches any more is filed after this


def file_silent_draft(
    tx: Transaction, number: str, version: int, rules: Rulebook, now: datetime
) -> bool:
    """File a draft whose resident fell silent, and tell them; False when it is not to be done.

    Not while an officer holds the conversation, nor while a line of the resident is undecided.
    """
    conversation, draft = locked(tx, number)
    if draft.version != version or draft.status is not Status.DRAFT or _held(conversation):
        return False
    if conversation.last_at > now - SILENCE or tx.turns.oldest_unhandled(conversation.id):
        return False
    filed = file(tx, number, rules, now, actor=SYSTEM)
    tell(tx, conversation, filed, Kind.CASE_FILED, None, rules, now)
    return True


def keep_time(tx: Transaction, number: str, version: int, rules: Rulebook, now: datetime) -> bool:
    """Do everything that is due with the case at ``now``, in its order; False when nothing was,
    or when it has to wait because an officer is speaking with the resident."""
    conversation, case = locked(tx, number)
    if case.version != version:
        return False
    done = False
    while (what := clocks.due(case, now)) is not None:
        after = _DO[what](tx, conversation, case, rules, now)
        if after is None:
            break
        case, done = after, True
        if clocks.due(case, now) is not None:
            conversation = tx.conversations.get(case.conversation_id)
    return done


def _held(conversation: Conversation) -> bool:
    return conversation.holder.kind is HolderKind.OFFICER


_MARKS = {
    Due.ACCEPT_LATE: Kind.CASE_ACCEPT_LATE,
    Due.WARN: Kind.CASE_WARNED,
    Due.BREACH: Kind.CASE_BREACHED,
}
_Step = Callable[[Transaction, Conversation, Case, Rulebook, datetime], Case | None]


def _mark(what: Due) -> _Step:
    """Say once that something is late or soon due; the owner sees it."""

    def step(
        tx: Transaction,
        conversation: Conversation,  # noqa: ARG001
        case: Case,
        rules: Rulebook,  # noqa: ARG001
        now: datetime,
    ) -> Case:
        saved = tx.cases.save(clocks.marked(case, what, now), now)
        data = {"owner": case.owner_id, "org": case.org_id}
        event = Event(_MARKS[what], now, SYSTEM, case.conversation_id, case.number, data)
        tx.events.append(event)
        return saved

    return step


def _escalate(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    rules: Rulebook,
    now: datetime,
) -> Case:
    """This level's time is over: the next one gets it, with its history (自动上报). At the top of
    the ladder there is no next one, and the case waits for its answer where it is."""
    route = raised(tx, case, rules, now)
    if route is None:
        return tx.cases.save(replace(case, level_dues=case.level_dues[1:]), now)
    to = Given(officer_id=route.officer.id, unit_id=route.org_id)
    return apply(tx, conversation, case, Use("escalate", SYSTEM, to), rules, now)


def _resume(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    rules: Rulebook,
    now: datetime,
) -> Case:
    """A pause is over: nothing more came, or the mediation took its month."""
    verb = "inform" if case.status is Status.AWAIT_INFO else "end_mediation"
    return apply(tx, conversation, case, Use(verb, SYSTEM), rules, now)


def _lapse(
    tx: Transaction, conversation: Conversation, case: Case, rules: Rulebook, now: datetime
) -> Case | None:
    """Close a case whose resident never said whether it is solved; it counts as unrated.

    Not while the resident waits for a human: then it is we who have not answered.
    """
    if _held(conversation) or conversation.waiting_since is not None:
        return None
    return apply(tx, conversation, case, Use("lapse", SYSTEM), rules, now)


def _archive(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    rules: Rulebook,
    now: datetime,
) -> Case:
    return apply(tx, conversation, case, Use("archive", SYSTEM, silent=True), rules, now)


_DO: dict[Due, _Step] = {
    **{what: _mark(what) for what in _MARKS},
    Due.ESCALATE: _escalate,
    Due.RESUME: _resume,
    Due.LAPSE: _lapse,
    Due.ARCHIVE: _archive,
}
