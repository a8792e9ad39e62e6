"""``jiesu nlu train`` and ``rollback``: learn, prove it, promote, and take a promotion back."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.mistakes import Mistake
from cli.nlu_verdict import refusal, write_verdict
from config.settings import load_settings
from nlu.engine import EmbeddedEngine
from nlu.evaluate import EvaluationError
from nlu.feedback import Correction, Feedback, divide, with_feedback
from nlu.gate import golden_texts, judge
from nlu.lexicon import DATA
from nlu.model_file import (
    DEFAULT_PATH,
    Model,
    ModelError,
    current_data_hash,
    freshness,
    load,
    save,
)
from nlu.promotion import candidate_path, previous_path, promote, rollback
from nlu.training_data import TrainingData, TrainingDataError, read_all

if TYPE_CHECKING:
    from nlu.train import Progress

ModelPath = Annotated[Path, typer.Option("--model", help="The model file.")]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Data directory of --with-feedback (JIESU_DATA_DIR; default: data)."
    ),
]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a candidate learns from: our data, and officers' corrections where asked for."""

    data: TrainingData
    hashed: str
    feedback: Feedback | None = None


def train_model(
    model: ModelPath = DEFAULT_PATH,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Do nothing when the model fits the data.")
    ] = False,
    feedback: Annotated[
        bool,
        typer.Option(
            "--with-feedback", help="Learn from officers' corrections too; implies --gate."
        ),
    ] = False,
    data: DataDir = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Promote only what is no worse than the present model.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Train a candidate and score it; promote nothing.")
    ] = False,
) -> None:
    """Learn from nlu/data and put the new model in place in one step."""
    if data is not None and not feedback:
        raise typer.BadParameter("--data names the database of --with-feedback: give both")
    if if_needed and (feedback or gate or dry_run):
        raise typer.BadParameter("--if-needed goes with none of the others")
    if if_needed and freshness(model) == "fresh":
        return
    corrections = asyncio.run(_corrections(data)) if feedback else None
    lesson = Lesson(
        training_data(),
        current_data_hash(),
        None if corrections is None else learnable(corrections),
    )
    if feedback or gate or dry_run:
        train_gated(lesson, model, dry_run=dry_run)
    else:
        _train_plainly(lesson, model)


def roll_back(model: ModelPath = DEFAULT_PATH) -> None:
    """Put the model back that the last promotion replaced."""
    try:
        rollback(model)
    except ModelError as error:
        raise Mistake(f"nothing was changed: {error}") from None
    sys.stderr.write(
        f"the model before the last promotion serves again; the other one lies at "
        f"{candidate_path(model)}\n"
    )


def train_gated(lesson: Lesson, model: Path, *, dry_run: bool = False) -> None:
    """Train a candidate and promote it when no figure is worse. Raises Mistake when one is."""
    incumbent = _incumbent(model)
    candidate = candidate_path(model)
    made = _learned(lesson)
    save(made, candidate)
    _told_of_feedback(lesson.feedback)
    if incumbent is not None:
        recent = lesson.feedback.recent if lesson.feedback else ()
        try:
            verdict = judge(EmbeddedEngine.load(candidate, accept_stale=True), incumbent, recent)
        except (EvaluationError, OSError) as error:
            raise Mistake(f"the golden set cannot be scored: {error}") from None
        write_verdict(verdict)
        if not verdict.passed:
            raise Mistake(refusal(verdict, candidate))
    if dry_run:
        sys.stderr.write(f"not promoted (--dry-run): the candidate lies at {candidate}\n")
        return
    promote(model)
    kept = f"; the one before lies at {previous_path(model)}" if incumbent else ""
    sys.stderr.write(f"promoted: {model}{kept}\n")


def learnable(corrections: Sequence[Correction]) -> Feedback:
    """The corrections, divided. Raises Mistake when there is nothing to learn from."""
    found = divide(corrections, golden_texts())
    if not found.learn:
        raise Mistake(
            f"nothing to learn from: of {len(corrections)} reclassifications in the database "
            "none can be used for training; train without --with-feedback"
        )
    return found


def training_data() -> TrainingData:
    """Our training data. Raises Mistake, naming every error in it."""
    try:
        return read_all(DATA)
    except TrainingDataError as error:
        for mistake in error.mistakes[1:]:
            sys.stderr.write(f"{mistake}\n")
        raise Mistake(f"{error.mistakes[0]} (mend the training data)") from None


def _train_plainly(lesson: Lesson, model: Path) -> None:
    learned_more = _learned_from_officers(model)
    digest = save(_learned(lesson), model)
    size = model.stat().st_size / 1e6
    sys.stderr.write(
        f"trained on {len(lesson.data.examples)} examples: {model} ({size:.1f} MB, {digest[:12]})\n"
    )
    if learned_more:
        sys.stderr.write(
            "the model before had learned from officers, this one has not: "
            "run `jiesu nlu train --with-feedback`\n"
        )


def _learned(lesson: Lesson) -> Model:
    """A model of the lesson, with a progress bar on stderr."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    train = _trainer()
    feedback = lesson.feedback
    data = with_feedback(lesson.data, feedback.learn) if feedback else lesson.data
    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task("reading", total=1.0)

        def report(what: str, share: float) -> None:
            bar.update(task, description=what, completed=share)

        made = train(data, lesson.hashed, report)
    return replace(made, feedback=feedback.digest) if feedback else made


def _trainer() -> Callable[[TrainingData, str, Progress], Model]:
    try:
        from nlu.train import train  # noqa: PLC0415
    except ImportError:
        raise Mistake("training needs scikit-learn: run `make setup`") from None
    return train


def _incumbent(model: Path) -> EmbeddedEngine | None:
    """What serves now, however old its data; None, and why, where there is nothing to compare."""
    try:
        return EmbeddedEngine.load(model, accept_stale=True)
    except ModelError as error:
        sys.stderr.write(f"nothing to compare the candidate with: {error}\n")
        return None


def _learned_from_officers(model: Path) -> bool:
    try:
        return bool(load(model, accept_stale=True).feedback)
    except ModelError:
        return False


def _told_of_feedback(feedback: Feedback | None) -> None:
    if feedback is not None:
        sys.stderr.write(
            f"learned from {len(feedback.learn)} corrections; "
            f"{len(feedback.recent)} newer ones were held back to score on\n"
        )


async def _corrections(data: Path | None) -> list[Correction]:
    """Every reclassification in the configured database. Raises Mistake when it cannot be read."""
    from storage.engine import open_store  # noqa: PLC0415
    from storage.probe import probe  # noqa: PLC0415

    url = load_settings(data_dir=data).url
    seen = await probe(url)
    if not seen.reached:
        raise Mistake(f"the database cannot be reached: {seen.reason}")
    if not seen.current:
        raise Mistake("the database has no current tables: run `jiesu db upgrade`")
    store = open_store(url)
    try:
        found = await store.read(lambda tx: tx.reclassifications.all())
    finally:
        await store.close()
    return [Correction(each.case_number, each.issue, each.to_category, each.at) for each in found]
