"""Danger on an officer's own telephone: banner, 已收到, and the same conversation taken over."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, PHONE, Serving
from tests.browser.moves import answered, lines, reply, reply_box, say

pytestmark = pytest.mark.browser
BANNER = "人身危险预警"


@pytest.fixture
async def pocket(browser: Browser, own_street: Serving) -> AsyncIterator[Page]:
    """The street's duty officer, logged in on a telephone; a click has allowed sound."""
    context = await browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN", base_url=own_street.url
    )
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_label("用户名").fill("demo-street")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_text("实时").first).to_be_visible()
    yield page
    await context.close()


async def test_banner_acknowledge_and_take_over(
    own_street: Serving, phone: Page, pocket: Page
) -> None:
    assert own_street.url
    banner = pocket.get_by_role("alertdialog", name=BANNER)
    await expect(banner).to_have_count(0)
    await say(phone, "我在楼顶上，不给工资我现在就跳下去")
    await answered(phone, 1)
    await expect(lines(phone, "bot").last).to_contain_text("120")
    await expect(phone.get_by_text("看到您的话了")).to_have_count(0)

    await expect(banner).to_be_visible()
    await expect(banner).to_contain_text("街道值班 何敏")
    await expect(banner).to_contain_text(re.compile(r"后呼叫下一位"))
    await expect(pocket).to_have_title(re.compile("个预警"))
    box = await banner.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, PHONE["width"])

    await banner.get_by_role("button", name="已收到，打开会话").click()
    await expect(banner).to_have_count(0)
    await expect(phone.get_by_text("何敏看到您的话了")).to_be_visible()

    await pocket.get_by_role("button", name="接管会话").click()
    await expect(reply_box(pocket)).to_be_visible()
    await reply(pocket, "我是何敏，我在听您说。")
    await expect(phone.get_by_text("我在听您说")).to_be_visible()

    await pocket.get_by_role("button", name="← 列表").click()
    await pocket.get_by_role("link", name="待办").click()
    await expect(pocket.get_by_text("次日回访")).to_be_visible()
    await pocket.get_by_role("button", name="结束预警…").click()
    end = pocket.get_by_role("button", name="结束预警", exact=True)
    await expect(end).to_be_disabled()
    await pocket.get_by_label("安全", exact=True).check()
    await pocket.get_by_label("家人").check()
    await pocket.get_by_label("下次什么时候联系").fill("2037-01-01T09:00")
    await end.click()
    await expect(pocket.get_by_text("没有结束的预警")).to_have_count(0)
    await expect(pocket.get_by_text("约好的再联系")).to_be_visible()


async def test_two_alarms_hide_nothing_and_the_gravest_stands_first(
    browser: Browser, own_street: Serving, phone: Page, pocket: Page
) -> None:
    await pocket.set_viewport_size({"width": 360, "height": 740})
    await say(phone, "我在楼顶上，不给工资我现在就跳下去")
    await answered(phone, 1)
    other = await browser.new_page(base_url=own_street.url)
    await other.goto("/chat")
    await say(other, "昨天晚上喝酒又打我，孩子看着呢")
    await answered(other, 1)

    alarms = pocket.get_by_role("alertdialog", name=BANNER).get_by_role("article")
    await expect(alarms).to_have_count(2)
    await expect(alarms.first).to_contain_text("危急")
    await expect(alarms.first).to_contain_text(re.compile(r"网页居民 \w{4}"))
    await pocket.get_by_role("tab", name="全部").click()
    await expect(pocket.get_by_role("tab", name="全部")).to_have_attribute("aria-selected", "true")
    me = await pocket.get_by_role("button", name="我的账号").bounding_box()
    assert me is not None
    assert me["x"] + me["width"] <= 360
    assert await pocket.evaluate("document.documentElement.scrollWidth") <= 360
    await alarms.first.get_by_role("button", name="已收到", exact=True).click()
    await expect(alarms).to_have_count(1)
    await alarms.first.get_by_role("button", name="已收到", exact=True).click()
    await expect(alarms).to_have_count(0)
    known = pocket.get_by_role("button", name="知道了")
    if await known.is_visible():  # a year whose public holidays are not published yet
        await known.click()
    title = await pocket.get_by_role("heading", name="会话", exact=True).bounding_box()
    assert title is not None
    assert title["y"] < 60
    await other.close()


async def test_how_contact_is_safe_stands_in_red_before_any_word(
    own_street: Serving, phone: Page, pocket: Page
) -> None:
    assert own_street.url
    await say(phone, "昨天晚上喝酒又打我，孩子看着呢")
    await answered(phone, 1)
    banner = pocket.get_by_role("alertdialog", name=BANNER)
    await expect(banner).to_contain_text("先别打电话")
    await phone.get_by_role("button", name="只发消息").click()
    await expect(phone.get_by_text("好，记下了：只发消息")).to_be_visible()
    await expect(banner).to_contain_text("联系方式：只发消息", timeout=20_000)
    await banner.get_by_role("button", name="已收到，打开会话").click()
    await expect(pocket.get_by_role("note")).to_contain_text("联系方式：只发消息")
    await pocket.get_by_role("button", name="案情与工单").click()
    await expect(pocket.get_by_label("工单", exact=True).get_by_text("限阅")).to_be_visible()
    await pocket.get_by_role("button", name="对话", exact=True).click()
    await expect(phone.get_by_text("不给您打电话")).to_be_visible()
