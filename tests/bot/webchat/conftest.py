"""A web chat on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import schema
from storage.engine import open_store
from tests.bot.webchat.street import ChatStreet, chat_street


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def street(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ChatStreet]:
    """Each database in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    await schema.upgrade(url)
    store = open_store(url)
    opened = chat_street(store, tmp_path)
    yield opened
    opened.live.stop()
    await opened.inbox.close()
    await store.close()
