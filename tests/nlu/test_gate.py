"""The gate on real, small trainings: a better candidate passes, a worse one is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.mistakes import Mistake
from cli.nlu_train import Lesson, roll_back, train_gated
from nlu import model_file
from nlu.engine import EmbeddedEngine
from nlu.feedback import Correction, Feedback
from nlu.gate import COMPLAINTS, RECENT, judge
from nlu.intents import ACTS, CATEGORIES
from nlu.model_file import freshness, load, save
from nlu.promotion import candidate_path, previous_path, promote, rollback
from nlu.train import train
from nlu.training_data import Example, TrainingData

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
EVERY = 15
CURRENT = "current"


@pytest.fixture(autouse=True)
def _data(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data these models learn from is the current one."""
    monkeypatch.setattr(model_file, "current_data_hash", lambda: CURRENT)


@pytest.fixture(scope="module")
def few(training_data: TrainingData) -> TrainingData:
    """Some hundred sentences, no lists, danger by the rules alone: learned in a few seconds."""
    told = [example for example in training_data.examples if example.intent in CATEGORIES]
    acts = [example for example in training_data.examples if example.intent not in CATEGORIES]
    return TrainingData(examples=(*told[::EVERY], *acts[:: EVERY * 2]))


@pytest.fixture(scope="module")
def trained(few: TrainingData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("incumbent") / "jiesu.model"
    save(train(few, CURRENT), path)
    return path


@pytest.fixture
def model(trained: Path, tmp_path: Path) -> Path:
    """The incumbent, for one test to lose."""
    copy = tmp_path / "jiesu.model"
    copy.write_bytes(trained.read_bytes())
    return copy


@pytest.fixture(scope="module")
def misled(few: TrainingData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An incumbent that was taught eight categories and eight acts under one another's names."""
    names = {
        name: some[at - 1] for some in (CATEGORIES[:8], ACTS[:8]) for at, name in enumerate(some)
    }
    wrong = [replace(each, intent=names.get(each.intent, each.intent)) for each in few.examples]
    path = tmp_path_factory.mktemp("misled") / "jiesu.model"
    save(train(replace(few, examples=tuple(wrong)), CURRENT), path)
    return path


def corrections(examples: list[Example], category: str = "") -> tuple[Correction, ...]:
    """What officers said of these lines: the truth, or ``category`` for all of them."""
    return tuple(
        Correction(f"JS-{n:04d}", each.text, category or each.intent, NOON + timedelta(hours=n))
        for n, each in enumerate(examples)
    )


@pytest.fixture(scope="module")
def unseen(training_data: TrainingData) -> Callable[[int], list[Example]]:
    """Complaints the incumbent has not seen, some of every category, others for every offset."""

    def pick(offset: int) -> list[Example]:
        told = [example for example in training_data.examples if example.intent in CATEGORIES]
        return told[offset :: EVERY * 6]

    return pick


def test_wrong_corrections_are_refused_and_named(
    few: TrainingData, model: Path, training_data: TrainingData, capsys: pytest.CaptureFixture[str]
) -> None:
    before = model.read_bytes()
    wages = [e for e in training_data.of("wage_arrears") if e not in few.examples][:150]
    lesson = Lesson(few, CURRENT, Feedback(corrections(wages, "consumer"), ()))
    with pytest.raises(Mistake) as refused:
        train_gated(lesson, model)
    said = str(refused.value)
    assert "\n" not in said
    assert "core_f1" in said
    assert "points worse, in " in said
    assert "complaints wage_arrears F1" in said
    assert str(candidate_path(model)) in said
    table = capsys.readouterr().out
    assert "worse" in table
    assert "fell by a lot: complaints wage_arrears" in table
    assert model.read_bytes() == before
    assert load(candidate_path(model), accept_stale=True).feedback
    assert not previous_path(model).exists()


def test_good_corrections_are_promoted(
    few: TrainingData,
    model: Path,
    misled: Path,
    unseen: Callable[[int], list[Example]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = misled.read_bytes()
    model.write_bytes(before)
    learn, recent = corrections(unseen(3)), corrections(unseen(7))
    lesson = Lesson(few, CURRENT, Feedback(learn, recent))
    train_gated(lesson, model)
    assert model.read_bytes() != before
    assert previous_path(model).read_bytes() == before
    assert not candidate_path(model).exists()
    assert load(model).feedback == Feedback(learn, recent).digest
    assert freshness(model) == "fresh"
    told = capsys.readouterr()
    assert f"{len(recent)} newer ones were held back" in told.err
    assert [line.split()[0] for line in told.out.splitlines()].count(RECENT) == 2
    promoted = model.read_bytes()
    roll_back(model)
    assert model.read_bytes() == before
    assert candidate_path(model).read_bytes() == promoted
    with pytest.raises(Mistake, match="nothing was changed"):
        roll_back(model)


def test_the_same_model_is_never_worse_than_itself(
    trained: Path, unseen: Callable[[int], list[Example]]
) -> None:
    engine = EmbeddedEngine.load(trained, accept_stale=True)
    verdict = judge(engine, engine, corrections(unseen(7)))
    assert verdict.passed
    assert verdict.falls == ()
    assert {figure.change for figure in verdict.figures} == {0.0}
    named = {(figure.lines, figure.name) for figure in verdict.figures}
    assert {(COMPLAINTS, "macro_f1"), (COMPLAINTS, "core_f1"), (RECENT, "accuracy")} <= named


def test_without_an_incumbent_the_first_model_is_promoted(
    few: TrainingData, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "jiesu.model"
    train_gated(Lesson(few, CURRENT), model, dry_run=True)
    told = capsys.readouterr().err
    assert "nothing to compare the candidate with" in told
    assert "not promoted (--dry-run)" in told
    assert [path.name for path in tmp_path.iterdir()] == ["jiesu.candidate.model"]
    train_gated(Lesson(few, CURRENT), model)
    assert [path.name for path in tmp_path.iterdir()] == ["jiesu.model"]
    assert freshness(model) == "fresh"


def test_a_previous_model_no_server_would_load_is_not_put_back(model: Path) -> None:
    present = model.read_bytes()
    save(replace(load(model), data="older"), previous_path(model))
    with pytest.raises(Mistake, match="older than its training data"):
        roll_back(model)
    previous_path(model).write_bytes(b"no model")
    with pytest.raises(Mistake, match="nothing was changed"):
        roll_back(model)
    assert model.read_bytes() == present


def test_promoting_leaves_no_other_files(model: Path) -> None:
    candidate_path(model).write_bytes(model.read_bytes())
    promote(model)
    rollback(model)
    left = {path.name for path in model.parent.iterdir()}
    assert left == {"jiesu.model", "jiesu.candidate.model"}
