"""``jiesu nlu compare`` against a second, real server and a stand-in for the rasa command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import Progress

from cli.nlu_compare_run import Theirs, rasa_model
from nlu.measure.answers import NoAnswer, ask, heard_in_rasa
from nlu.measure.comparison import ratio, texts_of_length
from nlu.measure.load import press
from nlu.measure.rasa_server import RasaFailed, known_of, train
from nlu.measure.servers import Served, free_port
from nlu.model_file import DEFAULT_PATH, current_data_hash, freshness
from nlu.rasa_project import Options, manifest_text, project
from nlu.training_data import TrainingData
from tests.house.tree import ROOT

START = "from cli.main import main; main()"
LINES = [
    {"text": "老板拖欠我们工资三个月了", "label": "wage_arrears", "secondary": "labour_other"},
    {"text": "楼上邻居半夜吵得睡不着", "label": "neighbour_dispute"},
    {"text": "物业不修电梯还涨物业费", "label": "property_management"},
]
needs_a_model = pytest.mark.skipif(
    freshness(DEFAULT_PATH) not in {"fresh", "stale"}, reason="no model beside the code"
)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Our own server: to its clients it is a Rasa."""
    command = [sys.executable, "-c", START, "nlu", "serve", "--port", "{port}", "--any-data"]
    with Served(command, tmp_path_factory.mktemp("served") / "log", folder=ROOT) as served:
        yield served


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES), encoding="utf-8")
    return path


def compare(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START, "nlu", "compare", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def stand_in(folder: Path, body: str) -> Path:
    """A command that is called as rasa is."""
    path = folder / "rasa"
    path.write_text(f"#!{sys.executable}\nimport os, pathlib, sys\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


SERVES = (
    "port = sys.argv[sys.argv.index('--port') + 1]\n"
    f"os.chdir({str(ROOT)!r})\n"
    f"os.execv(sys.executable, [sys.executable, '-c', {START!r}, 'nlu', 'serve', '--any-data',"
    " '--port', port])"
)


def exported(data: TrainingData, folder: Path, limit: int) -> Path:
    """A project as `jiesu nlu export-rasa` leaves it, and a model in it."""
    made = project(data, "abc", Options(epochs=3, seed=7, limit=limit))
    for name, text in made.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "jiesu.json").write_text(manifest_text(made), encoding="utf-8")
    model = folder / "models" / "small.tar.gz"
    model.parent.mkdir()
    model.write_bytes(b"a model")
    return model


@needs_a_model
def test_against_a_server(second: Served, lines: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = compare(str(lines), "--rasa-url", second.url + "/", "--seconds", "0.1", "--out", str(out))
    assert run.returncode == 0, run.stderr
    assert "mine: 3 lines" in run.stdout
    assert "Not known whether both were trained on the same sentences." in run.stdout
    written = (out / "compare.json").read_text(encoding="utf-8")
    told = json.loads(written)
    figures = told["files"]["mine"]
    assert figures["jiesu"] == figures["rasa"]  # the same engine, so the same figures
    assert figures["lead"] == {"macro_f1": 0.0, "low": 0.0, "high": 0.0}
    assert figures["jiesu"]["accuracy"] == 1.0
    assert [(one["characters"], one["connections"]) for one in told["speed"]["rasa"]] == [
        (20, 1), (20, 4), (20, 16), (300, 1), (300, 4), (300, 16),
    ]  # fmt: skip
    assert all(one["answers"] > 0 for one in told["speed"]["jiesu"])
    assert told["process"]["jiesu"]["resident_mb"] > 20
    assert told["process"]["rasa"] == {"version": "3.6.21", "resident_mb": None}
    assert sorted(path.name for path in out.glob("*.png")) == [
        "confusion-mine-jiesu.png",
        "confusion-mine-rasa.png",
        "reliability-mine.png",
        "risk-coverage-mine.png",
    ]
    for text in (run.stdout, run.stderr, written):
        assert not any(str(line["text"]) in text for line in LINES)


@needs_a_model
def test_a_model_is_served_and_its_making_told(
    lines: Path, training_data: TrainingData, tmp_path: Path
) -> None:
    model = exported(training_data, tmp_path / "project", limit=80)
    rasa = stand_in(tmp_path, SERVES)
    run = compare(
        str(lines), "--rasa-model", str(model), "--rasa", str(rasa),
        "--seconds", "0.1", "--out", str(tmp_path / "out"), "--json",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["same_data"] is False
    theirs = told["process"]["rasa"]
    assert (theirs["epochs"], theirs["seed"], theirs["sentences"]) == (3, 7, 80)
    assert theirs["training_seconds"] is None
    assert theirs["model_mb"] == 7e-6
    assert theirs["ready_seconds"] > 0
    assert theirs["resident_mb"] > 20


@needs_a_model
@pytest.mark.slow
def test_the_embedded_engine_learns_from_the_same_sentences(
    lines: Path, training_data: TrainingData, tmp_path: Path
) -> None:
    model = exported(training_data, tmp_path / "project", limit=200)
    rasa = stand_in(tmp_path, SERVES)
    run = compare(
        str(lines), "--rasa-model", str(model), "--rasa", str(rasa), "--same-data",
        "--seconds", "0.1", "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "Both were trained on the same sentences." in run.stdout
    told = json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    assert told["same_data"] is True
    assert told["process"]["jiesu"]["data"] == told["process"]["rasa"]["data"] == "abc"
    assert told["process"]["jiesu"]["training_seconds"] > 0


def test_rasas_training_is_followed_timed_and_remembered(
    training_data: TrainingData, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    exported(training_data, folder, limit=80)
    rasa = stand_in(
        tmp_path,
        "assert sys.argv[1:3] == ['train', 'nlu']\n"
        "assert os.environ['RASA_TELEMETRY_ENABLED'] == 'false'\n"
        "for share in (0, 40, 100):\n"
        "    print(f'\\rEpochs: {share:3}%|###| 1/3', end='', file=sys.stderr, flush=True)\n"
        "pathlib.Path('models/jiesu.tar.gz').write_bytes(b'new')",
    )
    seen: list[float] = []
    model = train(rasa, folder, seen.append)
    assert seen[-1] == 1.0
    trained = known_of(model)
    assert (trained.epochs, trained.data, trained.whole) == (3, "abc", False)
    assert trained.seconds is not None
    assert trained.nlu_data == folder / "data" / "nlu.yml"
    assert known_of(model.with_name("small.tar.gz")).seconds is None  # another training's time


def test_without_a_rasa_one_is_exported_and_trained(tmp_path: Path) -> None:
    rasa = stand_in(
        tmp_path,
        "config = pathlib.Path('config.yml').read_text(encoding='utf-8')\n"
        "assert 'epochs: 5' in config and 'random_seed: 9' in config\n"
        "pathlib.Path('models').mkdir()\n"
        "pathlib.Path('models/jiesu.tar.gz').write_bytes(b'new')",
    )
    said = StringIO()
    with Progress(console=Console(file=said, width=200)) as progress:
        made = rasa_model(Theirs(rasa, None, None, 5, 9), tmp_path, progress)
    assert made.model == tmp_path / "rasa-project" / "models" / "jiesu.tar.gz"
    assert (made.epochs, made.seed, made.whole) == (5, 9, True)
    assert made.data == current_data_hash()
    assert f"training Rasa on {made.sentences} sentences, 5 epochs: about" in said.getvalue()


def test_a_failed_training_shows_rasas_last_words(tmp_path: Path) -> None:
    rasa = stand_in(tmp_path, "print('no such pipeline'); sys.exit(1)")
    with pytest.raises(RasaFailed, match="no such pipeline"):
        train(rasa, tmp_path, lambda _share: None)


def test_a_model_from_elsewhere_tells_nothing(tmp_path: Path) -> None:
    trained = known_of(tmp_path / "models" / "x.tar.gz")
    assert (trained.data, trained.epochs, trained.nlu_data) == (None, None, None)
    (tmp_path / "jiesu.json").write_text("{}", encoding="utf-8")
    with pytest.raises(NoAnswer, match="not a manifest"):
        known_of(tmp_path / "models" / "x.tar.gz")


def ranking(*said: tuple[str, float]) -> dict[str, Any]:
    return {"intent_ranking": [{"name": name, "confidence": sure} for name, sure in said]}


def test_a_rasa_answer_is_read_without_its_fallback() -> None:
    heard = heard_in_rasa(
        ranking(
            ("nlu_fallback", 0.3),
            ("greet", 0.25),
            ("consumer", 0.2),
            ("wage_arrears", 0.15),
            ("inform", 0.1),
        )
    )
    assert (heard.intent.name, heard.intent.confidence) == ("greet", 0.25)
    assert [one.name for one in heard.categories] == ["consumer", "wage_arrears"]
    assert [one.name for one in heard.acts] == ["inform", "greet"]  # a complaint informs
    assert heard.acts[0].confidence == pytest.approx(0.45)


@pytest.mark.parametrize("answer", [[], {}, {"intent_ranking": [{"name": "greet"}]}, ranking()])
def test_what_is_no_answer_is_said_so(answer: Any) -> None:
    with pytest.raises(NoAnswer, match="no intent_ranking"):
        heard_in_rasa(answer)


@needs_a_model
async def test_load_is_counted(second: Served) -> None:
    found = await press(second.url, ["物业不管", "欠薪"], 4, 0.3)
    assert found.answers > 20
    assert 0 < found.p50 <= found.p95 <= found.p99
    assert found.a_second == pytest.approx(found.answers / 0.3, rel=0.5)


@needs_a_model
def test_other_servers_are_told_from_a_rasa(second: Served) -> None:
    with pytest.raises(NoAnswer, match="404"):
        ask(second.url + "/elsewhere", LINES)


async def test_nobody_there() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(NoAnswer, match="nobody answers"):
        ask(url, LINES)
    with pytest.raises(NoAnswer, match="nobody answers"):
        await press(url, ["x"], 1, 0.1)
    with pytest.raises(NoAnswer, match="plain http"):
        await press("https://127.0.0.1", ["x"], 1, 0.1)


def test_a_server_that_ends_shows_its_last_words(tmp_path: Path) -> None:
    program = "import sys; sys.exit('the port is taken')"
    with pytest.raises(NoAnswer, match="ended: the port is taken"):
        Served([sys.executable, "-c", program], tmp_path / "log")


def test_speed_is_measured_on_our_own_sentences(training_data: TrainingData) -> None:
    short, long = (texts_of_length(training_data, length) for length in (20, 300))
    assert {len(text) for text in short} == {20}
    assert all(270 < len(text) <= 300 for text in long)
    assert len(set(short)) == len(set(long)) == 40


def test_ratios_of_what_is_known() -> None:
    assert ratio(30.0, 10) == 3.0
    assert ratio(None, 10) is None
    assert ratio(1.0, 0) is None


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("none.jsonl",), 1, "no file none.jsonl"),
        (("{mine}", "{mine}"), 1, "two files are named mine"),
        (("{levels}",), 1, "levels holds crisis levels"),
        (("{mine}", "--rasa", "none"), 1, "make rasa"),
        (("{mine}", "--rasa-url", "http://127.0.0.1:1", "--model", "none"), 1, "nlu train"),
        (("{mine}", "--rasa-url", "x", "--rasa-model", "y"), 2, "not both"),
        (("{mine}", "--rasa-url", "x", "--same-data"), 2, "use --rasa-model"),
    ],
)
def test_mistakes_say_what_to_do(
    lines: Path, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    levels = tmp_path / "levels.jsonl"
    levels.write_text('{"text":"x","level":"R1"}\n', encoding="utf-8")
    given = [word.format(mine=lines, levels=levels) for word in words]
    run = compare(*given, "--out", str(tmp_path / "out"))
    assert run.returncode == code
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_a_stand_in_that_is_no_project_cannot_teach(lines: Path, tmp_path: Path) -> None:
    model = tmp_path / "lonely.tar.gz"
    model.write_bytes(b"a model")
    rasa = stand_in(tmp_path, SERVES)
    run = compare(
        str(lines), "--rasa-model", str(model), "--rasa", str(rasa), "--same-data",
        "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert "--same-data needs the exported project" in run.stderr
