"""An officer leaves: everything that was theirs has somebody else before they are gone.

One transaction: there is no moment at which a case, a conversation or a task belongs to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework import conversation as talks
from casework import duty
from casework import tasks as task_rules
from casework.conversation import QUEUE
from casework.desk import receiving, sponsors
from casework.desk.assigning import succeeding
from casework.desk.mediating import Mediating
from casework.desk.mediation_leaving import handed_on
from casework.desk.moving import Use, apply, locked
from casework.desk.notifying import caught_up
from casework.effects import Given
from casework.errors import Unchanged
from casework.events import SYSTEM, Event, Kind
from casework.ports import Transaction


@dataclass(frozen=True, slots=True)
class Left:
    """How much was handed over."""

    cases: int
    conversations: int
    tasks: int


def leave(tx: Transaction, officer_id: str, rules: Mediating, now: datetime) -> Left:
    """Take an officer out of service. Their cases go to whoever is on duty in the unit that owns
    each, and their residents are told; conversations they held wait in the queue; what they had
    to do goes with their unit's duty, what they mediated to another mediator. They sponsor nothing
    any more, and times at which they received go on without them, or are called off where
    residents asked for them by name.

    Raises NotFound, Unchanged for somebody who has left already, and Misconfigured when nobody
    would be left.
    """
    officer = tx.people.officer(officer_id)
    if not officer.active:
        raise Unchanged
    tx.people.save_officer(replace(officer, active=False))
    held, owned = _all_locked(tx, officer_id)
    for conversation_id in held:
        _queue(tx, conversation_id, officer_id, now)
        caught_up(tx, conversation_id, rules, now)
    for number in owned:
        conversation, case = locked(tx, number)
        route = succeeding(tx, case, rules, now)
        given = Given(officer_id=route.officer.id, unit_id=route.org_id)
        apply(tx, conversation, case, Use("hand_over", SYSTEM, given), rules, now)
    handed_on(tx, officer_id, rules, now)
    open_tasks = tx.tasks.open_of_officer(officer_id)
    if open_tasks:
        stand_in = duty.person_for(tx, officer.unit_id, now, working=rules.working).officer
        for task in open_tasks:
            tx.tasks.save(task_rules.given_to(task, stand_in.id))
    sponsors.left(tx, officer_id, now)
    receiving.host_left(tx, officer_id, now)
    data = {"officer": officer_id, "cases": len(owned)}
    tx.events.append(Event(Kind.OFFICER_LEFT, now, SYSTEM, data=data))
    return Left(len(owned), len(held), len(open_tasks))


def _all_locked(tx: Transaction, officer_id: str) -> tuple[list[str], list[str]]:
    """The conversations they hold and the cases they own, once all rows this will touch are locked:
    all conversations by id, then all cases by number. Two who leave at once, or somebody who leaves
    beside a resident's line, wait for each other and never in a circle."""
    mediated = tx.mediations.of_mediator(officer_id) + tx.confirmations.of_liaison(officer_id)
    touched = {each.number for each in tx.cases.of_owner(officer_id)}
    touched |= {tx.mediations.get(each).case_number for each in mediated}
    talks_of = {tx.cases.conversation_of(number) for number in touched}
    wanted = talks_of | set(tx.conversations.held_by(officer_id))
    for conversation_id in sorted(wanted):
        tx.conversations.get(conversation_id, lock=True)
    for number in sorted(touched):
        tx.cases.get(number, lock=True)
    # While it waited, a colleague may have taken one over, or they may have been given one more.
    owned = sorted(each.number for each in tx.cases.of_owner(officer_id))
    return sorted(tx.conversations.held_by(officer_id)), owned


def _queue(tx: Transaction, conversation_id: str, officer_id: str, now: datetime) -> None:
    before = tx.conversations.get(conversation_id, lock=True)
    after = talks.release(before, officer_id, before.epoch, QUEUE, now)
    tx.conversations.save(after, before.epoch)
    data = {"epoch": after.epoch, "to": "queue", "to_officer": None}
    tx.events.append(Event(Kind.RELEASED, now, SYSTEM, conversation_id, data=data))
