"""A database of each kind with the street in it, and clocks that work on it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

import pytest

from casework.groups import Group
from config.digest_words import load_digest_words
from config.load import Book, load_book
from handoff_console.clock import Clockwork
from handoff_console.digests import DigestDesk
from storage import schema
from storage.engine import SqlStore, open_store
from tests.clock.street import Street, build
from tests.fixtures.postgres import PostgresServer

EVENING = time(18, 0)


@dataclass
class Platform:
    """Answers who a group's admins are, or fails as told."""

    admins: list[str] = field(default_factory=lambda: ["501", "502"])
    error: Exception | None = None
    asked: int = 0

    async def __call__(self, group: Group) -> list[str]:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return self.admins


@pytest.fixture(scope="session")
def book() -> Book:
    """The configuration as it is shipped."""
    return load_book()


async def prepare(url: str) -> None:
    """Make the tables and the street, once for all tests."""
    await schema.upgrade(url)
    opened = open_store(url)
    await build(opened)
    await opened.close()


@pytest.fixture(scope="session")
def sqlite_street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file to copy."""
    path = tmp_path_factory.mktemp("street") / "street.sqlite3"
    asyncio.run(prepare(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_street(postgres_server: PostgresServer) -> str:
    """A PostgreSQL database to copy."""
    name = postgres_server.create_database()
    asyncio.run(prepare(postgres_server.url(name)))
    return name


@pytest.fixture
def sqlite_copy(sqlite_street: Path, tmp_path: Path) -> str:
    """The address of a street of this test's own."""
    path = shutil.copy(sqlite_street, tmp_path / "street.sqlite3")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgres_copy(postgres_street: str, postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a street of this test's own."""
    name = postgres_server.create_database(postgres_street)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database with the street in it."""
    found: str = request.getfixturevalue(f"{request.param}_copy")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    """The database with the street in it."""
    opened = open_store(url)
    yield opened
    await opened.close()


@pytest.fixture
async def other_store(url: str, store: SqlStore) -> AsyncIterator[SqlStore]:
    """The same database, as another process has it open."""
    opened = open_store(url)
    yield opened
    await opened.close()


@pytest.fixture
def street(store: SqlStore, book: Book) -> Street:
    """What people do in the street."""
    return Street(store, book)


@pytest.fixture
def platform() -> Platform:
    """The platform that knows the groups' admins."""
    return Platform()


@pytest.fixture
def clock_on(book: Book, platform: Platform) -> Callable[[SqlStore], Clockwork]:
    """Makes a clock on a store."""
    words = load_digest_words(book.categories)

    def make(store: SqlStore) -> Clockwork:
        return Clockwork(store, book, DigestDesk(store, words), EVENING, admins=platform)

    return make


@pytest.fixture
def clock(store: SqlStore, clock_on: Callable[[SqlStore], Clockwork]) -> Clockwork:
    """A clock."""
    return clock_on(store)
