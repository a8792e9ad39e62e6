"""Groups that get a digest, the code that binds one, and what it would get now."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from casework.desk.digests import vouch
from casework.errors import NotFound
from casework.groups import CODE_LENGTH, Group, code_from
from casework.organisation import Unit
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, Deps
from handoff_console.shapes import DigestShape, GroupShape, SectionShape, Shape
from storage.unit_of_work import SqlTransaction

router = APIRouter(tags=["digests"])


class GroupsShape(Shape):
    """Bound groups, oldest first."""

    items: list[GroupShape]


class CodeShape(Shape):
    """A one-time code; it is shown once and only its hash is kept."""

    code: str
    expires_at: datetime


def _may_see(group: Group, viewer: Viewer, unit: Unit | None) -> bool:
    if group.bound_by == viewer.officer.id or viewer.sight.root is None:
        return True
    return unit is not None and viewer.sight.covers(unit.path)


def _units_of(tx: SqlTransaction, groups: Iterable[Group]) -> dict[str, Unit]:
    ids = {group.unit_id for group in groups if group.unit_id is not None}
    return {unit.id: unit for unit in tx.people.units(ids)}


@router.get("/api/groups")
async def groups(viewer: Caller, deps: Deps) -> GroupsShape:
    """The groups of the officer's area."""

    def work(tx: SqlTransaction) -> tuple[list[Group], dict[str, Unit]]:
        found = tx.groups.all()
        return found, _units_of(tx, found)

    known, units = await deps.store.read(work)
    return GroupsShape(
        items=[
            GroupShape(id=each.id, title=each.title, chat=each.chat, bound_at=each.bound_at)
            for each in known
            if _may_see(each, viewer, units.get(each.unit_id or ""))
        ]
    )


@router.post("/api/groups/code", status_code=201)
async def new_code(viewer: Caller, deps: Deps) -> CodeShape:
    """A code with which a group binds to the officer's unit."""
    code, now = code_from(secrets.token_bytes(CODE_LENGTH)), deps.clock()

    def work(tx: SqlTransaction) -> datetime:
        return vouch(tx, viewer.officer, code, now)

    return CodeShape(code=code, expires_at=await deps.store.write(work))


@router.get("/api/digests/preview")
async def preview(
    viewer: Caller, deps: Deps, group: Annotated[str, Query(min_length=1, max_length=64)]
) -> DigestShape:
    """What the group's admins would get at this moment."""

    def work(tx: SqlTransaction) -> tuple[Group, dict[str, Unit]]:
        one = tx.groups.get(group)
        return one, _units_of(tx, [one])

    found, units = await deps.store.read(work)
    if not _may_see(found, viewer, units.get(found.unit_id or "")):
        raise NotFound
    rendered = await deps.digests.of(found, deps.clock())
    sections = [
        SectionShape(key=each.key, title=each.title, lines=list(each.lines))
        for each in rendered.sections
    ]
    return DigestShape(text=rendered.text, sections=sections)
