"""Who mediates, or sees to a confirmation by the court, leaves: somebody else has it at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework import duty
from casework.case import Case
from casework.confirmations import Confirmation
from casework.desk.mediating import Mediating, note
from casework.desk.mediators import choices, liaison_of
from casework.desk.moving import locked
from casework.desk.notifying import tell
from casework.events import SYSTEM, Event, Kind
from casework.mediation import Answer, Mediation
from casework.ports import Transaction
from casework.tasks import given_to
from casework.working_calendar import CHINA


def handed_on(tx: Transaction, officer_id: str, rules: Mediating, now: datetime) -> None:
    """Give their mediations to the next mediator who works there, and their confirmations to the
    liaison there is. The officer is out of service already, and so owns no case any more.

    Where no mediator is left, whoever has the case sees that there is none and asks one.
    """
    for mediation_id in tx.mediations.of_mediator(officer_id):
        _, case = locked(tx, tx.mediations.get(mediation_id).case_number)
        _mediated(tx, tx.mediations.get(mediation_id, lock=True), case, rules, now)
    for mediation_id in tx.confirmations.of_liaison(officer_id):
        _, case = locked(tx, tx.mediations.get(mediation_id).case_number)
        found = tx.confirmations.get(mediation_id, lock=True)
        if found is not None:
            _seen_to(tx, found, case, rules, now)


def _mediated(
    tx: Transaction, mediation: Mediation, case: Case, rules: Mediating, now: datetime
) -> None:
    known = choices(tx, case, mediation, rules.mediation, now)
    changed = replace(mediation, mediator_id=known[0].id if known else None)
    tx.mediations.save(changed)
    note(tx, Kind.MEDIATOR_CHOSEN, changed, SYSTEM, now, officer=changed.mediator_id)
    if known and changed.resident is Answer.YES:
        conversation = tx.conversations.get(case.conversation_id, lock=True)
        tell(tx, conversation, case, Kind.MEDIATOR_CHOSEN, None, rules, now)


def _seen_to(
    tx: Transaction, confirmation: Confirmation, case: Case, rules: Mediating, now: datetime
) -> None:
    today = now.astimezone(CHINA).date()
    known = [tx.mediations.get(confirmation.mediation_id).mediator_id, case.owner_id]
    there = [each for each in known if each and tx.people.officer(each).serves(today)]
    fallback = there[0] if there else duty.person_for(tx, case.org_id, now).officer.id
    liaison = liaison_of(tx, case, rules.mediation, now, fallback)
    tx.confirmations.save(replace(confirmation, liaison_id=liaison))
    if confirmation.task_id is not None:
        task = tx.tasks.get(confirmation.task_id, lock=True)
        if task.done_at is None:
            tx.tasks.save(given_to(task, liaison))
    facts = {"mediation": confirmation.mediation_id, "officer": liaison}
    tx.events.append(
        Event(Kind.JUDICIAL_HANDED_ON, now, SYSTEM, case.conversation_id, case.number, facts)
    )
