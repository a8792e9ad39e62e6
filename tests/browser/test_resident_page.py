"""The resident's page on a phone: a complaint becomes a case, and no line is lost or doubled."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, Response, Route, expect

from tests.browser.moves import NUMBER, answered, complain, lines, picture, say

pytestmark = pytest.mark.browser

MOST_SCRIPT_BYTES = 60_000


async def test_a_complaint_becomes_a_case_and_survives_a_reload(
    phone: Page, artifacts: Path
) -> None:
    await expect(phone.get_by_text("智能助手，不是真人", exact=True)).to_be_visible()
    await picture(phone, artifacts, "resident-welcome-phone")
    submit = await complain(phone)
    await picture(phone, artifacts, "resident-readback-phone")
    await submit.click()
    receipt = lines(phone, "bot").filter(has_text="登记好了")
    await expect(receipt.locator(".whole")).to_have_text(re.compile(f"^{NUMBER}$"))
    await expect(submit).to_be_disabled()
    await picture(phone, artifacts, "resident-case-phone")

    before = await phone.locator("li.message .text").all_inner_texts()
    await phone.reload()
    await expect(phone.locator("li.message .text")).to_have_text(before)


async def test_a_line_whose_answer_is_lost_is_retried_and_stored_once(
    phone: Page, artifacts: Path
) -> None:
    await say(phone, "你好")
    await answered(phone, 1)

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort("connectionreset")

    await phone.route("**/api/chat/messages", lose_the_answer)
    await phone.route("**/api/chat/events*", lambda route: route.abort())
    await phone.reload()
    await say(phone, "楼上漏水到我家了")
    again = phone.get_by_role("button", name="点这里重试")
    await expect(again).to_be_visible()
    await expect(phone.get_by_text("连接中断，正在重连")).to_be_visible()
    await picture(phone, artifacts, "resident-failed-phone")

    await phone.unroute_all()
    await phone.reload()
    await expect(lines(phone, "resident").filter(has_text="楼上漏水")).to_have_count(1)
    await expect(again).to_have_count(0)


async def test_a_line_written_offline_waits_and_keeps_its_place(phone: Page) -> None:
    await say(phone, "你好")
    await answered(phone, 1)
    await phone.context.set_offline(True)
    await say(phone, "电梯坏了")
    await expect(phone.get_by_role("button", name="点这里重试")).to_be_visible()
    await say(phone, "已经一个星期了")
    await expect(phone.get_by_role("button", name="点这里重试")).to_have_count(2)
    await phone.context.set_offline(False)
    await expect(lines(phone, "resident")).to_have_count(3)
    await expect(lines(phone, "resident").locator(".text")).to_have_text(
        ["你好", "电梯坏了", "已经一个星期了"]
    )
    await expect(phone.get_by_role("button", name="点这里重试")).to_have_count(0)


async def test_enter_picks_a_word_while_composing_and_sends_afterwards(phone: Page) -> None:
    box = phone.get_by_label("写下您要反映的问题")
    await box.focus()
    input_method = await phone.context.new_cdp_session(phone)
    await input_method.send(
        "Input.imeSetComposition", {"text": "dianti", "selectionStart": 6, "selectionEnd": 6}
    )
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    await input_method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    await input_method.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    await expect(box).to_have_value("dianti")
    await expect(phone.locator("li.message")).to_have_count(0)

    await input_method.send("Input.insertText", {"text": "电梯坏了"})
    await expect(box).to_have_value("电梯坏了")
    await box.press("Enter")
    await expect(box).to_have_value("")
    await expect(lines(phone, "resident")).to_have_count(1)


async def test_what_a_resident_writes_is_never_markup(phone: Page) -> None:
    await say(phone, "<img src=x onerror=\"document.title='broken'\"><b>急</b>")
    await answered(phone, 1)
    await expect(lines(phone, "resident").locator(".text")).to_contain_text("<b>急</b>")
    await expect(phone.locator("li.message b, li.message img")).to_have_count(0)
    assert await phone.title() != "broken"


async def test_a_forgotten_session_starts_anew_and_keeps_what_was_never_sent(phone: Page) -> None:
    await phone.context.set_offline(True)
    await say(phone, "水管爆了")
    await expect(phone.get_by_role("button", name="点这里重试")).to_be_visible()
    # A page that is going away may still hear the network come back, and open a session of its own:
    # it is closed first, and the next one finds the forgotten session before its first script runs.
    context, page = phone.context, phone.url
    await phone.close()
    await context.add_init_script(
        """localStorage.setItem(
            'jiesu.chat.session', JSON.stringify({ token: 'gone', conversation_id: 'gone' }))"""
    )
    await context.set_offline(False)
    again = await context.new_page()
    await again.goto(page)
    await expect(again.get_by_text("上一次对话已经结束")).to_be_visible()
    await expect(lines(again, "resident").locator(".text")).to_have_text(["水管爆了"])
    await answered(again, 1)


async def test_the_page_is_light(phone: Page) -> None:
    scripts: list[Response] = []

    def note(response: Response) -> None:
        if response.url.endswith(".js"):
            scripts.append(response)

    phone.on("response", note)
    await phone.reload(wait_until="networkidle")
    sent = [len(gzip.compress(await script.body())) for script in scripts]
    assert 0 < sum(sent) < MOST_SCRIPT_BYTES
