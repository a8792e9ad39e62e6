"""Promises and judicial confirmations of mediations; lists and rates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from casework.case import Case
from casework.confirmations import Stage
from casework.desk import confirmations as court
from casework.desk import promises as desk
from casework.mediation_rates import ENOUGH, rates
from casework.promises import Party
from casework.working_calendar import CHINA
from config.problems import Problem
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.mediation_panel import changed, require_file
from handoff_console.render_mediation import rates_shape, row_of
from handoff_console.shapes import Day
from handoff_console.shapes_mediation import (
    FiledBody,
    KeptBody,
    MediationList,
    MediationPanel,
    MediationRates,
    PromiseBody,
    RulingBody,
)
from storage.unit_of_work import SqlTransaction
from storage.views import officer_names
from storage.views_mediation import counted, list_mediations

router = APIRouter(tags=["mediation"])
LONGEST = timedelta(days=3 * 366)
Work = Callable[[SqlTransaction, Case], object]


@router.get("/api/mediations")
async def mediations(
    viewer: Caller, deps: Deps, view: Annotated[Literal["mine", "all"], Query()] = "mine"
) -> MediationList:
    """Mediations that are not settled, by their next day; a mediator sees their own only."""
    now = deps.clock()

    def work(tx: SqlTransaction) -> MediationList:
        lines, names = list_mediations(tx, viewer.sight, mine=view == "mine"), officer_names(tx)
        items = [row_of(line, names, now) for line in lines]
        late = datetime.max.replace(tzinfo=now.tzinfo)
        return MediationList(items=sorted(items, key=lambda each: each.next_at or late))

    return await deps.store.read(work)


@router.get("/api/mediations/rates")
async def shares(
    viewer: Caller,
    deps: Deps,
    since: Annotated[Day | None, Query()] = None,
    until: Annotated[Day | None, Query()] = None,
) -> MediationRates:
    """The rates of this officer's area, by source; by default those of the last twelve months."""
    last = until or deps.clock().astimezone(CHINA).date()
    first = since or last - timedelta(days=365)
    if not timedelta() <= last - first <= LONGEST:
        raise Problem("invalid", fields={"since": "out_of_range"})
    begin = datetime.combine(first, time(), CHINA)
    end = datetime.combine(last, time(), CHINA) + timedelta(days=1)
    found = await deps.store.read(lambda tx: counted(tx, viewer.sight, begin, end))
    items = [rates_shape(each) for each in rates(found)]
    return MediationRates(since=first, until=last, enough=ENOUGH, items=items)


async def _case_of(mediation_id: str, deps: ConsoleDeps) -> str:
    """The case's number. Raises NotFound."""
    return await deps.store.read(lambda tx: tx.mediations.get(mediation_id).case_number)


@router.post("/api/mediations/{mediation_id}/promises")
async def promise(
    mediation_id: str, body: PromiseBody, viewer: Caller, deps: Deps
) -> MediationPanel:
    """One more promise."""
    pledge = (Party(body.party), body.what, body.due_on)

    def work(tx: SqlTransaction, _: Case) -> None:
        desk.add(tx, mediation_id, pledge, viewer.officer, deps.clock())

    return await changed(await _case_of(mediation_id, deps), viewer, deps, work)


@router.post("/api/promises/{promise_id}")
async def kept(promise_id: str, body: KeptBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """Kept or not; a broken one takes the case one level up, and the resident is told."""
    now = deps.clock()

    def work(tx: SqlTransaction, _: Case) -> None:
        outcome = desk.answer(tx, promise_id, body.kept, deps.book, now, officer=viewer.officer)
        desk.told(tx, outcome, viewer.officer, deps.book, now)

    number = await deps.store.read(lambda tx: tx.promises.get(promise_id).case_number)
    return await changed(number, viewer, deps, work)


@router.post("/api/mediations/{mediation_id}/confirmation/file")
async def file(mediation_id: str, body: FiledBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """Both have applied to the court."""

    def work(tx: SqlTransaction, _: Case) -> None:
        book, now = deps.book, deps.clock()
        court.file(tx, mediation_id, body.court, body.on, viewer.officer, book, now)

    return await _at_court(mediation_id, viewer, deps, work)


@router.post("/api/mediations/{mediation_id}/confirmation/ruling")
async def ruling(mediation_id: str, body: RulingBody, viewer: Caller, deps: Deps) -> MediationPanel:
    """The court has ruled."""
    given = court.Ruling(Stage(body.stage), body.number, body.on, body.file_id)

    def work(tx: SqlTransaction, case: Case) -> None:
        require_file(tx, case, body.file_id)
        court.rule_on(tx, mediation_id, given, viewer.officer, deps.book, deps.clock())

    return await _at_court(mediation_id, viewer, deps, work)


@router.post("/api/mediations/{mediation_id}/confirmation/decline")
async def decline(mediation_id: str, viewer: Caller, deps: Deps) -> MediationPanel:
    """They do not want the court's confirmation."""

    def work(tx: SqlTransaction, _: Case) -> None:
        court.decline(tx, mediation_id, viewer.officer, deps.book, deps.clock())

    return await _at_court(mediation_id, viewer, deps, work)


async def _at_court(
    mediation_id: str, viewer: Viewer, deps: ConsoleDeps, work: Work
) -> MediationPanel:
    return await changed(await _case_of(mediation_id, deps), viewer, deps, work)
