"""Group cases (集体事项): make one, gather cases, keep the count and the task sheet, tell all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter

from casework.case import Case
from casework.collective import State
from casework.desk import collective as desk
from casework.desk import collective_sheet as sheet
from casework.desk.collective import GroupBook
from casework.desk.collective_sheet import SheetLine
from config.group_texts import group_book
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.render_collective import count_shape, group_shape
from handoff_console.shapes_collective import (
    CaseBody,
    CollectiveList,
    CollectiveRow,
    CollectiveShape,
    DoneBody,
    DoneDayBody,
    OthersBody,
    PostBody,
    SheetLineBody,
)
from storage.unit_of_work import SqlTransaction
from storage.views_cases import get_case
from storage.views_collective import list_groups

router = APIRouter(prefix="/api/collectives", tags=["collectives"])
SHOWN = (State.PROPOSED, State.ACTIVE)

Verb = Callable[[SqlTransaction, Case, GroupBook, datetime], object]


@router.get("")
async def groups(viewer: Caller, deps: Deps) -> CollectiveList:
    """Group cases, and those somebody has to say whether they are."""

    def work(tx: SqlTransaction) -> CollectiveList:
        lines = list_groups(tx, viewer.sight, SHOWN)
        return CollectiveList(
            items=[
                CollectiveRow(
                    number=line.number,
                    title=line.title,
                    unit_name=line.unit_name,
                    state=line.state.value,
                    at=line.at,
                    count=count_shape(line.count),
                )
                for line in lines
            ]
        )

    return await deps.store.read(work)


@router.get("/{number}")
async def one_group(number: str, viewer: Caller, deps: Deps) -> CollectiveShape:
    """A leading case as a group; ``state`` none when it is none."""
    return await _shown(number, viewer, deps)


@router.post("/{number}/make")
async def make(number: str, viewer: Caller, deps: Deps) -> CollectiveShape:
    """The leading case becomes a group case."""
    return await _do(
        number,
        viewer,
        deps,
        lambda tx, case, book, now: desk.make(tx, case.number, viewer.officer, book, now),
    )


@router.post("/{number}/decline")
async def decline(number: str, viewer: Caller, deps: Deps) -> CollectiveShape:
    """It is none, though so many reported it."""
    return await _do(
        number,
        viewer,
        deps,
        lambda tx, case, _, now: desk.decline(tx, case.number, viewer.officer, now),
    )


@router.post("/{number}/add")
async def add(number: str, body: CaseBody, viewer: Caller, deps: Deps) -> CollectiveShape:
    """Put an existing case to the group; its resident is told."""

    def verb(tx: SqlTransaction, case: Case, book: GroupBook, now: datetime) -> None:
        other, _ = get_case(tx, viewer.sight, body.number.strip())
        desk.add(tx, case.number, other.number, viewer.officer, book, now)

    return await _do(number, viewer, deps, verb)


@router.post("/{number}/take-out")
async def take_out(number: str, body: CaseBody, viewer: Caller, deps: Deps) -> CollectiveShape:
    """A case goes on by itself again; its resident is told."""

    def verb(tx: SqlTransaction, case: Case, book: GroupBook, now: datetime) -> None:
        other, _ = get_case(tx, viewer.sight, body.number.strip())
        desk.take_out(tx, case.number, other.number, viewer.officer, book, now)

    return await _do(number, viewer, deps, verb)


@router.post("/{number}/done")
async def done(number: str, body: DoneBody, viewer: Caller, deps: Deps) -> CollectiveShape:
    """A household is done, and told so; its case stays open until the answer to all."""

    def verb(tx: SqlTransaction, case: Case, book: GroupBook, now: datetime) -> None:
        other, _ = get_case(tx, viewer.sight, body.number)
        desk.household_done(
            tx, case.number, other.number, body.what, body.day, viewer.officer, book, now
        )

    return await _do(number, viewer, deps, verb)


@router.post("/{number}/undone")
async def undone(number: str, body: CaseBody, viewer: Caller, deps: Deps) -> CollectiveShape:
    """It was marked by mistake."""

    def verb(tx: SqlTransaction, case: Case, _: GroupBook, now: datetime) -> None:
        other, _line = get_case(tx, viewer.sight, body.number)
        desk.household_undone(tx, case.number, other.number, viewer.officer, now)

    return await _do(number, viewer, deps, verb)


@router.post("/{number}/others")
async def others(number: str, body: OthersBody, viewer: Caller, deps: Deps) -> CollectiveShape:
    """How many more households there are."""
    return await _do(
        number,
        viewer,
        deps,
        lambda tx, case, _, now: sheet.set_others(
            tx, case.number, body.others, body.others_done, viewer.officer, now
        ),
    )


@router.post("/{number}/post")
async def post(number: str, body: PostBody, viewer: Caller, deps: Deps) -> CollectiveShape:
    """Tell all reporters, each in their own chat, with their own number."""
    return await _do(
        number,
        viewer,
        deps,
        lambda tx, case, _, now: sheet.post(tx, case.number, body.text, viewer.officer, now),
    )


@router.post("/{number}/items")
async def new_item(number: str, body: SheetLineBody, viewer: Caller, deps: Deps) -> CollectiveShape:
    """A new line of the task sheet."""
    return await _write_item(number, None, body, viewer, deps)


@router.post("/{number}/items/{item_id}")
async def change_item(
    number: str, item_id: str, body: SheetLineBody, viewer: Caller, deps: Deps
) -> CollectiveShape:
    """A line of the task sheet, written anew."""
    return await _write_item(number, item_id, body, viewer, deps)


@router.post("/{number}/items/{item_id}/done")
async def item_done(
    number: str, item_id: str, body: DoneDayBody, viewer: Caller, deps: Deps
) -> CollectiveShape:
    """A line is done, or not after all."""
    return await _do(
        number,
        viewer,
        deps,
        lambda tx, case, _, now: sheet.finish_line(
            tx, case.number, item_id, body.day, viewer.officer, now
        ),
    )


@router.post("/{number}/items/{item_id}/drop")
async def drop_item(number: str, item_id: str, viewer: Caller, deps: Deps) -> CollectiveShape:
    """Take a line off the sheet."""
    return await _do(
        number,
        viewer,
        deps,
        lambda tx, case, _, now: sheet.drop_line(tx, case.number, item_id, viewer.officer, now),
    )


async def _write_item(
    number: str, item_id: str | None, body: SheetLineBody, viewer: Viewer, deps: ConsoleDeps
) -> CollectiveShape:
    line = SheetLine(**body.model_dump())

    def verb(tx: SqlTransaction, case: Case, _: GroupBook, now: datetime) -> None:
        sheet.write_line(tx, case.number, line, viewer.officer, now, item_id=item_id)

    return await _do(number, viewer, deps, verb)


async def _do(number: str, viewer: Viewer, deps: ConsoleDeps, verb: Verb) -> CollectiveShape:
    """The verb on a case this officer may see, and the group afterwards."""
    now, book = deps.clock(), group_book(deps.book)

    def work(tx: SqlTransaction) -> None:
        case, _ = get_case(tx, viewer.sight, number)
        verb(tx, case, book, now)

    await deps.store.write(work)
    return await _shown(number, viewer, deps)


async def _shown(number: str, viewer: Viewer, deps: ConsoleDeps) -> CollectiveShape:
    def read(tx: SqlTransaction) -> CollectiveShape:
        case, _ = get_case(tx, viewer.sight, number)
        return group_shape(tx, case, viewer, deps.book, deps.clock())

    return await deps.store.read(read)
