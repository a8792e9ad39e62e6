"""延期 that was asked for is somebody's to decide: a task of whoever is on duty above.

It is set when an officer asks, and ends with the verdict, or when the case goes on without one
(answered, closed, withdrawn, in other hands).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from casework import duty, routing
from casework.case import Case
from casework.desk.rulebook import Rulebook
from casework.events import Actor, ActorKind, Event, Kind
from casework.lifecycle import REVIEWERS
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from casework.roster import AREAS
from casework.tasks import EXTENSION, Task, closed

DECIDED_WITHIN = timedelta(days=1)
_VERDICTS = {"grant": "granted", "deny": "denied"}
DROPPED = "dropped"


def followed(
    tx: Transaction,
    before: Case,
    saved: Case,
    verb: str,
    actor: Actor,
    rules: Rulebook,
    now: datetime,
) -> None:
    """Set the task of an extension that is asked for, or end that of one that is not any more."""
    if before.extend_to is None and saved.extend_to is not None:
        _ask(tx, saved, actor, rules, now)
    elif before.extend_to is not None and saved.extend_to is None:
        ended(tx, saved, actor, now, _VERDICTS.get(verb, DROPPED))


def ended(tx: Transaction, case: Case, actor: Actor, now: datetime, outcome: str = DROPPED) -> None:
    """Nobody has to decide any more."""
    by = actor.id if actor.kind is ActorKind.OFFICER else None
    for task in tx.tasks.open_of_conversation(case.conversation_id):
        if task.kind == EXTENSION and task.case_number == case.number:
            done = closed(task, by, outcome, now)
            tx.tasks.save(done)
            _note(tx, Kind.TASK_DONE, done, actor, now, outcome=outcome)


def _ask(tx: Transaction, case: Case, actor: Actor, rules: Rulebook, now: datetime) -> None:
    officer = approver(tx, case, rules, now)
    if officer is None:
        return
    latest = now + DECIDED_WITHIN
    due_at = min(latest, case.due_at) if case.due_at is not None and case.due_at > now else latest
    task = Task(
        id=tx.new_id(),
        kind=EXTENSION,
        conversation_id=case.conversation_id,
        officer_id=officer.id,
        created_at=now,
        due_at=due_at,
        case_number=case.number,
    )
    tx.tasks.add(task)
    _note(tx, Kind.TASK_SET, task, actor, now)


def approver(tx: Transaction, case: Case, rules: Rulebook, now: datetime) -> Officer | None:
    """Who decides: whoever is on duty at the next level above; at the top of the ladder a
    colleague of the unit, a supervisor first. Never who asked for it, nor who owns the case.
    None where not even an admin is left."""
    beside = {case.extend_by, case.owner_id}
    roles = REVIEWERS & set(rules.sees_restricted) if case.restricted else REVIEWERS
    chain = tx.people.chain(case.org_id)
    for unit in _above(tx, case, chain):
        officer = duty.on_duty(tx, unit.id, now, rules.working)
        if officer is not None and officer.id not in beside and officer.role in roles:
            return officer
    staff = tx.people.staff([unit.id for unit in chain])
    staff.sort(key=lambda each: (each.role is not Role.SUPERVISOR, each.username))
    staff += tx.people.staff_of_role([Role.ADMIN])
    there = duty.present(tx, staff, now, rules.working)
    fit = (each for each in staff if each.id not in beside and each.role in roles)
    return next((each for each in fit if there.present(each) == each), None)


def _above(tx: Transaction, case: Case, chain: list[Unit]) -> Iterator[Unit]:
    """The units above the one that owns it; where that is no area, from the street up as well."""
    yield from routing.above(chain, case.org_id)
    if chain and chain[0].kind not in AREAS:
        street = routing.RUNGS[duty.STREET]
        yield from (each for each in tx.people.chain(case.unit_id) if routing.rung(each) >= street)


def _note(
    tx: Transaction, kind: Kind, task: Task, actor: Actor, now: datetime, **more: object
) -> None:
    data = {"task": task.id, "task_kind": task.kind, "officer": task.officer_id, **more}
    tx.events.append(Event(kind, now, actor, task.conversation_id, task.case_number, data))
