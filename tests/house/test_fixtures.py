"""The fixtures do what they promise: fresh databases, a browser that renders Chinese."""

from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser

from tests.fixtures.postgres import PostgresServer


@pytest.mark.postgres
async def test_each_postgres_database_is_fresh(new_postgres: Callable[[], str]) -> None:
    first, second = new_postgres(), new_postgres()
    assert first != second
    connection = await asyncpg.connect(first.replace("+asyncpg", ""))
    try:
        await connection.execute("CREATE TABLE left_behind (id int)")
    finally:
        await connection.close()
    other = await asyncpg.connect(second.replace("+asyncpg", ""))
    try:
        assert await other.fetchval("SELECT to_regclass('left_behind')") is None
    finally:
        await other.close()


@pytest.mark.postgres
def test_postgres_is_as_durable_as_in_production(postgres_server: PostgresServer) -> None:
    assert postgres_server.run_sql("SHOW fsync") == "on"
    assert postgres_server.run_sql("SHOW synchronous_commit") == "on"


def test_sqlite_file_is_not_there_yet(sqlite_url: str) -> None:
    assert not Path(sqlite_url.removeprefix("sqlite+aiosqlite:///")).exists()


@pytest.mark.browser
async def test_browser_renders_chinese(browser: Browser) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.set_content("<button onclick=\"this.textContent='接诉'\">?</button>")
    await page.click("button")
    assert await page.inner_text("button") == "接诉"
