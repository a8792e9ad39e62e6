"""Takes the README's pictures of casework from a running `jiesu serve --demo --lively`.

JIESU_DEMO_PASSWORD=… .venv/bin/python docs/images/take_casework.py http://127.0.0.1:8000
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

HERE = Path(__file__).parent
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}


def officer(browser: Browser, base: str, username: str, size: ViewportSize) -> Page:
    context = browser.new_context(
        viewport=size,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=base,
        geolocation={"latitude": 30.6586, "longitude": 104.0648},
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(os.environ["JIESU_DEMO_PASSWORD"])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    return page


def open_case(page: Page, words: str) -> None:
    page.goto("/#/cases")
    page.locator("button.row", has_text=words).click()
    expect(page.get_by_label("工单", exact=True).get_by_text("手上")).to_be_visible()
    expect(page.get_by_label("工单", exact=True).get_by_text("来源")).to_be_visible()


def take(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(800)  # panels come one after the other
    page.screenshot(path=HERE / f"{name}.png", animations="disabled")


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--headless", "--no-sandbox", "--disable-gpu"],
        )
        hand = officer(browser, base, "demo-grid", PHONE)
        open_case(hand, "道路")
        take(hand, "casework-phone-case")
        hand.goto("/#/capture")
        hand.get_by_role("button", name="路灯").click()
        hand.get_by_role("button", name="不亮了").click()
        take(hand, "casework-phone-capture")

        department = officer(browser, base, "demo-department", PHONE)
        department.goto("/#/checkin")
        department.get_by_role("button", name="签收").click()
        expect(department.get_by_text("已签收")).to_be_visible()
        department.get_by_role("button", name="我到了").click()
        expect(department.get_by_text("已到场")).to_be_visible()
        desk = officer(browser, base, "demo-street", DESK)
        desk.get_by_role("button", name="知道了").click()
        open_case(desk, "高新区工地")
        take(desk, "casework-desk-whistle")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
