"""A matter of many households: made one, ticked off, told to all; and asked about by slip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.moves import complain, lines, log_in, picture

pytestmark = pytest.mark.browser
SUMMARY = "工资表核对完了，周五在项目部发"
ASKED = "周五前到工地核实，写清哪天发"


async def filed(desk: Page, phone: Page) -> str:
    """The resident's case; gives its number."""
    submit = await complain(phone)
    await submit.click()
    await expect(lines(phone, "bot").last).to_contain_text("JS")
    within = await phone.evaluate(
        "JSON.parse(localStorage.getItem('jiesu.chat.session')).conversation_id"
    )
    detail: Any = await desk.evaluate(
        "id => fetch(`/api/conversations/${id}`).then((answer) => answer.json())", within
    )
    number: str = detail["cases"][0]["number"]
    return number


async def ask_by_slip(desk: Page) -> None:
    """The street asks the owning office, by red slip, from the case page."""
    watch = desk.get_by_label("督办与包保")
    await watch.get_by_role("button", name="发督办单").click()
    dialog = desk.get_by_role("dialog", name="发督办单")
    await dialog.get_by_role("button", name="影响面大").click()
    await dialog.get_by_role("button", name="红牌").click()
    await dialog.get_by_label("要他们做什么").fill(ASKED)
    await dialog.get_by_role("button", name="发出").click()
    await expect(watch.get_by_text(ASKED)).to_be_visible()


async def test_a_group_and_a_slip_on_the_case_page(
    desk: Page, phone: Page, artifacts: Path
) -> None:
    await log_in(desk)
    number = await filed(desk, phone)
    await desk.goto(f"{desk.url.split('#', maxsplit=1)[0]}#/cases/{number}")
    group = desk.get_by_label("集体事项")
    await group.get_by_role("button", name="作为集体事项办").click()
    await desk.get_by_role("button", name="一起办").click()
    await expect(group.get_by_text("已办 0 / 1 户")).to_be_visible()
    await group.get_by_role("button", name="加一项").click()
    await group.get_by_label("做什么").fill("核对工资表")
    await group.get_by_label("谁来做").fill("劳动监察大队")
    await group.get_by_role("button", name="加上").click()
    await expect(group.get_by_text("劳动监察大队")).to_be_visible()
    await group.get_by_text("各户（1）").click()
    await group.get_by_label("没来反映的").fill("301")
    await group.get_by_label("其中已办").fill("179")
    await group.get_by_role("button", name="记户数").click()
    await expect(group.get_by_text("已办 179 / 302 户")).to_be_visible()
    await group.get_by_role("button", name="已办…").click()
    await group.get_by_label("办了什么").fill("工资已补发")
    await group.get_by_role("button", name="记下并告诉这一户").click()
    await expect(group.get_by_text("已办 180 / 302 户")).to_be_visible()
    await expect(lines(phone, "officer").last).to_contain_text("302户里的一件，已办180户")
    await group.get_by_role("button", name="给各户发进展").click()
    await desk.get_by_label("要告诉大家什么").fill(SUMMARY)
    await desk.get_by_role("button", name="发给 1 位居民").click()
    await expect(lines(phone, "officer").last).to_contain_text(SUMMARY, timeout=15_000)

    await ask_by_slip(desk)
    await picture(desk, artifacts, "group-case-desktop")
    await desk.get_by_label("我的账号").click()
    await desk.get_by_role("menuitem", name="督办与包保").click()
    await expect(desk.get_by_role("heading", name="督办", exact=True)).to_be_visible()
    await expect(desk.get_by_label("督办单").get_by_text(ASKED)).to_be_visible()
    await expect(desk.get_by_label("集体事项").get_by_text("已办 180 / 302 户")).to_be_visible()
    await picture(desk, artifacts, "supervision-desktop")
    await expect(phone.get_by_text(ASKED)).to_have_count(0)  # nothing of it is the resident's
