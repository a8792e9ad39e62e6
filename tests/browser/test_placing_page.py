"""待划界 on the page: from a place nobody knows to a grid, and the name known from then on."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.moves import answered, lines, log_in, picture, say

pytestmark = pytest.mark.browser


async def test_a_place_nobody_knows_is_placed_by_the_street(
    phone: Page, desk: Page, artifacts: Path
) -> None:
    submit = phone.get_by_role("button", name="对，提交")
    await say(phone, "望江苑3栋楼道灯坏了半个月，报修好几次物业都不管，电话13800000001")
    for asked in range(1, 8):
        await answered(phone, asked)
        if await submit.is_visible():
            break
        await say(phone, "不知道")
    await submit.click()
    await expect(lines(phone, "bot").last).to_contain_text("何敏")

    await log_in(desk)
    await (
        desk.get_by_role("link", name="工单")
        .or_(desk.get_by_role("button", name="工单"))
        .first.click()
    )
    await desk.get_by_text("待划界（").click()
    await desk.get_by_text("望江苑").first.click()
    case = desk.get_by_label("工单", exact=True)
    await expect(case.get_by_text("居民说：望江苑")).to_be_visible()
    await case.get_by_role("button", name="划定网格").click()
    await case.get_by_role("combobox", name="网格").fill("柳岸社区第一")
    await desk.get_by_role("option", name="柳岸社区第一网格").click()
    await case.get_by_text("记住这个地名").click()
    await expect(case.get_by_label("要记住的地名")).to_have_value("望江苑")
    await picture(desk, artifacts, "console-placing-desktop")
    await case.get_by_role("button", name="确定").click()
    await expect(case.get_by_text("周小兰").first).to_be_visible()
    await expect(case.get_by_role("button", name="改网格")).to_be_visible()
    await expect(lines(phone, "officer").last).to_contain_text("周小兰")
