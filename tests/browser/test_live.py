"""The server stops and comes back: the screen says so, then shows everything once."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Serving
from tests.browser.moves import (
    answered,
    lines,
    log_in,
    open_of,
    picture,
    reply,
    say,
    take_over,
)

pytestmark = pytest.mark.browser


async def test_a_stopped_server_shows_and_nothing_is_missing_or_repeated_after_it_is_back(
    own_street: Serving, phone: Page, desk: Page, artifacts: Path
) -> None:
    await log_in(desk)
    await say(phone, "人工")
    await answered(phone, 1)
    await open_of(desk, phone)
    await take_over(desk)
    await reply(desk, "第一句")
    await expect(lines(phone, "officer")).to_have_count(1)

    await asyncio.to_thread(own_street.stop)
    await expect(desk.get_by_text("数据可能过期")).to_be_visible()
    await expect(phone.get_by_text("连接中断，正在重连")).to_be_visible()
    await picture(desk, artifacts, "console-stale-desktop")
    await say(phone, "断线时说的")
    await expect(phone.get_by_role("button", name="点这里重试")).to_be_visible()
    await reply(desk, "断线时回的")
    await expect(desk.get_by_role("button", name="点这里重试")).to_be_visible()

    await asyncio.to_thread(own_street.start)
    await expect(desk.get_by_text("数据可能过期")).to_have_count(0, timeout=20_000)
    await expect(phone.get_by_text("连接中断，正在重连")).to_have_count(0, timeout=20_000)
    await desk.get_by_role("button", name="点这里重试").click()
    await expect(lines(phone, "officer")).to_have_count(2)
    await expect(desk.locator("article.resident", has_text="断线时说的")).to_have_count(1)
    await expect(lines(phone, "resident").filter(has_text="断线时说的")).to_have_count(1)
    for page, line in ((desk, "article.turn p.text"), (phone, "li.message p.text")):
        shown = await page.locator(line).all_inner_texts()
        assert len(shown) == len(set(shown))
