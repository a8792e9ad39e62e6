"""Divide a grid or put several together (admins only); open cases move along."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from casework.desk import regrouping as desk
from casework.regrouping import Piece, Regrouped
from handoff_console.deps import Caller, Deps
from handoff_console.shapes import Shape
from storage.unit_of_work import SqlTransaction

router = APIRouter(prefix="/api/grids", tags=["organisation"])
Name = Annotated[str, Field(min_length=1, max_length=80)]
Coordinates = tuple[float, float]


class PieceBody(Shape):
    """A new grid. ``boundary`` holds rings of [latitude, longitude]; ``officers`` are usernames of
    those of the old grid who work here."""

    name: Name
    code: Annotated[str, Field(max_length=15)] = ""
    boundary: Annotated[tuple[tuple[Coordinates, ...], ...], Field(max_length=50)] = ()
    officers: Annotated[tuple[str, ...], Field(max_length=200)] = ()


class SplitBody(Shape):
    """Into what a grid is divided; what nobody can tell goes to the first."""

    pieces: Annotated[list[PieceBody], Field(min_length=2, max_length=20)]


class MergeBody(Shape):
    """Which grids become one."""

    units: Annotated[list[str], Field(min_length=2, max_length=20)]
    into: PieceBody


class RegroupedShape(Shape):
    """What was done. ``undecided`` cases wait for somebody to place them."""

    made: list[str]
    moved: int
    undecided: int


@router.post("/{unit_id}/split", status_code=201)
async def split(unit_id: str, body: SplitBody, viewer: Caller, deps: Deps) -> RegroupedShape:
    """Divide a grid; takes effect at once."""
    pieces = [_piece(each) for each in body.pieces]
    levels = deps.book.organisation.levels

    def work(tx: SqlTransaction) -> Regrouped:
        now = deps.clock()
        return desk.split(tx, unit_id, pieces, levels, deps.book, now, viewer.officer)

    return _shape(await deps.store.write(work))


@router.post("/merge", status_code=201)
async def merge(body: MergeBody, viewer: Caller, deps: Deps) -> RegroupedShape:
    """Put grids together; takes effect at once."""
    levels = deps.book.organisation.levels

    def work(tx: SqlTransaction) -> Regrouped:
        now = deps.clock()
        return desk.merge(tx, body.units, _piece(body.into), levels, deps.book, now, viewer.officer)

    return _shape(await deps.store.write(work))


def _piece(body: PieceBody) -> Piece:
    return Piece(body.name, body.code, body.boundary, body.officers)


def _shape(done: Regrouped) -> RegroupedShape:
    return RegroupedShape(made=list(done.made), moved=len(done.moved), undecided=done.undecided)
