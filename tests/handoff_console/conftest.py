"""A console on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import schema
from storage.engine import open_store
from tests.handoff_console.street import Street, open_street


async def _street(url: str, folder: Path) -> AsyncIterator[Street]:
    await schema.upgrade(url)
    store = open_store(url)
    street = await open_street(store, folder)
    yield street
    street.deps.live.stop()
    await store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def street(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Street]:
    """Each database in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    async for each in _street(url, tmp_path):
        yield each


@pytest.fixture
async def lone_street(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Street]:
    """SQLite only, for what no database can change."""
    async for each in _street(sqlite_url, tmp_path):
        yield each
