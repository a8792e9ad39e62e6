"""Whether what the sheets hold fits together and fits what is there; every fault by its row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from casework.levels import Levels, wrong_code
from casework.organisation import OWNERS, Officer, Organisation, Place, Unit
from casework.roster import Absence, Rosters, Shift
from cli.organisation_rows import Found, unit_column
from cli.sheets import Row

T = TypeVar("T", Shift, Absence)
_AT_ONCE = 1000  # ids looked up in one query


@dataclass(slots=True)
class Fresh:
    """What is new, with every reference looked up; ``known`` is the organisation with it."""

    known: Organisation
    units: list[Unit] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)


def check(
    found: Found,
    known: Organisation,
    rosters: Rosters,
    levels: Levels,
    new_id: Callable[[], str],
) -> Fresh:
    """What is to be stored; meaningless once the sheet has a fault."""
    units = _Units(found, dict(known.units), levels)
    fresh = Fresh(known)
    fresh.units = units.fresh()
    officers = _officers(found, known, units, new_id)
    fresh.officers = [officer for officer in officers.values() if officer.id not in known.officers]
    fresh.known = Organisation(units.known, {each.id: each for each in officers.values()})
    for row, place in found.places:
        unit_id = units.look_up(place.unit_id)
        if unit_id is None:
            row.fault("parent", f"grid {place.unit_id or '(empty)'} is not known")
        elif levels.known[units.known[unit_id].kind].body:
            row.fault("parent", f"{unit_id} is no area; a place lies in a grid")
        fresh.places.append(replace(place, unit_id=unit_id or ""))
    fresh.shifts = [_shift(row, each, units, officers, new_id()) for row, each in found.shifts]
    fresh.absences = [_absence(row, each, officers, new_id()) for row, each in found.absences]
    _not_twice(found.shifts, fresh.shifts, _shifts_of(rosters, fresh.shifts))
    _not_twice(found.absences, fresh.absences, _absences_of(rosters, fresh.absences))
    return fresh


def _shifts_of(rosters: Rosters, made: Iterable[Shift]) -> list[Shift]:
    units = sorted({each.unit_id for each in made})
    return [shift for some in _pieces(units) for shift in rosters.shifts_of(some)]


def _absences_of(rosters: Rosters, made: Iterable[Absence]) -> list[Absence]:
    people = sorted({each.officer_id for each in made})
    pieces = _pieces(people)
    return [away for some in pieces for away in rosters.absences_of(some, date.min, date.max)]


def _pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))


def _not_twice(rows: Sequence[tuple[Row, Any]], made: Sequence[T], stored: Iterable[T]) -> None:
    """The same duty or absence again is a file that was imported before."""
    known: dict[T, str] = {replace(each, id=""): "" for each in stored}
    for (row, _), each in zip(rows, made, strict=True):
        same = replace(each, id="")
        if same in known:
            row.fault("officer", f"has the same there already{known[same]}")
        else:
            known[same] = f", in {row.where()}"


class _Units:
    """The units of the sheet among those there already."""

    def __init__(self, found: Found, known: dict[str, Unit], levels: Levels) -> None:
        self._found = found
        self.levels = levels
        self._stored = dict(known)
        self._codes = {unit.code: unit.id for unit in known.values() if unit.code}
        self.known = known

    def look_up(self, written: str | None) -> str | None:
        """The id of the unit that is written by id or by code."""
        if written in self.known:
            return written
        return self._codes.get(written or "")

    def fresh(self) -> list[Unit]:
        """The units that are new, whose parents may stand anywhere in the sheet."""
        rows: dict[str, Row] = {}
        for row, unit in self._found.units:
            self._listed(row, unit, rows)
        found: list[Unit] = []
        for row, unit in self._found.units:
            if rows.get(unit.id) is row and unit.id not in self._stored:
                found.append(self._placed(row, unit))
        self._check_chains(found, rows)
        return found

    def _listed(self, row: Row, unit: Unit, rows: dict[str, Row]) -> None:
        """Note a unit under its id and code, or what stands against that."""
        again = self._stored.get(unit.id)
        if unit.id in rows:
            row.fault("id", f"there is a unit {unit.id} already, in {rows[unit.id].where()}")
            return
        if again is not None and unit.id not in self._found.boundaries:
            row.fault("id", f"there is a unit {unit.id} already")
            return
        if again is not None and not self._same(again, unit):
            row.fault("id", f"the unit {unit.id} is there already, with other values")
        holder = self._codes.get(unit.code, unit.id) if unit.code else unit.id
        if holder != unit.id:
            row.fault("code", f"{unit.code} is {holder}'s; a code is never used again")
        rows[unit.id] = row
        if unit.code:
            self._codes.setdefault(unit.code, unit.id)
        self.known.setdefault(unit.id, unit)

    def _same(self, stored: Unit, unit: Unit) -> bool:
        """Whether the sheet says what is known; dates it leaves out say nothing."""
        written = (unit.kind, unit.name, self.look_up(unit.parent_id))
        begins, ends = unit.valid_from, unit.valid_to
        dates = begins in {None, stored.valid_from} and ends in {None, stored.valid_to}
        return dates and written == (stored.kind, stored.name, stored.parent_id)

    def _placed(self, row: Row, unit: Unit) -> Unit:
        parent_id = self.look_up(unit.parent_id)
        if unit.parent_id is not None and parent_id is None:
            row.fault("parent", f"unit {unit.parent_id} is not known yet")
            return unit
        parent = self.known.get(parent_id or "")
        wrong = self.levels.wrong_parent(unit, parent)
        if wrong:
            row.fault("parent", wrong)
        placed = replace(unit, parent_id=parent_id)
        self.known[unit.id] = placed
        return placed

    def _check_chains(self, fresh: list[Unit], rows: Mapping[str, Row]) -> None:
        organisation = Organisation(self.known, {})
        for unit in fresh:
            chain = list(organisation.chain(unit.id))
            if chain and chain[-1].parent_id == unit.id:
                circle = " → ".join([*(each.id for each in chain), unit.id])
                rows[unit.id].fault("parent", f"goes round in a circle: {circle}")
                continue
            wrong = wrong_code(unit, chain[1:])
            if wrong:
                rows[unit.id].fault("code", wrong)


def _officers(
    found: Found, known: Organisation, units: _Units, new_id: Callable[[], str]
) -> dict[str, Officer]:
    """All officers by username, the new ones with an id."""
    everybody = {officer.username: officer for officer in known.officers.values()}
    rows: dict[str, Row] = {}
    for row, officer in found.officers:
        name = officer.username
        if name in everybody:
            where = f", in {rows[name].where()}" if name in rows else ""
            row.fault("username", f"there is an officer {name} already{where}")
            continue
        unit_id = units.look_up(officer.unit_id)
        if unit_id is None:
            row.fault(unit_column(row), f"unit {officer.unit_id} is not known")
        else:
            level = units.levels.known[units.known[unit_id].kind]
            if officer.role not in level.roles:
                roles = ", ".join(sorted(level.roles))
                row.fault("role", f"{officer.role} does not work in a {level.key}; known: {roles}")
        rows[name] = row
        everybody[name] = replace(officer, id=new_id(), unit_id=unit_id)
    return everybody


def _shift(
    row: Row, shift: Shift, units: _Units, officers: Mapping[str, Officer], shift_id: str
) -> Shift:
    officer = _person(row, "officer", shift.officer_id, officers, owns=True)
    unit_id = units.look_up(shift.unit_id) if shift.unit_id else officer and officer.unit_id
    if shift.unit_id and unit_id is None:
        row.fault(unit_column(row), f"unit {shift.unit_id} is not known")
    return replace(
        shift, id=shift_id, unit_id=unit_id or "", officer_id=officer.id if officer else ""
    )


def _absence(
    row: Row, absence: Absence, officers: Mapping[str, Officer], absence_id: str
) -> Absence:
    officer = _person(row, "officer", absence.officer_id, officers)
    other = None
    if absence.substitute_id is not None:
        other = _person(row, "substitute", absence.substitute_id, officers, owns=True)
        if other is not None and other is officer:
            row.fault("substitute", "is the one who is away")
    return replace(
        absence,
        id=absence_id,
        officer_id=officer.id if officer else "",
        substitute_id=other.id if other else None,
    )


def _person(
    row: Row,
    column: str,
    username: str,
    officers: Mapping[str, Officer],
    *,
    owns: bool = False,
) -> Officer | None:
    """The officer of this name; ``owns``: one who may be given cases, as whoever is on duty is."""
    officer = officers.get(username)
    if officer is None and username:
        row.fault(column, f"there is no officer {username}")
    elif officer is not None and owns and not (officer.active and officer.role in OWNERS):
        row.fault(column, f"{username} may own no case: {officer.role}, or gone")
    return officer
