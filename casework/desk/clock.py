"""Verbs of time: what happens because nobody did anything.

Each is conditional on the version the case was found at, so any number of clocks may run: what
one has done the others find changed. Conversation before case, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from casework import case as rules
from casework.case import Case, Status
from casework.conversation import Conversation, HolderKind
from casework.deadlines import DeadlineClass, Judgement, judge
from casework.desk.cases import Notices, file
from casework.desk.conversations import say
from casework.events import SYSTEM, Event, Kind
from casework.ports import Transaction

SILENCE = timedelta(minutes=10)  # a complete draft nobody touches any more is filed after this
ANSWER_WAIT = timedelta(days=7)  # a resident has this long to say whether it is solved

LengthOf = Callable[[Case], DeadlineClass]


def file_silent_draft(
    tx: Transaction,
    number: str,
    version: int,
    length_of: LengthOf,
    notices: Notices,
    now: datetime,
) -> bool:
    """File a draft whose resident fell silent, and tell them; False when it is not to be done.

    Not while an officer holds the conversation, nor while a line of the resident is undecided.
    """
    found = _quiet(tx, number, version, Status.DRAFT)
    if found is None:
        return False
    conversation, draft = found
    if conversation.last_at > now - SILENCE or tx.turns.oldest_unhandled(conversation.id):
        return False
    filed = file(tx, number, length_of(draft), now, actor=SYSTEM)
    _tell(tx, conversation, filed, Kind.CASE_FILED, notices, now)
    return True


def lapse(tx: Transaction, number: str, version: int, notices: Notices, now: datetime) -> bool:
    """Close a case whose resident never said whether it is solved; it counts as unrated.

    Not while the resident waits for a human: then it is we who have not answered.
    """
    found = _quiet(tx, number, version, Status.DONE_WAIT)
    if found is None or found[0].waiting_since is not None:
        return False
    conversation, done = found
    closed, kind = rules.advance(done, "lapse", SYSTEM.kind, now)
    saved = tx.cases.save(closed, now)
    _note(tx, kind, saved, now, round=saved.round)
    _tell(tx, conversation, saved, kind, notices, now)
    return True


def mark_deadline(
    tx: Transaction, number: str, version: int, length_of: LengthOf, now: datetime
) -> bool:
    """Say once that the answer is due soon, and once that it is overdue; the owner sees it."""
    case = tx.cases.get(number, lock=True)
    if case.version != version or case.breached_at is not None:
        return False
    verdict = judge(case, length_of(case), now)
    if verdict is Judgement.BREACHED:
        saved = tx.cases.save(replace(case, breached_at=now), now)
        _note(tx, Kind.CASE_BREACHED, saved, now, owner=case.owner_id)
    elif verdict is Judgement.WARNED and case.warned_at is None:
        saved = tx.cases.save(replace(case, warned_at=now), now)
        _note(tx, Kind.CASE_WARNED, saved, now, owner=case.owner_id)
    else:
        return False
    return True


def _quiet(
    tx: Transaction, number: str, version: int, status: Status
) -> tuple[Conversation, Case] | None:
    """Both rows locked, if the case is as it was found and the bot may speak about it."""
    conversation = tx.conversations.get(tx.cases.get(number).conversation_id, lock=True)
    case = tx.cases.get(number, lock=True)
    if case.version != version or case.status is not status:
        return None
    if conversation.holder.kind is HolderKind.OFFICER:
        return None
    return conversation, case


def _note(tx: Transaction, kind: Kind, case: Case, now: datetime, **data: object) -> None:
    tx.events.append(Event(kind, now, SYSTEM, case.conversation_id, case.number, dict(data)))


def _tell(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    kind: Kind,
    notices: Notices,
    now: datetime,
) -> None:
    owner = tx.people.officer(case.owner_id).name
    line = notices.notice(kind, case, owner, conversation.language)
    if line is not None:
        spoken, _ = say(tx, conversation, [line], now)
        tx.conversations.save(spoken, conversation.epoch)
