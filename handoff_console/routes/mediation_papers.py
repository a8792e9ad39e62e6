"""The papers of a mediation: agreements and rulings, kept with the case."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from starlette.responses import FileResponse

from casework.case import Case
from casework.errors import NotAllowed, NotFound
from config.problems import Problem, too_large
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, Deps
from handoff_console.mediation_panel import handles
from handoff_console.shapes_mediation import KeptFileShape
from storage.files import FileRefused
from storage.types import keepable
from storage.unit_of_work import SqlTransaction
from storage.views_cases import get_case

router = APIRouter(prefix="/api/cases/{number}/mediation", tags=["mediation"])


@router.post("/files", status_code=201)
async def keep(
    number: str, viewer: Caller, deps: Deps, file: Annotated[UploadFile, File()]
) -> KeptFileShape:
    """Keep the paper of an agreement or a ruling with the case."""
    await deps.store.read(lambda tx: _may_keep(tx, viewer, number, deps.clock()))
    try:
        media = await deps.files.keep(keepable(file.filename or ""), await file.read())
    except FileRefused as refusal:
        if refusal.code == "too_large":
            raise too_large(deps.files.max_bytes) from None
        raise Problem("wrong_type", fields={"file": "malformed"}) from None

    def work(tx: SqlTransaction) -> None:
        case = _may_keep(tx, viewer, number, deps.clock())
        tx.files.add(media, case.conversation_id, deps.clock())

    await deps.store.write(work)
    return KeptFileShape(file_id=media.id)


def _may_keep(tx: SqlTransaction, viewer: Viewer, number: str, now: datetime) -> Case:
    case, _ = get_case(tx, viewer.sight, number)
    found = tx.mediations.of_case(number)
    if not handles(tx, viewer.officer, case, found, now):
        raise NotAllowed
    return case


@router.get("/files/{file_id}", response_class=FileResponse)
async def paper_of(number: str, file_id: str, viewer: Caller, deps: Deps) -> FileResponse:
    """A paper of the case's mediations, also for a mediator who does not see the conversation."""

    def work(tx: SqlTransaction) -> tuple[str, str, str]:
        case, _ = get_case(tx, viewer.sight, number)
        found = tx.mediations.of_case(number)
        papers = {each.agreement.file_id for each in found if each.agreement}
        papers |= {held.file_id for each in found if (held := tx.confirmations.get(each.id))}
        if file_id not in papers:
            raise NotFound
        media, _of = tx.files.get(file_id)
        return media.id, media.mime, media.name or case.number

    kept, mime, name = await deps.store.read(work)
    return FileResponse(
        await deps.files.present(kept),
        media_type=mime,
        filename=name,
        content_disposition_type="inline",
        headers={"Cache-Control": "private, max-age=300"},
    )
