"""吹哨: sign a notice about a case, print it, end it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Response

from casework.desk import whistle as desk
from casework.errors import Incomplete, Unchanged, VersionConflict
from casework.organisation import Organisation
from casework.whistle import Notice, Whistle
from config.problems import Problem
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.errors import told_changes, told_holder
from handoff_console.notice_paper import files
from handoff_console.notice_paper.fonts import NoFont
from handoff_console.render_whistle import names_for, seen, whistle_shape
from handoff_console.shapes_whistle import CaseWhistles, EndBody, NoticeBody, WhistleShape
from handoff_console.whistle_draft import draft_of, may_act
from storage.unit_of_work import SqlTransaction
from storage.views_cases import get_case

router = APIRouter(tags=["whistles"])
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@router.get("/api/cases/{number}/whistles")
async def of_case(number: str, viewer: Caller, deps: Deps) -> CaseWhistles:
    """The notices about a case; with what a new one begins with, where the caller may sign it."""

    def work(tx: SqlTransaction) -> CaseWhistles:
        case, _ = get_case(tx, viewer.sight, number)
        found = tx.whistles.of_case(number)
        return CaseWhistles(
            items=_shapes(tx, found, viewer, deps),
            draft=draft_of(tx, case, viewer.officer, deps.book, deps.clock()),
        )

    return await deps.store.read(work)


@router.post("/api/cases/{number}/whistles", status_code=201)
async def blow(number: str, body: NoticeBody, viewer: Caller, deps: Deps) -> WhistleShape:
    """Sign a notice: it gets its number, the departments are called, the resident is told."""
    if body.arrive_by.tzinfo is None:
        raise Problem("invalid", fields={"arrive_by": "malformed"})
    now = deps.clock()

    def work(tx: SqlTransaction) -> Whistle:
        case, _ = get_case(tx, viewer.sight, number)
        if case.restricted:
            raise Problem("whistle_restricted")
        place = Organisation({}, {}, tuple(tx.places.all())).find_place(body.place)
        notice = Notice(
            tuple(body.departments),
            body.place,
            body.matter,
            body.arrive_by,
            tuple(body.helpers),
            place.lat if place else None,
            place.lng if place else None,
        )
        with told_holder(tx), told_changes(tx, case, body.version, deps.book):
            if body.version is not None and body.version != case.version:
                raise VersionConflict
            practice = deps.book.whistling
            return desk.blow(tx, number, notice, viewer.officer, practice, deps.book, now)

    return await _changed(work, viewer, deps)


@router.post("/api/whistles/{whistle_id}/end")
async def end(whistle_id: str, body: EndBody, viewer: Caller, deps: Deps) -> WhistleShape:
    """End it; the resident is told how."""
    now, ending = deps.clock(), desk.Ending(body.outcome, body.result)

    def work(tx: SqlTransaction) -> Whistle:
        case, _ = get_case(tx, viewer.sight, tx.whistles.get(whistle_id).case_number)
        practice, officer = deps.book.whistling, viewer.officer
        with told_holder(tx), told_changes(tx, case, None, deps.book):
            return desk.finish(tx, whistle_id, ending, officer, practice, deps.book, now)

    return await _changed(work, viewer, deps)


@router.get("/api/whistles/{whistle_id}/notice.{kind}", response_class=Response)
async def paper(
    whistle_id: str, kind: Literal["pdf", "docx"], viewer: Caller, deps: Deps
) -> Response:
    """The printed notice, as it stands now."""

    def work(tx: SqlTransaction) -> files.Sheet:
        whistle = seen(tx, whistle_id, viewer)
        return files.Sheet(whistle, names_for(tx, [whistle]), deps.book.whistle)

    sheet = await deps.store.read(work)
    try:
        made = await asyncio.to_thread(files.drawn, sheet, kind)
    except NoFont as missing:
        raise Problem("no_font", values={"package": missing.package}) from missing
    name = quote(f"{sheet.whistle.number}.{kind}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Cache-Control": "private, no-store",
    }
    return Response(made, media_type=KINDS[kind], headers=headers)


async def _changed(
    work: Callable[[SqlTransaction], Whistle], viewer: Viewer, deps: ConsoleDeps
) -> WhistleShape:
    """Run a verb on a notice; what is wrong is said in words that fit."""

    def whole(tx: SqlTransaction) -> WhistleShape:
        try:
            return _shapes(tx, [work(tx)], viewer, deps)[0]
        except Unchanged:
            raise Problem("whistle_done_already") from None
        except Incomplete as refused:
            if refused.field == "arrive_by":
                raise Problem("invalid", fields={"arrive_by": "out_of_range"}) from None
            if refused.field == "opinions":
                raise Problem("whistle_waits") from None
            raise

    return await deps.store.write(whole)


def _shapes(
    tx: SqlTransaction, found: list[Whistle], viewer: Viewer, deps: ConsoleDeps
) -> list[WhistleShape]:
    names, rules = names_for(tx, found), deps.book.whistling.rules
    return [
        whistle_shape(each, names, rules, may_act=may_act(tx, viewer.officer, each, rules))
        for each in found
    ]
