"""Officers a conversation can be handed to, the grids there are, and the directory (通讯录)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query

from casework.organisation import Officer, Unit
from handoff_console.deps import Caller, Deps
from handoff_console.render import officer_shape
from handoff_console.shapes import OfficerShape, Shape, UnitShape, Words
from storage.unit_of_work import SqlTransaction
from storage.views_people import find_officers, find_units

router = APIRouter(tags=["organisation"])
FOUND = 50  # units a search shows
MOST_OFFICERS = 200  # whom a list shows; a larger organisation is searched
BODIES = ("department", "mediation", "service_point")

Search = Annotated[Words, Query(max_length=40)]
Kind = Annotated[str, Query(max_length=16)]


class OfficersShape(Shape):
    """Active officers, by username."""

    items: list[OfficerShape]


class UnitsShape(Shape):
    """Units, the larger ones first."""

    items: list[UnitShape]


class PersonShape(Shape):
    """Somebody in the directory; ``phone`` is the telephone at work."""

    id: str
    name: str
    role: str
    employment: str
    posts: list[str]
    phone: str


class EntryShape(Shape):
    """A department, mediation room or other unit with those who work there."""

    unit: UnitShape
    code: str
    people: list[PersonShape]


class DirectoryShape(Shape):
    """The units that were looked for; ``more`` when there are others."""

    items: list[EntryShape]
    more: bool


@router.get("/api/officers")
async def officers(viewer: Caller, deps: Deps, q: Search = "") -> OfficersShape:
    """Those a conversation can be handed to; where there are too many, the officer's own area
    first, and the rest by ``q``."""

    def work(tx: SqlTransaction) -> OfficersShape:
        found = find_officers(tx, q.strip(), MOST_OFFICERS + 1)
        if len(found) > MOST_OFFICERS:
            found = find_officers(tx, q.strip(), MOST_OFFICERS, viewer.sight)
        homes = {each.id: each for each in tx.people.units(o.unit_id for o in found if o.unit_id)}
        return OfficersShape(items=[officer_shape(o, homes.get(o.unit_id or "")) for o in found])

    return await deps.store.read(work)


@router.get("/api/units")
async def units(viewer: Caller, deps: Deps, q: Search = "", kind: Kind = "") -> UnitsShape:
    """The officer's own area, for filters; with ``q`` or ``kind`` the first of those that fit."""
    found = await deps.store.read(
        lambda tx: find_units(tx, viewer.sight, q.strip(), kind, FOUND if q or kind else None)
    )
    return UnitsShape(items=[unit_shape(unit) for unit in found])


@router.get("/api/directory")
async def directory(
    _viewer: Caller, deps: Deps, q: Search = "", kind: Kind = "department"
) -> DirectoryShape:
    """Departments, mediation rooms, service points and their people; every officer may look."""

    def work(tx: SqlTransaction) -> DirectoryShape:
        wanted = kind if kind in BODIES else BODIES[0]
        named = [u for u in tx.people.of_kind(wanted) if q.strip() in u.name]
        shown = named[:FOUND]
        people: dict[str, list[Officer]] = {}
        for officer in tx.people.staff(unit.id for unit in shown):
            people.setdefault(officer.unit_id or "", []).append(officer)
        items = [_entry(unit, people.get(unit.id, ())) for unit in shown]
        return DirectoryShape(items=items, more=len(named) > FOUND)

    return await deps.store.read(work)


def unit_shape(unit: Unit) -> UnitShape:
    """A unit."""
    return UnitShape(id=unit.id, name=unit.name, kind=unit.kind)


def person_shape(officer: Officer) -> PersonShape:
    """Somebody in the directory."""
    return PersonShape(
        id=officer.id,
        name=officer.name,
        role=officer.role.value,
        employment=officer.employment.value,
        posts=list(officer.posts),
        phone=officer.phone,
    )


def _entry(unit: Unit, people: Iterable[Officer]) -> EntryShape:
    shown = [person_shape(officer) for officer in people]
    return EntryShape(unit=unit_shape(unit), code=unit.code, people=shown)
