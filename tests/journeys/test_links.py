"""A code on a wall, from the console that made it to a resident on the web and on Telegram."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx

from tests.journeys.conftest import LogIn, Town
from tests.journeys.residents import Heard, TelegramResident, WebResident

PLANT = {
    "kind": "enterprise",
    "name": "宏达电子厂",
    "respondent": "宏达电子有限公司",
    "place": "石桥街8号",
    "unit_id": "demo-shiqiao-2",
}


async def made(log_in: LogIn, **given: object) -> tuple[str, str]:
    """A new code's id and what it carries."""
    officer = await log_in("demo-street")
    answer = await officer.post("/api/links", {**PLANT, **given})
    assert answer.status_code == 201, answer.text
    link: dict[str, Any] = answer.json()
    return link["id"], parse_qs(urlsplit(link["web"]).query)["p"][0]


async def on_telegram(town: Town, *lines: str) -> list[Heard]:
    async with httpx.AsyncClient(base_url=town.telegram, timeout=60) as control:
        resident = await TelegramResident.arrive(control)
        return [await resident.say(line) for line in lines]


async def test_a_telegram_resident_starts_with_who_and_where(town: Town, log_in: LogIn) -> None:
    link_id, payload = await made(log_in)
    mark = uuid4().hex[:6]
    story = f"拖欠我三个月工资{mark}，一共两万四，没签合同，电话13900001111"
    heard = await on_telegram(town, f"/start {payload}", story)
    assert "宏达电子厂" in heard[0].text
    assert "单位看不到" in heard[0].text
    officer = await log_in("demo-street")
    seen = await officer.open(await officer.find(mark))
    slots = {slot["name"]: slot["value"] for slot in seen["dossier"]["slots"]}
    assert (slots["employer"], slots["place"]) == ("宏达电子有限公司", "石桥街8号")
    assert payload not in str(seen)  # nobody can tell which code it was
    listed = (await officer.get("/api/links"))["items"]
    assert [each["opened"] for each in listed if each["id"] == link_id] == [1]


async def test_a_web_resident_starts_with_who_and_where(
    http: httpx.AsyncClient, log_in: LogIn
) -> None:
    link_id, payload = await made(log_in)
    resident = await WebResident.arrive(http)
    scanned = {"client_id": uuid4().hex, "start": payload}
    for _ in range(2):  # the page sends again what it does not know to have arrived
        await resident._send(scanned)
    heard = await resident.hear()
    assert "宏达电子厂" in heard.text
    listed = (await (await log_in("demo-street")).get("/api/links"))["items"]
    assert [each["opened"] for each in listed if each["id"] == link_id] == [1]


async def test_a_payload_is_read_strictly(http: httpx.AsyncClient) -> None:
    made = (await http.post("/api/chat/sessions")).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    for start in ("", "a b", "x" * 65, 7, ["L"]):
        body = {"client_id": uuid4().hex, "start": start}
        answer = await http.post("/api/chat/messages", json=body, headers=headers)
        assert answer.status_code == 422, start
        assert answer.json()["error"]["fields"].keys() == {"start"}


async def test_a_code_taken_down_or_made_up_is_a_normal_start(town: Town, log_in: LogIn) -> None:
    link_id, payload = await made(log_in)
    officer = await log_in("demo-street")
    assert (await officer.post(f"/api/links/{link_id}/revoke")).status_code == 200
    for start in (payload, payload[:-1], "L" + "x" * 38):
        (heard,) = await on_telegram(town, f"/start {start}")
        assert "不要紧" in heard.text
        assert "宏达" not in heard.text
