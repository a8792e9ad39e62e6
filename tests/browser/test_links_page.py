"""A code from the page that makes it to the page it opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.moves import answered, lines, log_in, picture, say

pytestmark = pytest.mark.browser


async def test_a_code_is_made_printed_scanned_and_taken_down(
    desk: Page, phone: Page, artifacts: Path
) -> None:
    await log_in(desk)
    await desk.get_by_label("我的账号").click()
    await desk.get_by_role("menuitem", name="二维码").click()
    await desk.get_by_role("button", name="做一个").click()
    await desk.get_by_label("名称", exact=True).fill("宏达电子厂")
    await desk.get_by_label("被反映的一方").fill("宏达电子有限公司")
    await desk.get_by_label("在哪个网格").fill("石桥社区第二")
    await desk.get_by_role("option", name="石桥社区第二网格").click()
    await desk.get_by_role("button", name="做好了").click()
    sheet = desk.get_by_role("dialog", name="打印二维码")
    await expect(sheet.get_by_role("button", name="打印")).to_be_enabled()  # the picture is there
    await expect(sheet.get_by_text("单位看不到")).to_be_visible()
    await picture(desk, artifacts, "link-sheet-desktop")
    await sheet.get_by_role("button", name="返回").click()

    listed: Any = await desk.evaluate("fetch('/api/links').then((answer) => answer.json())")
    (link,) = [each for each in listed["items"] if each["name"] == "宏达电子厂"]
    path = link["web"][link["web"].index("/chat") :]
    await phone.goto(path)
    await expect(lines(phone, "bot").first).to_contain_text("宏达电子厂")
    assert "p=" not in phone.url  # a reload, or an address passed on, opens nothing again
    await picture(phone, artifacts, "link-chat-phone")
    await phone.reload()
    await expect(lines(phone, "resident")).to_have_count(1)
    await say(phone, "加班三个月没给加班费，电话13900001111")
    await answered(phone, 2)
    await expect(lines(phone, "bot").nth(1)).not_to_contain_text("哪家")

    row = desk.get_by_role("listitem").filter(has_text="宏达电子厂")
    await row.get_by_role("button", name="停用").click()
    await row.get_by_role("button", name="停用").click()
    await expect(row.get_by_text("已停用")).to_be_visible()
    await expect(row.get_by_text("打开 1 次")).to_be_visible()
    await phone.evaluate("localStorage.clear()")
    await phone.goto(path)
    await expect(lines(phone, "bot").first).to_contain_text("不要紧")
