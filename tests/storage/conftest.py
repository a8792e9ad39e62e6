"""One store per test, three kinds of it: in memory, SQLite, PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from casework.ports import Store
from storage import schema
from storage.engine import SqlStore, open_store
from storage.memory import MemoryStore


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
