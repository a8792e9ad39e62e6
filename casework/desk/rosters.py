"""Verbs on the duty roster: set and take away shifts, note who is away and who stands in.

The street, the community and an admin do so, each within their own area (domain S0-3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from casework.desk.conversations import actor_of
from casework.duty import covers
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import Event, Kind
from casework.organisation import OWNERS, Officer, Role
from casework.ports import Transaction
from casework.roster import DAY, Absence, Shift

PLANNERS = frozenset({Role.COMMUNITY, Role.STREET, Role.ADMIN})
WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Planned:
    """A shift as it is wanted: on a weekday or on one day, from minute to minute."""

    unit_id: str
    officer_id: str
    starts: int
    ends: int
    weekday: int | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as it is wanted, both days included."""

    officer_id: str
    first_day: date
    last_day: date
    substitute_id: str | None = None


def may_plan(tx: Transaction, officer: Officer, unit_id: str | None) -> bool:
    """Whether this officer may change the roster of the unit."""
    return officer.role in PLANNERS and covers(tx, officer, unit_id)


def set_shift(tx: Transaction, wanted: Planned, officer: Officer, now: datetime) -> Shift:
    """Put somebody on duty. Raises NotAllowed, NotFound, or Incomplete naming the field."""
    if tx.people.unit(wanted.unit_id) is None:
        raise NotFound
    _require(tx, officer, wanted.unit_id)
    _owner(tx, wanted.officer_id, "officer")
    if (wanted.weekday is None) == (wanted.day is None):
        raise Incomplete("weekday")
    if wanted.weekday is not None and not 0 <= wanted.weekday < WEEK:
        raise Incomplete("weekday")
    if not (0 <= wanted.starts < DAY and 0 <= wanted.ends <= DAY):
        raise Incomplete("starts")
    shift = Shift(
        tx.new_id(),
        wanted.unit_id,
        wanted.officer_id,
        wanted.starts,
        wanted.ends,
        wanted.weekday,
        wanted.day,
    )
    for known in tx.rosters.shifts_of([shift.unit_id]):
        if replace(known, id=shift.id) == shift:
            return known  # asked twice
    tx.rosters.add_shifts([shift])
    _note(tx, Kind.SHIFT_SET, officer, now, shift.unit_id, person=shift.officer_id)
    return shift


def remove_shift(tx: Transaction, shift_id: str, officer: Officer, now: datetime) -> Shift:
    """Nobody is on duty by this shift any more. Raises NotAllowed or NotFound."""
    shift = tx.rosters.shift(shift_id)
    _require(tx, officer, shift.unit_id)
    tx.rosters.remove_shift(shift_id)
    _note(tx, Kind.SHIFT_REMOVED, officer, now, shift.unit_id, person=shift.officer_id)
    return shift


def set_away(tx: Transaction, wanted: Away, officer: Officer, now: datetime) -> Absence:
    """Somebody is away; why is not asked. Raises NotAllowed, NotFound, or Incomplete naming the
    field: a substitute is somebody else who may own cases."""
    away = tx.people.officer(wanted.officer_id)
    _require(tx, officer, away.unit_id)
    if wanted.last_day < wanted.first_day:
        raise Incomplete("last_day")
    if wanted.substitute_id is not None:
        _owner(tx, wanted.substitute_id, "substitute")
        if wanted.substitute_id == wanted.officer_id:
            raise Incomplete("substitute")
    absence = Absence(
        tx.new_id(), wanted.officer_id, wanted.first_day, wanted.last_day, wanted.substitute_id
    )
    for known in tx.rosters.absences_of([away.id], absence.first_day, absence.last_day):
        if replace(known, id=absence.id) == absence:
            return known
    tx.rosters.add_absences([absence])
    _note(tx, Kind.ABSENCE_SET, officer, now, away.unit_id, person=away.id)
    return absence


def remove_away(tx: Transaction, absence_id: str, officer: Officer, now: datetime) -> Absence:
    """They are back, or never went. Raises NotAllowed or NotFound."""
    absence = tx.rosters.absence(absence_id)
    unit_id = tx.people.officer(absence.officer_id).unit_id
    _require(tx, officer, unit_id)
    tx.rosters.remove_absence(absence_id)
    _note(tx, Kind.ABSENCE_REMOVED, officer, now, unit_id, person=absence.officer_id)
    return absence


def _require(tx: Transaction, officer: Officer, unit_id: str | None) -> None:
    if not may_plan(tx, officer, unit_id):
        raise NotAllowed


def _owner(tx: Transaction, officer_id: str, field: str) -> None:
    """Whoever is on duty gets cases, so it must be somebody who may."""
    found = tx.people.officers([officer_id])
    if not found or not found[0].active or found[0].role not in OWNERS:
        raise Incomplete(field)


def _note(
    tx: Transaction,
    kind: Kind,
    by: Officer,
    now: datetime,
    unit_id: str | None,
    person: str,
) -> None:
    data = {"unit": unit_id, "officer": person}
    tx.events.append(Event(kind, now, actor_of(by), data=data))
