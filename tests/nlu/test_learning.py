"""The learning curve: parts are nested, fixed and never hold what they are scored on."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from nlu.intents import INTENTS
from nlu.measure.learning import HELD_OUT, by_round, by_share
from nlu.training_data import Example, TrainingData
from tests.house.tree import ROOT


def made_up(intents: tuple[str, ...] = ("greet", "consumer"), each: int = 50) -> TrainingData:
    return TrainingData(
        tuple(
            Example(f"{name} {at}", name, (), Path(f"{name}_{at % 3 + 1}.yml"), at)
            for name in intents
            for at in range(each)
        )
        + tuple(Example(f"loose {at}", "greet", (), Path("acts_greet.yml"), at) for at in range(10))
    )


def test_a_share_is_of_every_intent_and_held_out_lines_are_never_learned() -> None:
    data = made_up()
    parts = by_share(data, (0.4, 0.1, 1.0, 0.8), seeds=3)
    assert [part.name for part in parts] == ["10 %"] * 3 + ["40 %"] * 2 + ["80 %", "100 %"]
    for part in parts[:-1]:
        assert not set(part.learn) & set(part.held_out)
        assert len(part.held_out) == len(data.examples) / HELD_OUT
    sizes = [Counter(one.intent for one in part.learn) for part in parts]
    assert sizes[0] == {"greet": 6, "consumer": 5}
    assert sizes[3] == {"greet": 24, "consumer": 20}
    assert sizes[5] == {"greet": 48, "consumer": 40}
    assert (parts[-1].learn, parts[-1].held_out) == (data.examples, ())
    first, second = parts[0], parts[1]
    assert first.learn != second.learn  # another seed, other sentences
    assert set(first.learn) < set(parts[3].learn)  # the same seed grows
    assert by_share(data, (0.1,), seeds=1)[0] == first


def test_every_intent_has_at_least_one_sentence() -> None:
    (part,) = by_share(made_up(INTENTS, 5), (0.01,), seeds=1)
    assert {one.intent for one in part.learn} == set(INTENTS)


def test_rounds_add_up_and_loose_files_are_there_from_the_start() -> None:
    first, second, third = by_round(made_up())
    assert [part.name for part in (first, second, third)] == ["round 1", "round 2", "round 3"]
    assert set(first.learn) < set(second.learn) < set(third.learn)
    assert {one.path.stem for one in first.learn} == {"greet_1", "consumer_1", "acts_greet"}
    assert first.held_out == third.held_out
    assert len(third.learn) + len(third.held_out) == len(made_up().examples)


def run_curve(*words: str) -> subprocess.CompletedProcess[str]:
    start = "from cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", start, "nlu", "curve", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_command_trains_scores_and_draws(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"text":"老板拖欠工资","label":"wage_arrears"}\n', encoding="utf-8")
    run = run_curve(str(file), "--steps", "2", "--seeds", "1", "--out", str(tmp_path / "out"))
    assert run.returncode == 0, run.stderr
    assert "mine" in run.stdout
    told = json.loads((tmp_path / "out" / "curve.json").read_text(encoding="utf-8"))
    (only,) = told["runs"]
    own = only["figures"]["own sentences, held out"]
    assert own["lines"] == only["held_out"]
    assert 0.1 < own["macro_f1"] < 0.9
    assert only["figures"]["mine"]["lines"] == 1
    assert (tmp_path / "out" / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert "工资" not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--steps", "0"), 2, "above 0"),
        (("--steps", "ten"), 2, "percentages"),
        (("--by-round", "--steps", "10"), 2, "leave --steps out"),
        (("none.jsonl",), 1, "no file none.jsonl"),
    ],
)
def test_wrong_use_says_what_to_do(words: tuple[str, ...], code: int, message: str) -> None:
    run = run_curve(*words)
    assert run.returncode == code
    assert message in run.stderr
