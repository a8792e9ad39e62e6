"""A real jiesu in its own process, which a test may stop and start, and browser windows on it."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Page

from tests.house.tree import ROOT

PASSWORD = "demo-password-for-tests"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
START_SECONDS = 40


class Serving:
    """`jiesu serve` on a port and a data folder that stay the same across restarts."""

    def __init__(self, data: Path) -> None:
        self._data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self._process: asyncio.subprocess.Process | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    async def start(self, *, demo: bool = False) -> None:
        """Start, and return once it is ready."""
        log = (self._data / "serve.log").open("ab")
        self._process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("jiesu")),
            *("serve", "--port", str(self._port), "--data", str(self._data)),
            *(["--demo"] if demo else []),
            cwd=ROOT,
            env={**os.environ, "JIESU_DEMO_PASSWORD": PASSWORD},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        transport = httpx.AsyncHTTPTransport(retries=5)
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(transport=transport) as client:
            while not await self._ready(client):
                assert self._process.returncode is None, (self._data / "serve.log").read_text()

    async def _ready(self, client: httpx.AsyncClient) -> bool:
        try:
            return (await client.get(f"{self.url}/readyz")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    async def stop(self) -> None:
        """Stop as an administrator would, and return once it is gone."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        self._process = None


@pytest.fixture
async def serving(tmp_path: Path) -> AsyncIterator[Serving]:
    """A jiesu with the demo street."""
    served = Serving(tmp_path)
    await served.start(demo=True)
    yield served
    await served.stop()


@pytest.fixture
async def phone(browser: Browser, serving: Serving) -> AsyncIterator[Page]:
    """The resident's phone, on the chat page."""
    context = await browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN", base_url=serving.url
    )
    page = await context.new_page()
    await page.goto("/chat")
    yield page
    await context.close()


@pytest.fixture
async def desk(browser: Browser, serving: Serving) -> AsyncIterator[Page]:
    """The officer's desk, on the login page."""
    context = await browser.new_context(viewport=DESKTOP, locale="zh-CN", base_url=serving.url)
    page = await context.new_page()
    await page.goto("/")
    yield page
    await context.close()
