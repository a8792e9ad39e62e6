"""The verb on a case's place: an officer says which grid it is (待划界)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework.case import CLOSED, Case, Status
from casework.desk import extending
from casework.desk.assigning import reassigned
from casework.desk.conversations import actor_of
from casework.desk.moving import in_other_hands, require_coverage
from casework.desk.notifying import tell
from casework.desk.rulebook import Notices
from casework.duty import covers, person_for
from casework.errors import ForbiddenTransition, NotAllowed, NotFound, Unchanged
from casework.events import Event, Kind
from casework.lifecycle import allowed_verbs
from casework.organisation import Officer, Place, Role
from casework.ports import Transaction
from casework.reach import DIRECT, reach_of

PLACERS = frozenset({Role.COMMUNITY, Role.STREET, Role.ADMIN})
"""Who draws boundaries: no grid worker sends a case to another grid."""


@dataclass(frozen=True, slots=True)
class Placing:
    """The unit a case belongs to. ``learn`` is a name to know as lying in it from now on."""

    unit_id: str
    learn: str | None = None


def may_place(officer: Officer, case: Case) -> bool:
    """Whether this officer may say where the case belongs, as far as role and status go."""
    return officer.role in PLACERS and case.status not in CLOSED


def place(
    tx: Transaction,
    number: str,
    placing: Placing,
    officer: Officer,
    now: datetime,
    notices: Notices,
) -> Case:
    """Give the case to the unit it lies in. The resident is told when the person they know of
    changes. A restricted case keeps its owner, whosever grid it is.

    Raises NotAllowed, NotFound for an unknown unit, ForbiddenTransition for a closed case, and
    InOtherHands for one that another level has; Unchanged when it is there already.
    """
    conversation = tx.conversations.get(tx.cases.get(number).conversation_id, lock=True)
    before = tx.cases.get(number, lock=True)
    require_coverage(tx, before, conversation, officer)
    _require(tx, before, placing, officer, now)
    case = replace(before, unit_id=placing.unit_id, placed=True)
    if not before.restricted:
        case = reassigned(case, person_for(tx, placing.unit_id, now))
    if case.owner_id != before.owner_id:  # what the last one asked for is asked for no more
        case = replace(case, extend_to=None, extend_by=None)
        extending.ended(tx, case, actor_of(officer), now)
    saved = tx.cases.save(case, now)
    tx.events.append(_event(before, saved, officer, now, learnt=_learn(tx, placing)))
    if conversation.unit_id == before.unit_id:
        moved = replace(conversation, unit_id=saved.unit_id)
        tx.conversations.save(moved, conversation.epoch)
        conversation = moved
    told = before.status is not Status.DRAFT and saved.owner_id != before.owner_id
    if told:
        tell(tx, conversation, saved, Kind.CASE_PLACED, officer, notices, now)
    return saved


def _event(before: Case, saved: Case, officer: Officer, now: datetime, *, learnt: bool) -> Event:
    data = {
        "unit": saved.unit_id,
        "unit_before": before.unit_id,
        "owner": saved.owner_id,
        "owner_before": before.owner_id,
        "learnt": learnt,
    }
    actor, chat = actor_of(officer), saved.conversation_id
    return Event(Kind.CASE_PLACED, now, actor, chat, saved.number, data)


def _require(
    tx: Transaction, case: Case, placing: Placing, officer: Officer, now: datetime
) -> None:
    """Raise what stands against it."""
    if tx.people.unit(placing.unit_id) is None:
        raise NotFound
    if officer.role not in PLACERS or not covers(tx, officer, placing.unit_id):
        raise NotAllowed
    if case.status in CLOSED:
        allowed = allowed_verbs(case, actor_of(officer), now)
        raise ForbiddenTransition("place", case.status, allowed)
    if case.placed and case.unit_id == placing.unit_id:
        raise Unchanged
    near = reach_of(tx, case, officer, now)
    if near not in DIRECT:  # nobody takes back what went to another level by saying where it lies
        allowed = allowed_verbs(case, actor_of(officer), now, near)
        raise in_other_hands(tx, case, "place", allowed)


def _learn(tx: Transaction, placing: Placing) -> bool:
    name = (placing.learn or "").strip()
    if not name or tx.places.has(name, placing.unit_id):
        return False
    tx.places.save([Place(name, placing.unit_id)])
    return True
