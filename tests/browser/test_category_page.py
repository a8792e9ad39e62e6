"""类别不对: an officer says what a case is; what only few may see leaves the screen."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.moves import complain, log_in, number_told, opened, picture

pytestmark = pytest.mark.browser


async def test_a_wrong_category_is_put_right_on_a_phone(
    phone: Page, hand: Page, artifacts: Path
) -> None:
    await (await complain(phone)).click()
    number = await number_told(phone)
    await log_in(hand, "demo-grid2")
    case = await opened(hand, number)
    await expect(case.locator(".category")).to_contain_text("欠薪")
    await choose(case, "噪音")
    await picture(hand, artifacts, "category-phone")
    await case.get_by_role("button", name="改为").click()
    await expect(case.locator(".category")).to_contain_text("邻里纠纷")
    await expect(case.get_by_text("把诉求类别从")).to_be_visible()

    await choose(case, "家庭暴力")
    await case.get_by_label("为什么改").fill("来电说的是被打")
    await case.get_by_role("button", name="改为家庭暴力").click()
    await expect(case.get_by_text(number)).to_have_count(0)
    await expect(case).to_contain_text("这件事现在只有专人能看")
    await expect(case.get_by_role("link", name="看别的工单")).to_be_visible()
    await expect(hand.get_by_role("link", name="看会话")).to_have_count(0)
    await picture(hand, artifacts, "category-restricted-phone")


async def choose(case: Locator, word: str) -> None:
    """The officer looks for what it is."""
    await case.get_by_role("button", name="类别不对").click()
    await case.get_by_role("button", name="别的事…").click()
    await case.get_by_label("找类别").fill(word)
    await case.locator(".found button").first.click()
