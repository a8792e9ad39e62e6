"""Takes the screenshot of Telegram: a chat on the local Bot API server, taken over in the console.

.venv/bin/python -m tests.bot_api --port 8081
JIESU_TELEGRAM_API_BASE=http://127.0.0.1:8081 JIESU_TELEGRAM_TOKEN=42:TEST make run
JIESU_DEMO_PASSWORD=… .venv/bin/python docs/images/take_telegram.py http://127.0.0.1:8000 http://127.0.0.1:8081
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

HERE = Path(__file__).parent


def say(telegram: Page, text: str, lines: int) -> None:
    """Send a line and wait until so many lines stand in the chat."""
    telegram.locator("#text").fill(text)
    telegram.get_by_role("button", name="发送").click()
    expect(telegram.locator("#lines > *")).to_have_count(lines)


def take_over(desk: Page, base: str) -> None:
    """An officer takes the newest conversation over and says a word."""
    desk.goto(base)
    desk.get_by_label("用户名").fill("demo-street")
    desk.get_by_label("密码").fill(os.environ["JIESU_DEMO_PASSWORD"])
    desk.get_by_role("button", name="登录").click()
    desk.get_by_role("tab", name="全部").click()
    desk.locator("button.row").first.click()
    desk.get_by_role("button", name="接管会话").click()
    box = desk.get_by_label("回复居民")
    box.fill("张三您好，我是街道的何敏，今天下午就去工地。")
    box.press("Enter")


def main(base: str, telegram_base: str) -> None:
    """One complaint, one take-over, one picture."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        telegram = browser.new_page(viewport={"width": 1100, "height": 900})
        telegram.goto(telegram_base)
        telegram.locator("#chats > *").first.click()
        say(telegram, "幸福里工地的宏景建安公司欠我们七个人五个月工资", 2)
        say(telegram, "一共十四万六，没签合同，电话13900001111", 4)
        telegram.get_by_role("button", name="对，提交").last.click()
        expect(telegram.get_by_text("登记好了").last).to_be_visible()
        desk = browser.new_page(
            viewport={"width": 1280, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        take_over(desk, base)
        expect(telegram.get_by_text("今天下午就去工地").last).to_be_visible()
        say(telegram, "好的好的，谢谢", 7)
        telegram.screenshot(path=HERE / "telegram-taken-over.png", animations="disabled")
        expect(desk.locator("article.resident").last).to_contain_text("好的好的")
        desk.screenshot(path=HERE / "console-telegram.png", animations="disabled")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
