"""The whole product in one process, a Telegram of our own beside it, and people to walk through."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from config.load import Book, load_book
from nlu.engine import EmbeddedEngine, Engine
from tests.journeys.officers import OfficerAtConsole
from tests.journeys.residents import Resident, TelegramResident, TerminalResident, WebResident
from tests.served import Server, free_port

PASSWORD = "a-long-word-for-trying-things"


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The embedded engine with the trained model."""
    return EmbeddedEngine.load()


@pytest.fixture(scope="session")
def book() -> Book:
    """The built-in configuration."""
    return load_book()


@dataclass(frozen=True)
class Town:
    """Where the journeys happen."""

    server: Server
    telegram: str
    data: Path
    environment: dict[str, str]


@pytest.fixture(scope="session")
def telegram_url() -> Iterator[str]:
    """The local Bot API server as a process of its own."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bot_api", "--port", str(port)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    process.stdout.readline()
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", timeout=60, transport=httpx.HTTPTransport(retries=20)
    ) as http:
        http.get("/control/state").raise_for_status()
    yield f"http://127.0.0.1:{port}"
    process.kill()  # asked kindly, it would wait for open long polls
    process.stdout.close()
    process.wait(timeout=60)


@pytest.fixture(scope="session")
def town(telegram_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One `jiesu serve --demo` with web chat and Telegram."""
    data = tmp_path_factory.mktemp("town") / "data"
    environment = {
        "JIESU_DEMO_PASSWORD": PASSWORD,
        "JIESU_TELEGRAM_TOKEN": "42:TEST",
        "JIESU_TELEGRAM_API_BASE": telegram_url,
        "JIESU_TELEGRAM_RATE": "0",
    }
    with Server(data, "--demo", **environment) as server:
        yield Town(server, telegram_url, data, environment)


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """A resident's browser."""
    async with httpx.AsyncClient(base_url=town.server.url, timeout=60) as client:
        yield client


@pytest.fixture(params=["web", "telegram", "terminal"])
async def resident(
    request: pytest.FixtureRequest, town: Town, http: httpx.AsyncClient
) -> AsyncIterator[Resident]:
    """The same person at each of the three doors."""
    if request.param == "web":
        yield await WebResident.arrive(http)
    elif request.param == "telegram":
        async with httpx.AsyncClient(base_url=town.telegram, timeout=60) as control:
            yield await TelegramResident.arrive(control)
    else:
        person = await TerminalResident.arrive(town.data, {})
        yield person
        await person.leave()


LogIn = Callable[[str], Awaitable[OfficerAtConsole]]


@pytest.fixture
async def log_in(town: Town) -> AsyncIterator[LogIn]:
    """Log in as a demo officer."""
    clients: list[httpx.AsyncClient] = []

    async def enter(username: str) -> OfficerAtConsole:
        clients.append(httpx.AsyncClient(base_url=town.server.url, timeout=60))
        return await OfficerAtConsole.log_in(clients[-1], username, PASSWORD)

    yield enter
    for client in clients:
        await client.aclose()
