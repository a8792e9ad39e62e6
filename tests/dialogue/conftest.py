"""The book of the package and the embedded engine, each loaded once."""

from __future__ import annotations

import pytest

from config.load import Book, load_book
from nlu.engine import EmbeddedEngine
from nlu.lexicon import DATA
from nlu.model_file import ModelMissing, save
from tests.dialogue.office import Office


@pytest.fixture(scope="session")
def book() -> Book:
    """The configuration as shipped."""
    return load_book()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    """The trained model, trained here when the checkout has none."""
    try:
        return EmbeddedEngine.load(accept_stale=True)
    except ModelMissing:
        path = tmp_path_factory.mktemp("model") / "jiesu.model"
        # scikit-learn is imported for this alone
        from nlu import train, training_data  # noqa: PLC0415

        data = training_data.read(training_data.data_files(DATA))
        save(train.train(data, "tests"), path)
        return EmbeddedEngine.load(path, accept_stale=True)


@pytest.fixture
def office(book: Book, engine: EmbeddedEngine) -> Office:
    """A fresh conversation."""
    return Office(book, engine)
