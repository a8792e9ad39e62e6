"""Officers together: hints, notes, handing on, and everything by keyboard."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import Serving
from tests.browser.moves import (
    answered,
    complain,
    lines,
    log_in,
    open_of,
    reply,
    reply_box,
    say,
    take_over,
)

pytestmark = pytest.mark.browser


@pytest.fixture
async def other_desk(browser: Browser, serving: Serving) -> AsyncIterator[Page]:
    """Another officer's desk, logged in."""
    context = await browser.new_context(locale="zh-CN", base_url=serving.url)
    page = await context.new_page()
    await page.goto("/")
    await log_in(page, "demo-admin")
    yield page
    await context.close()


async def test_officers_see_each_other_and_hand_on(
    phone: Page, desk: Page, other_desk: Page
) -> None:
    await log_in(desk)
    await say(phone, "人工")
    await answered(phone, 1)
    await open_of(desk, phone)
    await open_of(other_desk, phone)
    await expect(desk.get_by_text("演示管理员 正在看")).to_be_visible()
    await take_over(desk)
    await reply_box(desk).press_sequentially("稍等")
    await expect(other_desk.get_by_text("何敏 正在输入")).to_be_visible()

    await other_desk.get_by_label("内部备注").last.fill("这位居民昨天也来过")
    await other_desk.get_by_role("button", name="记下").click()
    await expect(desk.get_by_text("这位居民昨天也来过")).to_be_visible()
    await expect(phone.get_by_text("这位居民昨天也来过")).to_have_count(0)

    await desk.get_by_role("button", name="转给同事").click()
    await desk.get_by_role("button", name="演示管理员").click()
    await expect(reply_box(other_desk)).to_be_visible()
    await expect(reply_box(desk)).to_have_count(0)

    await desk.get_by_role("button", name="从同事手里接过来").click()
    await desk.get_by_role("button", name="接过来", exact=True).click()
    await expect(reply_box(desk)).to_be_visible()
    await expect(reply_box(desk)).to_have_value("稍等")
    await expect(reply_box(other_desk)).to_have_count(0)


async def test_the_keyboard_is_enough(phone: Page, desk: Page) -> None:
    await log_in(desk)
    await say(phone, "人工")
    await answered(phone, 1)
    await expect(desk.locator("[id^=row-]").first).to_be_visible()
    await desk.keyboard.press("?")
    await expect(desk.get_by_role("dialog", name="快捷键")).to_be_visible()
    await desk.keyboard.press("Escape")
    await expect(desk.get_by_role("dialog", name="快捷键")).to_be_hidden()

    await desk.keyboard.press("j")
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("button", name="接管会话")).to_be_visible()
    await desk.keyboard.press("t")
    await expect(reply_box(desk)).to_be_focused()
    await desk.keyboard.type("tjk?")
    await expect(reply_box(desk)).to_have_value("tjk?")
    await desk.keyboard.press("Escape")
    await expect(reply_box(desk)).not_to_be_focused()
    await desk.keyboard.press("r")
    await expect(reply_box(desk)).to_be_focused()


async def test_cases_are_found_by_number_and_status(phone: Page, desk: Page) -> None:
    await (await complain(phone)).click()
    await expect(phone.get_by_text("登记好了")).to_be_visible()
    await log_in(desk)
    await open_of(desk, phone, "全部")
    number = await desk.get_by_role("region", name="工单").locator(".number").inner_text()

    await desk.goto("/#/cases")
    await desk.get_by_label("搜索工单").fill(number)
    row = desk.locator("button.row", has_text=number)
    await expect(desk.locator("button.row")).to_have_count(1)
    await row.click()
    await expect(desk.get_by_role("region", name=f"工单 {number}")).to_contain_text("宏达建筑公司")
    await desk.get_by_label("搜索工单").fill("没有这样的工单")
    await expect(desk.get_by_text("没有符合的工单")).to_be_visible()


async def test_a_reply_that_lost_the_race_is_not_sent_and_not_lost(
    phone: Page, desk: Page, other_desk: Page
) -> None:
    await log_in(desk)
    await say(phone, "人工")
    await answered(phone, 1)
    await open_of(desk, phone)
    await take_over(desk)
    await open_of(other_desk, phone, "全部")

    async def overtaken(route: Route) -> None:
        await other_desk.get_by_role("button", name="从同事手里接过来").click()
        await other_desk.get_by_role("button", name="接过来", exact=True).click()
        await expect(reply_box(other_desk)).to_be_visible()
        await route.continue_()

    await desk.route("**/replies", overtaken)
    await reply(desk, "我马上过来")
    await expect(desk.get_by_text("您写的内容还在")).to_be_visible()
    await expect(desk.get_by_text("演示管理员 正在接待")).to_be_visible()
    await desk.unroute_all()
    await other_desk.get_by_role("button", name="放回队列").click()
    await take_over(desk)
    await expect(reply_box(desk)).to_have_value("我马上过来")
    await expect(lines(phone, "officer")).to_have_count(0)
