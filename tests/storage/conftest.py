"""One store per test, three kinds of it: in memory, SQLite, PostgreSQL; and who stands on it."""

from collections.abc import AsyncIterator

import pytest

from casework.ports import Store
from config.load import Book, load_book
from storage import schema
from storage.engine import SqlStore, open_store
from storage.memory import MemoryStore
from tests.storage.mediating import Room, settled_in
from tests.storage.street import Desk, build


@pytest.fixture(params=["sqlite", "postgres"])
async def sql_store(request: pytest.FixtureRequest) -> AsyncIterator[SqlStore]:
    """A database with the schema and nothing in it."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    await schema.upgrade(url)
    store = open_store(url)
    yield store
    await store.close()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """A store with nothing in it."""
    if request.param == "memory":
        yield MemoryStore()
        return
    url: str = request.getfixturevalue(f"{request.param}_url")
    await schema.upgrade(url)
    opened = open_store(url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def book() -> Book:
    """What a city decides, as it is shipped."""
    return load_book()


@pytest.fixture
async def room(store: Store, book: Book) -> Room:
    """A case in the hands of its grid worker, and everybody a mediation needs."""
    return await settled_in(store, book)


@pytest.fixture
async def street(store: Store, book: Book) -> Desk:
    """A street with one case, filed at noon."""
    await store.write(build)
    desk = Desk(store, book)
    desk.number = (await desk.filed()).number
    return desk
