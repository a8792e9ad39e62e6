"""值班: who is on duty this week, who is away, who stands in. Changed by those above."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from casework import duty as rules
from casework.desk import rosters as desk
from casework.errors import NotFound
from casework.hours import CHINA
from casework.organisation import OWNERS, Officer, Unit
from casework.roster import Absence, Duty, Shift
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.render import officer_shape
from handoff_console.routes.organisation import unit_shape
from handoff_console.shapes import Day
from handoff_console.shapes_duty import (
    AbsenceBody,
    AbsenceShape,
    DutyDay,
    DutyPerson,
    DutyShape,
    ShiftBody,
    ShiftShape,
)
from storage.unit_of_work import SqlTransaction
from storage.views_people import find_units, vacant_grids

router = APIRouter(prefix="/api/duty", tags=["duty"])
WEEK = 7  # days
MOST_UNITS = 200  # units to choose from
MOST_STAFF = 200
MOST_VACANT = 50


@router.get("")
async def week(
    viewer: Caller,
    deps: Deps,
    unit: Annotated[str, Query(max_length=32)] = "",
    day: Day | None = None,
) -> DutyShape:
    """The week of ``day`` in a unit of the officer's area, the own one when none is named."""
    now = deps.clock()
    on = day or now.astimezone(CHINA).date()
    first = on - timedelta(days=on.weekday())
    return await deps.store.read(lambda tx: _week(tx, viewer, unit, first, deps))


@router.post("/shifts", status_code=201)
async def set_shift(body: ShiftBody, viewer: Caller, deps: Deps) -> DutyShape:
    """Put somebody on duty; answers with the week."""
    wanted = desk.Planned(body.unit, body.officer, body.starts, body.ends, body.weekday, body.day)

    def work(tx: SqlTransaction) -> None:
        desk.set_shift(tx, wanted, viewer.officer, deps.clock())

    await deps.store.write(work)
    return await week(viewer, deps, body.unit, body.day)


@router.post("/shifts/{shift_id}/remove")
async def remove_shift(shift_id: str, viewer: Caller, deps: Deps) -> DutyShape:
    """Take a shift away; answers with the unit's week."""

    def work(tx: SqlTransaction) -> Shift:
        return desk.remove_shift(tx, shift_id, viewer.officer, deps.clock())

    gone = await deps.store.write(work)
    return await week(viewer, deps, gone.unit_id, gone.day)


@router.post("/absences", status_code=201)
async def set_away(body: AbsenceBody, viewer: Caller, deps: Deps) -> DutyShape:
    """Note that somebody is away, and who stands in; answers with that week of their unit."""
    wanted = desk.Away(body.officer, body.first_day, body.last_day, body.substitute)

    def work(tx: SqlTransaction) -> str:
        desk.set_away(tx, wanted, viewer.officer, deps.clock())
        return tx.people.officer(body.officer).unit_id or ""

    unit = await deps.store.write(work)
    return await week(viewer, deps, unit, body.first_day)


@router.post("/absences/{absence_id}/remove")
async def remove_away(absence_id: str, viewer: Caller, deps: Deps) -> DutyShape:
    """They are back; answers with that week of their unit."""

    def work(tx: SqlTransaction) -> tuple[str, date]:
        gone = desk.remove_away(tx, absence_id, viewer.officer, deps.clock())
        return tx.people.officer(gone.officer_id).unit_id or "", gone.first_day

    unit, first = await deps.store.write(work)
    return await week(viewer, deps, unit, first)


def _week(
    tx: SqlTransaction, viewer: Viewer, unit_id: str, first: date, deps: ConsoleDeps
) -> DutyShape:
    unit = _unit(tx, viewer, unit_id)
    chain = tx.people.chain(unit.id)
    staff = tx.people.staff([unit.id])
    nearby = tx.people.staff([each.id for each in chain])
    substitutes = [o for o in nearby if o.role in OWNERS][:MOST_STAFF]
    shifts = tx.rosters.shifts_of([unit.id])
    known = {o.id: o for o in nearby}
    known |= {o.id: o for o in tx.people.officers({s.officer_id for s in shifts} - known.keys())}
    last = first + timedelta(days=WEEK - 1)
    absences = tx.rosters.absences_of(sorted(known), first, last)
    away = {a.substitute_id for a in absences if a.substitute_id} - known.keys()
    known |= {o.id: o for o in tx.people.officers(away)}
    now = deps.clock()
    found = rules.person_for(tx, unit.id, now, working=deps.book.working).officer
    may_change = desk.may_plan(tx, viewer.officer, unit.id)
    today = now.astimezone(CHINA).date()
    vacant = vacant_grids(tx, viewer.sight, today, MOST_VACANT) if may_change else []
    homes = {each.id: each for each in chain}
    return DutyShape(
        unit=unit_shape(unit),
        units=[unit_shape(u) for u in find_units(tx, viewer.sight, "", "", MOST_UNITS)],
        first_day=first,
        days=[
            _day(first + timedelta(days=at), shifts, Duty(known, shifts, absences, now))
            for at in range(WEEK)
        ],
        absences=[_absence(each, known) for each in absences],
        staff=[officer_shape(o, unit) for o in staff if o.role in OWNERS][:MOST_STAFF],
        substitutes=[officer_shape(o, homes.get(o.unit_id or "")) for o in substitutes],
        now=DutyPerson(id=found.id, name=found.name, phone=found.phone),
        vacant=[unit_shape(each) for each in vacant],
        may_change=may_change,
    )


def _unit(tx: SqlTransaction, viewer: Viewer, unit_id: str) -> Unit:
    """The unit that is asked for. Raises NotFound outside the officer's area."""
    unit = tx.people.unit(unit_id) if unit_id else viewer.unit or tx.people.top()
    if unit is None or not viewer.sight.covers(unit.path):
        raise NotFound
    return unit


def _day(day: date, shifts: list[Shift], duty: Duty) -> DutyDay:
    """The shifts that begin on this day, and who really comes."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)
    mine = [s for s in shifts if (s.day == day if s.day else s.weekday == day.weekday())]
    then = Duty(duty.officers, duty.shifts, duty.absences, noon)
    return DutyDay(
        day=day,
        shifts=[
            _shift(each, then)
            for each in sorted(mine, key=lambda s: (s.starts, s.ends, s.officer_id))
            if each.officer_id in duty.officers
        ],
    )


def _shift(shift: Shift, duty: Duty) -> ShiftShape:
    officer = duty.officers[shift.officer_id]
    there = duty.present(officer)
    person = None
    if there is not None:
        instead = officer.name if there.id != officer.id else None
        person = DutyPerson(id=there.id, name=there.name, phone=there.phone, instead_of=instead)
    return ShiftShape(
        id=shift.id,
        starts=shift.starts,
        ends=shift.ends,
        weekly=shift.day is None,
        officer_id=officer.id,
        officer_name=officer.name,
        person=person,
    )


def _absence(absence: Absence, known: Mapping[str, Officer]) -> AbsenceShape:
    return AbsenceShape(
        id=absence.id,
        officer_id=absence.officer_id,
        officer_name=known[absence.officer_id].name,
        first_day=absence.first_day,
        last_day=absence.last_day,
        substitute_id=absence.substitute_id,
        substitute_name=_name(known, absence.substitute_id),
    )


def _name(known: Mapping[str, Officer], officer_id: str | None) -> str | None:
    found = known.get(officer_id or "")
    return found.name if found is not None else None
