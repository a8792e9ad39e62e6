"""Takes the screenshots of the README from a running `jiesu serve --demo` on an empty data folder.

JIESU_DEMO_PASSWORD=… .venv/bin/python docs/images/take.py http://127.0.0.1:8000
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

HERE = Path(__file__).parent
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
WAGES = (
    "我在河西安置房工地干活，宏达建筑公司拖欠我们三个月工资，一共十二个人，合计二十八万八，没有签合同，"
    "电话13800000000"
)
OTHERS = (
    "幸福里3号楼电梯坏了一个礼拜，物业一直不来修",
    "幸福里二期5栋，楼上天天半夜拖桌子，吵得孩子睡不着",
    "滨河路的路灯坏了好几盏，晚上看不见路",
)
DESPAIR = "钱要不回来，我真的不想活了"


def page_of(browser: Browser, base: str, size: ViewportSize) -> Page:
    context = browser.new_context(
        viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=base
    )
    return context.new_page()


def take(page: Page, name: str) -> None:
    page.screenshot(path=HERE / f"{name}.png", animations="disabled")


def say(page: Page, text: str) -> None:
    bot = page.locator("li.message.bot")
    before = bot.count()
    page.get_by_label("写下您要反映的问题").fill(text)
    page.get_by_role("button", name="发送").click()
    expect(bot.nth(before)).to_be_visible()


def resident(browser: Browser, base: str) -> Page:
    page = page_of(browser, base, PHONE)
    page.goto("/chat")
    return page


def file_wages(page: Page) -> None:
    take(page, "resident-welcome")
    say(page, WAGES)
    submit = page.get_by_role("button", name="对，提交")
    which = page.get_by_role("button", name="拖欠工资", exact=True)
    expect(submit.or_(which).last).to_be_enabled()
    if which.is_visible():
        which.click()
    expect(submit).to_be_enabled()
    take(page, "resident-readback")
    submit.click()
    expect(page.get_by_text("登记好了")).to_be_visible()


def log_in(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(os.environ["JIESU_DEMO_PASSWORD"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("实时").first).to_be_visible()
    known = page.get_by_role("button", name="知道了")
    if known.is_visible():  # a year whose public holidays are not published yet
        known.click()


def hear_alarms(page: Page) -> None:
    """已收到 for every alarm: danger rings over every page until somebody says so."""
    banner = page.get_by_role("alertdialog", name="人身危险预警")
    expect(banner).to_be_visible()
    take(page, "console-alarm")
    while banner.is_visible():
        seen = banner.get_by_role("button", name="已收到", exact=True)
        before = seen.count()
        seen.first.click()
        expect(seen).to_have_count(before - 1)


def open_of(page: Page, phone: Page, view: str) -> None:
    session = phone.evaluate("JSON.parse(localStorage.getItem('jiesu.chat.session'))")
    page.get_by_role("tab", name=view).click()
    page.locator(f"#row-{session['conversation_id']}").click()
    expect(page.get_by_role("log")).to_be_visible()


def talk(desk: Page, phone: Page) -> None:
    desk.get_by_role("button", name="接管会话").click()
    box = desk.get_by_label("回复居民")
    box.fill("您好，我是街道的何敏。工资的事我们马上联系工地，您先别急。")
    box.press("Enter")
    expect(phone.locator("li.message.officer")).to_be_visible()
    phone.get_by_label("写下您要反映的问题").fill("谢谢，孩子下周就要交学费了")
    phone.get_by_role("button", name="发送").click()
    expect(desk.locator("article.resident").last).to_contain_text("学费")
    expect(desk.locator("button.row").first).to_contain_text("学费")
    take(desk, "console-talk")
    take(phone, "resident-officer")


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for text in OTHERS:
            say(resident(browser, base), text)
        wages = resident(browser, base)
        file_wages(wages)
        wages.get_by_role("button", name="人工").click()
        say(resident(browser, base), DESPAIR)

        desk = page_of(browser, base, DESK)
        log_in(desk, "demo-street")
        hear_alarms(desk)
        open_of(desk, wages, "待接")
        desk.get_by_role("button", name="三个月").click()
        expect(desk.locator("mark")).to_be_in_viewport()
        desk.wait_for_timeout(600)  # the scrolling is smooth
        take(desk, "console-queue")
        talk(desk, wages)

        hand = page_of(browser, base, PHONE)
        log_in(hand, "demo-grid2")
        hand.get_by_role("tab", name="全部").click()
        expect(hand.locator("button.row").first).to_be_visible()
        take(hand, "console-phone-list")
        open_of(hand, wages, "全部")
        hand.get_by_role("button", name="案情与工单").click()
        expect(hand.get_by_role("heading", name="案情卷")).to_be_visible()
        take(hand, "console-phone-case")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
