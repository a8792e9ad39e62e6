"""Photos and papers that show what was done, kept with the case before its result is reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, File, UploadFile

from casework.case import Case
from casework.desk.moving import require_coverage
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.lifecycle import MEDIATORS
from config.problems import Problem, too_large
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, Deps
from handoff_console.shapes import Shape
from storage.files import FileRefused
from storage.types import keepable
from storage.unit_of_work import SqlTransaction
from storage.views_cases import get_case

router = APIRouter(tags=["cases"])


class ProofShape(Shape):
    """A kept file, to be named as ``proof``."""

    file_id: str


@router.post("/api/cases/{number}/files", status_code=201)
async def keep(
    number: str, viewer: Caller, deps: Deps, file: Annotated[UploadFile, File()]
) -> ProofShape:
    """Keep a file with the case; for officers who may work on it."""
    await deps.store.read(lambda tx: _may_keep(tx, viewer, number))
    try:
        media = await deps.files.keep(keepable(file.filename or ""), await file.read())
    except FileRefused as refusal:
        if refusal.code == "too_large":
            raise too_large(deps.files.max_bytes) from None
        raise Problem("wrong_type", fields={"file": "malformed"}) from None

    def work(tx: SqlTransaction) -> None:
        case = _may_keep(tx, viewer, number)
        tx.files.add(media, case.conversation_id, deps.clock())

    await deps.store.write(work)
    return ProofShape(file_id=media.id)


def require_proof(tx: SqlTransaction, case: Case, proof: Sequence[str]) -> None:
    """Raise Incomplete unless each file was kept with this case's conversation."""
    for file_id in proof:
        try:
            _, conversation_id = tx.files.get(file_id)
        except NotFound:
            conversation_id = ""
        if conversation_id != case.conversation_id:
            raise Incomplete("proof")


def _may_keep(tx: SqlTransaction, viewer: Viewer, number: str) -> Case:
    case, _ = get_case(tx, viewer.sight, number)
    conversation = tx.conversations.get(case.conversation_id)
    require_coverage(tx, case, conversation, viewer.officer)
    if viewer.officer.role not in MEDIATORS:
        raise NotAllowed
    return case
