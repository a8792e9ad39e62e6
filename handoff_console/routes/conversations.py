"""Conversations: the lists, one with everything beside it, and what its holder may do."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from casework.conversation import Holder, HolderKind
from casework.desk.conversations import release, reply
from casework.desk.notifying import caught_up
from casework.desk.silence import take_over_in_silence
from casework.errors import Superseded
from casework.turn import Line
from config.problems import Problem
from handoff_console import cursor as cursors
from handoff_console import dossier
from handoff_console.deps import Caller, Deps
from handoff_console.errors import superseded, told_holder
from handoff_console.render import case_row, conversation_row, holder_of, presence_shape, turn_shape
from handoff_console.resident import consent_shape, may_read_private
from handoff_console.shapes import (
    ConversationDetail,
    ConversationPage,
    Counts,
    Epoch,
    HolderShape,
    NoteShape,
    Shape,
    TurnShape,
    Words,
)
from handoff_console.texts import console_texts
from storage.unit_of_work import SqlTransaction
from storage.views import (
    ConversationLine,
    case_numbers,
    count_views,
    get_line,
    latest_turns,
    list_queue,
    list_recent,
    officer_names,
    queue_key,
)
from storage.views_audience import audience
from storage.views_cases import lines_of_conversation

router = APIRouter(prefix="/api/conversations", tags=["conversations"])
PAGE = 50
MOST_TURNS = 500
QUEUE_KEY = (int, datetime, str)
RECENT_KEY = (datetime, str)


class EpochShape(Shape):
    """The epoch under which one speaks from now on."""

    epoch: int
    holder: HolderShape


class TakeOverBody(Shape):
    """``force`` takes it from a colleague, where one may."""

    force: bool = False


class ReplyBody(Shape):
    """A line to the resident, named so that it is said once."""

    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    text: Annotated[Words, Field(max_length=4000)]
    epoch: Epoch


class ReplyShape(Shape):
    """The stored line."""

    turn: TurnShape
    epoch: int


class ReleaseBody(Shape):
    """To whom the conversation goes: ``bot``, ``queue`` or ``officer:ID``."""

    epoch: Epoch
    to: Annotated[str, Field(pattern=r"^(bot|queue|officer:[A-Za-z0-9_-]{1,32})$")]


@router.get("")
async def conversations(
    viewer: Caller,
    deps: Deps,
    view: Annotated[Literal["queue", "mine", "all"], Query()] = "queue",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> ConversationPage:
    """One page of a view, with the counts of all three."""
    after = cursors.decode(cursor, QUEUE_KEY if view == "queue" else RECENT_KEY)

    def work(tx: SqlTransaction) -> ConversationPage:
        if view == "queue":
            lines = list_queue(tx, viewer.sight, after, PAGE + 1)
        else:
            lines = list_recent(tx, viewer.sight, view, after, PAGE + 1)
        numbers = case_numbers(tx, [line.id for line in lines[:PAGE]])
        return ConversationPage(
            items=[conversation_row(i, numbers.get(i.id, ()), deps.book) for i in lines[:PAGE]],
            next=cursors.encode(_key(view, lines[PAGE - 1])) if len(lines) > PAGE else None,
            counts=Counts(**count_views(tx, viewer.sight)),
        )

    return await deps.store.read(work)


def _key(view: str, line: ConversationLine) -> list[Any]:
    return queue_key(line) if view == "queue" else [line.last_at.isoformat(), line.id]


@router.get("/{conversation_id}")
async def conversation(
    conversation_id: str,
    viewer: Caller,
    deps: Deps,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> ConversationDetail:
    """A conversation with its newest turns (or those before a seq), dossier, cases and notes."""
    present = deps.presences.of(conversation_id, deps.clock())

    def work(tx: SqlTransaction) -> ConversationDetail:
        line = get_line(tx, viewer.sight, conversation_id)
        clear = audience(tx, conversation_id).knows(viewer.sight)
        names = officer_names(tx)
        lines = lines_of_conversation(tx, conversation_id)
        turns = latest_turns(tx, conversation_id, MOST_TURNS, before)
        dialogue = tx.conversations.get(conversation_id).dialogue
        cases = tx.cases.of_conversation(conversation_id)
        complaint = dossier.of_conversation(dialogue, cases)
        reader = dossier.Reader(clear, may_read_private(viewer.officer, cases, deps.book))
        return ConversationDetail(
            conversation=conversation_row(line, [each.number for each in lines], deps.book),
            turns=[turn_shape(turn, names, clear=clear) for turn in turns],
            dossier=dossier.shape(
                complaint,
                deps.book,
                reader,
                reason=_reason(line),
                consent=consent_shape(dialogue),
            ),
            cases=[case_row(each, deps.book) for each in lines],
            notes=[NoteShape(**note._asdict()) for note in tx.notes.of_conversation(line.id)],
            present=[presence_shape(each) for each in present],
        )

    return await deps.store.read(work)


def _reason(line: ConversationLine) -> str | None:
    if line.handoff_reason is None:
        return None
    return console_texts().reasons.get(line.handoff_reason, line.handoff_reason)


@router.post("/{conversation_id}/takeover")
async def take_over(
    conversation_id: str, viewer: Caller, deps: Deps, body: TakeOverBody | None = None
) -> EpochShape:
    """Take it from the bot or the queue; of many at once exactly one wins, the others get 409."""
    await deps.store.read(lambda tx: get_line(tx, viewer.sight, conversation_id))
    force = body is not None and body.force
    try:
        taken = await take_over_in_silence(
            deps.store, conversation_id, viewer.officer, deps.clock, force=force
        )
    except Superseded as refused:
        lost = refused
        raise await deps.store.read(lambda tx: superseded(tx, lost)) from None
    names = {viewer.officer.id: viewer.officer.name}
    return EpochShape(epoch=taken.epoch, holder=holder_of(taken, names))


def _reply_id(conversation_id: str, officer_id: str, client_id: str) -> str:
    """Of bounded length, and never one a resident's page could choose."""
    named = hashlib.sha256(f"{officer_id}:{client_id}".encode()).hexdigest()[:40]
    return f"o:{conversation_id}:{named}"


@router.post("/{conversation_id}/replies", status_code=201)
async def say(conversation_id: str, body: ReplyBody, viewer: Caller, deps: Deps) -> ReplyShape:
    """The holder speaks; everybody else, and an epoch that is over, gets 409."""
    line = Line(body.text)
    external_id = _reply_id(conversation_id, viewer.officer.id, body.client_id)

    def work(tx: SqlTransaction) -> ReplyShape:
        get_line(tx, viewer.sight, conversation_id)
        with told_holder(tx):
            after, turn = reply(
                tx, conversation_id, viewer.officer, body.epoch, line, external_id, deps.clock()
            )
        names = {viewer.officer.id: viewer.officer.name}
        return ReplyShape(turn=turn_shape(turn, names, clear=True), epoch=after.epoch)

    return await deps.store.write(work)


@router.post("/{conversation_id}/release")
async def give_back(
    conversation_id: str, body: ReleaseBody, viewer: Caller, deps: Deps
) -> EpochShape:
    """The holder gives it to the bot, the queue or a colleague."""
    kind, _, officer_id = body.to.partition(":")
    holder = Holder(HolderKind(kind), officer_id or None)

    def work(tx: SqlTransaction) -> EpochShape:
        get_line(tx, viewer.sight, conversation_id)
        names = officer_names(tx)
        if holder.officer_id is not None and holder.officer_id not in names:
            raise Problem("invalid", fields={"to": "unknown"})
        with told_holder(tx):
            after = release(
                tx,
                conversation_id,
                viewer.officer,
                body.epoch,
                holder,
                deps.clock(),
                sees_restricted=deps.book.sees_restricted,
            )
        caught_up(tx, conversation_id, deps.book, deps.clock())
        return EpochShape(epoch=after.epoch, holder=holder_of(after, names))

    return await deps.store.write(work)
