"""To whom a case goes: by where it is while it is told, by its routing when it is filed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from casework import duty, routing
from casework.case import Case
from casework.copying import replace
from casework.desk.rulebook import Rulebook
from casework.events import Kind
from casework.lifecycle import WORKERS
from casework.organisation import Assignment, Officer, Organisation, Role
from casework.ports import Transaction


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What was made of the place: the unit that is known, and why no grid is (a ``Doubt``).

    With a doubt the case waits for somebody to say which grid it is (待划界).
    """

    unit_id: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Who gets a case: the person, the unit that owns it from now on, its rung, and why there."""

    officer: Officer
    org_id: str
    rung: int
    why: str = "rule"


def assigned(tx: Transaction, text: str, where: Whereabouts | None, now: datetime) -> Assignment:
    """The owner for a place that was looked up; for one that was not, the name alone decides."""
    if where is None:
        place = Organisation({}, {}, tuple(tx.places.all())).find_place(text)
        return duty.person_for(tx, place.unit_id if place else None, now, placed=place is not None)
    return duty.person_for(tx, where.unit_id, now, placed=where.doubt is None)


def placed_by_hand(tx: Transaction, number: str) -> bool:
    """Whether somebody has said which grid it is; that counts from then on."""
    return any(event.kind is Kind.CASE_PLACED for event in tx.events.of_case(number))


def reassigned(case: Case, assignment: Assignment) -> Case:
    """The case with another owner, and the units where it lies and that owns it."""
    return replace(
        case,
        owner_id=assignment.officer.id,
        unit_id=assignment.unit.id,
        org_id=assignment.org.id,
        placed=assignment.placed,
    )


def routed(tx: Transaction, case: Case, rules: Rulebook, now: datetime) -> Route:
    """Where a case starts when it is filed (S0-16): the level its kind and urgency call for, and
    the person on duty there; else the next level up, at last the street's duty desk."""
    entry, why = rules.routing.entry(case, rules.deadline(case).code)
    if why == "grid":  # whoever was found for the place while it was told
        owner = tx.people.officer(case.owner_id)
        return Route(owner, case.org_id, routing.rung(tx.people.unit(case.org_id)), why)
    chain = tx.people.chain(case.unit_id)
    unit = routing.entered(chain, entry.level)
    if entry.department is not None:
        unit = tx.people.unit_by_code(entry.department) or unit
    found = _on_duty(tx, unit.id if unit else case.unit_id, rules, now)
    if case.restricted:
        found = _named(tx, case, found, rules)
    return replace(found, why=why)


def _on_duty(tx: Transaction, unit_id: str, rules: Rulebook, now: datetime) -> Route:
    found = duty.person_for(tx, unit_id, now, working=rules.working)
    return Route(found.officer, found.org.id, routing.rung(found.org))


def _named(tx: Transaction, case: Case, found: Route, rules: Rulebook) -> Route:
    """What is restricted goes to a named role only; whoever has it already keeps it."""
    present = tx.people.officer(case.owner_id)
    if present.active and present.role in rules.sees_restricted:
        officer = present
    elif found.officer.role in rules.sees_restricted:
        return found
    else:
        staff = tx.people.staff_of_role(rules.sees_restricted)
        near = [each for each in staff if duty.covers(tx, each, case.unit_id)] or staff
        if not near:
            return found
        officer = min(near, key=lambda each: (each.role is Role.ADMIN, each.username))
    home = tx.people.unit(officer.unit_id) if officer.unit_id else None
    return Route(officer, home.id if home else found.org_id, routing.rung(home))


def succeeding(tx: Transaction, case: Case, rules: Rulebook, now: datetime) -> Route:
    """Who has the case when its owner is gone: the person on duty in the unit that owns it, else
    the next level up; of restricted ones a named role."""
    found = _on_duty(tx, case.org_id, rules, now)
    return _named(tx, case, found, rules) if case.restricted else found


def raised(
    tx: Transaction,
    case: Case,
    rules: Rulebook,
    now: datetime,
    roles: Collection[Role] = WORKERS,
) -> Route | None:
    """Who gets a case that goes up: the next level above its owner's where somebody else is on
    duty, one of these ``roles``; None at the top of the ladder (网格→社区→街道→县)."""
    chain = tx.people.chain(case.org_id) or tx.people.chain(case.unit_id)
    for unit in routing.above(chain, case.org_id):
        officer = duty.on_duty(tx, unit.id, now, rules.working)
        if officer is None or officer.id == case.owner_id or officer.role not in roles:
            continue
        if case.restricted and officer.role not in rules.sees_restricted:
            continue
        return Route(officer, unit.id, routing.rung(unit), "raised")
    return None


def chosen(tx: Transaction, officer_id: str, unit_id: str | None) -> Route:
    """Who a dispatcher says gets it. Raises NotFound for an unknown officer."""
    officer = tx.people.officer(officer_id)
    unit = tx.people.unit(unit_id or officer.unit_id or "")
    return Route(officer, unit.id if unit else "", routing.rung(unit), "chosen")
