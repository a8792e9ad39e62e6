"""The exported project without a Rasa: whole, the same bytes each time, spans DIET can learn."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import jieba
import pytest
import yaml
from typer.testing import CliRunner

from cli.main import app
from nlu.intents import CATEGORIES, INTENTS
from nlu.lexicon import DATA
from nlu.rasa_project import FEWEST, TAUGHT, Options, Project, manifest_text, project, selection
from nlu.training_data import (
    Annotation,
    Example,
    TrainingData,
    TrainingDataError,
    data_files,
    read,
    read_all,
)

SMALL = Options(epochs=3, seed=7, limit=350)
FILES = {
    "config.yml", "domain.yml", "credentials.yml", "endpoints.yml", "data/nlu.yml", "data/rules.yml"
}  # fmt: skip


@pytest.fixture(scope="session")
def data() -> TrainingData:
    return read_all(DATA)


@pytest.fixture(scope="session")
def small(data: TrainingData) -> Project:
    return project(data, "a hash", SMALL)


def parsed(made: Project, name: str) -> Any:
    return yaml.safe_load(made.files[name])


def of_two(*texts: str) -> TrainingData:
    """Two greetings, and these as two intents need it."""
    return TrainingData(
        tuple(
            Example(text, intent, (), Path("a.yml"), line)
            for line, (text, intent) in enumerate(
                [("你好", "greet"), ("您好", "greet"), *((text, "wage_arrears") for text in texts)],
                start=5,
            )
        )
    )


def test_the_project_is_whole(small: Project) -> None:
    assert set(small.files) == FILES
    domain, rules = parsed(small, "domain.yml"), parsed(small, "data/rules.yml")
    items = parsed(small, "data/nlu.yml")["nlu"]
    assert tuple(domain["intents"]) == INTENTS
    assert [item["intent"] for item in items if "intent" in item] == list(INTENTS)
    assert {item["lookup"] for item in items if "lookup" in item} == set(INTENTS)
    assert set(domain["slots"]) == set(domain["entities"]) <= set(TAUGHT)
    told = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules["rules"]}
    assert set(told) == {*INTENTS, "nlu_fallback"}
    assert set(told.values()) == set(domain["responses"])
    assert {told[name] for name in CATEGORIES} == {"utter_complaint"}
    assert domain["session_config"]["session_expiration_time"] == 60


def test_the_pipeline_says_what_was_asked_for(small: Project) -> None:
    config = parsed(small, "config.yml")
    parts = {part["name"]: part for part in config["pipeline"]}
    assert (config["recipe"], config["language"]) == ("default.v1", "zh")
    assert (parts["DIETClassifier"]["epochs"], parts["DIETClassifier"]["random_seed"]) == (3, 7)
    assert parts["DIETClassifier"]["constrain_similarities"] is True
    assert config["pipeline"][0]["name"] == "JiebaTokenizer"
    assert config["pipeline"][-1]["name"] == "FallbackClassifier"
    # Without this Rasa 3 looks for words of two letters and more between spaces.
    assert parts["RegexFeaturizer"]["use_word_boundaries"] is False
    assert re.findall(parts["CountVectorsFeaturizer"].get("token_pattern", r"\w"), "钱")


def test_the_same_data_gives_the_same_bytes(data: TrainingData, small: Project) -> None:
    again = project(read_all(DATA), "a hash", SMALL)
    assert again.files == small.files
    assert manifest_text(again) == manifest_text(small)
    other = project(data, "a hash", Options(epochs=3, seed=8, limit=350))
    changed = {name for name in FILES if other.files[name] != small.files[name]}
    assert changed == {"config.yml"}


def test_everything_is_exported_unless_limited(data: TrainingData) -> None:
    assert selection(data, Options()) == sorted(
        data.examples, key=lambda example: INTENTS.index(example.intent)
    )


def test_a_limit_draws_evenly_and_always_the_same(data: TrainingData) -> None:
    drawn = selection(data, Options(limit=350))
    assert {name: sum(e.intent == name for e in drawn) for name in INTENTS} == dict.fromkeys(
        INTENTS, 10
    )
    assert set(drawn) <= set(selection(data, Options(limit=700)))
    # A small intent gives all it has, the others share the rest.
    assert len(selection(of_two("讨薪", "欠薪", "工资没发", "钱没给"), Options(limit=5))) == 5


def test_only_the_intents_asked_for(data: TrainingData) -> None:
    chosen = Options(limit=60, intents=("wage_arrears", "greet", "inform"))
    made = project(data, "a hash", chosen)
    assert parsed(made, "domain.yml")["intents"] == ["wage_arrears", "greet", "inform"]
    told = {item["intent"] for item in parsed(made, "data/nlu.yml")["nlu"] if "intent" in item}
    assert told == {"wage_arrears", "greet", "inform"}
    assert made.manifest["examples"] == 60


def test_only_short_sentences(data: TrainingData) -> None:
    drawn = selection(data, Options(limit=350, longest=20))
    assert len(drawn) == 350
    assert max(len(example.text) for example in drawn) <= 20


def test_written_sentences_read_back_as_they_were(
    data: TrainingData, small: Project, tmp_path: Path
) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text(small.files["data/nlu.yml"], encoding="utf-8")
    back = read([path])
    assert [(e.text, e.intent) for e in back.examples] == [
        (e.text, e.intent) for e in selection(data, SMALL)
    ]
    assert back.lookups == data.lookups
    assert back.synonyms == data.synonyms
    found = [a for e in back.examples for a in e.annotations]
    assert len(found) > 50
    counts = {name: sum(a.entity == name for a in found) for name in TAUGHT}
    assert {name: n for name, n in counts.items() if n} == small.manifest["entities"]
    assert all(n == 0 or n >= FEWEST for n in counts.values())


def test_every_span_ends_where_a_jieba_word_ends(data: TrainingData, tmp_path: Path) -> None:
    """Rasa uses jieba itself; we cut with rjieba. On all sentences, not on the small choice."""
    jieba.setLogLevel(logging.WARNING)
    path = tmp_path / "nlu.yml"
    path.write_text(project(data, "a hash", Options()).files["data/nlu.yml"], encoding="utf-8")
    taught = [example for example in read([path]).examples if example.annotations]
    assert len(taught) > 1000
    off = []
    for example in taught:
        tokens = list(jieba.tokenize(example.text))
        starts, ends = {start for _, start, _ in tokens}, {end for _, _, end in tokens}
        off += [
            (example.text, found)
            for found in example.annotations
            if found.start not in starts or found.end not in ends
        ]
    assert off == []


def test_what_is_annotated_by_hand_comes_first() -> None:
    by_hand = Annotation("place", 2, 4, "工地")
    examples = [
        Example(f"{who}欠了三个月", "wage_arrears", (), Path("a.yml"), n)
        for n, who in enumerate("我你他")
    ]
    marked = Example("他在工地", "wage_arrears", (by_hand,), Path("a.yml"), 9)
    second = Example("我在工地", "wage_arrears", (by_hand,), Path("a.yml"), 10)
    made = project(TrainingData((*examples, marked, second)), "a hash", Options())
    assert "他在[工地](place)" in made.files["data/nlu.yml"]
    assert "[三个月](period_months)" in made.files["data/nlu.yml"]


def test_brackets_stay_and_take_no_annotation_beside_them() -> None:
    made = project(of_two("老板欠我三个月[捂脸]", "欠我三个月", "又欠三个月"), "a hash", Options())
    assert "- 老板欠我三个月[捂脸]\n" in made.files["data/nlu.yml"]
    assert made.manifest["entities"] == {"period_months": 2}


def test_brackets_rasa_would_misread_are_refused_with_file_and_line() -> None:
    with pytest.raises(TrainingDataError, match=r"a\.yml:7: Rasa takes this \]"):
        project(of_two("老板[捂脸][捂脸]", "工资没发"), "a hash", Options())


def test_an_intent_with_one_sentence_is_refused() -> None:
    with pytest.raises(TrainingDataError, match="wage_arrears: Rasa needs 2 examples"):
        project(of_two("工资没发"), "a hash", Options())


def test_the_command_writes_and_writes_again(tmp_path: Path) -> None:
    folder = tmp_path / "rasa"
    words = ["nlu", "export-rasa", str(folder), "--limit", "350", "--epochs", "3", "--seed", "7"]
    assert CliRunner().invoke(app, words).exit_code == 0
    manifest = json.loads((folder / "jiesu.json").read_text(encoding="utf-8"))
    assert manifest["options"] == {
        "epochs": 3,
        "seed": 7,
        "limit": 350,
        "intents": [],
        "longest": 0,
    }
    assert manifest["examples"] == 350
    assert len(manifest["data"]) == 64
    (folder / "models").mkdir()
    (folder / "models" / "nlu.tar.gz").touch()
    (folder / "data" / "old.yml").write_text("nlu: []", encoding="utf-8")
    before = {name: (folder / name).read_bytes() for name in FILES}
    assert CliRunner().invoke(app, words).exit_code == 0
    assert {name: (folder / name).read_bytes() for name in FILES} == before
    assert {path.name for path in (folder / "data").iterdir()} == {"nlu.yml", "rules.yml"}
    assert (folder / "models" / "nlu.tar.gz").exists()


def test_the_command_refuses_what_it_did_not_write(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("my only copy", encoding="utf-8")
    (tmp_path / "data").mkdir()
    run = CliRunner().invoke(app, ["nlu", "export-rasa", str(tmp_path)])
    assert "other files than an earlier export" in str(run.exception)
    assert (tmp_path / "data").is_dir()
    run = CliRunner().invoke(app, ["nlu", "export-rasa", str(tmp_path / "thesis.txt")])
    assert "is a file" in str(run.exception)


@pytest.mark.parametrize(
    "options",
    [
        ["--intent", "pizza"],
        ["--epochs", "0"],
        ["--seed", "-1"],
        ["--limit", "-3"],
        ["--longest", "x"],
    ],
)
def test_the_command_refuses_nonsense(tmp_path: Path, options: list[str]) -> None:
    run = CliRunner().invoke(app, ["nlu", "export-rasa", str(tmp_path / "rasa"), *options])
    assert run.exit_code == 2
    assert not (tmp_path / "rasa").exists()


def test_a_limit_too_small_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "rasa"
    run = CliRunner().invoke(app, ["nlu", "export-rasa", str(folder), "--limit", "40"])
    assert "raise the limit" in str(run.exception)
    assert not folder.exists()


def test_all_data_files_are_behind_the_hash() -> None:
    """What is exported must change the hash when it changes."""
    hashed = {path.name for path in data_files(DATA)}
    assert {"synonyms.yml", "regex.yml"} <= hashed
