"""Supervision (督办) and sponsors (包保): watch a case, ask by slip, answer, keep the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from casework.case import Case, Supervision
from casework.desk import sponsors as sponsor_desk
from casework.desk import supervision as desk
from casework.desk.sponsors import Done
from casework.desk.supervision import Order
from casework.organisation import Unit
from casework.sponsors import APPOINTERS, Duty
from config.problems import Problem
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.render import case_row
from handoff_console.render_supervision import (
    Reader,
    area_shape,
    listed_shape,
    panel_shape,
    slip_shape,
)
from handoff_console.shapes_supervision import (
    AgainBody,
    AnswerBody,
    AreaShape,
    EntryBody,
    LevelBody,
    PanelShape,
    SlipBody,
    SlipList,
    SlipShape,
    SponsorBody,
    SponsoredShape,
    SupervisedList,
)
from storage.unit_of_work import SqlTransaction
from storage.views_cases import get_case
from storage.views_supervision import (
    SlipView,
    SponsorLine,
    get_slip,
    list_slips,
    sponsored,
    sponsored_areas,
    supervised,
)

router = APIRouter(prefix="/api/supervision", tags=["supervision"])

OnCase = Callable[[SqlTransaction, Case, datetime], object]
OnSlip = Callable[[SqlTransaction, str, datetime], object]


@router.get("/slips")
async def slips(
    viewer: Caller, deps: Deps, view: Annotated[SlipView, Query()] = "mine"
) -> SlipList:
    """Slips: for this officer's unit to answer, all open ones, or those closed last."""

    def work(tx: SqlTransaction) -> SlipList:
        unit_id, reader = viewer.officer.unit_id, _reader(tx, viewer, deps)
        mine = list_slips(tx, viewer.sight, unit_id, "mine")
        lines = mine if view == "mine" else list_slips(tx, viewer.sight, unit_id, view)
        waiting = sum(slip_shape(line, reader).may_answer for line in mine)
        return SlipList(items=[slip_shape(line, reader) for line in lines], mine=waiting)

    return await deps.store.read(work)


@router.get("/cases")
async def cases(viewer: Caller, deps: Deps) -> SupervisedList:
    """Supervised cases of this officer's area."""

    def work(tx: SqlTransaction) -> SupervisedList:
        book = deps.book.officers
        return SupervisedList(items=[case_row(line, book) for line in supervised(tx, viewer.sight)])

    return await deps.store.read(work)


@router.get("/sponsored")
async def sponsoring(viewer: Caller, deps: Deps) -> SponsoredShape:
    """What this officer answers for; and who answers for what, for those who name sponsors."""

    def work(tx: SqlTransaction) -> SponsoredShape:
        reader, may_name = _reader(tx, viewer, deps), viewer.officer.role in APPOINTERS
        mine = sponsored(tx, viewer.sight)
        around = sponsored_areas(tx, viewer.sight) if may_name else []
        units = _units(tx, [*mine, *around])
        areas = [area_shape(one, units, reader) for one in mine if one.line is None]
        listed = [listed_shape(one, reader) for one in mine if one.line is not None]
        shown: list[AreaShape] = [area_shape(one, units, reader) for one in around]
        return SponsoredShape(areas=areas, cases=listed, around=shown, may_name=may_name)

    return await deps.store.read(work)


@router.post("/sponsors")
async def name_sponsor(body: SponsorBody, viewer: Caller, deps: Deps) -> SponsoredShape:
    """A leader answers for an area, or for one case."""
    now, rules = deps.clock(), deps.book.watch.sponsors
    if (body.unit_id is None) == (body.number is None):
        raise Problem("invalid", fields={"unit_id": "required"})

    def work(tx: SqlTransaction) -> None:
        if body.unit_id is not None:
            sponsor_desk.sponsor_area(tx, body.officer_id, body.unit_id, viewer.officer, now)
            return
        case, _ = get_case(tx, viewer.sight, body.number or "")
        sponsor_desk.sponsor_case(tx, body.officer_id, case.number, viewer.officer, rules, now)

    await deps.store.write(work)
    return await sponsoring(viewer, deps)


@router.post("/sponsors/{sponsorship_id}/end")
async def end_sponsor(sponsorship_id: str, viewer: Caller, deps: Deps) -> SponsoredShape:
    """Somebody answers for it no longer."""
    now = deps.clock()
    await deps.store.write(lambda tx: sponsor_desk.end(tx, sponsorship_id, viewer.officer, now))
    return await sponsoring(viewer, deps)


@router.get("/cases/{number}")
async def panel(number: str, viewer: Caller, deps: Deps) -> PanelShape:
    """Supervision of one case: level, slips, sponsors, log."""
    return await _panel(number, viewer, deps)


@router.post("/cases/{number}/level")
async def supervise(number: str, body: LevelBody, viewer: Caller, deps: Deps) -> PanelShape:
    """Watch the case more closely. The resident does not hear of it."""

    def verb(tx: SqlTransaction, case: Case, now: datetime) -> None:
        level, rules = Supervision(body.level), deps.book.watch.slips
        desk.supervise(tx, case.number, level, body.reason, viewer.officer, rules, now)

    return await _on_case(number, viewer, deps, verb)


@router.post("/cases/{number}/call-off")
async def call_off(number: str, viewer: Caller, deps: Deps) -> PanelShape:
    """Watch the case no more."""

    def verb(tx: SqlTransaction, case: Case, now: datetime) -> None:
        desk.call_off(tx, case.number, viewer.officer, now)

    return await _on_case(number, viewer, deps, verb)


@router.post("/cases/{number}/slips", status_code=201)
async def issue(number: str, body: SlipBody, viewer: Caller, deps: Deps) -> PanelShape:
    """Ask an organisation for something by a certain day."""
    level = Supervision(body.level)
    order = Order(body.org_id, body.reason, body.action, level, body.workdays)

    def verb(tx: SqlTransaction, case: Case, now: datetime) -> None:
        rules = deps.book.watch.slips
        desk.issue(tx, case.number, order, viewer.officer, rules, deps.book, now)

    return await _on_case(number, viewer, deps, verb)


@router.post("/cases/{number}/duties", status_code=201)
async def enter(number: str, body: EntryBody, viewer: Caller, deps: Deps) -> PanelShape:
    """A sponsor writes what they did."""
    if body.duty not in set(Duty):
        raise Problem("invalid", fields={"duty": "not_a_choice"})
    done = Done(Duty(body.duty), body.day, body.note)

    def verb(tx: SqlTransaction, case: Case, now: datetime) -> None:
        sponsor_desk.enter(tx, case.number, done, viewer.officer, deps.book.watch.sponsors, now)

    return await _on_case(number, viewer, deps, verb)


@router.post("/slips/{slip_id}/answer")
async def answer(slip_id: str, body: AnswerBody, viewer: Caller, deps: Deps) -> SlipShape:
    """The organisation answers."""
    return await _on_slip(
        slip_id,
        viewer,
        deps,
        lambda tx, one, now: desk.answer(tx, one, body.text, viewer.officer, now),
    )


@router.post("/slips/{slip_id}/accept")
async def accept(slip_id: str, viewer: Caller, deps: Deps) -> SlipShape:
    """The answer is enough."""
    return await _on_slip(
        slip_id, viewer, deps, lambda tx, one, now: desk.accept(tx, one, viewer.officer, now)
    )


@router.post("/slips/{slip_id}/again")
async def again(slip_id: str, body: AgainBody, viewer: Caller, deps: Deps) -> SlipShape:
    """The answer is not enough; it is asked once more."""

    def verb(tx: SqlTransaction, one: str, now: datetime) -> None:
        rules = deps.book.watch.slips
        officer = viewer.officer
        desk.send_back(tx, one, body.action, body.workdays, officer, rules, deps.book, now)

    return await _on_slip(slip_id, viewer, deps, verb)


@router.post("/slips/{slip_id}/close")
async def close(slip_id: str, viewer: Caller, deps: Deps) -> SlipShape:
    """Nothing more is asked."""
    return await _on_slip(
        slip_id, viewer, deps, lambda tx, one, now: desk.close(tx, one, viewer.officer, now)
    )


async def _panel(number: str, viewer: Viewer, deps: ConsoleDeps) -> PanelShape:
    def read(tx: SqlTransaction) -> PanelShape:
        case, _ = get_case(tx, viewer.sight, number)
        return panel_shape(tx, case, _reader(tx, viewer, deps))

    return await deps.store.read(read)


async def _on_case(number: str, viewer: Viewer, deps: ConsoleDeps, verb: OnCase) -> PanelShape:
    """The verb on a case this officer may see, and the panel afterwards."""
    now = deps.clock()

    def work(tx: SqlTransaction) -> None:
        case, _ = get_case(tx, viewer.sight, number)
        verb(tx, case, now)

    await deps.store.write(work)
    return await _panel(number, viewer, deps)


async def _on_slip(slip_id: str, viewer: Viewer, deps: ConsoleDeps, verb: OnSlip) -> SlipShape:
    """The verb on a slip this officer may see, and the slip afterwards."""
    now, unit_id = deps.clock(), viewer.officer.unit_id

    def work(tx: SqlTransaction) -> None:
        verb(tx, get_slip(tx, viewer.sight, unit_id, slip_id).slip.id, now)

    await deps.store.write(work)

    def read(tx: SqlTransaction) -> SlipShape:
        line = get_slip(tx, viewer.sight, unit_id, slip_id)
        return slip_shape(line, _reader(tx, viewer, deps))

    return await deps.store.read(read)


def _reader(tx: SqlTransaction, viewer: Viewer, deps: ConsoleDeps) -> Reader:
    return Reader.of(tx, viewer, deps.book.officers, deps.clock())


def _units(tx: SqlTransaction, lines: list[SponsorLine]) -> dict[str, Unit]:
    ids = {line.sponsorship.unit_id for line in lines if line.sponsorship.unit_id is not None}
    return {unit.id: unit for unit in tx.people.units(ids)}
