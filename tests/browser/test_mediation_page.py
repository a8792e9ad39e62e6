"""调解 on the pages: the resident is asked, the mediator meets on a phone, a promise is broken."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Serving, telephone
from tests.browser.moves import complain, lines, log_in, number_told, picture

pytestmark = pytest.mark.browser


@pytest.fixture
async def mediator(browser: Browser, serving: Serving) -> AsyncIterator[Page]:
    """The telephone of a mediator."""
    async with telephone(browser, serving) as page:
        yield page


async def test_asked_met_agreed_and_a_promise_broken(
    phone: Page, desk: Page, mediator: Page, artifacts: Path
) -> None:
    await (await complain(phone)).click()
    number = await number_told(phone)
    await log_in(desk)
    await desk.goto("/#/cases")
    await desk.locator("button.row", has_text=number).click()
    case = desk.get_by_label("工单", exact=True)
    await case.get_by_role("button", name="更多", exact=True).click()
    await case.get_by_role("button", name="签收", exact=True).click()
    await propose(desk, phone, artifacts)
    await other_side_says_yes(desk, phone)
    await meet_and_agree(mediator, phone, artifacts)
    panel = desk.get_by_label("调解", exact=True)
    await expect(panel.get_by_text("付清两万四")).to_be_visible()
    await picture(desk, artifacts, "console-mediation-agreed")
    await panel.get_by_role("button", name="没做到，上报").click()
    await expect(panel.get_by_text("没做到", exact=True)).to_be_visible()
    await expect(lines(phone, "officer").last).to_contain_text("对方没做到")
    await desk.goto("/#/mediations")
    await expect(desk.get_by_text("样本不足").first).to_be_visible()
    await picture(desk, artifacts, "console-mediations")


async def propose(desk: Page, phone: Page, artifacts: Path) -> None:
    """The street proposes; the resident says yes and does not want to be named at first."""
    panel = desk.get_by_label("调解", exact=True)
    await panel.get_by_role("button", name="请人调解").click()
    form = desk.get_by_role("dialog")
    await expect(form.get_by_role("button", name="罗文英")).to_be_visible()
    await picture(desk, artifacts, "console-mediation-propose")
    await form.get_by_role("button", name="问居民愿不愿意").click()
    await expect(lines(phone, "officer").last).to_contain_text("愿意请人调解吗")
    await picture(phone, artifacts, "resident-mediation-asked")
    await phone.get_by_role("button", name="愿意", exact=True).click()
    await expect(lines(phone, "bot").last).to_contain_text("对方会知道是您反映的")
    await phone.get_by_role("button", name="可以", exact=True).click()
    await expect(lines(phone, "bot").last).to_contain_text("让对方知道是您")


async def other_side_says_yes(desk: Page, phone: Page) -> None:
    """The street asks the other side and writes it down: it begins."""
    panel = desk.get_by_label("调解", exact=True)
    await panel.get_by_role("button", name="记对方答复").click()
    form = desk.get_by_role("dialog")
    await form.get_by_role("button", name="愿意", exact=True).click()
    await form.get_by_role("button", name="上门").click()
    await form.get_by_role("button", name="记下").click()
    await expect(panel.get_by_text("调解中", exact=True)).to_be_visible()
    await expect(lines(phone, "bot").last).to_contain_text("开始调解了")


async def meet_and_agree(mediator: Page, phone: Page, artifacts: Path) -> None:
    """The mediator finds their list, plans a meeting and records the agreement."""
    await log_in(mediator, "demo-mediator")
    await expect(mediator.get_by_text("调解满一个月")).to_be_visible()
    await picture(mediator, artifacts, "mediator-list")
    await mediator.get_by_text("宏达").first.click()
    panel = mediator.get_by_label("调解", exact=True)
    await panel.get_by_role("button", name="约时间").click()
    form = mediator.get_by_role("dialog")
    await form.get_by_role("button", name="明天上午9点").click()
    await picture(mediator, artifacts, "mediator-session")
    await form.get_by_role("button", name="约定，告诉居民").click()
    await expect(lines(phone, "bot").or_(lines(phone, "officer")).last).to_contain_text("上午9:00")
    await panel.get_by_role("button", name="登记结果").click()
    form = mediator.get_by_role("dialog")
    await form.get_by_role("button", name="达成协议").click()
    await form.get_by_label("协议编号").fill("青调2026-1")
    await form.get_by_role("button", name="加一项承诺").click()
    today = await form.get_by_label("哪天生效").input_value()
    await form.get_by_label("哪天前做到").fill(today)
    await form.get_by_placeholder("做什么").fill("付清两万四")
    await picture(mediator, artifacts, "mediator-outcome")
    await form.get_by_role("button", name="登记，告诉居民").click()
    await expect(panel.get_by_text("司法确认")).to_be_visible()
    await picture(mediator, artifacts, "mediator-agreed")
