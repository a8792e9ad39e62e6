"""Who gets a case by a verb that hands it on: up the ladder it is looked up, never chosen."""

from __future__ import annotations

from datetime import datetime

from casework import duty
from casework.case import Case
from casework.desk.assigning import Route, chosen, raised, succeeding
from casework.desk.rulebook import Rulebook
from casework.effects import Given
from casework.errors import ForbiddenTransition, NotAllowed, NotFound
from casework.events import Actor, ActorKind
from casework.hours import CHINA
from casework.lifecycle import DISPATCHERS, WORKERS, allowed_verbs
from casework.organisation import Unit
from casework.ports import Transaction
from casework.roster import AREAS

_UP = frozenset({"return", "escalate"})
"""退单 goes to whoever dispatches at the level above, 上报 to whoever works there."""
_HANDED = _UP | {"assign", "hand_over"}
TWICE = 2
"""In the second round the resident says no for the second time: it goes one level up (§4.5)."""


def route_of(
    tx: Transaction,
    case: Case,
    verb: str,
    actor: Actor,
    given: Given,
    rules: Rulebook,
    now: datetime,
) -> Route | None:
    """Who gets the case by this verb: up the ladder it is looked up, never chosen. Raises
    ForbiddenTransition at its top, and NotAllowed for somebody who may not have it."""
    if verb == "reopen":
        return _again(tx, case, actor, rules, now)
    if verb not in _HANDED:
        return None
    if verb in _UP and not (actor.kind is ActorKind.SYSTEM and given.officer_id):
        roles = DISPATCHERS if verb == "return" else WORKERS
        found = raised(tx, case, rules, now, roles)
        if found is None:
            allowed = [each for each in allowed_verbs(case, actor, now) if each != verb]
            raise ForbiddenTransition(verb, case.status, allowed)
        return found
    if given.officer_id is None:
        return None
    found = chosen(tx, given.officer_id, given.unit_id)
    if not found.org_id:
        raise NotFound
    if actor.kind is not ActorKind.SYSTEM and verb in allowed_verbs(case, actor, now):
        _require_fit(tx, case, actor, found, rules, now)
    return found


def _require_fit(
    tx: Transaction, case: Case, actor: Actor, to: Route, rules: Rulebook, now: datetime
) -> None:
    """Raise NotAllowed for somebody who could do nothing with the case, or has no business in
    the unit that would own it; or for a unit that has nothing to do with the case, such as a
    street of another county."""
    officer, today = to.officer, now.astimezone(CHINA).date()
    fit = officer.serves(today) and officer.role in WORKERS and duty.covers(tx, officer, to.org_id)
    if not fit or (case.restricted and officer.role not in rules.sees_restricted):
        raise NotAllowed
    unit = tx.people.unit(to.org_id)
    if unit is None or not unit.valid(today) or not _concerned(tx, case, actor, unit):
        raise NotAllowed


def _concerned(tx: Transaction, case: Case, actor: Actor, unit: Unit) -> bool:
    """Whether a unit may own the case: it lies above where the case lies, or in the area of who
    gives it, or is no area at all (a department)."""
    if unit.kind not in AREAS or unit.id in {each.id for each in tx.people.chain(case.unit_id)}:
        return True
    return duty.covers(tx, tx.people.officer(actor.id or ""), unit.id)


def _again(
    tx: Transaction, case: Case, actor: Actor, rules: Rulebook, now: datetime
) -> Route | None:
    """Who works on a reopened case: the same person the first time; one level up when its
    resident says no for the second time (domain reference §4.5); somebody else for who is gone."""
    if actor.kind is ActorKind.RESIDENT and case.round >= TWICE:
        found = raised(tx, case, rules, now, WORKERS)
        if found is not None:
            return found
    if tx.people.officer(case.owner_id).active:
        return None
    return succeeding(tx, case, rules, now)
