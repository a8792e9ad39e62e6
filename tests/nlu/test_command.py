"""``jiesu nlu`` from outside: clean JSON on stdout, mistakes as one line on stderr."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nlu.model_file import DEFAULT_PATH, freshness
from tests.house.tree import ROOT


def nlu(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    start = "from cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", start, "nlu", *words],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )


needs_a_fresh_model = pytest.mark.skipif(
    freshness(DEFAULT_PATH) != "fresh",
    reason="the model beside the code is not trained on this data",
)


@needs_a_fresh_model
def test_parse_prints_one_object_a_line() -> None:
    run = nlu("parse", "老板欠我两万三", "你好")
    assert (run.returncode, run.stderr) == (0, "")
    shapes = [json.loads(line) for line in run.stdout.splitlines()]
    assert [shape["intent"]["name"] for shape in shapes] == ["wage_arrears", "greet"]
    run = nlu("parse", given="楼上漏水\n\n谢谢\r\n")
    assert [json.loads(line)["text"] for line in run.stdout.splitlines()] == [
        "楼上漏水",
        "",
        "谢谢",
    ]


@needs_a_fresh_model
def test_evaluate_prints_json(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"id":"1","text":"你好","label":"greet"}\n', encoding="utf-8")
    run = nlu("evaluate", str(path), "--json")
    assert json.loads(run.stdout)["accuracy"] == 1.0
    assert nlu("evaluate", str(path)).stdout.startswith("lines")


@needs_a_fresh_model
def test_mistakes_are_one_line_and_exit_one(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    for words in (
        ("evaluate", str(path)),
        ("evaluate", str(tmp_path / "none.jsonl")),
        ("parse", "x", "--model", str(tmp_path / "none.model")),
    ):
        run = nlu(*words)
        assert (run.returncode, run.stdout, run.stderr.count("\n")) == (1, "", 1), words


def test_wrong_use_exits_two() -> None:
    assert nlu("sample", "no_such_intent").returncode == 2
    assert nlu("evaluate").returncode == 2


def test_sample_shows_examples_with_their_place() -> None:
    first, second = (nlu("sample", "greet", "-n", "3", "--seed", "7") for _ in range(2))
    assert first.stdout == second.stdout
    assert len(first.stdout.splitlines()) == 3
    assert all(".yml:" in line for line in first.stdout.splitlines())
