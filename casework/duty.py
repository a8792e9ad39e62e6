"""The named person to turn to for a unit at a moment: never nobody while one officer is active.

Reads the unit, those above it and their people, never the whole organisation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.errors import Misconfigured
from casework.hours import CHINA
from casework.organisation import Assignment, Officer, Organisation, Role, Unit
from casework.roster import Duty, in_office_hours

if TYPE_CHECKING:
    from casework.ports import Transaction

STREET = "street"
_HOPS = 8  # successors followed before it is called a circle
Working = Callable[[datetime], bool]


def person_for(
    tx: Transaction,
    unit_id: str | None,
    now: datetime,
    *,
    placed: bool = True,
    working: Working = in_office_hours,
) -> Assignment:
    """Who gets what happens in this unit now: its officer on duty, else the next level up that has
    one, else the street's duty desk, else whoever may own a case at all.

    It is owned by the person's own unit, where that is this one or above it, else by the unit
    they stand in for. A unit that is no longer valid passes on what is its to its one successor;
    with several, or with no unit at all, nothing is ``placed``. Raises Misconfigured without one
    active officer.
    """
    unit, decided = _valid(tx, unit_id, now)
    chain = tx.people.chain(unit.id) if unit is not None else []
    if chain:
        duty = duty_of(tx, chain, now, working)
        for level in chain:
            officer = duty.at(level)
            if officer is not None:
                home = next((each for each in chain if each.id == officer.unit_id), level)
                return Assignment(officer, chain[0], placed and decided, home)
    return _fallback(tx, unit, now, working, placed=placed and decided)


def on_duty(
    tx: Transaction, unit_id: str, now: datetime, working: Working = in_office_hours
) -> Officer | None:
    """The unit's own officer on duty; None when it has nobody who is there."""
    unit = tx.people.unit(unit_id)
    return None if unit is None else duty_of(tx, [unit], now, working).at(unit)


def duty_of(
    tx: Transaction, units: Sequence[Unit], now: datetime, working: Working = in_office_hours
) -> Duty:
    """What is known of duty in these units: their people, those on shift, and substitutes."""
    ids = [unit.id for unit in units]
    staff = {officer.id: officer for officer in tx.people.staff(ids)}
    shifts = [shift for shift in tx.rosters.shifts_of(ids) if shift.covers(now)]
    on_shift = {shift.officer_id for shift in shifts} - staff.keys()
    staff |= {officer.id: officer for officer in tx.people.officers(on_shift)}
    return replace(present(tx, staff.values(), now, working), shifts=shifts)


def present(
    tx: Transaction, officers: Iterable[Officer], now: datetime, working: Working = in_office_hours
) -> Duty:
    """Whether these officers are there today, and who stands in for them; nothing of shifts."""
    known = {officer.id: officer for officer in officers}
    today = now.astimezone(CHINA).date()
    asked, absences = set[str](), []
    while known.keys() - asked:
        ids = sorted(known.keys() - asked)
        asked.update(ids)
        found = tx.rosters.absences_of(ids, today, today)
        absences += found
        missing = {a.substitute_id for a in found if a.substitute_id} - known.keys()
        known |= {officer.id: officer for officer in tx.people.officers(missing)}
    return Duty(known, (), absences, now, working)


def around(tx: Transaction, unit_id: str | None, officers: Iterable[str] = ()) -> Organisation:
    """The part of the organisation that matters here: the unit and those above it with their
    people, the admins, and these officers. Where no street is known, all streets; where nobody
    would be left, those who are turned to when nobody else is there."""
    units = tx.people.chain(unit_id) if unit_id is not None else []
    if not any(unit.kind == STREET for unit in units):
        units = [*units, *tx.people.of_kind(STREET)]
    staff = tx.people.staff([unit.id for unit in units])
    staff += tx.people.staff_of_role([Role.ADMIN])
    if not any(officer.active for officer in staff):
        staff += tx.people.turn_to()
    staff += tx.people.officers(set(officers) - {officer.id for officer in staff})
    homes = {officer.unit_id for officer in staff if officer.unit_id} - {u.id for u in units}
    units = [*units, *tx.people.units(homes)]
    return Organisation({u.id: u for u in units}, {o.id: o for o in staff})


def covers(tx: Transaction, officer: Officer, unit_id: str | None) -> bool:
    """Whether the unit lies in the officer's area; what has no unit yet is everybody's."""
    if officer.role is Role.ADMIN or unit_id is None or unit_id == officer.unit_id:
        return True
    return any(unit.id == officer.unit_id for unit in tx.people.chain(unit_id))


def _valid(tx: Transaction, unit_id: str | None, now: datetime) -> tuple[Unit | None, bool]:
    """The unit that gets new cases in this one's stead, and whether that is beyond doubt."""
    today = now.astimezone(CHINA).date()
    unit = tx.people.unit(unit_id) if unit_id is not None else None
    decided = unit is not None
    for _ in range(_HOPS):
        if unit is None or unit.valid(today):
            return unit, decided
        if len(unit.successors) == 1:
            unit = tx.people.unit(unit.successors[0])
            continue
        decided = False
        unit = tx.people.unit(unit.parent_id) if unit.parent_id is not None else None
    return unit, False


def _fallback(
    tx: Transaction, unit: Unit | None, now: datetime, working: Working, *, placed: bool
) -> Assignment:
    """The street's duty desk, else who is turned to when nobody is there; away or not at last."""
    today = now.astimezone(CHINA).date()
    streets = [street for street in tx.people.of_kind(STREET) if street.valid(today)]
    duty = duty_of(tx, streets, now, working)
    for street in streets:
        officer = duty.at(street)
        if officer is not None:
            return Assignment(officer, unit or street, placed and unit is not None, street)
    staff = tx.people.turn_to()
    left = present(tx, staff, now, working)
    there = [found for found in map(left.present, staff) if found is not None]
    for officer in (*there, *staff):
        home = tx.people.unit(officer.unit_id) if officer.unit_id else None
        where = unit or home or tx.people.top()
        if where is not None:
            return Assignment(officer, where, placed and unit is not None, home or where)
    raise Misconfigured("no active officer with a unit: add one with `jiesu officer add`")
