"""待划界: an officer says which grid a case belongs to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from casework.desk.moving import locked
from casework.desk.placing import Placing, place
from casework.errors import NotFound, Unchanged, VersionConflict
from config.problems import Problem
from handoff_console.deps import Caller, Deps
from handoff_console.errors import told_holder
from handoff_console.routes.cases import case_detail
from handoff_console.shapes import Shape, Words
from handoff_console.verbs import CaseDetail
from storage.unit_of_work import SqlTransaction
from storage.views_cases import get_case

router = APIRouter(tags=["cases"])


class PlaceBody(Shape):
    """The grid, and a name to know as lying in it from now on.

    ``version``: refuse when the case has changed since.
    """

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    unit_id: Annotated[Words, Field(min_length=1, max_length=32)]
    learn: Annotated[Words, Field(min_length=2, max_length=40)] | None = None


@router.post("/api/cases/{number}/place")
async def say_where(number: str, viewer: Caller, deps: Deps, body: PlaceBody) -> CaseDetail:
    """Give the case to the grid it lies in; community, street and administrators may."""
    now = deps.clock()

    def work(tx: SqlTransaction) -> None:
        get_case(tx, viewer.sight, number)
        _, case = locked(tx, number)
        if body.version is not None and body.version != case.version:
            raise VersionConflict
        placing = Placing(body.unit_id, body.learn)
        with told_holder(tx):
            try:
                place(tx, number, placing, viewer.officer, now, deps.book)
            except NotFound:
                raise Problem("invalid", fields={"unit_id": "not_a_choice"}) from None
            except Unchanged:
                raise Problem("placed_there_already") from None

    await deps.store.write(work)
    return await deps.store.read(lambda tx: case_detail(tx, viewer, number, deps))
