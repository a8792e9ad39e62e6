"""The real engine on the real model; trained here only when none fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.engine import EmbeddedEngine
from nlu.lexicon import DATA
from nlu.model_file import DEFAULT_PATH, ModelDamaged, ModelMissing, current_data_hash, save
from nlu.training_data import TrainingData, read_all


@pytest.fixture(scope="session")
def training_data() -> TrainingData:
    return read_all(DATA)


@pytest.fixture(scope="session")
def engine(training_data: TrainingData, tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    try:
        return EmbeddedEngine.load(DEFAULT_PATH, accept_stale=True)
    except (ModelMissing, ModelDamaged):
        path = tmp_path_factory.mktemp("model") / "jiesu.model"
        return _trained(training_data, path)


def _trained(training_data: TrainingData, path: Path) -> EmbeddedEngine:
    from nlu.train import train  # noqa: PLC0415  # slow to import, seldom needed

    save(train(training_data, current_data_hash()), path)
    return EmbeddedEngine.load(path, accept_stale=True)
