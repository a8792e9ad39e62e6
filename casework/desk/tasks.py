"""Verbs on tasks: set after an alert, hand to whoever acknowledged, do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from casework import tasks as rules
from casework.alerts import Alert, Procedure
from casework.desk.conversations import actor_of
from casework.duty import around, covers
from casework.errors import NotAllowed
from casework.events import SYSTEM, Actor, Event, Kind
from casework.organisation import Officer, Organisation, Role
from casework.ports import Transaction
from casework.tasks import REPORT_CHILD, SUPERVISE, Task

SUPERVISED_WITHIN = timedelta(hours=24)  # when the case behind it has no deadline of its own
NEXT_CONTACT = "next_contact"


def after_alert(
    tx: Transaction, alert: Alert, procedure: Procedure, now: datetime, *, child: bool
) -> None:
    """The follow-ups, a supervisor for the case behind it, and the report where a child is in
    danger. Nobody to do them: nothing is set, and the alert stands for all levels."""
    case = tx.cases.get(alert.case_number) if alert.case_number else None
    owner = case.owner_id if case else next((c.officer_id for c in alert.called), None)
    if owner is None:
        return
    for kind, after in procedure.follow_ups.items():
        _set(tx, alert, kind, owner, now, now + after)
    unit_id = case.unit_id if case and case.placed else None
    supervisor = _of_role(around(tx, unit_id), unit_id, (Role.STREET, Role.ADMIN))
    if case is not None and supervisor is not None:
        due_at = case.due_at or now + SUPERVISED_WITHIN
        _set(tx, alert, SUPERVISE, supervisor.id, now, due_at)
    if child:
        report_child(tx, alert, procedure, now)


def report_child(tx: Transaction, alert: Alert, procedure: Procedure, now: datetime) -> None:
    """The community reports danger to a child, once; where it has nobody, the street does."""
    if any(task.kind == REPORT_CHILD for task in tx.tasks.open_of_alert(alert.id)):
        return
    case = tx.cases.get(alert.case_number) if alert.case_number else None
    unit_id = case.unit_id if case and case.placed else None
    roles = (Role.COMMUNITY, Role.STREET, Role.ADMIN)
    reporter = _of_role(around(tx, unit_id), unit_id, roles)
    by = reporter.id if reporter is not None else next((c.officer_id for c in alert.called), None)
    if by is not None:
        _set(tx, alert, REPORT_CHILD, by, now, now + procedure.report_within)


def hand_to(tx: Transaction, alert: Alert, officer: Officer) -> None:
    """The follow-ups belong to whoever acknowledged; duties of an office stay where they are."""
    for task in tx.tasks.open_of_alert(alert.id):
        if task.kind not in {REPORT_CHILD, SUPERVISE} and task.officer_id != officer.id:
            tx.tasks.save(rules.given_to(task, officer.id))


def next_contact(tx: Transaction, alert: Alert, now: datetime) -> None:
    """The next time agreed when an alert is closed is a task as well."""
    if alert.next_contact_at is not None and alert.closed_by is not None:
        _set(tx, alert, NEXT_CONTACT, alert.closed_by, now, alert.next_contact_at)


def finish(tx: Transaction, task_id: str, officer: Officer, outcome: str, now: datetime) -> Task:
    """The task is done, with its outcome. Only its officer, or the street that covers it and
    admins, may say so; raises NotAllowed or Incomplete."""
    task = tx.tasks.get(task_id, lock=True)
    if task.officer_id != officer.id and not _covers(tx, task, officer):
        raise NotAllowed
    finished = rules.done(task, officer.id, outcome, now)
    tx.tasks.save(finished)
    data = {"task": task.id, "task_kind": task.kind, "outcome": outcome, "officer": task.officer_id}
    _note(tx, Kind.TASK_DONE, finished, now, actor_of(officer), data)
    return finished


def _covers(tx: Transaction, task: Task, officer: Officer) -> bool:
    if officer.role not in {Role.STREET, Role.ADMIN}:
        return False
    if task.case_number is not None:
        return covers(tx, officer, tx.cases.get(task.case_number).unit_id)
    return covers(tx, officer, tx.conversations.get(task.conversation_id).unit_id)


def _set(
    tx: Transaction, alert: Alert, kind: str, officer_id: str, now: datetime, due_at: datetime
) -> None:
    task = Task(
        id=tx.new_id(),
        kind=kind,
        conversation_id=alert.conversation_id,
        officer_id=officer_id,
        created_at=now,
        due_at=due_at,
        case_number=alert.case_number,
        alert_id=alert.id,
    )
    tx.tasks.add(task)
    data = {"task": task.id, "task_kind": kind, "officer": officer_id}
    _note(tx, Kind.TASK_SET, task, now, SYSTEM, data)


def _note(
    tx: Transaction, kind: Kind, task: Task, now: datetime, actor: Actor, data: Mapping[str, object]
) -> None:
    tx.events.append(Event(kind, now, actor, task.conversation_id, task.case_number, dict(data)))


def _of_role(
    organisation: Organisation, unit_id: str | None, roles: tuple[Role, ...]
) -> Officer | None:
    """The first active officer of the first role that has one covering the unit."""
    for role in roles:
        staff = [
            o
            for o in organisation.officers.values()
            if o.active and o.role is role and organisation.covers(o, unit_id)
        ]
        if staff:
            return min(staff, key=lambda o: o.username)
    return None
