"""Who gets in, for how long, and who is slowed down."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog

from tests.handoff_console.street import MINUTE, PASSWORD, Street


async def attempt(client: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    return await client.post("/api/login", json={"username": username, "password": password})


async def test_an_officer_logs_in_and_out(street: Street) -> None:
    async with street.stranger() as client:
        assert (await client.get("/api/me")).status_code == 401
        opened = await attempt(client, "alice", PASSWORD)
        assert opened.json() == {
            "id": "alice",
            "username": "alice",
            "name": "艾丽",
            "role": "grid",
            "unit": {"id": "lake", "name": "翠湖网格", "kind": "grid"},
        }
        cookie = opened.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "secure" not in cookie
        me = (await client.get("/api/me")).json()
        assert me["officer"]["name"] == "艾丽"
        token = client.cookies["jiesu_session"]
        headers = {"X-CSRF-Token": me["csrf_token"]}
        assert (await client.post("/api/logout", headers=headers)).status_code == 204
        client.cookies.set("jiesu_session", token)
        assert (await client.get("/api/me")).status_code == 401


async def test_over_https_the_cookie_is_secure(lone_street: Street) -> None:
    async with lone_street.stranger("https://jiesu.test") as client:
        opened = await attempt(client, "alice", PASSWORD)
        assert "secure" in opened.headers["set-cookie"].lower()


async def test_a_new_login_ends_the_one_before(lone_street: Street) -> None:
    async with lone_street.officer("alice") as client:
        before = client.cookies["jiesu_session"]
        await attempt(client, "alice", PASSWORD)
        assert client.cookies["jiesu_session"] != before
        async with lone_street.stranger() as other:
            other.cookies.set("jiesu_session", before)
            assert (await other.get("/api/me")).status_code == 401


@pytest.mark.parametrize(
    ("username", "password"),
    [("alice", "wrong"), ("nobody", PASSWORD), ("Alice", PASSWORD), ("alice' OR 1=1 --", "x")],
)
async def test_wrong_logins_sound_the_same(
    lone_street: Street, username: str, password: str
) -> None:
    with structlog.testing.capture_logs() as logs:
        async with lone_street.stranger() as client:
            answer = await attempt(client, username, password)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "wrong_login")
    assert "set-cookie" not in answer.headers
    assert logs == []


async def test_a_former_officer_is_out_at_once(street: Street) -> None:
    async with street.officer("alice") as client:
        await street.store.write(
            lambda tx: tx.connection.exec_driver_sql(
                "UPDATE officers SET active = false WHERE id = 'alice'"
            )
        )
        assert (await client.get("/api/me")).status_code == 401
        assert (await attempt(client, "alice", PASSWORD)).status_code == 401


async def test_failures_slow_a_name_down_and_success_forgives(lone_street: Street) -> None:
    async with lone_street.stranger() as client:
        for _ in range(4):
            assert (await attempt(client, "alice", "wrong")).status_code == 401
        assert (await attempt(client, "alice", PASSWORD)).status_code == 200
        codes = [(await attempt(client, "alice", "wrong")).status_code for _ in range(7)]
        assert codes == [401] * 5 + [429] * 2
        refused = await attempt(client, "alice", PASSWORD)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert (await attempt(client, "bob", PASSWORD)).status_code == 200
        lone_street.time.pass_by(MINUTE)
        assert (await attempt(client, "alice", PASSWORD)).status_code == 200


async def test_many_tries_at_once_are_not_many_tries(lone_street: Street) -> None:
    async with lone_street.stranger() as client:
        answers = await asyncio.gather(*(attempt(client, "alice", f"guess{n}") for n in range(40)))
    codes = [answer.status_code for answer in answers]
    assert codes.count(401) <= 6
    assert codes.count(429) >= 34


async def test_failures_slow_an_address_down_over_all_names(lone_street: Street) -> None:
    async with lone_street.stranger() as client:
        codes = [(await attempt(client, f"name{n}", "wrong")).status_code for n in range(32)]
    assert codes == [401] * 30 + [429] * 2


async def test_a_session_slides_and_ends(street: Street) -> None:
    async with street.officer("alice") as client:
        for _ in range(5):
            street.time.pass_by(timedelta(hours=11))
            assert (await client.get("/api/me")).status_code == 200
        street.time.pass_by(timedelta(hours=12, seconds=1))
        late = await client.get("/api/me", headers={"Accept-Language": "en-GB,zh;q=0.5"})
        assert late.status_code == 401
        assert late.json()["error"] == {"code": "not_logged_in", "message": "Please log in."}


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 5000])
async def test_forged_sessions_open_nothing(lone_street: Street, token: str) -> None:
    async with lone_street.stranger() as client:
        cookie = httpx.Headers({"Cookie": f"jiesu_session={token}"}, encoding="utf-8")
        for path in ("/api/me", "/api/conversations", "/api/cases", "/api/events", "/api/groups"):
            assert (await client.get(path, headers=cookie)).status_code == 401


async def test_writing_needs_the_csrf_token(lone_street: Street) -> None:
    conversation = await lone_street.talk("你好")
    async with lone_street.officer("alice") as client, lone_street.officer("bob") as other:
        path = f"/api/conversations/{conversation}/takeover"
        foreign = other.headers["X-CSRF-Token"]
        for token in ("", "x", "é", foreign):
            headers = httpx.Headers({"X-CSRF-Token": token}, encoding="utf-8")
            answer = await client.post(path, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf")
        assert (await client.post(path)).status_code == 200


BAD_LOGINS: list[Any] = [
    b"{",
    b"[]",
    b"null",
    b"[" * 100_000,
    {},
    {"username": "alice"},
    {"username": "alice", "password": 5},
    {"username": "", "password": "x"},
    {"username": "a" * 65, "password": "x"},
    {"username": "alice", "password": "x" * 1025},
    {"username": "\0", "password": "x"},
    b'{"username":"\\ud800","password":"x"}',
]


async def test_bad_logins_are_refused_clearly(street: Street) -> None:
    async with street.stranger() as client:
        for body in BAD_LOGINS:
            given = {"content": body} if isinstance(body, bytes) else {"json": body}
            headers = {"Content-Type": "application/json"}
            answer = await client.post("/api/login", headers=headers, **given)
            assert answer.status_code in {400, 401, 422}, body
            assert answer.json()["error"]["message"]
        big = await client.post("/api/login", json={"username": "x" * 1_100_000})
        assert (big.status_code, big.json()["error"]["code"]) == (413, "too_large")


async def test_a_year_without_public_holidays_is_told_to_those_who_can_mend_it(
    lone_street: Street,
) -> None:
    told = {}
    for name in ("alice", "root"):
        async with lone_street.officer(name) as client:
            told[name] = (await client.get("/api/me")).json()["missing_years"]
    missing = list(lone_street.deps.book.missing_years(lone_street.time()))
    assert told == {"alice": [], "root": missing}
    assert missing == [2027]
