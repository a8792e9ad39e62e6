"""`jiesu nlu serve` as Rasa's clients see it: a real process, real sockets, Rasa's own shapes."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import pytest

from cli.nlu_answers import parse_answer
from cli.nlu_server import MOST_BYTES
from nlu.engine import EmbeddedEngine
from nlu.model_file import DEFAULT_PATH, Model, ModelDamaged, ModelMissing, load, save
from tests.house.tree import ROOT
from tests.nlu_served import NluServer, cut_short
from tests.served import wait_until

WAGES = "老板拖欠我们五个人三个月工资，一共两万三"
NOT_NEEDED = ("typer", "pydantic", "fastapi", "starlette", "uvicorn", "sqlalchemy", "structlog",
              "httpx", "rich", "sklearn", "scipy", "matplotlib")  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained model, in a place of its own."""
    path = tmp_path_factory.mktemp("model") / "city.model"
    try:
        save(load(DEFAULT_PATH, accept_stale=True), path)
    except (ModelMissing, ModelDamaged) as error:
        pytest.fail(f"{error} (or make setup)")
    return path


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NluServer]:
    with NluServer(model, tmp_path_factory.mktemp("log")) as served:
        yield served


@pytest.fixture
def client(server: NluServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as asking:
        yield asking


def test_it_says_who_it_is(client: httpx.Client, model: Path) -> None:
    hello = client.get("/")
    assert hello.text.startswith("Hello from Rasa: 3.6.21")
    assert hello.headers["content-type"].startswith("text/plain")
    assert client.get("/version").json() == {
        "version": "3.6.21",
        "minimum_compatible_version": "3.6.21",
    }
    status = client.get("/status").json()
    assert (status["model_file"], status["num_active_training_jobs"]) == ("city.model", 0)
    assert len(status["model_id"]) == 64


def test_a_parse_has_rasas_shape_and_ours(client: httpx.Client, model: Path) -> None:
    sent = {"text": WAGES, "message_id": "b2831e73-1407-4ba0-a861-0f30a42a2a5a"}
    answer = client.post("/model/parse", json=sent)
    assert answer.headers["content-type"] == "application/json"
    shape = answer.json()
    assert (shape["text"], shape["intent"]["name"]) == (WAGES, "wage_arrears")
    assert shape["intent_ranking"][0] == shape["intent"]
    assert len(shape["intent_ranking"]) == 35
    amount = next(each for each in shape["entities"] if each["entity"] == "amount_yuan")
    assert (amount["value"], amount["extractor"]) == (23000, "jiesu")
    assert WAGES[amount["start"] : amount["end"]] == "两万三"
    assert amount["confidence_entity"] == amount["confidence"]
    spans = shape["text_tokens"]
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]
    assert spans[-1][1] == len(WAGES)
    assert {"category", "secondary", "act", "urgent", "crisis", "crisis_kind"} <= shape.keys()


@pytest.mark.parametrize(
    "text", [WAGES, '他说"滚"\\\n\t\x00', "", " ", "👨‍👩‍👧 e\u0301", "我不想活了", "x" * 5000]
)
def test_the_json_is_what_the_library_would_write(text: str) -> None:
    heard = EmbeddedEngine.load(DEFAULT_PATH, accept_stale=True).understand(text)
    shape, plain = json.loads(parse_answer(heard)), heard.as_rasa()
    for name in ("text", "category", "secondary", "act", "urgent", "crisis", "crisis_kind"):
        assert shape[name] == plain[name]
    for ours, theirs in zip(shape["intent_ranking"], heard.ranking, strict=True):
        assert ours["name"] == theirs.name
        assert ours["confidence"] == pytest.approx(theirs.confidence, abs=1e-6)
    assert isinstance(plain["entities"], list)
    for ours, entity in zip(shape["entities"], plain["entities"], strict=True):
        assert ours == {**entity, "confidence_entity": entity["confidence"], "extractor": "jiesu"}


def test_odd_texts_are_answered(client: httpx.Client) -> None:
    for body, text in ((b'{"text":["a","b"]}', "a"), (b'{"text":"\\ud800x"}', "\ud800x")):
        answer = client.post("/model/parse", content=body)
        assert (answer.status_code, answer.json()["text"]) == (200, text)


@pytest.mark.parametrize(
    ("method", "target", "body", "code", "reason"),
    [
        ("POST", "/model/parse", b"", 400, "BadRequest"),
        ("POST", "/model/parse", b"{}", 400, "BadRequest"),
        ("POST", "/model/parse", b'{"text": null}', 400, "BadRequest"),
        ("POST", "/model/parse", b'{"text": []}', 400, "BadRequest"),
        ("POST", "/model/parse", b"[1]", 400, "BadRequest"),
        ("POST", "/model/parse", b"{", 400, "ParsingError"),
        ("POST", "/model/parse", b"\xff\xfe", 400, "ParsingError"),
        ("POST", "/model/parse", b"[" * 100_000, 400, "ParsingError"),
        ("POST", "/model/parse", b'{"text": "%b"}' % (b"x" * 100_001), 413, "BadRequest"),
        ("POST", "/model/parse", b" " * (MOST_BYTES + 1), 413, "BadRequest"),
        ("POST", "/model/parse?emulation_mode=LUIS", b'{"text":"a"}', 400, "BadRequest"),
        ("POST", "/model/parse?emulation_mode=x", b'{"text":"a"}', 400, "BadRequest"),
        ("GET", "/model/parse", b"", 405, "MethodNotAllowed"),
        ("POST", "/status", b"", 405, "MethodNotAllowed"),
        ("GET", "/webhooks/rest/webhook", b"", 404, "NotFound"),
    ],
)
def test_mistakes_have_rasas_error_shape(
    client: httpx.Client, method: str, target: str, body: bytes, code: int, reason: str
) -> None:
    answer = client.request(method, target, content=body)
    shape = answer.json()
    assert shape.keys() == {"version", "status", "message", "reason", "details", "help", "code"}
    assert (answer.status_code, shape["code"], shape["reason"]) == (code, code, reason)
    assert (shape["status"], shape["version"]) == ("failure", "3.6.21")
    assert client.post("/model/parse", json={"text": "你好"}).status_code == 200


def exchange(server: NluServer, sent: bytes) -> bytes:
    """Everything the server says to these bytes until it hangs up."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(sent)
        said = b""
        while piece := line.recv(65536):
            said += piece
    return said


def post(body: bytes, more: bytes = b"") -> bytes:
    return b"POST /model/parse HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%b\r\n%b" % (
        len(body),
        more,
        body,
    )


def test_requests_in_one_go_are_answered_in_order(server: NluServer) -> None:
    bodies = [json.dumps({"text": f"第{number}句"}).encode() for number in range(20)]
    said = exchange(
        server, b"".join(map(post, bodies[:-1])) + post(bodies[-1], b"Connection: close\r\n")
    )
    order = [said.find(f'"text":"第{number}句"'.encode()) for number in range(20)]
    assert order == sorted(order)
    assert order[0] > 0
    assert said.count(b"HTTP/1.1 200 OK") == 20


def test_http_as_others_speak_it(server: NluServer) -> None:
    chunked = (
        b"POST /model/parse HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
        b'9\r\n{"text":"\r\n6\r\n\xe4\xbd\xa0\xe5\xa5\xbd\r\n2\r\n"}\r\n0\r\n\r\n'
    )
    said = exchange(server, chunked)
    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")
    assert b'"name":"greet"' in said
    assert b"connection: close" in said
    old = exchange(server, b"GET / HTTP/1.0\r\n\r\n")
    assert old.startswith(b"HTTP/1.1 200 OK")
    assert exchange(server, b"\x16\x03\x01 hello\r\n\r\n").startswith(b"HTTP/1.1 400")


def test_the_token_is_asked_for_where_rasa_asks(model: Path, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("se cret\n", encoding="utf-8")
    with (
        NluServer(model, tmp_path, JIESU_RASA_TOKEN_FILE=str(secret)) as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):
        assert client.get("/").status_code == 200
        assert client.get("/version").status_code == 200
        for params in ({}, {"token": "wrong"}, {"token": "错"}):
            for refused in (
                client.get("/status", params=params),
                client.post("/model/parse", params=params, json={"text": "你好"}),
            ):
                assert (refused.status_code, refused.json()["reason"]) == (401, "NotAuthenticated")
        right = {"token": "se cret"}
        assert client.get("/status", params=right).status_code == 200
        heard = client.post("/model/parse", params=right, json={"text": "你好"})
        assert heard.json()["intent"]["name"] == "greet"
        assert "se cret" not in server.log()


def leaning(model: Model, name: str) -> Model:
    """The same model, so fond of one class that it hears nothing else."""
    bias = np.array(model.bias)
    for head in model.heads:
        if name in head.classes:
            bias[head.first + head.classes.index(name)] += 1000
    return replace(model, bias=bias)


def test_a_new_model_is_taken_up_without_a_failed_request(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "city.model"
    trained = load(model, accept_stale=True)
    save(trained, path)
    with (
        NluServer(path, tmp_path) as server,
        httpx.Client(base_url=server.url, timeout=60) as client,
    ):

        def category() -> str:
            answer = client.post("/model/parse", json={"text": WAGES})
            return str(answer.raise_for_status().json()["category"])

        assert category() == "wage_arrears"
        promoted = save(leaning(trained, "education"), path)
        wait_until(lambda: category() == "education")
        assert client.get("/status").json()["model_id"] == promoted

        cut_short(path)
        wait_until(lambda: "model_refused" in server.log())
        assert category() == "education"
        told = [json.loads(line) for line in server.log().splitlines()]
        assert [each["event"] for each in told] == ["model_loaded", "model_refused"]
        assert "jiesu nlu train" in told[1]["why"]
        assert server.stop() == 0


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_it_starts_with_nothing_it_can_do_without() -> None:
    ask = (
        "import sys; sys.argv = ['jiesu', 'nlu', 'serve', '--help']\n"
        "from cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "import cli.nlu_answers, cli.nlu_server, nlu.reload\n"
        f"print(*[name for name in {NOT_NEEDED!r} if name in sys.modules])"
    )
    found = run("-c", ask)
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.splitlines()[-1] == ""


def test_mistakes_are_one_line() -> None:
    start = ("-c", "from cli.main import main; main()", "nlu", "serve")
    found = run(*start, "--model", "no-such.model")
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == "jiesu: no language model at no-such.model: run `jiesu nlu train`\n"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = run(*start, "--any-data", "--port", str(taken.getsockname()[1]))
    assert (found.returncode, found.stderr.count("\n")) == (1, 1)
    for options in (["--port", "x"], ["--nonsense"]):
        found = run(*start, *options)
        assert (found.returncode, "usage: jiesu nlu serve" in found.stderr) == (2, True)
