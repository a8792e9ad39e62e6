"""The residents' web chat over HTTP. Committing a turn is delivering it: pages read the store."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, Response, StreamingResponse

from bot.channels.base import Door
from bot.channels.webchat_lines import (
    FILES_WORTH,
    MOST_FILES,
    Said,
    as_json,
    external_id,
    inbound,
    read_caption,
    read_client_id,
    read_said,
    shown,
)
from bot.channels.webchat_live import ChatLive
from bot.channels.webchat_schema import MESSAGE_REQUEST, ChatConfig, ChatSession, Messages, Stored
from bot.channels.webchat_tokens import ChatPass, ChatTokens
from casework.channels import WEBCHAT
from casework.desk.conversations import open_conversation
from casework.errors import NotFound
from casework.ports import Transaction
from casework.throttle import Throttle
from casework.turn import Media, Turn
from config.problems import Problem, too_large, too_many
from config.webchat import ChatPage
from storage.engine import SqlStore
from storage.files import KINDS, FileRefused, FileStore, safe_name
from storage.types import keepable

MOST_MESSAGES = 1_000
BUTTONS_BACK = 20
MOST_SEQ = 2**31 - 1
SESSIONS_PER_ADDRESS = 60
SESSIONS_PERIOD = timedelta(minutes=10)
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

After = Annotated[int, Query(ge=0, le=MOST_SEQ)]


@dataclass(frozen=True, slots=True)
class WebChatDeps:
    """What the web chat works with; ``clock`` gives the time in UTC."""

    store: SqlStore
    door: Door
    files: FileStore
    tokens: ChatTokens
    live: ChatLive
    page: ChatPage
    clock: Callable[[], datetime]


def anybody() -> None:
    """A route anyone may call."""


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class WebChat:
    """The routes, as methods; ``router`` binds them to their addresses."""

    def __init__(self, deps: WebChatDeps) -> None:
        self._deps = deps
        self._sessions = Throttle(SESSIONS_PER_ADDRESS, SESSIONS_PERIOD)

    def router(self) -> APIRouter:
        """All routes under /api/chat; each declares its caller."""
        router = APIRouter(prefix="/api/chat", tags=["web chat"])
        resident, open_to_all = [Depends(self.resident)], [Depends(anybody)]
        add = router.add_api_route
        add("/config", self.config, dependencies=open_to_all, response_model=ChatConfig)
        add(
            "/sessions",
            self.open_session,
            methods=["POST"],
            status_code=201,
            dependencies=open_to_all,
            response_model=ChatSession,
        )
        add(
            "/messages",
            self.post_message,
            methods=["POST"],
            status_code=202,
            dependencies=resident,
            responses={202: {"model": Stored}},
            openapi_extra=MESSAGE_REQUEST,
        )
        add("/messages", self.messages, dependencies=resident, responses={200: {"model": Messages}})
        add("/events", self.events, dependencies=resident)
        add("/files/{file_id}", self.file, dependencies=resident)
        return router

    async def resident(self, request: Request) -> ChatPass:
        """Whoever holds a valid token: in the Authorization header, or in ``?token=`` of a GET."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer":
            token = request.query_params.get("token", "") if request.method == "GET" else ""
        found = self._deps.tokens.read(token.strip(), self._deps.clock())
        request.state.chat = found.conversation_id
        return found

    async def config(self) -> ChatConfig:
        """What the page needs before it knows the resident."""
        page, files = self._deps.page, self._deps.files
        return ChatConfig(
            title=page.title,
            max_file_bytes=files.max_bytes,
            max_files=MOST_FILES,
            max_line_bytes=files.max_bytes * FILES_WORTH,
            # Asked for HEIC, an iPhone sends what no officer's browser shows; else JPEG.
            file_types=sorted(KINDS.keys() - {"image/heic"}),
            greeting=page.greeting,
            leave_to=page.leave_to,
        )

    async def open_session(self, request: Request) -> ChatSession:
        """A new conversation and the token that opens it."""
        now = self._deps.clock()
        self._throttle(request, now)
        chat = secrets.token_urlsafe(24)
        conversation = await self._deps.store.write(
            lambda tx: open_conversation(tx, WEBCHAT, chat, "", now)
        )
        token = self._deps.tokens.issue(conversation.id, now)
        return ChatSession(token=token, conversation_id=conversation.id)

    def _throttle(self, request: Request, now: datetime) -> None:
        address = request.client.host if request.client else ""
        # Behind a proxy that hides addresses everybody would look like this machine.
        if _is_loopback(address):
            return
        wait = self._sessions.wait(address, now)
        if wait:
            raise too_many(wait.total_seconds())
        self._sessions.count(address, now)

    async def post_message(self, request: Request) -> Response:
        """Store one line of the resident; handling follows."""
        conversation_id: str = request.state.chat
        try:
            if request.headers.get("content-type", "").startswith("multipart/form-data"):
                return await self._receive_files(request, conversation_id)
            said = read_said(await request.body())
            if said.button is not None:
                said = await self._with_title(conversation_id, said)
            elif said.start is not None:
                said = replace(said, text=self._deps.page.arrived)
            line = inbound(conversation_id, said, self._deps.clock())
            turn = (await self._deps.door.receive(line)).turn
        except NotFound:
            raise Problem("session_invalid") from None
        return _stored(turn)

    async def _with_title(self, conversation_id: str, said: Said) -> Said:
        """The pressed button's title as text, so that the record reads as it was meant."""

        def work(tx: Transaction) -> str:
            last = tx.conversations.get(conversation_id).last_seq
            turns = tx.turns.after(conversation_id, max(0, last - BUTTONS_BACK))
            return next(
                (b.title for t in reversed(turns) for b in t.buttons if b.payload == said.button),
                "",
            )

        title = await self._deps.store.read(work)
        return Said(said.client_id, text=title, button=said.button)

    async def _receive_files(self, request: Request, conversation_id: str) -> Response:
        """Files chosen together are one line; one that cannot be kept does not hold up the rest."""
        form = await request.form(max_files=MOST_FILES, max_fields=4, max_part_size=16_384)
        try:
            said = Said(read_client_id(form.get("client_id")), read_caption(form.get("text")))
            uploads = [each for each in form.getlist("file") if isinstance(each, UploadFile)]
            if not uploads:
                raise Problem("invalid", fields={"file": "required"})
            wanted = external_id(conversation_id, said.client_id)
            known = await self._deps.store.read(lambda tx: tx.turns.by_external(WEBCHAT, wanted))
            if known is not None:
                return _stored(known)
            kept, refused = await self._keep(uploads)
        finally:
            await form.close()
        line = inbound(conversation_id, said, self._deps.clock(), kept)
        return _stored((await self._deps.door.receive(line)).turn, refused)

    async def _keep(
        self, uploads: Sequence[UploadFile]
    ) -> tuple[tuple[Media, ...], list[dict[str, str]]]:
        """The files kept, and those refused. Raises Problem when none could be kept."""
        files, kept = self._deps.files, list[Media]()
        refused: list[dict[str, str]] = []
        for upload in uploads:
            name, data = keepable(upload.filename or ""), await upload.read()
            recorded = (upload.content_type or "").startswith("audio/")
            try:
                kept.append(await files.keep(name, data, voice=recorded))
            except FileRefused as refusal:
                code = "wrong_type" if refusal.code == "type" else refusal.code
                refused.append({"name": safe_name(name), "code": code})
        if not kept:
            raise _file_problem(refused[0]["code"], files.max_bytes)
        return tuple(kept), refused

    async def messages(self, request: Request, after: After = 0) -> Response:
        """The conversation behind ``after``, at most ``MOST_MESSAGES`` turns of it."""
        conversation_id: str = request.state.chat
        turns = await self._deps.store.read(
            lambda tx: tx.turns.after(conversation_id, after, MOST_MESSAGES)
        )
        if not turns:
            await self._require_conversation(conversation_id)
        names = await self._deps.live.names(turns)
        return _json({"messages": [shown(turn, names) for turn in turns]}, 200)

    async def events(
        self,
        request: Request,
        after: After = 0,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> StreamingResponse:
        """Each turn behind ``after`` (or Last-Event-ID) once and in order, as it is stored."""
        start = max(after, _seq(last_event_id))
        try:
            stream = await self._deps.live.open(request.state.chat, start)
        except NotFound:
            raise Problem("session_invalid") from None
        return StreamingResponse(stream, headers=STREAM_HEADERS, media_type="text/event-stream")

    async def file(self, file_id: str, request: Request) -> FileResponse:
        """A file of this conversation."""
        media, owner = await self._deps.store.read(lambda tx: tx.files.get(file_id))
        if owner != request.state.chat:
            raise NotFound
        shown_as = "attachment" if media.kind == "file" else "inline"
        return FileResponse(
            await self._deps.files.present(media.id),
            media_type=media.mime,
            filename=media.name,
            content_disposition_type=shown_as,
            headers={"Cache-Control": "private, max-age=3600"},
        )

    async def _require_conversation(self, conversation_id: str) -> None:
        try:
            await self._deps.store.read(lambda tx: tx.conversations.get(conversation_id))
        except NotFound:
            raise Problem("session_invalid") from None


def _stored(turn: Turn, refused: Sequence[dict[str, str]] = ()) -> Response:
    answer: dict[str, Any] = {"message_id": turn.id, "seq": turn.seq}
    return _json(answer | ({"refused": list(refused)} if refused else {}), 202)


def _json(value: Any, status: int) -> Response:
    return Response(as_json(value), status, media_type="application/json")


def _seq(given: str | None) -> int:
    return min(int(given), MOST_SEQ) if given and given.isascii() and given.isdigit() else 0


def _file_problem(code: str, most_bytes: int) -> Problem:
    if code == "too_large":
        return too_large(most_bytes)
    if code == "empty":
        return Problem("text_required", fields={"file": "required"})
    return Problem("wrong_type")
