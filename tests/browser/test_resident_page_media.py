"""Photos and voices on the resident's page, and what the officer sees of them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.bot.test_telegram_in import PDF, PNG
from tests.browser.moves import answered, lines, log_in, open_of, picture, say

pytestmark = pytest.mark.browser

STORY = "翠湖花园3栋电梯坏了半个月了，物业一直不修"
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def chosen(*files: tuple[str, str, bytes]) -> list[FilePayload]:
    """Files as the phone's chooser gives them."""
    return [{"name": name, "mimeType": mime, "buffer": data} for name, mime, data in files]


async def choose(page: Page, files: list[FilePayload]) -> None:
    """The resident taps 照片 and picks."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="照片", exact=True).click()
    await (await chooser.value).set_files(files)


async def test_photos_chosen_together_are_one_line_and_one_answer(
    phone: Page, artifacts: Path
) -> None:
    await say(phone, STORY)
    await answered(phone, 1)
    await choose(phone, chosen(*((f"{n}.png", "image/png", PNG + bytes([n])) for n in range(3))))
    await answered(phone, 2)
    own = lines(phone, "resident")
    await expect(own).to_have_count(2)
    await expect(own.last.locator("img")).to_have_count(3)
    await expect(lines(phone, "bot").last).to_contain_text("3张照片")
    await picture(phone, artifacts, "resident-photos-phone")
    await phone.reload()
    await expect(lines(phone, "resident").last.locator("img")).to_have_count(3)


async def test_a_file_that_cannot_be_kept_is_told(phone: Page) -> None:
    await choose(
        phone,
        chosen(("a.gif", "image/gif", GIF), ("b.svg", "image/svg+xml", b"<svg><script/></svg>")),
    )
    await expect(phone.get_by_role("alert")).to_contain_text("1 个文件收不下")
    await expect(lines(phone, "resident").locator("img")).to_have_count(1)


async def test_files_chosen_offline_wait_and_go_together(phone: Page) -> None:
    await say(phone, "你好")
    await answered(phone, 1)
    await phone.context.set_offline(True)
    await choose(phone, chosen(("a.png", "image/png", PNG), ("合同.pdf", "application/pdf", PDF)))
    await expect(phone.get_by_role("button", name="点这里重试")).to_be_visible()
    await phone.context.set_offline(False)
    await expect(lines(phone, "resident")).to_have_count(2)
    await expect(lines(phone, "resident").last).to_contain_text("合同.pdf")
    await expect(lines(phone, "resident").last.locator("img")).to_have_count(1)


async def test_a_voice_is_recorded_sent_and_waits_for_an_officer(
    phone: Page, desk: Page, artifacts: Path
) -> None:
    await log_in(desk)
    await say(phone, STORY)
    await answered(phone, 1)
    await phone.get_by_role("button", name="语音", exact=True).click()
    await expect(phone.get_by_text("正在录音")).to_be_visible()
    await expect(phone.get_by_role("group", name="录音")).to_contain_text("0:01")
    await picture(phone, artifacts, "resident-recording-phone")
    await phone.get_by_role("button", name="发送语音").click()
    await answered(phone, 2)
    await expect(lines(phone, "resident").last.locator("audio")).to_have_count(1)
    await expect(lines(phone, "bot").last).to_contain_text("语音收到了")

    await open_of(desk, phone, "全部")
    turn = desk.locator("article.resident").last
    await expect(turn.get_by_text("语音 · 待听")).to_be_visible()
    await expect(desk.locator(".row.chosen").get_by_text("语音待听")).to_be_visible()
    await picture(desk, artifacts, "console-voice-desktop")
    await turn.locator("audio").evaluate("(player) => player.play()")
    await expect(desk.get_by_text("语音 · 待听")).to_have_count(0)
    await expect(desk.get_by_text("语音待听")).to_have_count(0)
    length: float = await turn.locator("audio").evaluate("(player) => player.readyState")
    assert length > 0  # it can be played


async def test_a_recording_can_be_thrown_away(phone: Page) -> None:
    await phone.get_by_role("button", name="语音", exact=True).click()
    await phone.get_by_role("button", name="取消").click()
    await expect(phone.get_by_role("button", name="语音", exact=True)).to_be_visible()
    await say(phone, "你好")
    await answered(phone, 1)
    await expect(lines(phone, "resident")).to_have_count(1)


async def test_where_a_browser_cannot_record_the_phone_does(phone: Page) -> None:
    await phone.add_init_script("delete window.MediaRecorder")
    await phone.reload()
    async with phone.expect_file_chooser() as chooser:
        await phone.get_by_role("button", name="语音", exact=True).click()
    ogg = b"OggS\0\x02" + bytes(22) + b"OpusHead" + bytes(20)
    await (await chooser.value).set_files(chosen(("录音.ogg", "audio/ogg", ogg)))
    await answered(phone, 1)
    await expect(lines(phone, "bot").last).to_contain_text("语音收到了")


async def test_a_location_is_sent(phone: Page) -> None:
    await phone.context.grant_permissions(["geolocation"])
    await phone.context.set_geolocation({"latitude": 31.2304, "longitude": 121.4737})
    await phone.get_by_role("button", name="位置", exact=True).click()
    await expect(lines(phone, "resident").last).to_contain_text("已发送位置")
    await answered(phone, 1)


async def test_without_a_permission_the_address_is_asked_for(phone: Page) -> None:
    await phone.context.clear_permissions()
    await phone.add_init_script(
        "navigator.geolocation.getCurrentPosition = (_, no) => no({code: 1, PERMISSION_DENIED: 1})"
    )
    await phone.reload()
    await phone.get_by_role("button", name="位置", exact=True).click()
    await expect(phone.get_by_role("alert")).to_contain_text("请直接写下地址")
