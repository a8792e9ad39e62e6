"""Officers a conversation can be handed to, and the grids there are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from handoff_console.deps import Caller, Deps
from handoff_console.render import officer_shape
from handoff_console.shapes import OfficerShape, Shape, UnitShape, Words

router = APIRouter(tags=["organisation"])
FOUND = 50  # units a search shows


class OfficersShape(Shape):
    """Active officers, by name."""

    items: list[OfficerShape]


class UnitsShape(Shape):
    """Units, the larger ones first."""

    items: list[UnitShape]


@router.get("/api/officers")
async def officers(_viewer: Caller, deps: Deps) -> OfficersShape:
    """Everybody a conversation can be handed to."""
    people = await deps.store.read(lambda tx: tx.people.organisation())
    active = sorted((o for o in people.officers.values() if o.active), key=lambda o: o.username)
    return OfficersShape(
        items=[officer_shape(each, people.units.get(each.unit_id or "")) for each in active]
    )


@router.get("/api/units")
async def units(
    viewer: Caller,
    deps: Deps,
    q: Annotated[Words, Query(max_length=40)] = "",
    kind: Annotated[str, Query(max_length=16)] = "",
) -> UnitsShape:
    """The officer's own area, for filters; with ``q`` or ``kind`` the first of those that fit."""
    people = await deps.store.read(lambda tx: tx.people.organisation())
    order = {"street": 0, "community": 1, "grid": 2}
    own = [unit for unit in people.units.values() if viewer.sight.covers(unit.id)]
    wanted = q.strip()
    own = [u for u in own if (wanted in u.name or wanted in u.id) and kind in ("", u.kind)]
    own.sort(key=lambda unit: (order.get(unit.kind, 3), unit.name))
    return UnitsShape(
        items=[
            UnitShape(id=u.id, name=u.name, kind=u.kind)
            for u in own[: FOUND if wanted or kind else None]
        ]
    )
