"""A bot that hears voices through a speech-to-text server, and residents who speak to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.inbox import Inbox
from bot.speech_http import SpeechServer
from bot.turns import TurnDesk
from casework.conversation import Conversation
from casework.desk.conversations import open_conversation
from casework.events import Kind
from casework.turn import Inbound, Media, Speaker, Turn
from cli.demo import seed
from config.load import load_book
from nlu.engine import EmbeddedEngine
from storage.engine import SqlStore
from storage.files import FileStore
from tests.bot.telegram_street import Clock


@dataclass
class Room:
    """A bot that hears, and residents who speak to it."""

    store: SqlStore
    files: FileStore
    inbox: Inbox
    clock: Clock
    count: int = 0

    async def resident(self, chat: str = "a") -> str:
        """A conversation."""
        opened = await self.store.write(
            lambda tx: open_conversation(tx, "webchat", chat, "", self.clock())
        )
        return opened.id

    async def speak(self, conversation: str, *files: tuple[str, bytes], text: str = "") -> None:
        """A line with these recordings, or typed."""
        kept = [await self.files.keep(name, data, voice=True) for name, data in files]
        self.count += 1
        await self.inbox.receive(
            Inbound(
                "webchat",
                f"{conversation}:{self.count}",
                "",
                self.clock(),
                text,
                media=tuple(kept),
                conversation_id=conversation,
            )
        )

    async def heard(self, conversation: str) -> tuple[list[Turn], list[str], Conversation]:
        """The resident's lines, the bot's words, and the conversation, when all is decided."""
        await self.inbox.idle()
        turns = await self.store.read(lambda tx: tx.turns.after(conversation, 0))
        found = await self.store.read(lambda tx: tx.conversations.get(conversation))
        own = [turn for turn in turns if turn.speaker is Speaker.RESIDENT]
        return own, [turn.text for turn in turns if turn.speaker is Speaker.BOT], found

    async def events(self, kind: Kind) -> int:
        """How many of a kind there were."""
        events = await self.store.read(lambda tx: tx.events.after(0, 1000))
        return sum(event.kind is kind for event in events)


@asynccontextmanager
async def room(
    store: SqlStore,
    folder: Path,
    url: str | None,
    *,
    seconds: float = 120,
    token: str | None = None,
) -> AsyncIterator[Room]:
    """Put together as cli does, in the demo street."""
    if not (await store.read(lambda tx: tx.people.organisation())).officers:
        await seed(store)
    clock = Clock()
    files = FileStore(folder / "files", 64 * 1024 * 1024)

    async def read_file(media: Media) -> bytes:
        return await asyncio.to_thread(files.path(media.id).read_bytes)

    ears = SpeechServer(url, "whisper-1", seconds, read_file, token) if url else None
    desk = TurnDesk(store, EmbeddedEngine.load(accept_stale=True), load_book(), clock, ears)
    try:
        yield Room(store, files, Inbox(store, desk), clock)
    finally:
        if ears is not None:
            await ears.close()
