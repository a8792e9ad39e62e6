"""The residents' web chat over real HTTP: stored once, answered in order, strict with bad input."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import structlog

from tests.bot.webchat.street import MOST_FILE_BYTES, ChatStreet

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "cfc000000301010018dd8db00000000049454e44ae426082"
)


async def lines(client: httpx.AsyncClient, after: int = 0) -> list[dict[str, Any]]:
    answer = await client.get("/api/chat/messages", params={"after": after})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found


async def test_a_line_is_stored_once_and_answered(street: ChatStreet) -> None:
    async with street.resident() as client:
        said = {"client_id": "c-1", "text": "老板拖欠工资"}
        one = await client.post("/api/chat/messages", json=said)
        again = await client.post("/api/chat/messages", json=said)
        assert one.status_code == again.status_code == 202
        assert one.json() == again.json()
        assert one.json()["seq"] == 1
        await street.inbox.idle()
        mine, answer = await lines(client)
    assert (mine["from"], mine["text"], mine["client_id"]) == ("resident", "老板拖欠工资", "c-1")
    assert (answer["from"], answer["seq"], answer["client_id"]) == ("bot", 2, None)
    assert answer["buttons"] == [{"title": "对，提交", "payload": "yes"}]


async def test_twenty_copies_at_once_are_one_line(street: ChatStreet) -> None:
    async with street.resident() as client:
        said = {"client_id": "same", "text": "楼上太吵"}
        answers = await asyncio.gather(
            *(client.post("/api/chat/messages", json=said) for _ in range(20))
        )
        assert {(a.status_code, a.json()["seq"]) for a in answers} == {(202, 1)}
        await street.inbox.idle()
        assert [each["from"] for each in await lines(client)] == ["resident", "bot"]


async def test_a_button_reads_as_its_title(street: ChatStreet) -> None:
    async with street.resident() as client:
        await client.post("/api/chat/messages", json={"client_id": "a", "text": "你好"})
        await street.inbox.idle()
        await client.post("/api/chat/messages", json={"client_id": "b", "button": "yes"})
        await street.inbox.idle()
        pressed = (await lines(client, after=2))[0]
    assert (pressed["text"], pressed["client_id"]) == ("对，提交", "b")


async def test_location_and_photo_are_kept(street: ChatStreet) -> None:
    async with street.resident() as client, street.resident() as stranger:
        there = {"client_id": "l", "location": [31.2304, 121.4737]}
        assert (await client.post("/api/chat/messages", json=there)).status_code == 202
        await street.inbox.idle()
        sent = [
            await client.post(
                "/api/chat/messages", data={"client_id": "p"}, files={"file": ("现场.png", PNG)}
            )
            for _ in range(2)
        ]
        assert [a.status_code for a in sent] == [202, 202]
        assert sent[0].json() == sent[1].json()
        place, _, photo = (await lines(client))[:3]
        assert place["location"] == [31.2304, 121.4737]
        media = photo["media"][0]
        assert (media["kind"], media["mime"], media["name"]) == ("photo", "image/png", "现场.png")
        got = await client.get(media["url"])
        assert (got.content, got.headers["x-content-type-options"]) == (PNG, "nosniff")
        assert got.headers["content-disposition"].startswith("inline")
        assert (await stranger.get(media["url"])).status_code == 404
        assert await lines(stranger) == []


BAD_JSON: list[tuple[Any, int, str]] = [
    (b"{", 400, "malformed"),
    (b"\xff\xfe", 400, "malformed"),
    (b"[" * 200_000, 400, "malformed"),
    (b"[]", 400, "malformed"),
    (b"", 400, "malformed"),
    ({"client_id": "x"}, 422, "text_required"),
    ({"client_id": "x", "text": ""}, 422, "text_required"),
    ({"client_id": "x", "text": " \n\t"}, 422, "text_required"),
    ({"client_id": "x", "text": "\0\0"}, 422, "text_required"),
    ({"client_id": "x", "text": 5}, 422, "invalid"),
    ({"client_id": "x", "text": "长" * 4001}, 422, "text_too_long"),
    ({"client_id": "x", "text": "a" * (1024 * 1024)}, 413, "too_large"),
    ({"text": "没有编号"}, 422, "invalid"),
    ({"client_id": "", "text": "a"}, 422, "invalid"),
    ({"client_id": "x" * 65, "text": "a"}, 422, "invalid"),
    ({"client_id": "x'; DROP TABLE turns;--", "text": "a"}, 422, "invalid"),
    ({"client_id": 7, "text": "a"}, 422, "invalid"),
    ({"client_id": "x", "location": [91, 0]}, 422, "invalid"),
    ({"client_id": "x", "location": ["1", "2"]}, 422, "invalid"),
    (b'{"client_id":"x","location":[NaN,0]}', 400, "malformed"),
    ({"client_id": "x", "button": "按" * 22}, 422, "invalid"),
    ({"client_id": "x", "button": ""}, 422, "invalid"),
]


async def test_bad_lines_are_refused_clearly_and_leave_nothing(street: ChatStreet) -> None:
    async with street.resident() as client:
        for body, status, code in BAD_JSON:
            given = {"content": body} if isinstance(body, bytes) else {"json": body}
            answer = await client.post("/api/chat/messages", **given)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), body
            assert answer.json()["error"]["message"]
        assert await lines(client) == []


async def test_a_line_with_a_megabyte_behind_it_is_not_stored(street: ChatStreet) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        yield b'{"client_id":"x","text":"hello"}'
        for _ in range(12):
            yield b" " * 100_000

    async with street.resident() as client:
        answer = await client.post("/api/chat/messages", content=dripping())
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
        assert await lines(client) == []


ODD_TEXTS = [
    "عاجل: \u202eمرحبا\u202c",
    "👩‍👩‍👧‍👦🧨😡",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE turns; --",
    "bell\x07 escape\x1b[31m tab\t line\nend",
    "長" * 4000,
    "{place} %s ${jndi:ldap://x}",
]


async def test_odd_texts_are_kept_as_they_came(street: ChatStreet) -> None:
    async with street.resident() as client:
        for number, text in enumerate(ODD_TEXTS):
            said = {"client_id": f"odd-{number}", "text": text}
            assert (await client.post("/api/chat/messages", json=said)).status_code == 202
        odd = b'{"client_id":"half","text":"a\\u0000b \\ud83d c"}'
        assert (await client.post("/api/chat/messages", content=odd)).status_code == 202
        await street.inbox.idle()
        own = [each["text"] for each in await lines(client) if each["from"] == "resident"]
    assert own == [*ODD_TEXTS, "ab \ufffd c"]


async def test_files_that_are_not_kept(street: ChatStreet) -> None:
    async with street.resident() as client:

        async def send(name: str, data: bytes, client_id: str | None = "f") -> tuple[int, str]:
            form = {} if client_id is None else {"client_id": client_id}
            answer = await client.post(
                "/api/chat/messages", data=form, files={"file": (name, data)}
            )
            return answer.status_code, answer.json()["error"]["code"]

        assert await send("x.png", b"") == (422, "text_required")
        assert await send("x.png", b"#!/bin/sh\necho") == (415, "wrong_type")
        assert await send("x.html", b"<html><script>1</script>") == (415, "wrong_type")
        assert await send("x.png", PNG, client_id=None) == (422, "invalid")
        assert await send("x.png", PNG + b"0" * MOST_FILE_BYTES) == (413, "too_large")
        assert await send("x.png", PNG + b"0" * 10 * MOST_FILE_BYTES) == (413, "too_large")
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        broken = await client.post("/api/chat/messages", content=b"--y\r\n", headers=headers)
        assert broken.status_code in {400, 422}
        assert await lines(client) == []


async def test_tokens_forged_expired_or_missing(street: ChatStreet) -> None:
    async with street.visitor() as client:
        opened = (await client.post("/api/chat/sessions")).json()
        token: str = opened["token"]
        conversation_id, expires, signature = token.split(".")
        other = "0" * 32
        forged = [
            "",
            "x",
            token[:-1],
            token + "x",
            f"{other}.{expires}.{signature}",
            f"{conversation_id}.{int(expires) + 9}.{signature}",
            "é.é.é",
        ]
        for each in forged:
            headers = httpx.Headers({"Authorization": f"Bearer {each}"}, encoding="utf-8")
            for method, path in (("GET", "messages"), ("GET", "events"), ("POST", "messages")):
                answer = await client.request(method, f"/api/chat/{path}", headers=headers)
                assert (answer.status_code, answer.json()["error"]["code"]) == (
                    401,
                    "session_invalid",
                ), each
        assert (await client.get(f"/api/chat/messages?token={token}")).status_code == 200
        gone = street.tokens.issue(other, street.time())
        said = {"client_id": "a", "text": "在吗"}
        for answer in (
            await client.get(f"/api/chat/messages?token={gone}"),
            await client.get(f"/api/chat/events?token={gone}"),
            await client.post(
                "/api/chat/messages", json=said, headers={"Authorization": f"Bearer {gone}"}
            ),
        ):
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "session_invalid")
        street.time.pass_by(timedelta(days=91))
        late = await client.get(
            f"/api/chat/messages?token={token}", headers={"Accept-Language": "en"}
        )
        assert late.status_code == 401
        assert late.json()["error"]["message"].startswith("This chat session has expired")


async def test_opening_sessions_is_limited_per_address(street: ChatStreet) -> None:
    async with street.visitor("203.0.113.7") as client, street.visitor("203.0.113.8") as other:
        statuses = [(await client.post("/api/chat/sessions")).status_code for _ in range(61)]
        assert statuses == [201] * 60 + [429]
        refused = await client.post("/api/chat/sessions")
        assert int(refused.headers["retry-after"]) <= 11
        assert (await other.post("/api/chat/sessions")).status_code == 201
        street.time.pass_by(timedelta(seconds=11))
        assert (await client.post("/api/chat/sessions")).status_code == 201


async def test_answers_carry_what_keeps_a_browser_safe(street: ChatStreet) -> None:
    async with street.visitor() as client:
        page = await client.get("/chat")
        assert page.status_code == 503
        assert "make web" in page.text
        assert "frame-ancestors https://city.example" in page.headers["content-security-policy"]
        api = await client.get("/api/chat/config")
        assert api.json()["max_file_bytes"] == MOST_FILE_BYTES
        assert "智能助手" in api.json()["greeting"]
        assert "sandbox" in api.headers["content-security-policy"]
        assert api.headers["x-frame-options"] == "DENY"
        for path in ("/api/nothing", "/nothing", "/assets/..%2fsecret"):
            missing = await client.get(path)
            assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
        assert (await client.delete("/api/chat/config")).status_code == 405
        assert (await client.get("/api/chat/files/%00")).status_code == 400
        assert (await client.get("/openapi.json")).json()["paths"]["/api/chat/messages"]
        assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_nothing_personal_is_logged(street: ChatStreet) -> None:
    with structlog.testing.capture_logs() as logs:
        async with street.resident() as client:
            said = {"client_id": "a", "text": "我叫张三，电话13800138000"}
            await client.post("/api/chat/messages", json=said)
            await client.post("/api/chat/messages", content=b"13800138000")
            await client.get("/api/chat/messages?token=13800138000&after=x")
            await street.inbox.idle()
    assert "13800138000" not in str(logs)
    assert "张三" not in str(logs)
