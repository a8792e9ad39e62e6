"""Verbs of a mediation that is under way: meet, write down, agree, end; what its clock does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from casework import mediation as rules
from casework import mediation_sessions as meetings
from casework.case import Status
from casework.conversation import Conversation
from casework.desk import confirmations, promises
from casework.desk.conversations import actor_of
from casework.desk.left_behind import stop
from casework.desk.mediating import (
    Mediating,
    Value,
    back,
    note,
    open_one,
    remind,
    require_handling,
    require_mediable,
    speak,
)
from casework.desk.moving import locked
from casework.desk.notifying import tell
from casework.errors import Incomplete
from casework.events import SYSTEM, Kind
from casework.mediation import Agreement, Mediation, Phase, Session
from casework.mediation_sessions import Due
from casework.organisation import Officer
from casework.ports import Transaction
from casework.promises import Party
from casework.working_calendar import CHINA


@dataclass(frozen=True, slots=True)
class Pledge:
    """One promise of an agreement: ``party`` does ``what`` by the end of ``due_on``."""

    party: Party
    what: str
    due_on: date


def plan(
    tx: Transaction,
    number: str,
    session: Session,
    officer: Officer,
    book: Mediating,
    now: datetime,
) -> Mediation:
    """Another meeting; the resident is told when and where. Raises Excluded when there is danger
    now, else as casework.mediation_sessions.planned."""
    conversation, case = locked(tx, number)
    mediation = open_one(tx, number)
    require_handling(tx, officer, case, mediation, now)
    require_mediable(tx, case, book.mediation)
    changed = meetings.planned(mediation, session, now)
    tx.mediations.save(changed)
    data = {"at": session.at.isoformat(), "online": session.online, "apart": session.apart}
    note(tx, Kind.SESSION_PLANNED, changed, actor_of(officer), now, **data)
    key = "session_apart" if session.apart else "session_planned"
    line = book.told(
        key, conversation.language, now, _where(tx, changed, session, conversation, book)
    )
    speak(tx, case, line, book, now, officer)
    return changed


def _where(
    tx: Transaction,
    mediation: Mediation,
    session: Session,
    conversation: Conversation,
    book: Mediating,
) -> dict[str, Value]:
    who = tx.people.officer(mediation.mediator_id).name if mediation.mediator_id else ""
    online = book.told("session_online", conversation.language, session.at, {}).text
    return {"at": session.at, "place": online if session.online else session.place, "mediator": who}


@dataclass(frozen=True, slots=True)
class Minutes:
    """What came of meeting number ``index``: whether it was ``held``, who was ``present``."""

    index: int
    held: bool
    present: Sequence[str]
    words: str


def write_down(
    tx: Transaction, number: str, given: Minutes, officer: Officer, book: Mediating, now: datetime
) -> Mediation:
    """The minutes of a meeting; of one that is called off the resident is told, so that they do not
    come for nothing. Raises NotAllowed, Incomplete."""
    conversation, case = locked(tx, number)
    mediation = open_one(tx, number)
    require_handling(tx, officer, case, mediation, now)
    changed = meetings.noted(
        mediation,
        given.index,
        held=given.held,
        present=given.present,
        minutes=given.words,
        now=now,
    )
    tx.mediations.save(changed)
    data = {"session": given.index, "held": given.held}
    note(tx, Kind.SESSION_NOTED, changed, actor_of(officer), now, **data)
    before = mediation.sessions[given.index]
    if before.at > now and before.held is None:
        line = book.told("session_off", conversation.language, now, {"at": before.at})
        speak(tx, case, line, book, now, officer)
    return changed


def agree(
    tx: Transaction,
    number: str,
    agreement: Agreement,
    pledges: Sequence[Pledge],
    officer: Officer,
    book: Mediating,
    now: datetime,
) -> Mediation:
    """Both agreed: the promises get their days, the thirty days for the court begin, the resident
    is told what both are good for, and the case goes back to its owner to be answered."""
    conversation, case = locked(tx, number)
    mediation = open_one(tx, number)
    require_handling(tx, officer, case, mediation, now)
    require_mediable(tx, case, book.mediation)
    if agreement.effective_on < case.opened_at.astimezone(CHINA).date():
        raise Incomplete("effective_on")  # nobody settles what nobody has complained of
    changed = rules.agreed(mediation, agreement, officer.id, now)
    tx.mediations.save(changed)
    back(tx, number, book, now)
    data: dict[str, object] = {"form": agreement.form, "promises": len(pledges)}
    note(tx, Kind.MEDIATION_AGREED, changed, actor_of(officer), now, **data)
    for pledge in pledges:
        promises.make(tx, changed, pledge.party, pledge.what, pledge.due_on, officer, now)
    opened = confirmations.open_for(tx, changed, case, book, now)
    theirs = sum(pledge.party is not Party.RESIDENT for pledge in pledges)
    params: dict[str, Value] = {"number": number, "count": theirs}
    key = "mediation_agreed" if theirs else "mediation_agreed_plain"
    line = book.told(key, conversation.language, now, params)
    told = confirmations.told_once(tx, opened, conversation, book, now)
    together = replace(line, text=f"{line.text}\n{told.text}") if told else line
    speak(tx, case, together, book, now, officer)
    return changed


def end(
    tx: Transaction,
    number: str,
    phase: Phase,
    reason: str,
    officer: Officer,
    book: Mediating,
    now: datetime,
) -> Mediation:
    """No agreement, or stopped; the case goes on with its owner, and all other ways are open."""
    conversation, case = locked(tx, number)
    mediation = open_one(tx, number)
    require_handling(tx, officer, case, mediation, now)
    if phase not in rules.REASONS:
        raise Incomplete("phase")
    over = rules.ended(mediation, phase, reason, officer.id, now)
    tx.mediations.save(over)
    back(tx, number, book, now)
    note(tx, Kind.MEDIATION_ENDED, over, actor_of(officer), now, phase=phase.value, reason=reason)
    params: dict[str, Value] = {"number": number, "owner": tx.people.officer(case.owner_id).name}
    line = book.told("mediation_ended", conversation.language, now, params)
    speak(tx, case, line, book, now, officer)
    return over


def do_due(tx: Transaction, mediation_id: str, book: Mediating, now: datetime) -> bool:
    """What time has made due of a mediation; False when another clock did it."""
    found = tx.mediations.get(mediation_id)
    conversation, case = locked(tx, found.case_number)
    mediation = tx.mediations.get(mediation_id, lock=True)
    what = meetings.due(mediation, now)
    if what is None:
        return False
    if case.status is not Status.MEDIATION:  # answered, withdrawn or taken out by its own clock
        stop(tx, mediation, "moved_on", now)
        return True
    if what is Due.REMIND:
        changed, session = meetings.reminded(mediation, now)
        tx.mediations.save(changed)
        if session is not None:
            params = _where(tx, changed, session, conversation, book)
            line = book.told("session_reminder", conversation.language, now, params)
            if remind(tx, case, line, changed.mediator_id or case.owner_id, book, now):
                note(tx, Kind.SESSION_REMINDED, changed, SYSTEM, now)
        return True
    stop(tx, mediation, "time_over", now)
    after = back(tx, case.number, book, now)
    conversation = tx.conversations.get(case.conversation_id, lock=True)
    tell(tx, conversation, after, Kind.CASE_OUT_OF_MEDIATION, None, book, now)
    return True
