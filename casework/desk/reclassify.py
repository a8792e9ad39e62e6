"""The verb on a case's category: what the officer says counts, and is kept to learn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from casework import clocks, routing
from casework import reclassification as rules
from casework.case import Case
from casework.desk import joining
from casework.desk.assigning import succeeding
from casework.desk.conversations import actor_of
from casework.desk.moving import move, require_coverage
from casework.desk.rulebook import Rulebook
from casework.effects import Given
from casework.errors import ForbiddenTransition, NotAllowed, NotFound, Unchanged
from casework.events import SYSTEM, Event, Kind
from casework.lifecycle import VERBS, WORKERS, allowed_verbs
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Turn


@dataclass(frozen=True, slots=True)
class Correction:
    """What an officer says a case is.

    ``rules`` gives the class of a case, ``names`` are what officers call the categories, and
    ``model`` is the digest of the language model that serves, when known. ``kind`` is the
    category's sub-kind, ``kind_name`` what officers call it; ``restricted`` says that what is of it
    is seen by named roles only.
    """

    category: str
    rules: Rulebook
    names: Mapping[str, str]
    reason: str | None = None
    model: str | None = None
    kind: str | None = None
    kind_name: str = ""
    restricted: bool = False


def may_reclassify(case: Case, officer: Officer) -> bool:
    """Whether this officer may put it under another category, as far as role and status go."""
    return officer.role in WORKERS and case.status in rules.STATUSES


def reclassify(
    tx: Transaction, number: str, correction: Correction, officer: Officer, now: datetime
) -> Case:
    """Put the case under another category or kind, and keep the resident's words beside the
    correction.

    The owner stays: who answers follows from the place, not from the subject. Only what becomes
    restricted goes to a named role at once, and follows no other case any more. The deadline can
    only come nearer. Raises NotAllowed, ForbiddenTransition, or Unchanged for what it is already.
    """
    conversation = tx.conversations.get(tx.cases.get(number).conversation_id, lock=True)
    before = tx.cases.get(number, lock=True)
    require_coverage(tx, before, conversation, officer)
    if officer.role not in WORKERS:
        raise NotAllowed
    if before.status not in rules.STATUSES:
        allowed = allowed_verbs(before, actor_of(officer), now)
        raise ForbiddenTransition("reclassify", before.status, allowed)
    if before.category == correction.category and correction.kind in {None, before.kind}:
        raise Unchanged
    case = rules.reclassified(before, correction.category, correction.names, correction.kind)
    case = replace(case, restricted=before.restricted or correction.restricted)
    city = correction.rules
    rung = routing.rung(tx.people.unit(case.org_id))
    case = clocks.hastened(case, city.deadline(case), city.calendar, rung, now)
    saved = tx.cases.save(case, now)
    category = conversation.category
    moved = replace(
        conversation,
        category=saved.category if category == before.category else category,
        restricted=conversation.restricted or saved.restricted,
    )
    tx.conversations.save(moved, conversation.epoch)
    if not saved.restricted:  # what few may read is no lesson for a model
        _keep(tx, before, correction, officer, now)
    _note(tx, before, saved, correction, officer, now)
    return _guarded(tx, saved, city, now) if saved.restricted and not before.restricted else saved


def _note(
    tx: Transaction,
    before: Case,
    saved: Case,
    correction: Correction,
    officer: Officer,
    now: datetime,
) -> None:
    names = correction.names
    data = {
        "before": before.category,
        "category": saved.category,
        "before_name": names.get(before.category, before.category),
        "category_name": correction.kind_name or names.get(saved.category, saved.category),
        "kind": saved.kind,
        "due_moved": saved.due_at != before.due_at,
    }
    kind, actor = Kind.CASE_RECLASSIFIED, actor_of(officer)
    tx.events.append(Event(kind, now, actor, saved.conversation_id, saved.number, data))


def _guarded(tx: Transaction, case: Case, city: Rulebook, now: datetime) -> Case:
    """The case with somebody who may see it, apart from the cases of others."""
    if case.joined is not None:
        case = joining.loosen(tx, case.number, city, now, actor=SYSTEM)
    owner = tx.people.officer(case.owner_id)
    row = VERBS["hand_over"]
    if owner.role in city.sees_restricted or case.status not in row.sources:
        return case
    route = succeeding(tx, case, city, now)
    given = Given(officer_id=route.officer.id, unit_id=route.org_id)
    return move(tx, case.number, row.verb, SYSTEM, city, now, given)


def _keep(
    tx: Transaction, before: Case, correction: Correction, officer: Officer, now: datetime
) -> None:
    issue, lines = rules.told(before, tuple(_turns(tx, before)))
    tx.reclassifications.add(
        rules.Reclassification(
            id=tx.new_id(),
            conversation_id=before.conversation_id,
            case_number=before.number,
            from_category=before.category,
            to_category=correction.category,
            issue=issue,
            lines=lines,
            officer_id=officer.id,
            at=now,
            reason=correction.reason,
            model=correction.model,
        )
    )


def _turns(tx: Transaction, case: Case) -> Iterator[Turn]:
    """The turns the case's facts came from; one that was erased is left out."""
    named = {slot.turn_id for slot in case.slots.values() if slot.turn_id is not None}
    for turn_id in sorted(named):
        with suppress(NotFound):
            yield tx.turns.get(turn_id)
