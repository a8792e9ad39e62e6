"""The real Rasa 3.6: it validates, trains and serves our project, and the product runs on it."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from nlu.intents import INTENTS
from tests.journeys.officers import OfficerAtConsole
from tests.journeys.residents import WebResident
from tests.journeys.test_journeys import filed
from tests.rasa.conftest import ACTS, ENVIRONMENT, RasaServer, Trained, exported
from tests.served import Server, wait_until

# Everything waits for the one training of the session, which the first test's time includes.
pytestmark = [pytest.mark.rasa, pytest.mark.slow, pytest.mark.timeout(2400)]

PASSWORD = "a-long-word-for-trying-things"
LINES = ("我们五个人在幸福里工地干了三个月，老板拖欠工资一分钱没给", "宏达劳务，一共两万三")
# The packages of 2022 deprecate one another, and Rasa shows it whatever it is told.
WARNED = re.compile(r"(?<!Deprecation)warning|misaligned", re.IGNORECASE)
ANSWERED = re.compile(r'^jiesu_nlu_rasa_total\{outcome="answered"\} (\S+)', re.MULTILINE)


def validated(rasa: Path, project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [rasa, "data", "validate", "--fail-on-warnings"],
        cwd=project,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_all_our_data_are_valid_without_a_warning(rasa: Path, tmp_path: Path) -> None:
    run = validated(rasa, exported(tmp_path / "project"))
    assert run.returncode == 0, run.stdout
    assert "No story structure conflicts found" in run.stdout
    assert not WARNED.search(run.stdout), run.stdout


def test_rasa_warns_of_what_is_wrong(rasa: Path, tmp_path: Path) -> None:
    """So the test above can fail: an intent no rule speaks of."""
    project = exported(tmp_path / "project", "--limit", "70", "--longest", "12")
    domain = project / "domain.yml"
    domain.write_text(domain.read_text().replace("- greet\n", "- greet\n- pizza\n", 1))
    assert WARNED.search(validated(rasa, project).stdout)


def test_training_warns_of_nothing(trained: Trained) -> None:
    assert "Finished training component 'DIETClassifier'" in trained.said
    assert not WARNED.search(trained.said), trained.said
    assert trained.model.stat().st_size > 1_000_000


def test_rasa_answers_with_our_intents(rasa_server: RasaServer) -> None:
    answer = rasa_server.parse(LINES[0]).json()
    assert answer["intent"]["name"] == "wage_arrears"
    named = {entry["name"] for entry in answer["intent_ranking"]} - {"nlu_fallback"}
    assert set(ACTS) < named <= set(INTENTS)
    for entity in answer["entities"]:
        assert LINES[0][entity["start"] : entity["end"]] == entity["value"]


def test_nobody_without_the_token_is_answered(rasa_server: RasaServer) -> None:
    stranger = RasaServer(rasa_server.url, "another")
    assert stranger.parse("你好").status_code == 401


@pytest.fixture
def town(rasa_server: RasaServer, tmp_path: Path) -> Iterator[Server]:
    """The whole product, told to ask the real Rasa."""
    environment = {
        "JIESU_DEMO_PASSWORD": PASSWORD,
        "JIESU_NLU_ENGINE": "rasa",
        "JIESU_RASA_URL": rasa_server.url,
        "JIESU_RASA_TOKEN": rasa_server.token,
    }
    with Server(tmp_path / "data", "--demo", **environment) as server:
        yield server


async def test_a_complaint_becomes_a_case_on_a_real_rasa(town: Server) -> None:
    def heard() -> bool:
        """Whether Rasa answered as often as the resident spoke, and is still asked.

        On a machine that pauses, a single line may be too late for Rasa; it is asked again soon.
        """
        metrics = httpx.get(f"{town.url}/metrics", timeout=60).raise_for_status().text
        answered = ANSWERED.search(metrics)
        often = answered is not None and float(answered[1]) >= len(LINES)
        return often and "jiesu_nlu_degraded 0.0" in metrics

    async with httpx.AsyncClient(base_url=town.url, timeout=60) as http:
        number, _receipt = await filed(await WebResident.arrive(http), *LINES)
    await asyncio.to_thread(wait_until, heard)

    async with httpx.AsyncClient(base_url=town.url, timeout=60) as http:
        officer = await OfficerAtConsole.log_in(http, "demo-admin", PASSWORD)
        case = await officer.get(f"/api/cases/{number}")
    values = {slot["name"]: slot["value"] for slot in case["dossier"]["slots"]}
    assert case["case"]["category"] == "wage_arrears"
    assert (values["amount_yuan"], values["period_months"], values["people_n"]) == (23000, 3, 5)
