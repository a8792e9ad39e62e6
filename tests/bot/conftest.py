"""Telegram streets: in memory nothing is durable, so there are two kinds of store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import schema
from storage.engine import SqlStore, open_store
from tests.bot.telegram_street import Street, build_street
from tests.fixtures.bot_api import ServedBotApi


@pytest.fixture
async def telegram_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    """A database with the schema; a test that asks for ``any_store`` gets both kinds."""
    await schema.upgrade(sqlite_url)
    store = open_store(sqlite_url)
    yield store
    await store.close()


@pytest.fixture(params=["sqlite", "postgres"])
async def any_store(request: pytest.FixtureRequest) -> AsyncIterator[SqlStore]:
    """SQLite, then PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    await schema.upgrade(url)
    store = open_store(url)
    yield store
    await store.close()


@pytest.fixture
async def street(
    bot_api: ServedBotApi, telegram_store: SqlStore, tmp_path: Path
) -> AsyncIterator[Street]:
    """On SQLite; nothing runs until the test says so."""
    built = build_street(bot_api, telegram_store, tmp_path)
    yield built
    await built.stop()


@pytest.fixture
async def street_on_any(
    bot_api: ServedBotApi, any_store: SqlStore, tmp_path: Path
) -> AsyncIterator[Street]:
    """On SQLite, then on PostgreSQL."""
    built = build_street(bot_api, any_store, tmp_path)
    yield built
    await built.stop()
