"""`jiesu nlu train` as an operator types it, on a real database and a little training data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from casework.case import SlotValue
from casework.desk import cases as desk
from casework.desk.reclassify import Correction, reclassify
from casework.organisation import Officer, Role
from casework.ports import Transaction
from cli.main import main
from nlu.feedback import RECENT_SHARE
from nlu.intents import CATEGORIES
from nlu.lexicon import DATA
from nlu.model_file import load
from nlu.promotion import candidate_path, previous_path
from nlu.training_data import Example, TrainingData, read_all
from storage import schema
from storage.engine import open_store
from tests.rules import OneClass
from tests.storage.people import NOON, SECOND, cast, conversation

HE = Officer("he", "he", "何敏", Role.STREET, "s")
EVERY = 12
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def whole() -> TrainingData:
    """All the training data there is."""
    return read_all(DATA)


@pytest.fixture(scope="module")
def little(whole: TrainingData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of training data with some hundred sentences."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "intents").mkdir()
    by_intent: dict[str, list[str]] = {}
    for example in whole.examples[::EVERY]:
        by_intent.setdefault(example.intent, []).append(f"    - {example.text}")
    parts = ['version: "3.1"', "nlu:"]
    for intent, lines in by_intent.items():
        parts += [f"- intent: {intent}", "  examples: |", *lines]
    (folder / "intents" / "little.yml").write_text("\n".join(parts) + "\n", encoding="utf-8")
    crisis = "".join(f"{level}: {list(some[:3])!r}\n" for level, some in whole.crisis.items())
    (folder / "crisis_examples.yml").write_text(crisis, encoding="utf-8")
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], little: Path) -> Run:
    """A command on the little data: its exit code, stdout and stderr."""
    monkeypatch.setattr("cli.nlu_train.DATA", little)

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["jiesu", "nlu", *words])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return command


def correct(tx: Transaction, text: str, category: str, at: datetime, chat: str) -> None:
    """An officer says of a case, opened under another category, that it is of ``category``."""
    opening = desk.Opening(
        next(name for name in CATEGORIES if name != category), {"issue": SlotValue(text, text)}
    )
    case = desk.draft(tx, tx.conversations.get(chat), opening, at)
    desk.file(tx, case.number, OneClass(), at)
    reclassify(tx, case.number, Correction(category, OneClass(), {}), HE, at)


def officers_corrected(folder: Path, told: list[tuple[str, str]]) -> None:
    """Make a database in ``folder`` where officers gave these words these categories."""

    async def fill() -> None:
        url = f"sqlite+aiosqlite:///{folder / 'jiesu.db'}"
        await schema.upgrade(url)
        store = open_store(url)
        await cast(store)
        opened = await conversation(store)
        for number, (text, category) in enumerate(told):
            at = NOON + number * SECOND
            work = partial(correct, text=text, category=category, at=at, chat=opened.id)
            await store.write(work)
        await store.close()

    asyncio.run(fill())


def unseen(whole: TrainingData, intent: str, count: int) -> list[Example]:
    known = set(whole.examples[::EVERY])
    return [example for example in whole.of(intent) if example not in known][:count]


def test_a_model_spoilt_by_wrong_corrections_is_refused(
    run: Run, whole: TrainingData, tmp_path: Path
) -> None:
    model = tmp_path / "jiesu.model"
    first, _, told = run("train", "--model", str(model))
    assert (first, model.exists()) == (0, True), told
    served = model.read_bytes()
    spoilt = [(example.text, "consumer") for example in unseen(whole, "property_management", 240)]
    officers_corrected(tmp_path, spoilt)
    words = ("train", "--with-feedback", "--data", str(tmp_path), "--model", str(model))
    code, table, told = run(*words)
    assert code == 1
    assert model.read_bytes() == served
    assert candidate_path(model).exists()
    held_back = round(len(spoilt) * RECENT_SHARE)
    assert f"{held_back} newer ones were held back" in told
    last = told.splitlines()[-1]
    assert last.startswith("jiesu: refused, the candidate is worse: ")
    assert "complaints core_f1" in last
    assert "property_management F1" in last
    assert str(candidate_path(model)) in last
    assert "complaints  macro_f1" in table

    corrected = load(candidate_path(model), accept_stale=True)
    assert corrected.feedback
    candidate_path(model).replace(model)
    code, _, told = run("train", "--model", str(model))
    assert "the model before had learned from officers" in told
    assert (code, load(model, accept_stale=True).feedback) == (0, "")


def test_a_gate_without_feedback_promotes_and_rolls_back(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "jiesu.model"
    assert run("train", "--model", str(model))[0] == 0
    code, table, told = run("train", "--gate", "--model", str(model))
    assert (code, "promoted: " in told, "recent" in table) == (0, True, False)
    assert previous_path(model).exists()
    before = previous_path(model).read_bytes()
    code, _, told = run("rollback", "--model", str(model))
    assert (code, "serves again" in told) == (0, True)
    assert model.read_bytes() == before


def test_what_cannot_be_learned_from_is_one_line_and_exit_1(run: Run, tmp_path: Path) -> None:
    words = ("train", "--with-feedback", "--data", str(tmp_path), "--model", str(tmp_path / "m"))
    code, out, told = run(*words)
    assert (code, out, told.count("\n")) == (1, "", 1)
    assert "jiesu db upgrade" in told
    assert list(tmp_path.iterdir()) == []
    officers_corrected(tmp_path, [("嗯", "consumer")])
    code, out, told = run(*words)
    assert (code, out, told.count("\n")) == (1, "", 1)
    assert "nothing to learn from: of 1 reclassifications" in told
    code, _, told = run("rollback", "--model", str(tmp_path / "m"))
    assert (code, told.count("\n")) == (1, 1)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--data", "somewhere"),
        ("--if-needed", "--gate"),
        ("--if-needed", "--with-feedback"),
        ("--if-needed", "--dry-run"),
    ],
)
def test_options_that_make_no_sense_together_exit_2(
    run: Run, words: tuple[str, ...], tmp_path: Path
) -> None:
    code, out, _ = run("train", "--model", str(tmp_path / "m"), *words)
    assert (code, out) == (2, "")
    assert list(tmp_path.iterdir()) == []
