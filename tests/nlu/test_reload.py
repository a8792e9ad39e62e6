"""A promoted model is taken up while serving; a bad file is refused and the old model stays."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu.classifier import CATEGORY
from nlu.engine import EmbeddedEngine
from nlu.model_file import DEFAULT_PATH, Model, ModelError, current_data_hash, load, save
from nlu.reload import ModelWatch, read_digest

WAGES = "老板拖欠我们三个月工资"


def leaning(model: Model, category: str) -> Model:
    """The same model, so fond of one category that it hears nothing else."""
    head = next(head for head in model.heads if head.name == CATEGORY)
    bias = np.array(model.bias)
    bias[head.first + head.classes.index(category)] += 1000
    return replace(model, bias=bias)


@pytest.fixture(scope="module")
def model(engine: EmbeddedEngine) -> Model:
    return replace(load(DEFAULT_PATH, accept_stale=True), data=current_data_hash())


@pytest.fixture
def watch(model: Model, tmp_path: Path) -> ModelWatch:
    path = tmp_path / "jiesu.model"
    save(model, path)
    return ModelWatch.open(path)


def hears(watch: ModelWatch) -> str | None:
    return watch.engine.understand(WAGES).category


def test_a_promoted_model_serves_from_the_next_line_on(watch: ModelWatch, model: Model) -> None:
    assert not watch.changed()
    first = watch.digest
    assert (hears(watch), first) == ("wage_arrears", read_digest(watch.path))

    promoted = save(leaning(model, "education"), watch.path)
    assert watch.changed()
    assert hears(watch) == "wage_arrears"  # noticed, not yet loaded
    found = watch.reload()
    assert (found.outcome, found.digest, watch.digest) == ("loaded", promoted, promoted)
    assert hears(watch) == "education"
    assert not watch.changed()


def test_the_same_content_again_changes_nothing(watch: ModelWatch, model: Model) -> None:
    before = watch.digest
    save(model, watch.path)
    assert watch.changed()  # another file, as far as a look can tell
    assert watch.reload().digest == before


def cut_short(path: Path, model: Model) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def altered(path: Path, model: Model) -> None:
    content = bytearray(path.read_bytes())
    content[-1000] ^= 1
    path.write_bytes(content)


def of_an_older_format(path: Path, model: Model) -> None:
    path.write_bytes(path.read_bytes().replace(b'"format": ', b'"format": 9', 1))


def of_other_data(path: Path, model: Model) -> None:
    save(replace(model, data="0" * 64), path)


def of_other_intents(path: Path, model: Model) -> None:
    heads = tuple(
        replace(head, classes=("pizza", *head.classes[1:])) if head.name == CATEGORY else head
        for head in model.heads
    )
    save(replace(model, heads=heads), path)


def something_else(path: Path, model: Model) -> None:
    path.write_text("not a model\n", encoding="utf-8")


def a_hollow_header(path: Path, model: Model) -> None:
    magic = path.read_bytes().split(b"\n", 1)[0]
    path.write_bytes(magic + b"\n[]\n")


def nothing(path: Path, model: Model) -> None:
    path.unlink()


def a_folder(path: Path, model: Model) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "harm",
    [
        cut_short,
        altered,
        of_an_older_format,
        of_other_data,
        of_other_intents,
        something_else,
        a_hollow_header,
        nothing,
        a_folder,
    ],
)
def test_a_bad_file_is_refused_and_the_old_model_stays(
    watch: ModelWatch, model: Model, harm: Callable[[Path, Model], None]
) -> None:
    before = watch.digest
    harm(watch.path, model)
    assert watch.changed()
    found = watch.reload()
    assert (found.outcome, found.digest, watch.digest) == ("refused", before, before)
    assert found.why
    assert hears(watch) == "wage_arrears"
    assert not watch.changed()  # nor tried again and again

    if watch.path.is_dir():
        watch.path.rmdir()
    save(leaning(model, "consumer"), watch.path)
    assert watch.changed()
    assert watch.reload().outcome == "loaded"
    assert hears(watch) == "consumer"


def test_a_stale_model_is_taken_where_that_was_asked_for(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "other.model"
    save(replace(model, data="0" * 64), path)
    with pytest.raises(ModelError, match="jiesu nlu train"):
        ModelWatch.open(path)
    watch = ModelWatch.open(path, accept_stale=True)
    save(replace(leaning(model, "other"), data="1" * 64), path)
    assert watch.reload().outcome == "loaded"


def test_a_model_promoted_while_loading_is_seen(watch: ModelWatch, model: Model) -> None:
    twin = watch.path.with_name("twin")
    save(leaning(model, "education"), twin)
    shutil.copy(watch.path, watch.path.with_name("first"))
    twin.replace(watch.path)
    assert watch.reload().outcome == "loaded"
    watch.path.with_name("first").replace(watch.path)
    assert watch.changed()
