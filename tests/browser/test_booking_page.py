"""预约接待 on the page: times are opened, booked in the chat, and seen by who receives."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from casework.working_calendar import CHINA
from tests.browser.moves import answered, lines, log_in, picture, say

pytestmark = pytest.mark.browser
DAY = re.compile(r"(\d+)月(\d+)日")
WEEK = ("一", "二", "三", "四", "五", "六", "日")


async def opens(desk: Page, artifacts: Path) -> None:
    """The street's officer opens a time every day."""
    await log_in(desk, "demo-street")
    await desk.goto(f"{desk.url.split('#')[0]}#/booking")
    await desk.get_by_role("button", name="开放的时间").click()
    await desk.get_by_role("button", name="开放时间", exact=True).click()
    form = desk.get_by_label("开放时间")
    for day in WEEK:
        if day != "三":
            await form.locator(".week").get_by_text(day, exact=True).click()
    await form.get_by_label("地点").fill("街道办事处一楼接待室")
    await form.get_by_label("要带的材料").fill("身份证，以前的答复")
    await form.get_by_text("居民可以点名约他").click()
    await picture(desk, artifacts, "console-booking-form-desktop")
    await desk.set_viewport_size({"width": 390, "height": 1500})
    await picture(desk, artifacts, "console-booking-form-phone")
    await desk.set_viewport_size({"width": 1280, "height": 900})
    await form.get_by_role("button", name="开放", exact=True).click()
    await expect(desk.get_by_text("每周一、周二、周三、周四、周五、周六、周日")).to_be_visible()


async def books(phone: Page, artifacts: Path) -> date:
    """A resident books the next one, by buttons; returns the day."""
    await say(phone, "我想见领导")
    await answered(phone, 1)
    await expect(lines(phone, "bot").last).to_contain_text("领导接访日")
    await picture(phone, artifacts, "resident-booking-phone")
    times = phone.locator("button", has_text="9:00")
    await times.first.click()
    await answered(phone, 2)
    await phone.get_by_role("button", name="就约这个").click()
    await answered(phone, 3)
    booked = lines(phone, "bot").last
    await expect(booked).to_contain_text("请带上身份证、以前的答复")
    return day_told(await booked.inner_text(), datetime.now(CHINA).date())


def day_told(text: str, today: date) -> date:
    """The day the bot names."""
    told = DAY.search(text)
    if told is None:
        return today + timedelta(days="明天" in text)
    day = date(today.year, int(told[1]), int(told[2]))
    return day if day >= today else day.replace(year=today.year + 1)


async def receives(desk: Page, day: date) -> bool:
    """On the day itself who booked has come; until then only somebody who has not, and False."""
    today = datetime.now(CHINA).date()
    await desk.get_by_label("哪一天").fill(day.isoformat())
    await expect(desk.get_by_text("没留称呼")).to_be_visible()
    came = desk.get_by_role("button", name="来了", exact=True)
    if day == today:
        await came.click()
        return True
    await expect(came).to_be_hidden()
    await desk.get_by_label("哪一天").fill(today.isoformat())
    await desk.get_by_role("button", name="记一批").click()
    return False


async def test_times_are_opened_booked_and_ticked_off(
    phone: Page, desk: Page, artifacts: Path
) -> None:
    await opens(desk, artifacts)
    day = await books(phone, artifacts)
    await desk.get_by_role("button", name="谁来").click()
    await desk.get_by_label("哪一天").fill(day.isoformat())
    await expect(desk.get_by_text("没留称呼")).to_be_visible()
    await picture(desk, artifacts, "console-booking-desktop")
    await desk.set_viewport_size({"width": 390, "height": 844})
    await desk.get_by_role("button", name="改时间").click()
    await desk.locator("form.move .el-select").click()
    await desk.get_by_role("option").first.click()
    await picture(desk, artifacts, "console-booking-move-phone")
    await desk.get_by_role("button", name="改，告诉居民").click()
    moved = lines(phone, "bot").last
    await expect(moved).to_contain_text("您的预约改到")
    came = await receives(desk, day_told(await moved.inner_text(), datetime.now(CHINA).date()))
    await desk.get_by_label("定了什么").fill("三天内答复")
    await picture(desk, artifacts, "console-booking-phone")
    await desk.get_by_role("button", name="先不记").click()

    await desk.get_by_role("button", name="开放的时间").click()
    await picture(desk, artifacts, "console-booking-calendars-phone")
    await desk.get_by_role("button", name="不再开放").click()
    await desk.get_by_role("button", name="停", exact=True).click()
    told = "没有人约" if came else "会告诉约好的 1 位居民"  # who has come need not be told
    await expect(desk.get_by_text(f"已停，{told}")).to_be_visible()
