"""报到: what calls a department, what it does about it, and the figures of both sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from casework.desk import whistle as desk
from casework.desk.whistle_telling import acts_for
from casework.errors import Unchanged
from casework.organisation import Role
from casework.whistle import DEPARTMENT, Calling, Whistle
from config.problems import Problem
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.render_whistle import (
    LEAST,
    called_figures_shape,
    called_shape,
    calling_figures_shape,
    names_for,
    seen,
)
from handoff_console.shapes_whistle import (
    CalledList,
    CheckInBody,
    HandBody,
    OpinionBody,
    RefusalBody,
    WhistleFigures,
)
from storage.unit_of_work import SqlTransaction
from storage.views import area_below
from storage.views_whistle import called_figures, calling_figures, restricted_among

router = APIRouter(tags=["whistles"])
SHOWN_AFTER = timedelta(days=14)  # departments see those that are over this long
MOST = 100
Verb = Callable[[SqlTransaction, desk.Hand], Whistle]


@router.get("/api/whistles")
async def calling_me(viewer: Caller, deps: Deps) -> CalledList:
    """What calls the caller's department, and nothing of the cases behind it."""
    officer, since = viewer.officer, deps.clock() - SHOWN_AFTER

    def work(tx: SqlTransaction) -> CalledList:
        mine = _own_departments(tx, viewer)
        found = tx.whistles.calling(mine, since, MOST) if mine else []
        hidden = restricted_among(tx, {each.case_number for each in found})
        found = [each for each in found if each.case_number not in hidden]
        names = names_for(tx, found)
        rules = deps.book.whistling.rules
        items = [called_shape(each, names, rules, mine) for each in found]
        return CalledList(items=items, department=bool(mine), me=officer.name)

    return await deps.store.read(work)


@router.post("/api/whistles/{whistle_id}/calls/{unit_id}/acknowledge", status_code=204)
async def acknowledge(
    whistle_id: str, unit_id: str, viewer: Caller, deps: Deps, body: HandBody | None = None
) -> Response:
    """签收."""
    practice, now = deps.book.whistling, deps.clock()
    return await _by_hand(
        whistle_id,
        viewer,
        deps,
        (body or HandBody()).name,
        lambda tx, hand: desk.acknowledge(tx, whistle_id, unit_id, hand, practice, now),
    )


@router.post("/api/whistles/{whistle_id}/calls/{unit_id}/check-in", status_code=204)
async def check_in(
    whistle_id: str, unit_id: str, viewer: Caller, deps: Deps, body: CheckInBody | None = None
) -> Response:
    """报到."""
    practice, now, given = deps.book.whistling, deps.clock(), body or CheckInBody()
    known = given.lat is not None and given.lng is not None
    point = (given.lat or 0.0, given.lng or 0.0) if known else None
    return await _by_hand(
        whistle_id,
        viewer,
        deps,
        given.name,
        lambda tx, hand: desk.check_in(tx, whistle_id, unit_id, hand, practice, now, point=point),
    )


@router.post("/api/whistles/{whistle_id}/calls/{unit_id}/answer", status_code=204)
async def answer(
    whistle_id: str, unit_id: str, body: OpinionBody, viewer: Caller, deps: Deps
) -> Response:
    """处理意见."""
    practice, now = deps.book.whistling, deps.clock()
    return await _by_hand(
        whistle_id,
        viewer,
        deps,
        body.name,
        lambda tx, hand: desk.answer(tx, whistle_id, unit_id, hand, body.opinion, practice, now),
    )


@router.post("/api/whistles/{whistle_id}/calls/{unit_id}/decline", status_code=204)
async def decline(
    whistle_id: str, unit_id: str, body: RefusalBody, viewer: Caller, deps: Deps
) -> Response:
    """A department cannot come: why, and what it does instead."""
    practice, now = deps.book.whistling, deps.clock()
    refusal = desk.Refusal(body.reason, body.instead)
    return await _by_hand(
        whistle_id,
        viewer,
        deps,
        body.name,
        lambda tx, hand: desk.decline(tx, whistle_id, unit_id, hand, refusal, practice, now),
    )


@router.get("/api/whistle-figures")
async def figures(
    viewer: Caller, deps: Deps, days: Annotated[int, Query(ge=1, le=366)] = 90
) -> WhistleFigures:
    """Both sides' figures: of the caller's area, for a department its own."""
    now = deps.clock()
    since = now - timedelta(days=days)

    def work(tx: SqlTransaction) -> WhistleFigures:
        if viewer.officer.role is Role.DEPARTMENT:
            called = called_figures(tx, since, now, None, _own_departments(tx, viewer))
            calling = list[Calling]()
        else:
            root = viewer.sight.root
            area = None if root is None else area_below(root)
            called = called_figures(tx, since, now, area)
            calling = calling_figures(tx, since, area)
        ids = {each.unit_id for each in called} | {each.unit_id for each in calling}
        names = {unit.id: unit.name for unit in tx.people.units(ids)}
        both = [called_figures_shape(each, names) for each in called]
        sides = [calling_figures_shape(each, names) for each in calling]
        return WhistleFigures(
            since=since,
            least=LEAST,
            called=sorted(both, key=lambda each: each.unit.name),
            calling=sorted(sides, key=lambda each: each.unit.name),
        )

    return await deps.store.read(work)


def _own_departments(tx: SqlTransaction, viewer: Viewer) -> list[str]:
    """The departments the caller acts for: their own office's, and those below it."""
    unit_id = viewer.officer.unit_id
    if viewer.officer.role is not Role.DEPARTMENT or unit_id is None:
        return []
    around = [*tx.people.chain(unit_id), *tx.people.below(unit_id)]
    return sorted({unit.id for unit in around if unit.kind == DEPARTMENT})


async def _by_hand(
    whistle_id: str, viewer: Viewer, deps: ConsoleDeps, name: str, verb: Verb
) -> Response:
    """A department's step, in the caller's own name or in that of whom the caller writes down."""

    def work(tx: SqlTransaction) -> None:
        whistle = seen(tx, whistle_id, viewer)
        own = any(acts_for(tx, viewer.officer, each.unit_id) for each in whistle.calls)
        called = name.strip() or (viewer.officer.name if own else "")
        try:
            verb(tx, desk.Hand(called, viewer.officer))
        except Unchanged:
            raise Problem("whistle_done_already") from None

    await deps.store.write(work)
    return Response(status_code=204)
