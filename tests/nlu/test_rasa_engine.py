"""The engine on a Rasa server: what it believes, and what it does when there is no answer.

The good server is a real `jiesu nlu serve`; the bad ones are real HTTP servers on the loopback.
tests/rasa runs it on a real Rasa.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from nlu import rasa
from nlu.circuit import Circuit
from nlu.engine import EmbeddedEngine, RemoteEngine
from nlu.model_file import DEFAULT_PATH
from nlu.rasa import RasaEngine, Report
from nlu.rasa_answer import RasaFailed, read_answer
from tests.nlu.faulty import Behaviour, Call, Faulty, faulty
from tests.nlu_served import NluServer

LINES = (
    "老板拖欠我们五个人三个月工资，一共两万三",
    "  楼上天天半夜吵，找物业也没用  ",
    "你好",
    "我要找人工",
    "幸福家园3栋的电梯坏了半个月没人修",
)
WAGES = LINES[0]


@pytest.fixture(autouse=True)
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine may be busy: only what never answers is given up here."""
    for name in ("CONNECT_SECONDS", "READ_SECONDS", "TOTAL_SECONDS"):
        monkeypatch.setattr(rasa, name, 120.0)


class Heard:
    """What the engine reported, and a clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.now = 1000.0

    @property
    def told(self) -> list[str]:
        return [report.reason or report.what for report in self.reports]


@asynccontextmanager
async def on(
    embedded: EmbeddedEngine, behaviour: Behaviour, token: str | None = None
) -> AsyncIterator[tuple[RasaEngine, Faulty, Heard]]:
    heard = Heard()
    async with faulty(behaviour) as server:
        engine = RasaEngine(
            embedded, server.url, lambda: heard.now, report=heard.reports.append, token=token
        )
        yield engine, server, heard
        await engine.aclose()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, engine: EmbeddedEngine) -> Iterator[NluServer]:
    with NluServer(DEFAULT_PATH, tmp_path_factory.mktemp("nlu")) as server:
        yield server


async def test_on_our_own_server_it_hears_what_the_embedded_engine_hears(
    engine: EmbeddedEngine, served: NluServer
) -> None:
    reports: list[Report] = []
    other = RasaEngine(engine, served.url, time.monotonic, report=reports.append)
    assert isinstance(other, RemoteEngine)
    for line in LINES:
        ours, theirs = engine.understand(line), await other.aunderstand(line)
        assert (theirs.text, theirs.intent.name) == (line, ours.intent.name)
        # An opening's doubtful act is settled on both sides: the confidence may grow by that.
        assert theirs.intent.confidence == pytest.approx(ours.intent.confidence, abs=0.1)
        assert (theirs.category, theirs.act, theirs.entities) == (
            ours.category,
            ours.act,
            ours.entities,
        )
        assert (theirs.secondary, theirs.crisis) == (ours.secondary, ours.crisis)
    await other.aclose()
    assert {report.what for report in reports} == {"answered"}


def test_without_a_loop_it_runs_its_own(engine: EmbeddedEngine, served: NluServer) -> None:
    other = RasaEngine(engine, served.url, time.monotonic)
    for line in LINES:
        assert other.understand(line).intent.name == engine.understand(line).intent.name
    other.close()


async def test_a_running_loop_is_never_blocked(engine: EmbeddedEngine) -> None:
    other = RasaEngine(engine, "http://127.0.0.1:1", time.monotonic)
    with pytest.raises(RuntimeError, match="running event loop"):
        other.understand(WAGES)
    await other.aclose()


async def test_the_token_goes_along(engine: EmbeddedEngine) -> None:
    async def answer(call: Call) -> None:
        await call.rasa(("greet", 1.0))

    async with on(engine, answer, token="se cret&") as (other, server, _):
        await other.aunderstand(WAGES)
    assert server.calls[0].target == "/model/parse?token=se+cret%26"


async def test_rasa_ranks_and_the_rest_stays_ours(engine: EmbeddedEngine) -> None:
    async def answer(call: Call) -> None:
        await call.rasa(("nlu_fallback", 0.3), ("consumer", 0.8), ("greet", 0.1))

    async with on(engine, answer) as (other, _, heard):
        found = await other.aunderstand(WAGES)
    ours = engine.understand(WAGES)
    assert (found.intent.name, found.category, found.act) == ("consumer", "consumer", "inform")
    assert found.intent.confidence >= 0.8
    assert found.secondary == "wage_arrears"  # what we are sure of and Rasa did not name
    assert [e.value for e in found.entities] == [e.value for e in ours.entities]
    assert len(found.category_ranking) == 15
    assert sum(entry.confidence for entry in found.category_ranking) == pytest.approx(1)
    assert heard.told == ["answered"]


def entity(name: str, start: object, end: object) -> dict[str, object]:
    return {"entity": name, "start": start, "end": end, "confidence_entity": 0.9, "value": "x"}


async def test_entities_fill_only_what_is_not_found_here(engine: EmbeddedEngine) -> None:
    line = "  他们欠我三千块，是宏图那边的  "
    found = [
        entity("employer", 9, 11),
        entity("amount_yuan", 0, 2),
        entity("place", -1, 2),
        entity("place", 3, 400),
        entity("place", True, 2),
        entity("place", 4, 7),  # our amount is there
        "nonsense",
    ]

    async def answer(call: Call) -> None:
        await call.rasa(("wage_arrears", 0.9), entities=found)

    async with on(engine, answer) as (other, _, heard):
        heard_there = await other.aunderstand(line)
    assert heard.told == ["answered"]
    ours = engine.understand(line).entities
    assert {entity.entity for entity in ours} == {"amount_yuan"}
    employer = heard_there.first("employer")
    assert employer is not None
    assert (employer.text, line[employer.start : employer.end]) == ("宏图", "宏图")
    assert [each for each in heard_there.entities if each is not employer] == list(ours)


async def never(call: Call) -> None:
    raise AssertionError(call.text)


@pytest.mark.parametrize(
    "line",
    ["我不想活了，现在就从楼上跳下去", "/greet", " /x", "坏\ud800", "  "],
    ids=["danger", "command", "later command", "half a pair", "blank"],
)
async def test_danger_and_commands_never_go_out(engine: EmbeddedEngine, line: str) -> None:
    async with on(engine, never) as (other, server, heard):
        assert await other.aunderstand(line) == engine.understand(line)
    assert (server.calls, heard.reports) == ([], [])


async def hang_up(call: Call) -> None:
    call.writer.close()


async def half(call: Call) -> None:
    await call.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    call.writer.close()


async def hang(call: Call) -> None:
    await asyncio.Event().wait()


async def drip(call: Call) -> None:
    await call.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
    while True:
        await call.raw(b" ")
        await asyncio.sleep(0.02)


async def flood(call: Call) -> None:
    await call.say(b" " * 2_000_000)


async def redirect(call: Call) -> None:
    await call.say(b"", "302 Found", "Location: http://127.0.0.1:1/\r\n")


async def another_text(call: Call) -> None:
    call.text = "别人的话"
    await call.rasa(("greet", 1.0))


def status(line: str) -> Behaviour:
    async def answer(call: Call) -> None:
        await call.say(b"<html>nginx</html>", line)

    return answer


def body(text: str) -> Behaviour:
    async def answer(call: Call) -> None:
        await call.say(text.replace("TEXT", call.text).encode())

    return answer


def intents(ranking: str) -> Behaviour:
    return body(f'{{"text":"TEXT","intent":null,"entities":[],"intent_ranking":{ranking}}}')


FAULTS: dict[str, tuple[Behaviour, str, int]] = {
    "hangs up": (hang_up, "connection", 2),
    "half an answer": (half, "connection", 2),
    "never answers": (hang, "timeout", 1),
    "a slow body": (drip, "timeout", 1),
    "a body without end": (flood, "answer", 1),
    "redirects": (redirect, "status", 1),
    "not HTTP": (lambda call: call.raw(b"hello\r\n\r\n"), "connection", 2),
    "refuses the token": (status("401 Unauthorized"), "status", 1),
    "an error": (status("500 Internal Server Error"), "status", 1),
    "no model": (status("409 Conflict"), "status", 1),
    "a gateway's error": (status("502 Bad Gateway"), "status", 2),
    "an error page that says 200": (body("<html>nginx</html>"), "answer", 1),
    "cut JSON": (body('{"text": "TEXT'), "answer", 1),
    "deep JSON": (body("[" * 100_000), "answer", 1),
    "a list": (body("[1]"), "answer", 1),
    "nothing": (body(""), "answer", 1),
    "another text": (another_text, "answer", 1),
    "no intent": (body('{"text":"TEXT","intent":{"name":null,"confidence":0.0}}'), "answer", 1),
    "empty": (body('{"text":"TEXT"}'), "answer", 1),
    "no confidence": (intents('[{"name":"greet"}]'), "answer", 1),
    "not a number": (intents('[{"name":"greet","confidence":NaN}]'), "answer", 1),
    "a truth value": (intents('[{"name":"greet","confidence":true}]'), "answer", 1),
    "beyond measure": (intents('[{"name":"greet","confidence":1e999}]'), "answer", 1),
    "all zero": (intents('[{"name":"greet","confidence":0}]'), "answer", 1),
    "unknown intents": (intents('[{"name":"order_pizza","confidence":1}]'), "intents", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_the_server_does_the_line_is_understood(
    engine: EmbeddedEngine, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, reason, calls = FAULTS[fault]
    if reason == "timeout":
        monkeypatch.setattr(rasa, "TOTAL_SECONDS", 0.4)
    async with on(engine, behaviour) as (other, server, heard):
        found = await other.aunderstand(WAGES)
    assert found == engine.understand(WAGES)
    assert heard.told == [reason]
    # What is given up after 0.4 s may not have been read by a server that stood still.
    assert len(server.calls) == calls or (reason == "timeout" and not server.calls)
    assert not any("工资" in str(report) for report in heard.reports)


async def test_a_passing_failure_is_not_even_told(engine: EmbeddedEngine) -> None:
    async def answer(call: Call) -> None:
        if call.number == 1:
            await call.say(b"", "503 Service Unavailable")
        else:
            await call.rasa(("thank", 0.9))

    async with on(engine, answer) as (other, server, heard):
        assert (await other.aunderstand("行吧")).intent.name == "thank"
    assert (len(server.calls), heard.told) == (2, ["answered"])


async def test_nobody_listens(engine: EmbeddedEngine) -> None:
    heard = Heard()
    other = RasaEngine(engine, "http://127.0.0.1:1", lambda: 0.0, report=heard.reports.append)
    assert await other.aunderstand(WAGES) == engine.understand(WAGES)
    await other.aclose()
    assert heard.told == ["connection"]


async def test_many_residents_wait_side_by_side(
    engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasa, "TOTAL_SECONDS", 0.5)
    async with on(engine, hang) as (other, _, heard):
        found = await asyncio.gather(*(other.aunderstand(WAGES) for _ in range(100)))
    whats = [report.what for report in heard.reports]
    # All were on their way before the first was given up: one after the other, most had rested.
    assert (whats.count("failed"), whats.count("rested")) == (100, 0)
    assert {each.intent.name for each in found} == {"wage_arrears"}
    assert heard.told.count("opened") == 0  # told by its reason …
    assert whats.count("opened") == 1  # … and once


async def test_the_circuit_opens_rests_and_closes(engine: EmbeddedEngine) -> None:
    async with on(engine, status("500 Internal Server Error")) as (other, server, heard):
        for _ in range(5):
            assert (await other.aunderstand(WAGES)).intent.name == "wage_arrears"
        whats = [report.what for report in heard.reports]
        assert whats == ["failed", "failed", "failed", "opened", "rested", "rested"]
        assert (len(server.calls), other.degraded) == (3, True)

        heard.now += 15
        await asyncio.gather(*(other.aunderstand(WAGES) for _ in range(4)))
        assert len(server.calls) == 4  # one on trial, the others did not wait for it
        assert other.degraded

        heard.now += 15

        async def answer(call: Call) -> None:
            await call.rasa(("consumer", 1.0))

        server.behaviour = answer
        heard.reports.clear()
        assert (await other.aunderstand(WAGES)).intent.name == "consumer"
        assert [report.what for report in heard.reports] == ["answered", "closed"]
        assert not other.degraded


async def test_it_notices_by_itself(engine: EmbeddedEngine) -> None:
    async def answer(call: Call) -> None:
        await call.rasa(("greet", 1.0))

    async with on(engine, answer) as (other, server, heard):
        await other.tend()
        await other.tend()
        assert len(server.calls) == 1  # at once after the start, then not for a while
        heard.now += 15
        await other.tend()
        assert len(server.calls) == 2

        server.behaviour = hang_up
        await other.aunderstand(WAGES)
        for _ in range(5):
            await other.tend()
        assert other.degraded
        assert "rested" not in heard.told  # only residents' lines count

        server.behaviour = answer
        heard.now += 15
        await other.tend()
        assert not other.degraded


def test_a_trial_nobody_reports_on_does_not_block_the_next() -> None:
    circuit = Circuit(failures=1, rest_seconds=10)
    assert circuit.lets_pass(0)
    assert circuit.failed(0)
    assert [circuit.lets_pass(at) for at in (9, 10, 11, 19.9, 20)] == [
        False,
        True,
        False,
        False,
        True,
    ]
    assert not circuit.failed(20)  # it was open already
    assert circuit.succeeded()
    assert circuit.closed
    assert not circuit.succeeded()


def test_a_strange_intent_is_not_repeated_in_the_log() -> None:
    said = '{"text":"x","intent_ranking":[{"name":"张三 13800138000","confidence":1}]}'
    with pytest.raises(RasaFailed) as failed:
        read_answer(said.encode(), "x")
    assert failed.value.detail == "unknown intent ?"
