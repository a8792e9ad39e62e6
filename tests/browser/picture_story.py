"""Plays a whole conversation in a real browser and keeps its pictures for docs/conversation.md.

    .venv/bin/python -m tests.browser.picture_story

A demo street is served on a free port; a resident's phone and an officer's desk talk through it.
Each picture is a WebP of at most 60 KB in docs/pictures/conversation.
"""

from __future__ import annotations

import asyncio
import base64
import shutil
import struct
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.conftest import Serving
from tests.browser.moves import answered, lines, log_in, open_of, reply, say, take_over
from tests.fixtures.chromium import FLAGS, NAMES
from tests.house.tree import ROOT

FOLDER = ROOT / "docs" / "pictures" / "conversation"
MOST_BYTES = 60_000
QUALITIES = (0.85, 0.75, 0.6, 0.45, 0.3)
SMALLEST = """
async ([png, quality]) => {
  const image = new Image()
  image.src = 'data:image/png;base64,' + png
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  canvas.getContext('2d').drawImage(image, 0, 0)
  return canvas.toDataURL('image/webp', quality).split(',')[1]
}
"""
STORY = "翠湖花园3栋的电梯坏了半个月了，物业一直说在修，我妈腿不好下不了楼"
DANGER = "我不想活了，我现在就站在楼顶上"


@dataclass
class Album:
    """Where the pictures go; a page of its own makes them small."""

    press: Page

    async def keep(self, page: Page, name: str) -> None:
        """One picture of what is on screen."""
        await page.wait_for_timeout(400)  # what fades or slides in has arrived
        png = base64.b64encode(await page.screenshot(animations="disabled")).decode()
        for quality in QUALITIES:
            data = base64.b64decode(await self.press.evaluate(SMALLEST, [png, quality]))
            if len(data) <= MOST_BYTES:
                break
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{name}.webp").write_bytes(data)
        print(f"{name}.webp {len(data)} bytes")  # noqa: T201 - a script says what it made


def stain(red: int) -> bytes:
    """A photo of a wall, more or less: a PNG whose colour runs from light to dark."""
    width, height = 320, 240
    rows = b"".join(
        b"\0" + bytes(c for x in range(width) for c in (red - y // 3, 150 - x // 4, 120 - y // 4))
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


async def phone_of(browser: Browser, serving: Serving) -> tuple[BrowserContext, Page]:
    """A resident's phone, on the chat page."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 740},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=serving.url,
    )
    page = await context.new_page()
    await page.goto("/chat")
    await expect(page.get_by_text("有难处，说给我们听")).to_be_visible()
    return context, page


async def next_answer(page: Page, before: int) -> None:
    """Wait for one more line of the bot."""
    await answered(page, before + 1)


async def ask(page: Page, text: str) -> None:
    """Say a line and wait for its answer."""
    before = await lines(page, "bot").count()
    await say(page, text)
    await next_answer(page, before)


async def file_it(phone: Page, album: Album) -> None:
    """From the greeting to the receipt."""
    await album.keep(phone, "01-welcome")
    await ask(phone, STORY)
    await album.keep(phone, "02-story")
    before = await lines(phone, "bot").count()
    photos = [
        {"name": f"{n}.png", "mimeType": "image/png", "buffer": stain(180 + 20 * n)}
        for n in range(2)
    ]
    async with phone.expect_file_chooser() as chooser:
        await phone.get_by_role("button", name="照片", exact=True).click()
    await (await chooser.value).set_files(photos)  # type: ignore[arg-type]
    await next_answer(phone, before)
    await album.keep(phone, "03-photos")
    submit = phone.get_by_role("button", name="对，提交").last
    for line in ("13900001111", "不知道", "不知道", "不知道"):
        await ask(phone, line)
        if await submit.is_visible():
            break
    await album.keep(phone, "04-readback")
    before = await lines(phone, "bot").count()
    await submit.click()
    await next_answer(phone, before)
    await album.keep(phone, "05-receipt")
    await ask(phone, "我那事咋样了")
    await album.keep(phone, "06-progress")


async def talk(phone: Page, desk: Page, album: Album) -> None:
    """An officer takes over, answers, and gives the conversation back."""
    await log_in(desk)
    await ask(phone, "我想找个人说说，我妈明天要去医院")
    await open_of(desk, phone, "全部")
    await take_over(desk)
    await reply(desk, "您好，我是街道的何敏。明天上午八点我和社区的人到楼下，一起把老人背下来。")
    await expect(lines(phone, "officer").last).to_contain_text("何敏")
    await say(phone, "太谢谢了，八点我们等着")
    await expect(desk.locator("article.resident").last).to_contain_text("八点我们等着")
    await album.keep(desk, "07-desk")
    await album.keep(phone, "08-officer")
    await desk.get_by_role("button", name="交还机器人").click()
    await expect(desk.get_by_role("button", name="接管会话")).to_be_visible()


async def resolve(phone: Page, desk: Page, album: Album) -> None:
    """The result, and what the resident makes of it."""
    case = desk.get_by_role("region", name="工单")
    await case.get_by_role("button", name="更多", exact=True).click()
    await case.get_by_role("button", name="签收").click()
    await case.get_by_role("button", name="反馈办理结果").click()
    result = "电梯主板已更换，今天下午验收，恢复运行。物业答应每月公示一次维保记录。"
    await desk.get_by_role("textbox", name="办理结果").fill(result)
    await desk.get_by_role("dialog").get_by_text("已答复", exact=True).click()
    await desk.get_by_role("button", name="确认反馈办理结果").click()
    await expect(phone.get_by_text("恢复运行").last).to_be_visible()
    await album.keep(phone, "09-result")
    before = await lines(phone, "bot").count()
    await phone.get_by_role("button", name="5分").last.click()
    await next_answer(phone, before)
    await album.keep(phone, "10-rated")


async def large_and_danger(browser: Browser, serving: Serving, album: Album) -> None:
    """字大一点 with the menu open; and a line that is about a life."""
    context, phone = await phone_of(browser, serving)
    await phone.get_by_role("button", name="大字", exact=True).click()
    await ask(phone, "楼上天天半夜咚咚跳，吵得我睡不着")
    await album.keep(phone, "11-large")
    await phone.get_by_role("button", name="菜单").click()
    await album.keep(phone, "12-menu")
    await context.close()
    context, phone = await phone_of(browser, serving)
    await ask(phone, DANGER)
    await album.keep(phone, "13-danger")
    await context.close()


async def play(serving: Serving) -> None:
    """The whole story."""
    chromium = next(path for name in NAMES if (path := shutil.which(name)))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        album = Album(await browser.new_page())
        context, phone = await phone_of(browser, serving)
        desk = await browser.new_page(
            viewport={"width": 1280, "height": 800},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=serving.url,
        )
        await desk.goto("/")
        await file_it(phone, album)
        await talk(phone, desk, album)
        await resolve(phone, desk, album)
        await context.close()
        await large_and_danger(browser, serving, album)
        await browser.close()


def main() -> None:
    """Serve, play, stop."""
    with tempfile.TemporaryDirectory() as folder:
        serving = Serving(Path(folder))
        serving.start()
        try:
            asyncio.run(play(serving))
        finally:
            serving.stop()


if __name__ == "__main__":
    main()
