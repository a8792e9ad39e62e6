"""What stands around the routes: pages, readiness, counters, limits, errors that say nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import APIRouter

from casework.errors import Misconfigured
from cli.web import WebParts, build_app
from cli.web_guard import Limits

SECRET_WORDS = "张三 13800138000"


async def works() -> bool:
    return True


async def refuses() -> bool:
    return False


async def breaks() -> bool:
    raise ValueError(SECRET_WORDS)


def odd_routes() -> APIRouter:
    router = APIRouter()

    @router.get("/api/bug")
    async def bug() -> None:
        raise LookupError(SECRET_WORDS)

    @router.get("/api/misconfigured")
    async def misconfigured() -> None:
        raise Misconfigured(SECRET_WORDS)

    @router.post("/api/echo")
    async def echo(given: dict[str, str]) -> dict[str, str]:
        return given

    return router


@asynccontextmanager
async def browser(parts: WebParts) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_app(parts), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://jiesu.test") as client:
        yield client


@pytest.fixture
def parts(tmp_path: Path) -> WebParts:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>接诉工作台</title>", encoding="utf-8")
    (tmp_path / "chat.html").write_text("<title>接诉助手</title>", encoding="utf-8")
    (tmp_path / "assets" / "console-abc.js").write_text("let a = 1;" * 500, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    limits = Limits(upload=1000, frame_ancestors="'self' https://city.example")
    return WebParts([odd_routes()], limits, tmp_path, {"database": works, "model": works})


async def test_pages_are_asked_for_again_and_assets_never(parts: WebParts) -> None:
    async with browser(parts) as client:
        page = await client.get("/")
        assert "接诉工作台" in page.text
        assert page.headers["cache-control"] == "no-cache"
        assert page.headers["x-frame-options"] == "DENY"
        assert "script-src 'self';" in page.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        chat = await client.get("/chat")
        assert (
            "frame-ancestors 'self' https://city.example" in chat.headers["content-security-policy"]
        )
        assert "x-frame-options" not in chat.headers
        asset = await client.get("/assets/console-abc.js")
        assert asset.text == "let a = 1;" * 500
        assert asset.headers["content-encoding"] == "gzip"
        assert "immutable" in asset.headers["cache-control"]
        plain = await client.get("/assets/console-abc.js", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert (await client.head("/")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/assets/..%2fsecret.txt", "/assets/../secret.txt", "/assets/.", "/secret.txt", "/x"]
)
async def test_nothing_else_of_the_disk_is_served(parts: WebParts, path: str) -> None:
    async with browser(parts) as client:
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_ready_means_everything_can_be_used(parts: WebParts) -> None:
    async with browser(parts) as client:
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, {"database": "ok", "model": "ok"})
    lacking = WebParts([], parts.limits, parts.static, {"relay": refuses, "model": breaks})
    with structlog.testing.capture_logs() as logs:
        async with browser(lacking) as client:
            ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"relay": "failed", "model": "failed"})
    assert SECRET_WORDS not in str(logs)


async def test_a_balancer_may_ask_for_the_head_alone(parts: WebParts) -> None:
    async with browser(parts) as client:
        for path in ("/healthz", "/readyz"):
            assert (await client.head(path)).status_code == 200
        refused = await client.delete("/metrics")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET")


async def test_requests_are_counted_by_route_not_by_address(parts: WebParts) -> None:
    async with browser(parts) as client:
        await client.get("/chat?token=13800138000")
        await client.get("/13800138000")
        counted = (await client.get("/metrics")).text
    assert 'jiesu_http_requests_total{method="GET",route="/chat",status="200"}' in counted
    assert "13800138000" not in counted


async def test_a_bug_is_told_without_its_words(parts: WebParts) -> None:
    with structlog.testing.capture_logs() as logs:
        async with browser(parts) as client:
            for path, code in (("bug", "internal"), ("misconfigured", "misconfigured")):
                answer = await client.get(f"/api/{path}", headers={"Accept-Language": "en"})
                assert (answer.status_code, answer.json()["error"]["code"]) == (500, code)
                assert SECRET_WORDS not in answer.text
    assert [each["error"] for each in logs] == ["LookupError"]
    assert SECRET_WORDS not in str(logs)


async def test_bodies_are_limited_whatever_they_declare(parts: WebParts) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100_000

    async with browser(parts) as client:
        for sent in (
            await client.post("/api/echo", content=b" " * 1_100_000),
            await client.post("/api/echo", content=drip()),
            await client.post("/api/echo", content=b"{}", headers={"Content-Length": "9" * 30}),
        ):
            assert (sent.status_code, sent.json()["error"]["code"]) == (413, "too_large")
            assert sent.headers["x-content-type-options"] == "nosniff"
        odd = await client.post("/api/echo", content=b"{}", headers={"Content-Length": "-1"})
        assert odd.status_code == 400
        fine = await client.post("/api/echo", json={"a": "b"})
        assert fine.json() == {"a": "b"}
        wrong = await client.post("/api/echo", json={"a": 1})
        assert wrong.json()["error"]["fields"] == {"a": "格式不对"}
