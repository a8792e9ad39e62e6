"""What people do on the two pages, in their own terms."""

import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD

COMPLAINT = (
    "我在河西安置房工地干活，宏达建筑公司拖欠我三个月工资，一共两万四，就我一个人，没有签合同，"
    "电话13800000000"
)
MOST_QUESTIONS = 8
HOMES = {
    "demo-department": "工单",
    "demo-mediator": "调解",
    "demo-adviser": "预约接待",
    "demo-supervisor": "督办",
}
"""The page each officer begins with, where it is not the conversations."""
CASE = re.compile(r"JS\d{6}-\d{4,}")
NUMBER = r"[A-Z]{0,4}\d{6,}[-\d]*"


def lines(page: Page, speaker: str) -> Locator:
    """The resident page's lines of one speaker: resident, bot or officer."""
    return page.locator(f"li.message.{speaker}")


async def say(page: Page, text: str) -> None:
    """The resident writes a line and sends it."""
    await page.get_by_label("写下您要反映的问题").fill(text)
    await page.get_by_role("button", name="发送").click()


async def complain(page: Page) -> Locator:
    """The resident tells everything and is read back to; returns the button that files it."""
    submit = page.get_by_role("button", name="对，提交")
    which = page.get_by_role("button", name="拖欠工资", exact=True)
    await say(page, COMPLAINT)
    for asked in range(1, MOST_QUESTIONS):
        await answered(page, asked)
        if await submit.is_visible():
            break
        if await which.is_visible() and await which.is_enabled():
            await which.click()
        else:
            await say(page, "不知道")
    await expect(submit).to_be_enabled()
    return submit


async def number_told(page: Page) -> str:
    """The number of the case the bot told of last."""
    last = lines(page, "bot").last
    await expect(last).to_contain_text(CASE)
    found = CASE.search(await last.inner_text())
    assert found is not None
    return found[0]


async def answered(page: Page, count: int) -> None:
    """Wait until the bot has said this many lines."""
    await expect(lines(page, "bot").nth(count - 1)).to_be_visible()


async def log_in(page: Page, username: str = "demo-street") -> None:
    """The officer logs in and sees where their own work is, kept up to date."""
    await page.get_by_label("用户名").fill(username)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    home = HOMES.get(username, "会话")
    await expect(page.get_by_role("heading", name=home, exact=True)).to_be_visible()
    if home in {"会话", "工单"}:
        await expect(page.get_by_text("实时").first).to_be_visible()


async def open_of(page: Page, phone: Page, view: str = "待接") -> None:
    """The officer opens this resident's conversation in a view."""
    conversation = await phone.evaluate(
        "JSON.parse(localStorage.getItem('jiesu.chat.session')).conversation_id"
    )
    await page.get_by_role("tab", name=view).click()
    await page.locator(f"#row-{conversation}").click()


async def take_over(page: Page) -> None:
    """The officer takes the open conversation over."""
    await page.get_by_role("button", name="接管会话").click()
    await expect(reply_box(page)).to_be_visible()


def reply_box(page: Page) -> Locator:
    """Where the officer writes."""
    return page.get_by_label("回复居民")


async def reply(page: Page, text: str) -> None:
    """The officer writes a line and presses Enter."""
    await reply_box(page).fill(text)
    await reply_box(page).press("Enter")


async def picture(page: Page, artifacts: Path, name: str) -> None:
    """Keep a screenshot of what is on screen."""
    await page.screenshot(path=artifacts / f"{name}.png", animations="disabled")


async def opened(page: Page, number: str) -> Locator:
    """The officer opens a case from the list."""
    await page.goto("/#/cases")
    await page.locator("button.row", has_text=number).click()
    return page.get_by_label("工单", exact=True)
