"""吹哨报到 on the pages: the street calls, a department signs, comes and speaks on its phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Serving, telephone
from tests.browser.moves import complain, lines, log_in, number_told, picture

pytestmark = pytest.mark.browser
OPINION = "责令周五前付清"


@pytest.fixture
async def department(browser: Browser, serving: Serving) -> AsyncIterator[Page]:
    """The telephone of a department's officer, who stands at the place."""
    market = {"latitude": 30.6543, "longitude": 104.0713}
    async with telephone(browser, serving, geolocation=market, permissions=["geolocation"]) as page:
        yield page


async def test_a_department_is_called_comes_and_speaks(
    phone: Page, desk: Page, department: Page, artifacts: Path, tmp_path: Path
) -> None:
    await (await complain(phone)).click()
    number = await number_told(phone)
    await log_in(department, "demo-department")
    await department.goto("/#/checkin")
    await expect(department.get_by_text("现在没有叫到您部门的通知")).to_be_visible()
    await log_in(desk)
    panel = await sign(desk, number, artifacts)
    await expect(lines(phone, "officer").last).to_contain_text("青禾区人社局")
    notice = department.locator("article").first
    await come(department, notice)
    await picture(department, artifacts, "department-check-in")
    await expect(panel.get_by_text(OPINION)).to_be_visible()
    await printed(desk, panel, tmp_path / "notice.pdf")
    await end(desk, panel)
    await expect(lines(phone, "officer").last).to_contain_text("工资这周五发到手")
    await expect(notice.get_by_text("已结束")).to_be_visible()


async def sign(desk: Page, number: str, artifacts: Path) -> Locator:
    """The street signs for the case and calls a department; gives the case's panel."""
    await desk.goto("/#/cases")
    await desk.locator("button.row", has_text=number).click()
    case = desk.get_by_label("工单", exact=True)
    await case.get_by_role("button", name="更多", exact=True).click()
    await case.get_by_role("button", name="签收", exact=True).click()
    await case.get_by_role("button", name="吹哨：请部门到场").click()
    form = desk.get_by_role("dialog")
    await form.get_by_role("button", name="青禾区人社局").click()
    await form.get_by_role("button", name="明天 9:00").click()
    await form.get_by_label("到哪里").fill("河西安置房工地")
    await form.get_by_label("什么事").fill("宏达建筑拖欠工资，电话13800000000")
    await picture(desk, artifacts, "console-whistle-sign")
    await form.get_by_role("button", name="签发通知").click()
    panel = desk.get_by_label("吹哨报到")
    await expect(panel.get_by_text("吹哨中")).to_be_visible()
    await expect(panel).not_to_contain_text("13800000000")
    return panel


async def come(department: Page, notice: Locator) -> None:
    """The department signs, checks in where it is, and says what is to be done."""
    await notice.get_by_role("button", name="签收").click()
    await expect(notice.get_by_text("已签收")).to_be_visible()
    await notice.get_by_role("button", name="我到了").click()
    await expect(notice.get_by_text("离现场约")).to_be_visible()
    await notice.get_by_role("button", name="写处理意见").click()
    await department.get_by_label("怎么处理").fill(OPINION)
    await department.get_by_role("button", name="确认处理意见").click()
    await expect(notice.get_by_text(OPINION)).to_be_visible()


async def printed(desk: Page, panel: Locator, file: Path) -> None:
    """The PDF comes down and says who, where, and not the resident's number."""
    async with desk.expect_download() as download:
        await panel.get_by_role("link", name="打印 PDF").click()
    await (await download.value).save_as(file)
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(file).pages)
    assert "青禾区人社局" in text
    assert "河西安置房工地" in text
    assert "13800000000" not in text


async def end(desk: Page, panel: Locator) -> None:
    """All have spoken: the street ends it with words for the resident."""
    await panel.get_by_role("button", name="结束吹哨").click()
    form = desk.get_by_role("dialog")
    await form.get_by_role("button", name="当场办成").click()
    await form.get_by_label("说给居民听").fill("工资这周五发到手")
    await form.get_by_role("button", name="结束", exact=True).click()
