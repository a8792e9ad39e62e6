"""A real jiesu in its own process, which a test may stop and start, and browser windows on it."""

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.house.tree import ROOT

PASSWORD = "demo-password-for-tests"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
READY = "jiesu serves on"
# A machine that does much else at the same time is slow, not wrong.
expect.set_options(timeout=20_000)  # milliseconds


class Serving:
    """`jiesu serve` on a port and a data folder that stay the same across restarts."""

    def __init__(self, data: Path) -> None:
        self._data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[str] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start with the demo street, and return once it serves."""
        log = self._data / "serve.log"
        with log.open("a") as errors:
            self._process = subprocess.Popen(
                [
                    Path(sys.executable).with_name("jiesu"),
                    *("serve", "--demo", "--port", str(self._port), "--data", self._data),
                ],
                cwd=ROOT,
                env={**os.environ, "JIESU_DEMO_PASSWORD": PASSWORD},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout is not None
        if not any(line.startswith(READY) for line in iter(self._process.stdout.readline, "")):
            pytest.fail(f"jiesu serve did not start:\n{log.read_text()}")

    def stop(self) -> None:
        """Stop as an administrator would, and return once it is gone."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None


def _served(data: Path) -> Iterator[Serving]:
    served = Serving(data)
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A jiesu with the demo street, for all tests that leave it running."""
    yield from _served(tmp_path_factory.mktemp("street"))


@pytest.fixture
def own_street(tmp_path: Path) -> Iterator[Serving]:
    """A jiesu that a test may stop."""
    yield from _served(tmp_path)


@pytest.fixture
def serving(request: pytest.FixtureRequest) -> Serving:
    """The jiesu that the pages of this test talk to."""
    own = "own_street" in request.fixturenames
    served: Serving = request.getfixturevalue("own_street" if own else "street")
    return served


@asynccontextmanager
async def telephone(
    browser: Browser, serving: Serving, path: str = "/", **more: Any
) -> AsyncIterator[Page]:
    """A page on somebody's telephone; ``more`` goes to Playwright's new_context."""
    context = await browser.new_context(
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        base_url=serving.url,
        **more,
    )
    page = await context.new_page()
    await page.goto(path)
    yield page
    await context.close()


@pytest.fixture
async def phone(browser: Browser, serving: Serving) -> AsyncIterator[Page]:
    """The resident's phone, on the chat page."""
    async with telephone(browser, serving, "/chat") as page:
        yield page


@pytest.fixture
async def desk(browser: Browser, serving: Serving) -> AsyncIterator[Page]:
    """The officer's desk, on the login page."""
    context = await browser.new_context(
        viewport=DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=serving.url
    )
    page = await context.new_page()
    await page.goto("/")
    yield page
    await context.close()


@pytest.fixture
async def hand(browser: Browser, serving: Serving) -> AsyncIterator[Page]:
    """The grid worker's phone, on the login page."""
    async with telephone(browser, serving) as page:
        yield page
