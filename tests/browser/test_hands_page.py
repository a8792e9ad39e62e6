"""Whose hands a case is in, as the console shows it: who may act sees it first, the others see who
has it, and what waits for a yes is somebody's task."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.moves import complain, log_in, number_told, opened, picture

pytestmark = pytest.mark.browser
REASON = "要等总包对账，下周三才有结果"


async def test_an_extension_is_a_task_and_a_case_handed_up_is_in_other_hands(
    phone: Page, hand: Page, desk: Page, artifacts: Path
) -> None:
    await (await complain(phone)).click()
    number = await number_told(phone)
    await log_in(hand, "demo-grid2")
    case = await opened(hand, number)
    await expect(case.get_by_text("现在在 我 手上")).to_be_visible()
    await case.get_by_role("button", name="签收", exact=True).click()
    await expect(case.get_by_text("办理中")).to_be_visible()
    await asks_for_time(hand, case)
    await picture(hand, artifacts, "hands-asked")

    await grants(desk, number, artifacts)
    await expect(case.get_by_text("等上级批准")).to_be_hidden()

    await case.get_by_role("button", name="上报", exact=True).click()
    await hand.get_by_role("dialog").get_by_role("textbox").fill("总包不见面，要街道出面")
    await hand.get_by_role("button", name="确认上报").click()
    await expect(case.get_by_text("现在在 何敏 手上")).to_be_visible()
    await expect(case.get_by_role("button", name="签收", exact=True)).to_be_hidden()
    await picture(hand, artifacts, "hands-gone")


async def asks_for_time(hand: Page, case: Locator) -> None:
    """The grid worker asks for three days more."""
    await case.get_by_role("button", name="更多", exact=True).click()
    await case.get_by_role("button", name="申请延期").click()
    form = hand.get_by_role("dialog", name="申请延期")
    await form.get_by_label("日期").click()
    await hand.get_by_role("button", name="下个月").last.click()
    await hand.locator(".el-date-table td.available").first.click()
    await form.get_by_role("textbox", name="为什么").fill(REASON)
    await hand.get_by_role("button", name="确认申请延期").click()
    await expect(case.get_by_text("等上级批准")).to_be_visible()


async def grants(desk: Page, number: str, artifacts: Path) -> None:
    """The street finds it among its tasks, reads why, and says yes."""
    await log_in(desk, "demo-street")
    await desk.get_by_role("link", name="待办").click()
    task = desk.get_by_role("listitem").filter(has_text=number)
    await expect(task).to_contain_text("有延期申请要批")
    await picture(desk, artifacts, "hands-task")
    await task.get_by_role("button", name="批准或不同意").click()
    case = desk.get_by_label("工单", exact=True)
    await expect(case.locator(".asked")).to_contain_text(REASON)
    await case.get_by_role("button", name="批准延期", exact=True).click()
    await desk.get_by_role("button", name="确认批准延期").click()
    await expect(case.get_by_role("button", name="批准延期", exact=True)).to_be_hidden()
    await desk.get_by_role("link", name="待办").click()
    await expect(desk.get_by_role("listitem").filter(has_text=number)).to_be_hidden()
