"""The live stream."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.responses import StreamingResponse

from handoff_console.auth import Viewer
from handoff_console.deps import Caller, Deps

router = APIRouter(tags=["events"])
MOST_SEQ = 2**53
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get("/api/events", response_class=StreamingResponse)
async def events(
    viewer: Caller,
    deps: Deps,
    after: Annotated[int | None, Query(ge=0, le=MOST_SEQ)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Every event this officer may see, behind ``after`` or Last-Event-ID, else from now on."""
    resumed = _seq(last_event_id)
    if resumed is not None:
        after = max(after or 0, resumed)

    async def refresh() -> Viewer | None:
        return await deps.logins.find_hash(viewer.token_hash, deps.clock(), used=False)

    stream = await deps.live.open(viewer, after, refresh)
    return StreamingResponse(stream, headers=HEADERS, media_type="text/event-stream")


def _seq(given: str | None) -> int | None:
    return min(int(given), MOST_SEQ) if given and given.isascii() and given.isdigit() else None
