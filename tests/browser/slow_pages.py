"""Pages on a slow telephone, to find tests that look at a page before it is there.

``pytest -p tests.browser.slow_pages tests/browser``: each request takes up to 0.3 s, a script runs
half as fast, and a page of the console stays for half a second after its link was tapped. What a
test takes for the next page may be the one before; on a quick machine it seldom is.
"""

import asyncio
import random
from typing import Any

from playwright.async_api import Browser, BrowserContext, Error, Page, Route

LAG = 0.3  # seconds, at most, for each request
SLOWER = 2  # times
LINGERS = 500  # milliseconds that a page stays after its link was tapped
LINGERING = """(() => {
  const listen = window.addEventListener
  window.addEventListener = function (kind, act, ...more) {
    const late = kind === "hashchange" ? (event) => setTimeout(() => act(event), LINGERS) : act
    return listen.call(window, kind, late, ...more)
  }
})()"""

_open_context = Browser.new_context
_open_page = BrowserContext.new_page
_dice = random.Random(20261123)


async def _late(route: Route) -> None:
    await asyncio.sleep(_dice.uniform(0, LAG))
    try:
        await route.fallback()
    except Error:  # the page was closed meanwhile
        return


async def _slow_context(browser: Browser, **more: Any) -> BrowserContext:
    context = await _open_context(browser, **more)
    await context.route("**/*", _late)
    await context.add_init_script(LINGERING.replace("LINGERS", str(LINGERS)))
    return context


async def _slow_page(context: BrowserContext) -> Page:
    page = await _open_page(context)
    session = await context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def pytest_configure() -> None:
    """Slow down each page that the tests open from now on."""
    Browser.new_context = _slow_context  # type: ignore[method-assign, assignment]
    BrowserContext.new_page = _slow_page  # type: ignore[method-assign, assignment]
