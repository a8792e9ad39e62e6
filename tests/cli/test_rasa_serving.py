"""The whole product on another engine: it answers, loses it, says so, goes on, and has it back.

The Rasa server is a real `jiesu nlu serve`: tests/rasa does the same with Rasa itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from nlu.classifier import CATEGORY
from nlu.model_file import DEFAULT_PATH, Model, current_data_hash, load, save
from tests.nlu_served import NluServer, cut_short
from tests.served import Server, free_port, wait_until

WAGES = "老板拖欠我们五个人三个月工资，一共两万三"
PASSWORD = "demo-password-for-tests"
ASKED = "jiesu_nlu_rasa_total{"


def model_for(category: str | None = None) -> Model:
    """The trained model; given a category, one that hears nothing else."""
    model = replace(load(DEFAULT_PATH, accept_stale=True), data=current_data_hash())
    if category is None:
        return model
    head = next(head for head in model.heads if head.name == CATEGORY)
    bias = np.array(model.bias)
    bias[head.first + head.classes.index(category)] += 1000
    return replace(model, bias=bias)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "city.model"
    save(model_for(), path)
    return path


class Resident:
    """A fresh conversation on the chat page's interface for every line."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def category(self, line: str) -> str | None:
        """What an opening line is taken for, once the bot has answered it."""
        made = self._client.post("/api/chat/sessions").json()
        headers = {"Authorization": f"Bearer {made['token']}"}
        body = {"client_id": "line", "text": line}
        self._client.post("/api/chat/messages", json=body, headers=headers).raise_for_status()

        def answered() -> bool:
            heard = self._client.get("/api/chat/messages?after=0", headers=headers).json()
            return any(each["from"] == "bot" for each in heard["messages"])

        wait_until(answered)
        rows = self._client.get("/api/conversations?view=all").json()["items"]
        found = next(row for row in rows if row["id"] == made["conversation_id"])
        category: str | None = found["category"]
        return category


@pytest.fixture
def officer() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60) as client:
        yield client


def log_in(client: httpx.Client, url: str) -> Resident:
    client.base_url = httpx.URL(url)
    body = {"username": "demo-admin", "password": PASSWORD}
    client.post("/api/login", json=body).raise_for_status()
    return Resident(client)


def measured(client: httpx.Client, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


def understanding(client: httpx.Client) -> tuple[int, str | None]:
    ready = client.get("/readyz")
    return ready.status_code, ready.json().get("understanding")


def by_rasa(client: httpx.Client, resident: Resident) -> bool:
    """Whether Rasa understood; on a machine that pauses, a single line may be too late for it."""
    return understanding(client) == (200, "ok") and resident.category(WAGES) == "education"


def told(stream: httpx.Response) -> Iterator[dict[str, Any]]:
    """What the live stream says about understanding."""
    kind = ""
    for line in stream.iter_lines():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: ") and kind == "understanding":
            yield json.loads(line.removeprefix("data: "))
        elif not line:
            kind = ""


@pytest.mark.slow
def test_rasa_is_lost_and_found(model: Path, tmp_path: Path, officer: httpx.Client) -> None:
    other = tmp_path / "other.model"
    save(model_for("education"), other)  # so that it shows who understood
    port = free_port()
    rasa = NluServer(other, tmp_path, port=port)
    rasa.start()
    environment = {
        "JIESU_DEMO_PASSWORD": PASSWORD,
        "JIESU_NLU_ENGINE": "rasa",
        "JIESU_RASA_URL": f"http://127.0.0.1:{port}",
        "JIESU_NLU_MODEL": str(model),
    }
    with Server(tmp_path / "data", "--demo", **environment) as server:
        resident = log_in(officer, server.url)
        wait_until(lambda: by_rasa(officer, resident))
        with officer.stream("GET", "/api/events") as stream:
            news = told(stream)
            rasa.stop()
            assert resident.category(WAGES) == "wage_arrears"  # nothing lost, nothing late
            assert next(news) == {"degraded": True}
            wait_until(lambda: understanding(officer) == (200, "degraded"))
            assert measured(officer, "jiesu_nlu_degraded ") == 1
            failed = ('connection"}', 'timeout"}')
            assert sum(measured(officer, f'{ASKED}outcome="{how}') for how in failed) >= 3
            with officer.stream("GET", "/api/events") as later:
                assert next(told(later)) == {"degraded": True}

            rasa.start()
            assert next(news) == {"degraded": False}
        wait_until(lambda: by_rasa(officer, resident))
    rasa.stop()
    log = (tmp_path / "data.log").read_text(encoding="utf-8")
    names = [json.loads(line)["event"] for line in log.splitlines() if line.startswith("{")]
    assert names.count("rasa_left_alone") == names.count("rasa_is_back") > 0
    assert "工资" not in log


def test_a_promoted_model_is_taken_up_and_a_bad_one_is_not(
    model: Path, tmp_path: Path, officer: httpx.Client
) -> None:
    environment = {"JIESU_DEMO_PASSWORD": PASSWORD, "JIESU_NLU_MODEL": str(model)}
    with Server(tmp_path / "data", "--demo", **environment) as server:
        resident = log_in(officer, server.url)
        assert understanding(officer) == (200, None)  # there is only one engine
        assert resident.category(WAGES) == "wage_arrears"

        digest = save(model_for("education"), model)
        wait_until(lambda: digest in officer.get("/metrics").text)
        assert resident.category(WAGES) == "education"

        cut_short(model)
        refused = 'jiesu_nlu_reloads_total{outcome="refused"}'
        wait_until(lambda: measured(officer, refused) == 1)
        assert digest in officer.get("/metrics").text
        assert resident.category(WAGES) == "education"
        wait_until(lambda: officer.get("/readyz").status_code == 200)
    assert "model_refused" in (tmp_path / "data.log").read_text(encoding="utf-8")
