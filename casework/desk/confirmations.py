"""Verbs of the judicial confirmation: opened with the agreement, filed, ruled, declined, lapsed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from casework import confirmations as rules
from casework.case import Case, Status
from casework.confirmations import Confirmation, Due, Stage
from casework.conversation import Conversation
from casework.desk.conversations import actor_of
from casework.desk.mediating import Mediating, Value, require_handling, speak
from casework.desk.mediators import liaison_of
from casework.desk.moving import locked, move
from casework.desk.notifying import tell
from casework.events import RESIDENT, SYSTEM, Actor, Event, Kind
from casework.lengths import last_day
from casework.lifecycle import allowed_verbs
from casework.mediation import Mediation, NotNow
from casework.organisation import Officer
from casework.ports import Transaction
from casework.tasks import JUDICIAL, Task, closed
from casework.turn import Line


def open_for(
    tx: Transaction, mediation: Mediation, case: Case, book: Mediating, now: datetime
) -> Confirmation:
    """The thirty days of a new agreement, with a task for the liaison. Raises Incomplete."""
    agreement = mediation.agreement
    if agreement is None:
        raise NotNow
    fallback = mediation.mediator_id or case.owner_id
    fresh = Confirmation(
        mediation_id=mediation.id,
        case_number=case.number,
        conversation_id=case.conversation_id,
        liaison_id=liaison_of(tx, case, book.mediation, now, fallback),
        effective_on=agreement.effective_on,
        apply_by=now,
    )
    opened = rules.opened(fresh, book.calendar, now)
    task = Task(
        id=tx.new_id(),
        kind=JUDICIAL,
        conversation_id=case.conversation_id,
        officer_id=opened.liaison_id,
        created_at=now,
        due_at=opened.apply_by,
        case_number=case.number,
    )
    tx.tasks.add(task)
    opened = replace(opened, task_id=task.id)
    tx.confirmations.add(opened)
    data = {"officer": opened.liaison_id, "until": opened.apply_by.isoformat()}
    _note(tx, Kind.JUDICIAL_OPENED, opened, SYSTEM, now, **data)
    return opened


def told_once(
    tx: Transaction,
    opened: Confirmation,
    conversation: Conversation,
    book: Mediating,
    now: datetime,
) -> Line | None:
    """What the confirmation is good for and how it is got; None when its days are over already."""
    if opened.apply_by <= now:
        return None
    params: dict[str, Value] = {
        "until": last_day(opened.apply_by),
        "liaison": tx.people.officer(opened.liaison_id).name,
    }
    return book.told("judicial_offer", conversation.language, now, params)


def wish(tx: Transaction, number: str, now: datetime) -> Confirmation | None:
    """The resident would like it: the liaison sees that. None when its days are over."""
    for mediation in tx.mediations.of_case(number):
        found = tx.confirmations.get(mediation.id)
        if found is not None and found.stage is Stage.OPEN and found.apply_by > now:
            _note(tx, Kind.JUDICIAL_WISHED, found, RESIDENT, now, officer=found.liaison_id)
            return found
    return None


def _held(
    tx: Transaction, mediation_id: str, officer: Officer, now: datetime
) -> tuple[Conversation, Case, Confirmation]:
    """Everything locked. The liaison is named in it, and needs no other right. Raises NotAllowed or
    InOtherHands for whom it does not concern."""
    mediation = tx.mediations.get(mediation_id)
    conversation, case = locked(tx, mediation.case_number)
    confirmation = tx.confirmations.get(mediation_id, lock=True)
    if confirmation is None:
        raise NotNow
    if confirmation.liaison_id != officer.id:
        require_handling(tx, officer, case, mediation, now)
    return conversation, case, confirmation


def file(
    tx: Transaction,
    mediation_id: str,
    court: str,
    on: date,
    officer: Officer,
    book: Mediating,
    now: datetime,
) -> Confirmation:
    """Both have applied; the court's thirty days run, and a case closed as agreed waits for them.
    Raises NotAllowed, Incomplete."""
    conversation, case, confirmation = _held(tx, mediation_id, officer, now)
    filed = rules.filed(confirmation, court, on, book.calendar, now)
    tx.confirmations.save(filed)
    _finish(tx, filed, officer.id, now)
    if "seek_confirmation" in allowed_verbs(case, actor_of(officer), now):
        move(tx, case.number, "seek_confirmation", actor_of(officer), book, now, silent=True)
    _note(tx, Kind.JUDICIAL_FILED, filed, actor_of(officer), now, on=on.isoformat())
    line = book.told("judicial_filed", conversation.language, now, {"court": filed.court})
    speak(tx, case, line, book, now, officer)
    return filed


@dataclass(frozen=True, slots=True)
class Ruling:
    """The court's: CONFIRMED or DISMISSED, with its number, day and file."""

    stage: Stage
    number: str
    on: date
    file_id: str | None = None


def rule_on(
    tx: Transaction,
    mediation_id: str,
    ruling: Ruling,
    officer: Officer,
    book: Mediating,
    now: datetime,
) -> Confirmation:
    """The court has ruled. What was promised is followed up either way. Raises NotAllowed,
    Incomplete."""
    conversation, case, confirmation = _held(tx, mediation_id, officer, now)
    ruled = rules.ruled(
        confirmation,
        ruling.stage,
        number=ruling.number,
        on=ruling.on,
        file_id=ruling.file_id,
        now=now,
    )
    tx.confirmations.save(ruled)
    if case.status is Status.CONFIRMATION:
        move(tx, case.number, "end_confirmation", actor_of(officer), book, now, silent=True)
    data = {"stage": ruled.stage.value, "on": ruling.on.isoformat()}
    _note(tx, Kind.JUDICIAL_RULED, ruled, actor_of(officer), now, **data)
    confirmed = ruled.stage is Stage.CONFIRMED
    key = "judicial_confirmed" if confirmed else "judicial_dismissed"
    params: dict[str, Value] = {
        "ruling": ruled.number,
        "owner": tx.people.officer(case.owner_id).name,
    }
    speak(tx, case, book.told(key, conversation.language, now, params), book, now, officer)
    return ruled


def decline(
    tx: Transaction, mediation_id: str, officer: Officer, book: Mediating, now: datetime
) -> Confirmation:
    """One of the two does not want it; they hear what the agreement is good for without it."""
    conversation, case, confirmation = _held(tx, mediation_id, officer, now)
    over = rules.declined(confirmation, now)
    tx.confirmations.save(over)
    _finish(tx, over, officer.id, now)
    _note(tx, Kind.JUDICIAL_DECLINED, over, actor_of(officer), now)
    line = book.told("judicial_declined", conversation.language, now, {})
    speak(tx, case, line, book, now, officer)
    return over


def do_due(tx: Transaction, mediation_id: str, book: Mediating, now: datetime) -> bool:
    """Remind the liaison, let it lapse, or find the court late; False when another clock did."""
    conversation, case = locked(tx, tx.mediations.get(mediation_id).case_number)
    found = tx.confirmations.get(mediation_id, lock=True)
    what = rules.due(found, now) if found is not None else None
    if found is None or what is None:
        return False
    changed = rules.marked(found, what, now)
    tx.confirmations.save(changed)
    liaison = changed.liaison_id
    if what is Due.REMIND:
        left = (changed.apply_by - now).days
        _note(tx, Kind.JUDICIAL_REMINDED, changed, SYSTEM, now, officer=liaison, days=left)
    elif what is Due.LATE:
        _note(tx, Kind.JUDICIAL_LATE, changed, SYSTEM, now, officer=liaison)
    else:
        _finish(tx, changed, liaison, now)
        _note(tx, Kind.JUDICIAL_LAPSED, changed, SYSTEM, now, officer=liaison)
        if case.anonymised_at is None:
            tell(tx, conversation, case, Kind.JUDICIAL_LAPSED, None, book, now)
    return True


def _finish(tx: Transaction, confirmation: Confirmation, by: str, now: datetime) -> None:
    """The liaison's task ends with the confirmation's stage."""
    if confirmation.task_id is None:
        return
    task = tx.tasks.get(confirmation.task_id, lock=True)
    if task.done_at is None:
        tx.tasks.save(closed(task, by, confirmation.stage.value, now))


def _note(
    tx: Transaction, kind: Kind, about: Confirmation, actor: Actor, now: datetime, **data: object
) -> None:
    told = {"mediation": about.mediation_id, **data}
    tx.events.append(Event(kind, now, actor, about.conversation_id, about.case_number, told))
