"""The model on disk: the same data gives the same bytes; what is wrong is named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu import model_file
from nlu.classifier import ACT, CATEGORY, CRISIS
from nlu.model_file import ModelDamaged, ModelMissing, ModelStale, freshness, load, save
from nlu.train import train
from nlu.training_data import TrainingData

CURRENT = "current"


@pytest.fixture(scope="module")
def few(training_data: TrainingData) -> TrainingData:
    """Every eighth example: enough to learn from, quick to learn."""
    return replace(training_data, examples=training_data.examples[::8], lookups={})


@pytest.fixture
def path(few: TrainingData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Path) -> Path:
    monkeypatch.setattr(model_file, "current_data_hash", lambda: CURRENT)
    copy = tmp_path / "jiesu.model"
    copy.write_bytes(trained.read_bytes())
    return copy


@pytest.fixture(scope="module")
def trained(few: TrainingData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("model") / "jiesu.model"
    save(train(few, CURRENT), target)
    return target


def test_the_same_data_gives_the_same_bytes(
    few: TrainingData, tmp_path: Path, trained: Path
) -> None:
    shares: list[float] = []
    again = tmp_path / "again.model"
    save(train(few, CURRENT, lambda _what, share: shares.append(share)), again)
    assert again.read_bytes() == trained.read_bytes()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_what_is_loaded_is_what_was_saved(few: TrainingData, path: Path) -> None:
    made, read = train(few, CURRENT), load(path)
    assert read.vocabulary == made.vocabulary
    assert read.heads == made.heads
    assert [head.name for head in read.heads] == [CATEGORY, ACT, CRISIS]
    assert np.allclose(read.weights, made.weights, atol=2e-2)
    assert path.stat().st_size < 20_000_000


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="run `jiesu nlu train`"):
        load(tmp_path / "none.model")
    assert freshness(tmp_path / "none.model") == "missing"


def test_an_altered_model_is_refused(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(ModelDamaged, match="run `jiesu nlu train`"):
        load(path)
    assert freshness(path) == "damaged"


OTHERS = {
    "empty": b"",
    "zip": b"PK\x03\x04",
    "cut short": model_file.MAGIC,
    "no figures": model_file.MAGIC + b"{}\n",
    "no JSON": model_file.MAGIC + b"{no\n",
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "other.model"
    path.write_bytes(OTHERS[name])
    with pytest.raises(ModelDamaged):
        load(path)


def test_a_model_of_other_data_is_refused_unless_accepted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert freshness(path) == "fresh"
    monkeypatch.setattr(model_file, "current_data_hash", lambda: "newer")
    with pytest.raises(ModelStale, match="older than its training data"):
        load(path)
    assert freshness(path) == "stale"
    assert load(path, accept_stale=True).data == CURRENT


def test_saving_leaves_nothing_else_behind(path: Path, few: TrainingData) -> None:
    save(load(path), path)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert load(path).data == CURRENT
