"""A web chat on a real store, with a bot that answers every line with its own words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from bot.channels.base import Received
from bot.channels.webchat import WebChat, WebChatDeps
from bot.channels.webchat_live import ChatLive
from bot.channels.webchat_tokens import ChatTokens
from bot.inbox import Inbox
from casework.desk.conversations import say
from casework.ports import Transaction
from casework.turn import Button, Inbound, Line
from cli.web import WebParts, build_app
from cli.web_guard import Guard, Limits
from config.webchat import load_chat_page
from storage.engine import SqlStore
from storage.files import FileStore

MOST_FILE_BYTES = 200_000
SECRET = "a secret only the tests know, long enough"


class Time:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, length: timedelta) -> None:
        self.now += length


class EchoDecider:
    """Decides every line by saying it back, with one button."""

    def __init__(self, store: SqlStore, clock: Time) -> None:
        self._store = store
        self._clock = clock

    async def decide_at_once(
        self, inbound: Inbound, conversation_id: str, keep: Callable[[Transaction], Received]
    ) -> tuple[Received, bool]:
        return await self._store.write(keep), False

    async def decide_next(self, conversation_id: str, received: Received | None = None) -> bool:
        def work(tx: Transaction) -> bool:
            before = tx.conversations.get(conversation_id, lock=True)
            turn = tx.turns.oldest_unhandled(conversation_id)
            if turn is None:
                return False
            line = Line(f"收到：{turn.text[:20]}", (Button("对，提交", "yes"),))
            after, _ = say(tx, before, [line], self._clock())
            tx.conversations.save(after, before.epoch)
            tx.turns.mark_handled(turn.id, self._clock())
            return True

        return await self._store.write(work)


@dataclass(frozen=True)
class ChatStreet:
    """The running web chat and what it is made of."""

    app: Guard
    store: SqlStore
    inbox: Inbox
    live: ChatLive
    tokens: ChatTokens
    time: Time

    @asynccontextmanager
    async def visitor(self, address: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
        """A client without a session."""
        transport = httpx.ASGITransport(self.app, client=(address, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://jiesu.test") as client:
            yield client

    @asynccontextmanager
    async def resident(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client with a session of its own."""
        async with self.visitor() as client:
            opened = await client.post("/api/chat/sessions")
            client.headers["Authorization"] = f"Bearer {opened.json()['token']}"
            client.headers["X-Test-Conversation"] = opened.json()["conversation_id"]
            yield client


def chat_street(store: SqlStore, folder: Path, *, heartbeat: float = 10.0) -> ChatStreet:
    """Put the web chat together on a store."""
    time = Time()
    inbox = Inbox(store, EchoDecider(store, time))
    live = ChatLive(store, heartbeat=heartbeat)
    tokens = ChatTokens(SECRET)
    files = FileStore(folder / "files", MOST_FILE_BYTES)
    deps = WebChatDeps(store, inbox, files, tokens, live, load_chat_page(), time)
    parts = WebParts(
        routers=[WebChat(deps).router()],
        limits=Limits(upload=MOST_FILE_BYTES, frame_ancestors="https://city.example"),
        static=folder / "static",
    )
    return ChatStreet(build_app(parts), store, inbox, live, tokens, time)
