"""Verbs on grids: divide one, put several together (网格拆分、合并; domain S1-13).

Takes effect at once. Open cases move with an event that keeps the old code; what is closed stays
where it was, and so does the old unit, which gets nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from casework.case import CLOSED, Case, Status
from casework.desk.cases import place_text
from casework.desk.conversations import actor_of
from casework.desk.notifying import tell
from casework.desk.regrouping_beside import carry
from casework.desk.regrouping_groups import carry_groups
from casework.desk.rulebook import Notices
from casework.duty import person_for
from casework.errors import Incomplete, NotAllowed, NotFound, WrongValue
from casework.events import SYSTEM, Actor, Event, Kind
from casework.geometry import Boundary
from casework.hours import CHINA
from casework.levels import Levels, wrong_code
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Transaction
from casework.regrouping import Moved, Piece, Regrouped, new_home, piece_at

REGROUPERS = frozenset({Role.ADMIN})
LEAST = 2  # pieces of a split, units of a merge


@dataclass(frozen=True, slots=True)
class _Change:
    """What all parts of one split or merge need."""

    actor: Actor
    officer: Officer | None
    notices: Notices
    now: datetime


def split(
    tx: Transaction,
    unit_id: str,
    pieces: Sequence[Piece],
    levels: Levels,
    notices: Notices,
    now: datetime,
    officer: Officer | None = None,
) -> Regrouped:
    """Divide a unit. Its people go where the pieces name them, else to the first piece; places
    and cases go by boundary, else a place stays behind and a case waits to be placed.

    Raises NotFound, NotAllowed, or Incomplete naming what is wrong with the pieces.
    """
    _require(officer)
    old = _ending(tx, unit_id, now)
    if len(pieces) < LEAST:
        raise Incomplete("pieces")
    change = _Change(actor_of(officer) if officer else SYSTEM, officer, notices, now)
    made = [_make(tx, piece, old, levels, now) for piece in pieces]
    _end(tx, [old], [unit.id for unit in made], change, Kind.UNIT_SPLIT)
    homes = _homes(tx, old, pieces, made)
    _rehouse(tx, [old], homes, made[0].id)
    boundaries = {unit.id: piece.boundary for piece, unit in zip(pieces, made, strict=True)}
    places = _share_places(tx, old, boundaries)
    gone = {old.id: old}
    moved = [
        _move(
            tx, case, gone, new_home(case, place_text(case.slots), places, boundaries), made, change
        )
        for case in _locked(tx, [old])
    ]
    carry(tx, [old], made, now)  # calendars are locked after conversations and cases
    carry_groups(tx, [old], made)
    return Regrouped((old.id,), tuple(unit.id for unit in made), tuple(moved))


def merge(
    tx: Transaction,
    unit_ids: Sequence[str],
    piece: Piece,
    levels: Levels,
    notices: Notices,
    now: datetime,
    officer: Officer | None = None,
) -> Regrouped:
    """Put several units of one parent together: people, places and open cases go to the new one.

    Raises as ``split``.
    """
    _require(officer)
    old = [_ending(tx, unit_id, now) for unit_id in dict.fromkeys(unit_ids)]
    if len(old) < LEAST or len({(unit.parent_id, unit.kind) for unit in old}) != 1:
        raise WrongValue("units", "several units of one kind that lie in the same one")
    change = _Change(actor_of(officer) if officer else SYSTEM, officer, notices, now)
    drawn = tx.places.boundaries()
    parts: Boundary = tuple(ring for unit in old for ring in drawn.get(unit.id, ()))
    whole = all(unit.id in drawn for unit in old)
    given = piece if piece.boundary or not whole else replace(piece, boundary=parts)
    new = _make(tx, given, old[0], levels, now)
    _end(tx, old, [new.id], change, Kind.UNIT_MERGED)
    _rehouse(tx, old, {}, new.id)
    ids = {unit.id for unit in old}
    tx.places.move([place for place in tx.places.all() if place.unit_id in ids], new.id)
    gone = {unit.id: unit for unit in old}
    moved = [_move(tx, case, gone, new.id, [new], change) for case in _locked(tx, old)]
    carry(tx, old, [new], now)
    carry_groups(tx, old, [new])
    return Regrouped(tuple(gone), (new.id,), tuple(moved))


def _require(officer: Officer | None) -> None:
    if officer is not None and officer.role not in REGROUPERS:
        raise NotAllowed


def _homes(
    tx: Transaction, old: Unit, pieces: Sequence[Piece], made: Sequence[Unit]
) -> dict[str, str]:
    """In which new unit each of the named works. Raises Incomplete for a name nobody has."""
    staff = {each.username: each.id for each in tx.people.staff([old.id])}
    homes: dict[str, str] = {}
    for piece, unit in zip(pieces, made, strict=True):
        for name in piece.officers:
            if name not in staff:
                raise WrongValue("officers", f"{name} does not work in {old.id}")
            homes[staff[name]] = unit.id
    return homes


def _ending(tx: Transaction, unit_id: str, now: datetime) -> Unit:
    """A unit that may end: it is there, valid, and nothing lies below it."""
    unit = tx.people.unit(unit_id) or tx.people.unit_by_code(unit_id)
    if unit is None:
        raise NotFound(f"there is no unit {unit_id}")
    if not unit.valid(now.astimezone(CHINA).date()):
        raise NotAllowed(f"{unit_id} is not valid today")
    if len(tx.people.below(unit.id)) > 1:
        raise NotAllowed(f"{unit_id} has units below it")
    return unit


def _make(tx: Transaction, piece: Piece, old: Unit, levels: Levels, now: datetime) -> Unit:
    """The new unit beside the old one. Raises Incomplete for a name or code that will not do."""
    if not piece.name.strip():
        raise Incomplete("name")
    try:
        code = levels.code(old.kind, piece.code)
    except ValueError as error:
        raise WrongValue("code", f"{piece.code} {error}") from error
    unit_id = piece.id or code or tx.new_id()
    unit = Unit(
        unit_id, old.kind, piece.name.strip(), old.parent_id, code, now.astimezone(CHINA).date()
    )
    wrong = wrong_code(unit, tx.people.chain(old.parent_id) if old.parent_id else [])
    if wrong:
        raise WrongValue("code", wrong)
    if tx.people.unit(unit_id) is not None or tx.people.unit_by_code(code) is not None:
        raise WrongValue("code", f"{code or unit_id} has been given, and is never used again")
    tx.people.add_unit(unit)
    if piece.boundary:
        tx.places.draw({unit_id: piece.boundary})
    return unit


def _end(
    tx: Transaction, old: Sequence[Unit], made: Sequence[str], change: _Change, kind: Kind
) -> None:
    today = change.now.astimezone(CHINA).date()
    for unit in old:
        tx.people.save_unit(replace(unit, valid_to=today, successors=tuple(made)))
    data = {
        "unit": old[0].parent_id or old[0].id,
        "ended": [unit.code or unit.id for unit in old],
        "made": list(made),
    }
    tx.events.append(Event(kind, change.now, change.actor, data=data))


def _rehouse(
    tx: Transaction, old: Sequence[Unit], homes: Mapping[str, str], otherwise: str
) -> None:
    """The people of the old units, by id, work in these from now on; their duty goes with them."""
    ids = [unit.id for unit in old]
    for officer in tx.people.staff(ids):
        home = homes.get(officer.id, otherwise)
        tx.people.save_officer(replace(officer, unit_id=home))
    shifts = tx.rosters.shifts_of(ids)
    for shift in shifts:
        tx.rosters.remove_shift(shift.id)
    moved = (replace(s, unit_id=homes.get(s.officer_id, otherwise)) for s in shifts)
    tx.rosters.add_shifts(moved)


def _share_places(tx: Transaction, old: Unit, boundaries: Mapping[str, Boundary]) -> list[Place]:
    """Places with a point go to the piece they lie in; those of the pieces are returned."""
    found: dict[str, list[Place]] = {}
    for place in tx.places.all():
        if place.unit_id == old.id and place.lat is not None and place.lng is not None:
            home = piece_at((place.lat, place.lng), boundaries)
            if home is not None:
                found.setdefault(home, []).append(place)
    for home, places in found.items():
        tx.places.move(places, home)
    return [replace(place, unit_id=home) for home, places in found.items() for place in places]


def _locked(tx: Transaction, old: Sequence[Unit]) -> list[Case]:
    """The open cases of these units, conversations locked before cases, both in order."""
    found = [case for unit in old for case in tx.cases.open_in(unit.id)]
    numbers = sorted({case.number for case in found})
    for conversation_id in sorted({case.conversation_id for case in found}):
        tx.conversations.get(conversation_id, lock=True)
    locked = [tx.cases.get(number, lock=True) for number in numbers]
    return [case for case in locked if case.status not in CLOSED]


def _move(
    tx: Transaction,
    before: Case,
    gone: Mapping[str, Unit],
    home: str | None,
    made: Sequence[Unit],
    change: _Change,
) -> Moved:
    """The case in its new unit. Its owner keeps it who works there or above; of the others the
    person on duty gets it. A restricted one keeps its owner, whosever grid it is."""
    lay_here = before.unit_id in gone
    unit_id = (home or made[0].id) if lay_here else before.unit_id
    placed = before.placed and (home is not None or not lay_here)
    case = replace(before, unit_id=unit_id, placed=placed)
    if before.org_id in gone:
        owner = tx.people.officer(before.owner_id)
        if before.restricted or owner.unit_id == unit_id:
            case = replace(case, org_id=owner.unit_id or unit_id)
        else:
            found = person_for(tx, unit_id, change.now)
            case = replace(case, owner_id=found.officer.id, org_id=found.org.id)
    saved = tx.cases.save(case, change.now)
    data = {
        "unit": saved.unit_id,
        "unit_before": before.unit_id,
        "code_before": gone[before.unit_id if lay_here else before.org_id].code,
        "owner": saved.owner_id,
        "owner_before": before.owner_id,
        "placed": saved.placed,
    }
    at, actor = change.now, change.actor
    talk = saved.conversation_id
    tx.events.append(Event(Kind.CASE_MOVED, at, actor, talk, saved.number, data))
    _follow(tx, before, saved, change)
    return Moved(saved.number, saved.unit_id, saved.placed)


def _follow(tx: Transaction, before: Case, saved: Case, change: _Change) -> None:
    """The conversation lies where its case does; the resident hears of another person."""
    conversation = tx.conversations.get(saved.conversation_id)
    if conversation.unit_id == before.unit_id != saved.unit_id:
        conversation = replace(conversation, unit_id=saved.unit_id)
        tx.conversations.save(conversation, conversation.epoch)
    if before.status is not Status.DRAFT and saved.owner_id != before.owner_id:
        tell(tx, conversation, saved, Kind.CASE_PLACED, None, change.notices, change.now)
