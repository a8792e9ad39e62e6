"""Officers see when residents are understood by the stand-in, and when that is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from nlu.model_file import DEFAULT_PATH
from tests.browser.conftest import Serving
from tests.browser.moves import log_in, picture
from tests.nlu_served import NluServer
from tests.served import free_port

pytestmark = pytest.mark.browser
BANNER = "Rasa 连不上"
NOTICED = 40_000  # milliseconds: a rest of the circuit, and patience with a busy machine


@pytest.fixture
def rasa(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NluServer]:
    """The server the next jiesu is told to ask; not started yet."""
    port = free_port()
    monkeypatch.setenv("JIESU_NLU_ENGINE", "rasa")
    monkeypatch.setenv("JIESU_RASA_URL", f"http://127.0.0.1:{port}")
    server = NluServer(DEFAULT_PATH, tmp_path_factory.mktemp("rasa"), port=port)
    yield server
    if server.process is not None:
        server.stop()


@pytest.mark.slow
async def test_a_banner_says_that_rasa_is_gone(
    rasa: NluServer, own_street: Serving, desk: Page, artifacts: Path
) -> None:
    await log_in(desk)
    banner = desk.get_by_text(BANNER)
    await expect(banner).to_be_visible(timeout=NOTICED)
    await picture(desk, artifacts, "console-understanding-degraded")
    await desk.reload()
    await expect(banner).to_be_visible()
    rasa.start()
    await expect(banner).to_be_hidden(timeout=NOTICED)
