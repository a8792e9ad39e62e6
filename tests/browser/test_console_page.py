"""The console on a desk and in a hand: take-over, talk both ways, resolve, drafts, login."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Serving
from tests.browser.moves import (
    answered,
    complain,
    lines,
    log_in,
    open_of,
    picture,
    reply,
    reply_box,
    say,
    take_over,
)

pytestmark = pytest.mark.browser


async def test_a_wrong_password_is_told_in_words(desk: Page, artifacts: Path) -> None:
    await desk.get_by_label("用户名").fill("demo-street")
    await desk.get_by_label("密码").fill("wrong")
    await desk.get_by_role("button", name="登录").click()
    await expect(desk.get_by_role("alert")).not_to_be_empty()
    await picture(desk, artifacts, "console-login-desktop")
    await log_in(desk)


async def test_take_over_and_talk_both_ways(phone: Page, desk: Page, artifacts: Path) -> None:
    await log_in(desk)
    await complain(phone)
    before = await lines(phone, "bot").count()
    await phone.get_by_role("button", name="人工").click()
    await answered(phone, before + 1)

    await open_of(desk, phone)
    await expect(desk.get_by_text("拖欠我三个月工资").first).to_be_visible()
    await picture(desk, artifacts, "console-waiting-desktop")
    await take_over(desk)
    await reply(desk, "您好，我是街道的何敏，您慢慢说。")
    await expect(lines(phone, "officer")).to_contain_text("您慢慢说")
    await expect(lines(phone, "officer")).to_contain_text("工作人员")
    await expect(phone.get_by_text("回复了您")).to_be_visible()

    bot_lines = await lines(phone, "bot").count()
    await say(phone, "孩子下周要交学费了")
    await expect(desk.locator("article.resident").last).to_contain_text("学费")
    await picture(desk, artifacts, "console-talk-desktop")
    await picture(phone, artifacts, "resident-human-phone")
    assert await lines(phone, "bot").count() == bot_lines


async def test_words_of_the_dossier_are_shown_in_their_place(phone: Page, desk: Page) -> None:
    await log_in(desk)
    await complain(phone)
    await open_of(desk, phone, "全部")
    await desk.get_by_role("button", name="“两万四”").click()
    await expect(desk.locator("mark")).to_have_text("两万四")
    await expect(desk.locator("mark")).to_be_in_viewport()


async def test_a_case_is_resolved_with_a_result(phone: Page, desk: Page, artifacts: Path) -> None:
    await log_in(desk)
    await (await complain(phone)).click()
    await open_of(desk, phone, "全部")
    case = desk.get_by_role("region", name="工单")
    await case.get_by_role("button", name="更多", exact=True).click()
    await case.get_by_role("button", name="签收").click()
    await expect(case.get_by_text("办理中")).to_be_visible()
    await case.get_by_role("button", name="反馈办理结果").click()
    confirm = desk.get_by_role("button", name="确认反馈办理结果")
    await expect(confirm).to_be_disabled()
    await desk.get_by_role("textbox", name="办理结果").fill("已督促用工单位付清欠薪 24000 元。")
    await expect(confirm).to_be_disabled()  # how it ended is still to be said
    await desk.get_by_text("已答复", exact=True).click()
    await picture(desk, artifacts, "console-resolve-desktop")
    await confirm.click()
    await expect(case.get_by_text("已反馈待核实")).to_be_visible()
    await expect(lines(phone, "officer").filter(has_text="付清欠薪").first).to_be_visible()
    await picture(phone, artifacts, "resident-resolved-phone")


async def test_the_draft_is_kept_per_conversation(phone: Page, desk: Page) -> None:
    await log_in(desk)
    await say(phone, "人工")
    await answered(phone, 1)
    await open_of(desk, phone)
    await take_over(desk)
    await reply_box(desk).fill("还没写完的")
    await desk.goto("/#/cases")
    await desk.go_back()
    await expect(reply_box(desk)).to_have_value("还没写完的")
    await desk.reload()
    await expect(reply_box(desk)).to_have_value("还没写完的")


async def test_enter_picks_a_word_while_composing(phone: Page, desk: Page) -> None:
    await log_in(desk)
    await say(phone, "人工")
    await answered(phone, 1)
    await open_of(desk, phone)
    await take_over(desk)
    await reply_box(desk).focus()
    input_method = await desk.context.new_cdp_session(desk)
    composing = {"text": "nihao", "selectionStart": 5, "selectionEnd": 5}
    await input_method.send("Input.imeSetComposition", composing)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    await input_method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    await expect(reply_box(desk)).to_have_value("nihao")
    await input_method.send("Input.insertText", {"text": "您好"})
    await reply_box(desk).press("Shift+Enter")
    await expect(reply_box(desk)).to_have_value("您好\n")
    await expect(desk.locator("article.officer")).to_have_count(0)
    await reply_box(desk).press("Enter")
    await expect(lines(phone, "officer")).to_contain_text("您好")


async def test_the_loser_of_a_take_over_is_told_and_keeps_the_draft(
    browser: Browser, serving: Serving, phone: Page, desk: Page
) -> None:
    await log_in(desk)
    await say(phone, "人工")
    await answered(phone, 1)
    await open_of(desk, phone)
    await take_over(desk)
    await reply_box(desk).fill("我来处理")
    address = desk.url

    context = await browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", base_url=serving.url
    )
    other = await context.new_page()
    await other.goto(address)
    await log_in_elsewhere(other)
    await expect(other.get_by_text("您现在不能回复")).to_be_visible()
    await expect(reply_box(other)).to_have_count(0)

    await desk.get_by_role("button", name="放回队列").click()
    await take_over(other)
    await expect(desk.get_by_text("您没发出的草稿还留着")).to_be_visible()
    await expect(reply_box(desk)).to_have_count(0)
    await context.close()


async def log_in_elsewhere(page: Page) -> None:
    """Log in on a page that was opened at a conversation."""
    await log_in(page, "demo-admin")


async def test_the_grid_worker_does_it_all_on_a_phone(
    phone: Page, hand: Page, artifacts: Path
) -> None:
    submit = await complain(phone)
    await submit.click()
    await expect(submit).to_be_disabled()
    await log_in(hand, "demo-grid2")
    await picture(hand, artifacts, "console-queue-phone")
    await open_of(hand, phone, "全部")
    await take_over(hand)
    await reply(hand, "我半小时后到。")
    await expect(lines(phone, "officer")).to_contain_text("半小时")
    await picture(hand, artifacts, "console-talk-phone")
    await hand.get_by_role("button", name="案情与工单").click()
    await expect(hand.get_by_role("region", name="工单")).to_be_visible()
    await picture(hand, artifacts, "console-dossier-phone")
    await hand.get_by_role("button", name="← 列表").click()
    await expect(hand.get_by_role("heading", name="会话", exact=True)).to_be_visible()
