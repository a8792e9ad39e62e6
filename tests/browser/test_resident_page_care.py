"""The resident's page for old eyes, slow hands, and those who must not be seen with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.moves import answered, lines, picture, say

pytestmark = pytest.mark.browser

# 320x370 is a phone of 640 px width at 200 % zoom.
SCREENS = [(360, 740), (320, 568), (320, 370), (844, 390)]
ALWAYS_THERE = ("照片", "语音", "位置", "人工", "发送", "小字", "菜单", "离开")
ALWAYS_THERE_IN_ENGLISH = ("Photo", "Voice", "Place", "Person", "Send", "Smaller", "Menu", "Leave")
SMALLEST_TEXT = """
() => {
  const sizes = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue
    if (element.closest('.only-heard, script, style, noscript')) continue
    sizes.push([parseFloat(getComputedStyle(element).fontSize), walker.currentNode.data.trim()])
  }
  sizes.sort((a, b) => a[0] - b[0])
  return sizes[0]
}
"""
TOO_SMALL = """
() => [...document.querySelectorAll('button, a, input:not([hidden]), textarea')]
  .filter((each) => each.checkVisibility())
  .map((each) => [each.textContent.trim(), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 48 || box.height < 48)
  .map(([text, box]) => `${text} ${Math.round(box.width)}x${Math.round(box.height)}`)
"""


async def enlarge(page: Page) -> None:
    """字大一点."""
    await page.get_by_role("button", name="大字", exact=True).click()
    await expect(page.locator("html.large")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), SCREENS)
async def test_large_type_fits_every_screen(
    phone: Page, width: int, height: int, artifacts: Path
) -> None:
    await phone.set_viewport_size({"width": width, "height": height})
    await enlarge(phone)
    await say(phone, "翠湖花园3栋电梯坏了半个月了，物业一直不修")
    await answered(phone, 1)
    smallest: list[Any] = await phone.evaluate(SMALLEST_TEXT)
    assert smallest[0] >= 20, smallest
    assert await phone.evaluate(TOO_SMALL) == []
    for name in ALWAYS_THERE:
        box = await phone.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    assert await phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await picture(phone, artifacts, f"resident-large-{width}x{height}")


async def test_large_type_is_remembered(phone: Page) -> None:
    await enlarge(phone)
    await phone.reload()
    await expect(phone.get_by_role("button", name="小字", exact=True)).to_be_visible()
    await expect(phone.locator("html.large")).to_have_count(1)
    await phone.get_by_role("button", name="小字", exact=True).click()
    await phone.reload()
    await expect(phone.get_by_role("button", name="大字", exact=True)).to_be_visible()


async def test_english_is_marked_as_english(phone: Page) -> None:
    await say(phone, "The lift in our building has been broken for two weeks")
    await answered(phone, 1)
    await expect(lines(phone, "bot").locator(".text")).to_have_attribute("lang", "en")
    await phone.get_by_label("Write what is wrong").fill("说中文吧")
    await phone.get_by_role("button", name="Send", exact=True).click()
    await answered(phone, 2)
    await expect(lines(phone, "resident").locator(".text[lang=zh-CN]")).to_have_text("说中文吧")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568)])
async def test_who_is_answered_in_english_has_an_english_page(
    phone: Page, width: int, height: int, artifacts: Path
) -> None:
    await phone.set_viewport_size({"width": width, "height": height})
    await enlarge(phone)
    await say(phone, "The lift in our building has been broken for two weeks")
    there = [
        *(phone.get_by_role("button", name=name, exact=True) for name in ALWAYS_THERE_IN_ENGLISH),
        *(phone.get_by_role("link", name=number) for number in ("110", "119", "120")),
    ]
    for each in there:
        await expect(each).to_be_visible()
        box = await each.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert await phone.evaluate(TOO_SMALL) == []
    assert await phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    await expect(phone.locator("html[lang=en]")).to_have_count(1)
    await picture(phone, artifacts, f"resident-english-{width}x{height}")
    await phone.reload()
    await phone.get_by_role("button", name="Menu", exact=True).click()
    await phone.get_by_role("button", name="Talk to a person").click()
    await expect(lines(phone, "resident").last).to_contain_text("Talk to a person")
    await phone.get_by_role("button", name="Menu", exact=True).click()
    await phone.get_by_role("button", name="中文", exact=True).click()
    await expect(phone.get_by_role("button", name="菜单", exact=True)).to_be_visible()


async def test_long_buttons_wrap_and_none_is_cut(phone: Page) -> None:
    await phone.set_viewport_size({"width": 320, "height": 568})
    await enlarge(phone)
    await say(phone, "我要投诉")
    await answered(phone, 1)
    for button in await phone.locator("li.message .buttons button").all():
        box = await button.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 320
        assert await button.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")


async def test_the_menu_says_lines_and_works_from_the_keyboard(phone: Page) -> None:
    menu = phone.get_by_role("button", name="菜单")
    await menu.focus()
    await phone.keyboard.press("Enter")
    first = phone.get_by_role("button", name="查进度", exact=True)
    await expect(first).to_be_focused()
    await expect(menu).to_have_attribute("aria-expanded", "true")
    await phone.keyboard.press("Escape")
    await expect(first).to_have_count(0)
    await expect(menu).to_be_focused()

    said = []
    for title, line in (("查进度", "查进度"), ("我的信息", "/我的信息"), ("English", "English")):
        await menu.click()
        await phone.get_by_role("button", name=title, exact=True).click()
        said.append(line)
        await expect(lines(phone, "resident").locator(".text")).to_have_text(said)
    await phone.get_by_role("button", name="Menu", exact=True).click()  # answered in English
    await phone.get_by_role("button", name="Larger type").click()
    await expect(phone.locator("html.large")).to_have_count(1)


async def test_all_can_be_reached_with_the_tab_key(phone: Page) -> None:
    await say(phone, "翠湖花园3栋电梯坏了半个月了，物业一直不修")
    await answered(phone, 1)
    await phone.evaluate("document.activeElement.blur()")
    reached = []
    for _ in range(24):
        await phone.keyboard.press("Tab")
        found: str = await phone.evaluate(
            "document.activeElement.getAttribute('aria-label') "
            "|| document.activeElement.textContent.trim()"
        )
        reached.append(found)
    wanted = ["大字", "菜单", "离开", "报警 110", "对话内容", "照片", "语音", "位置", "人工"]
    assert [each for each in reached if each in wanted][: len(wanted)] == wanted
    assert "写下您要反映的问题" in reached


async def test_new_messages_are_told_to_those_who_listen(phone: Page) -> None:
    await say(phone, "你好")
    await answered(phone, 1)
    log = phone.get_by_role("log")
    await expect(log).to_contain_text("智能助手说：")
    await expect(log).to_contain_text("我说：")
    assert await log.get_attribute("aria-live") in {None, "polite"}  # a log is polite by itself


async def test_leaving_clears_the_screen_and_keeps_the_matter(phone: Page) -> None:
    async def neutral(route: Route) -> None:
        await route.fulfill(content_type="text/html; charset=utf-8", body="<title>天气</title>晴")

    await phone.route("https://**", neutral)
    await say(phone, "楼上天天吵，别让他们知道是我说的")
    await answered(phone, 1)
    await phone.get_by_role("button", name="离开", exact=True).click()
    await expect(phone).to_have_title("天气")
    assert phone.url.startswith("https://")
    assert await phone.go_back() is None or "/chat" not in phone.url

    await phone.goto("/chat")
    again = phone.get_by_role("button", name="接着上次说")
    await expect(again).to_be_visible()
    assert "楼上" not in await phone.inner_text("body")
    await expect(phone.get_by_role("log")).to_have_count(0)
    await again.click()
    await expect(lines(phone, "resident").locator(".text")).to_have_text(
        ["楼上天天吵，别让他们知道是我说的"]
    )


async def test_without_a_network_the_page_says_so(phone: Page) -> None:
    await say(phone, "你好")
    await answered(phone, 1)
    await phone.context.set_offline(True)
    await expect(phone.get_by_text("手机没有网络")).to_be_visible()
    await say(phone, "电梯坏了")
    await phone.context.set_offline(False)
    await expect(phone.get_by_text("手机没有网络")).to_have_count(0)
    await expect(lines(phone, "resident")).to_have_count(2)
