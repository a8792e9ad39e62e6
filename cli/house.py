"""Puts the parts together: the only place that knows them all."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot.around import Neighbourhood
from bot.inbox import Inbox
from bot.speech import Ears
from bot.turns import TurnDesk
from casework.links import LinkKeys
from casework.turn import Media
from cli.hearing import Hearing
from config.digest_words import load_digest_words
from config.load import Book, load_book
from config.places import load_naming
from config.settings import Settings
from handoff_console.clock import Admins, Clockwork
from handoff_console.digests import DigestDesk
from storage import schema
from storage.engine import SqlStore, open_store
from storage.files import FileStore


class Clock:
    """The time in UTC, moved on by ``ahead`` (the terminal's ``wait``)."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True, slots=True)
class House:
    """Everything one process works with."""

    settings: Settings
    store: SqlStore
    book: Book
    hearing: Hearing
    files: FileStore
    inbox: Inbox
    clock: Clock
    digests: DigestDesk
    area: Neighbourhood
    link_keys: LinkKeys

    def clockwork(self, admins: Admins | None = None) -> Clockwork:
        """What does the overdue; ``admins`` asks the platform for a group's admins."""
        at = time.fromisoformat(self.settings.digest_at)
        sweep = self.inbox.sweep
        remove = self.files.remove
        return Clockwork(
            self.store, self.book, self.digests, at, admins=admins, sweep=sweep, remove=remove
        )


async def prepare_schema(store: SqlStore) -> None:
    """Bring the database's tables up to date; quick when they are."""
    if await store.read(schema.version) != schema.HEAD:
        await schema.upgrade(store.url.render_as_string(hide_password=False))


def secret_key(settings: Settings) -> str:
    """The configured key, else one made once and kept in the data directory, owner-readable."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(secrets.token_hex(32))
    return path.read_text(encoding="utf-8").strip()


def link_keys(settings: Settings) -> LinkKeys:
    """What signs the codes on walls, and the earlier keys that are still read."""
    return LinkKeys((secret_key(settings), *settings.earlier_keys))


@asynccontextmanager
async def _ears(settings: Settings, files: FileStore) -> AsyncIterator[Ears | None]:
    """The server that writes voice messages down, where the city has one."""
    if settings.stt_url is None:
        yield None
        return
    # Only here: httpx costs a tenth of a second and some memory.
    from bot.speech_http import SpeechServer  # noqa: PLC0415

    async def read_file(media: Media) -> bytes:
        return await asyncio.to_thread(files.path(media.id).read_bytes)

    token = settings.stt_token.get_secret_value() if settings.stt_token else None
    server = SpeechServer(
        settings.stt_url, settings.stt_model, settings.stt_timeout, read_file, token
    )
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Open everything; closing finishes what is under way."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    book = load_book(settings.config_dir)
    hearing = await asyncio.to_thread(Hearing, settings)
    if settings.url.startswith("sqlite"):
        _make_room(settings.url)
    store = open_store(settings.url)
    try:
        await prepare_schema(store)
        clock = Clock()
        files = FileStore(settings.data_dir / "files", settings.max_file_bytes)
        digests = DigestDesk(store, load_digest_words(book.categories, settings.config_dir))
        async with _ears(settings, files) as ears:
            area = Neighbourhood(store, load_naming(settings.config_dir))
            keys = link_keys(settings)
            inbox = Inbox(store, TurnDesk(store, hearing.engine, book, clock, ears, area, keys))
            yield House(settings, store, book, hearing, files, inbox, clock, digests, area, keys)
            await inbox.close()
    finally:
        await hearing.close()
        await store.close()


def _make_room(url: str) -> None:
    path = url.partition(":///")[2]
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
