"""Files residents sent, for officers who may see the conversation."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import FileResponse

from handoff_console.deps import Caller, Deps
from storage.unit_of_work import SqlTransaction
from storage.views import get_line

router = APIRouter(tags=["files"])


@router.get("/api/files/{file_id}", response_class=FileResponse)
async def file(file_id: str, viewer: Caller, deps: Deps) -> FileResponse:
    """A kept file; what a browser should not open by itself is an attachment."""

    def work(tx: SqlTransaction) -> tuple[str, str, str, str]:
        media, conversation_id = tx.files.get(file_id)
        get_line(tx, viewer.sight, conversation_id)
        return media.id, media.mime, media.name, media.kind

    kept, mime, name, kind = await deps.store.read(work)
    return FileResponse(
        await deps.files.present(kept),
        media_type=mime,
        filename=name,
        content_disposition_type="attachment" if kind == "file" else "inline",
        headers={"Cache-Control": "private, max-age=300"},
    )
