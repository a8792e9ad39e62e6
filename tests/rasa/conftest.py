"""A real Rasa: a small project trained once a session, and a server that speaks for it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from cli.bootstrap.checks import WITHOUT_RASA
from cli.bootstrap.rasa import RASA
from cli.main import app
from nlu.intents import CORE_CATEGORIES
from tests.fixtures.strict import missing
from tests.served import free_port

TOKEN = "a-token-for-trying-things"
READY_WITHIN = 420  # seconds; about twenty on a machine with nothing else to do
ACTS = (
    "inform", "greet", "thank", "affirm", "deny", "dont_know", "ask_human", "correct", "anonymous"
)  # fmt: skip
SMALL = [
    *("--epochs", "15", "--limit", "480", "--longest", "30"),
    *(word for name in (*CORE_CATEGORIES, *ACTS) for word in ("--intent", name)),
]
"""About a minute of training on two cores, and enough for a complaint about wages."""

ENVIRONMENT = {
    **os.environ,
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}


@dataclass(frozen=True)
class RasaServer:
    """Where it listens, and the token it wants."""

    url: str
    token: str

    def parse(self, text: str) -> httpx.Response:
        """What Rasa says about a line."""
        return httpx.post(
            f"{self.url}/model/parse", params={"token": self.token}, json={"text": text}, timeout=60
        )


@dataclass(frozen=True)
class Trained:
    """A project with a model, and all that Rasa said while training."""

    project: Path
    model: Path
    said: str


def exported(folder: Path, *options: str) -> Path:
    """``jiesu nlu export-rasa``."""
    run = CliRunner().invoke(app, ["nlu", "export-rasa", str(folder), *options])
    assert run.exit_code == 0, run.output
    return folder


@pytest.fixture(scope="session")
def rasa() -> Path:
    """The real Rasa's command."""
    if os.environ.get(WITHOUT_RASA) == "1":
        pytest.skip(f"{WITHOUT_RASA}=1")
    if not RASA.exists():
        missing("Rasa", "make rasa")
    return RASA


@pytest.fixture(scope="session")
def trained(rasa: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A small model, trained by ``rasa train nlu``."""
    project = exported(tmp_path_factory.mktemp("rasa") / "project", *SMALL)
    run = subprocess.run(
        [rasa, "train", "nlu", "--fixed-model-name", "journey"],
        cwd=project,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    return Trained(project, project / "models" / "journey.tar.gz", run.stdout)


@pytest.fixture(scope="session")
def rasa_server(rasa: Path, trained: Trained) -> Iterator[RasaServer]:
    """``rasa run --enable-api`` on the loopback, ready and warm."""
    server = RasaServer(f"http://127.0.0.1:{free_port()}", TOKEN)
    log = trained.project / "server.log"
    listen = ["--interface", "127.0.0.1", "--port", server.url.rpartition(":")[2]]
    command: list[str | Path] = [
        rasa,
        "run",
        "--enable-api",
        *listen,
        "--auth-token",
        TOKEN,
        "-m",
        trained.model,
    ]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=trained.project, env=ENVIRONMENT, stdout=stream, stderr=stream
        )
    try:
        _wait_until_ready(server, process, log)
        server.parse("你好").raise_for_status()  # jieba reads its dictionary at the first line
        yield server
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_ready(server: RasaServer, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.perf_counter() + READY_WITHIN
    while time.perf_counter() < ends and process.poll() is None:
        try:
            answer = httpx.get(f"{server.url}/status", params={"token": TOKEN}, timeout=5)
            if answer.status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"Rasa did not get ready:\n{log.read_text(errors='replace')[-3000:]}")
