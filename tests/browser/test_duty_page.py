"""值班 on a phone: see who is on, set a shift, note who is away and who stands in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Serving
from tests.browser.moves import log_in

pytestmark = pytest.mark.browser
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def today() -> str:
    """The weekday in Shanghai."""
    local = datetime.now(UTC).astimezone(timezone(timedelta(hours=8)))
    return WEEKDAYS[local.weekday()]


async def duty_page(browser: Browser, street: Serving, username: str = "demo-street") -> Page:
    context = await browser.new_context(
        viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=street.url
    )
    page = await context.new_page()
    await page.goto("/")
    await log_in(page, username)
    await page.get_by_role("button", name="我的账号").click()
    await page.get_by_text("值班和通讯录").click()
    await expect(page.get_by_role("heading", name="值班", exact=True)).to_be_visible()
    return page


async def test_the_street_plans_its_week_on_a_phone(browser: Browser, street: Serving) -> None:
    page = await duty_page(browser, street)
    await expect(page.get_by_text("此刻新来的诉求交给")).to_be_visible()
    await page.get_by_role("button", name=f"给{today()}排班").click()
    form = page.get_by_role("form", name=f"{today()}排班")
    await form.get_by_label("谁值班").click()
    await page.get_by_role("option", name="何敏").click()
    await form.get_by_text(f"每{today()}都这样").click()
    await form.get_by_role("button", name="排上").click()
    shift = page.locator("li.today").get_by_text("何敏")
    await expect(shift).to_be_visible()
    await expect(page.locator("li.today").get_by_text("18:00–次日8:30")).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]

    await page.get_by_role("button", name="登记请假和代班").click()
    away = page.get_by_role("form", name="登记请假和代班")
    await away.get_by_label("谁请假").click()
    await page.get_by_role("option", name="何敏").click()
    await away.get_by_role("button", name="登记", exact=True).click()
    await expect(page.get_by_text("没有代班", exact=True)).to_be_visible()
    await page.get_by_role("button", name="取消何敏的请假").click()
    await page.get_by_role("button", name="取消请假", exact=True).click()
    await expect(page.get_by_text("这一周没有人请假。")).to_be_visible()
    await page.get_by_role("button", name=f"取消{today()}何敏的值班").click()
    await page.get_by_role("button", name="取消这个班", exact=True).click()
    await expect(shift).to_have_count(0)


async def test_a_grid_worker_sees_the_roster_and_the_directory(
    browser: Browser, street: Serving
) -> None:
    page = await duty_page(browser, street, "demo-grid")
    await expect(page.get_by_text("柳岸社区第一网格").first).to_be_visible()
    await expect(page.get_by_role("button", name="登记请假和代班")).to_have_count(0)
    await page.get_by_role("button", name="通讯录").click()
    await page.get_by_label("按名称找").fill("人社")
    await expect(page.get_by_text("青禾区人社局")).to_be_visible()
    await expect(page.get_by_text("青禾区住建局")).to_have_count(0)
    await expect(page.get_by_role("link", name="028-0000-0201")).to_be_visible()
