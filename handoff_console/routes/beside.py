"""What stands beside a conversation: notes, who has it on screen, who listened to its voices."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from casework.desk import voices
from casework.desk.conversations import actor_of, mark_seen
from casework.errors import Incomplete
from casework.events import Event, Kind
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.presence import LASTS
from handoff_console.shapes import NoteShape, Shape, Words
from storage.unit_of_work import SqlTransaction
from storage.views import ConversationLine, get_line
from storage.views_audience import Audience, audience

router = APIRouter(prefix="/api/conversations", tags=["conversations"])


class NoteBody(Shape):
    """A remark for colleagues; residents never see it."""

    text: Annotated[Words, Field(min_length=1, max_length=4000)]


class PresenceBody(Shape):
    """What this officer does here; ``seq`` is the last turn on screen, the newest unless given."""

    activity: Literal["viewing", "typing", "gone"]
    seq: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


@router.post("/{conversation_id}/notes", status_code=201)
async def add_note(conversation_id: str, body: NoteBody, viewer: Caller, deps: Deps) -> NoteShape:
    """Leave a remark."""
    text, now = body.text.strip(), deps.clock()
    if not text:
        raise Incomplete("text")

    def work(tx: SqlTransaction) -> NoteShape:
        get_line(tx, viewer.sight, conversation_id)
        note_id = tx.new_id()
        tx.notes.add(note_id, conversation_id, viewer.officer.id, text, now)
        tx.events.append(
            Event(
                Kind.NOTE_ADDED,
                now,
                actor_of(viewer.officer),
                conversation_id,
                data={"note": note_id},
            )
        )
        return NoteShape(id=note_id, officer_name=viewer.officer.name, text=text, at=now)

    return await deps.store.write(work)


@router.post("/{conversation_id}/heard", status_code=204)
async def tell_heard(conversation_id: str, viewer: Caller, deps: Deps) -> Response:
    """This officer has listened to the voice messages: they no longer wait for anybody."""

    def work(tx: SqlTransaction) -> None:
        get_line(tx, viewer.sight, conversation_id)
        voices.heard(tx, conversation_id, viewer.officer, deps.clock())

    await deps.store.write(work)
    return Response(status_code=204)


@router.post("/{conversation_id}/presence", status_code=204)
async def tell_presence(
    conversation_id: str, body: PresenceBody, viewer: Caller, deps: Deps
) -> Response:
    """Say that one is here; it holds for 15 seconds."""

    def look(tx: SqlTransaction) -> tuple[ConversationLine, Audience]:
        return get_line(tx, viewer.sight, conversation_id), audience(tx, conversation_id)

    line, concerned = await deps.store.read(look)
    now, officer = deps.clock(), viewer.officer
    if body.activity == "gone":
        changed = deps.presences.leave(conversation_id, officer.id, now)
    else:
        changed = deps.presences.tell(conversation_id, officer.id, officer.name, body.activity, now)
        _tell_when_over(conversation_id, officer.id, deps, concerned)
        seen = line.last_seq if body.seq is None else body.seq
        if seen > line.seen_seq and line.last_seq > line.seen_seq:
            await deps.store.write(lambda tx: mark_seen(tx, conversation_id, seen))
    if changed:
        deps.live.tell_presence(conversation_id, deps.presences.of(conversation_id, now), concerned)
    return Response(status_code=204)


def _tell_when_over(
    conversation_id: str, officer_id: str, deps: ConsoleDeps, concerned: Audience
) -> None:
    """Whoever goes without a word disappears from others' screens, too."""

    def over() -> None:
        present = deps.presences.of(conversation_id, deps.clock())
        if all(each.officer_id != officer_id for each in present):
            deps.live.tell_presence(conversation_id, present, concerned)

    asyncio.get_running_loop().call_later(LASTS.total_seconds() + 0.5, over)
