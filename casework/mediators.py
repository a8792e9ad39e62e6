"""Who mediates: by what it is about, how near they are, and whom the resident named. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from casework.case import Case
from casework.mediation import Rule
from casework.organisation import Officer, Organisation, Role

_FAR = 99


def suggested(
    case: Case,
    organisation: Organisation,
    rule: Rule,
    on: date,
    *,
    long: bool = False,
    load: Mapping[str, int] | None = None,
) -> Sequence[Officer]:
    """Mediators whose room covers the place, best first.

    What is ``long`` goes to a chief mediator, everything else to those for its category; then the
    nearest, then whoever has least to do (``load`` counts what is under way).
    """
    wanted = rule.chief if long else rule.specialties.get(case.category)
    busy = load or {}

    def rank(officer: Officer) -> tuple[bool, bool, int, int, str]:
        reserved = not long and rule.chief in officer.posts
        distance = _distance(officer, case, organisation)
        fits = wanted is not None and wanted in officer.posts
        return (not fits, reserved, distance, busy.get(officer.id, 0), officer.username)

    staff = [
        officer
        for officer in organisation.officers.values()
        if officer.role is Role.MEDIATOR
        and officer.serves(on)
        and _distance(officer, case, organisation) < _FAR
    ]
    return sorted(staff, key=rank)


def _distance(officer: Officer, case: Case, organisation: Organisation) -> int:
    """How many levels above the place the mediator's room works; ``_FAR`` when it is not for it.

    A room (a unit of its own) works where the unit above it does.
    """
    room = organisation.units.get(officer.unit_id or "")
    if room is None:
        return _FAR
    area = room.parent_id if room.kind == "mediation" else room.id
    chain = [unit.id for unit in organisation.chain(case.unit_id)]
    if area in chain:
        return chain.index(area)
    return len(chain) if area is None else _FAR


def called_for(text: str, mediators: Sequence[Officer], organisation: Organisation) -> str | None:
    """The id of the one mediator whose name, or whose room's name, stands in the words (点名调解);
    None when there is none or more than one."""
    found = {
        officer.id
        for officer in mediators
        if officer.name in text or _room_name(officer, organisation) in text
    }
    return found.pop() if len(found) == 1 else None


def _room_name(officer: Officer, organisation: Organisation) -> str:
    room = organisation.units.get(officer.unit_id or "")
    return room.name if room is not None and room.kind == "mediation" else officer.name


def liaison(organisation: Organisation, unit_id: str, rule: Rule, on: date, fallback: str) -> str:
    """Who sees to the judicial confirmation (司法确认联络员, S0-10): the nearest with the post,
    else ``fallback``."""
    for unit in organisation.chain(unit_id):
        staff = [
            officer
            for officer in organisation.officers.values()
            if rule.liaison in officer.posts and officer.serves(on)
            if officer.unit_id == unit.id or _room_of(officer, unit.id, organisation)
        ]
        if staff:
            return min(staff, key=lambda officer: officer.username).id
    return fallback


def _room_of(officer: Officer, unit_id: str, organisation: Organisation) -> bool:
    room = organisation.units.get(officer.unit_id or "")
    return room is not None and room.kind == "mediation" and room.parent_id == unit_id
