"""``jiesu nlu curve``: what more sentences bring."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cli.mistakes import Mistake
from cli.nlu_files import Lines, labelled, no_levels, picture_folder
from nlu.classifier import Classifier
from nlu.lexicon import DATA
from nlu.measure.learning import SEEDS, STEPS, Curve, Part, by_round, by_share, learn_all
from nlu.measure.pictures import draw_curve, write
from nlu.model_file import current_data_hash
from nlu.training_data import TrainingData, TrainingDataError, read_all

if TYPE_CHECKING:
    from rich.progress import Progress

OUT: Final = Path("artifacts") / "curve"
WIDTH: Final = 100  # characters, where the terminal does not tell its own
FIGURES: Final = {
    "macro_f1": "macro-F1",
    "macro_f1_with_secondary": "second credited",
    "core_f1": "core three",
    "first_three": "first three",
    "calibration_error": "calibration",
}


def curve(
    files: Annotated[
        list[Path] | None, typer.Argument(help="JSONL with text and label or act to score as well.")
    ] = None,
    steps: Annotated[
        str | None, typer.Option(help="Parts of the sentences in %, as in 10,40,100.")
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, max=10, help="How often parts below 30 % are drawn.")
    ] = SEEDS,
    rounds: Annotated[
        bool, typer.Option("--by-round", help="By the rounds of writing instead of by chance.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Where the JSON and the picture go.")] = OUT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Train on growing parts of our sentences; score held-out ones and FILES."""
    if rounds and steps is not None:
        raise typer.BadParameter("--by-round knows its steps: leave --steps out")
    shares = _shares(steps) if steps is not None else STEPS
    lines = labelled(files or [])
    no_levels(lines, "the curve is of categories and acts")
    folder = picture_folder(out)
    try:
        data = read_all(DATA)
    except TrainingDataError as error:
        raise Mistake(f"{error.mistakes[0]} (mend the training data)") from None
    parts = by_round(data) if rounds else by_share(data, shares, seeds)
    name = "rounds" if rounds else "curve"
    title = "learning curve, by round of writing" if rounds else "learning curve"
    made = _learned(data, parts, lines, title)
    told = {"data": current_data_hash(), **made.as_json()}
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
    write(draw_curve(made), folder / f"{name}.png")
    if as_json:
        sys.stdout.write(text)
    else:
        _show(made)
        sys.stdout.write(f"figures and picture: {folder}\n")


def _shares(steps: str) -> list[float]:
    """Percentages as shares. Raises typer.BadParameter."""
    try:
        shares = sorted({float(step) / 100 for step in steps.split(",")})
    except ValueError:
        raise typer.BadParameter("--steps takes percentages, as in 10,40,100") from None
    if not all(0 < share <= 1 for share in shares):
        raise typer.BadParameter("--steps takes percentages above 0 and up to 100")
    return shares


def _learned(data: TrainingData, parts: list[Part], lines: dict[str, Lines], title: str) -> Curve:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, TimeElapsedColumn  # noqa: PLC0415

    try:
        from nlu.train import train  # noqa: PLC0415  # slow; only here
    except ImportError:
        raise Mistake("training needs scikit-learn: run `make setup`") from None
    columns = (*Progress.get_default_columns(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        report = _Report(progress, parts)

        def learn(part: TrainingData) -> Classifier:
            return Classifier(train(part, ""))

        made = learn_all(data, parts, lines, learn, Curve(title), report.tell)
        report.end()
    return made


class _Report:
    """Progress by sentences learned, which is what trainings take their time for."""

    def __init__(self, progress: Progress, parts: list[Part]) -> None:
        self._progress = progress
        self._parts = parts
        self._task = progress.add_task("learning", total=sum(len(part.learn) for part in parts))
        self._began = time.perf_counter()

    def tell(self, at: int, part: Part) -> None:
        done = sum(len(one.learn) for one in self._parts[:at])
        what = f"{part.name} ({at + 1} of {len(self._parts)})"
        self._progress.update(self._task, description=what, completed=done)

    def end(self) -> None:
        self._progress.update(self._task, completed=self._progress.tasks[0].total)
        spent = time.perf_counter() - self._began
        self._progress.console.print(f"{len(self._parts)} trainings in {spent:.0f} s")


def _show(made: Curve) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    out = Console()
    if not out.is_terminal:
        out.width = WIDTH
    for name in made.measured():
        table = Table(title=name, title_justify="left")
        for column in ("step", "sentences", "trainings", *FIGURES.values()):
            table.add_column(column, justify="right")
        for step in made.steps():
            points = [made.point(name, step, key) for key in FIGURES]
            if points[0] is None:
                continue
            shown = ["" if point is None else f"{point.mean:.3f}" for point in points]
            table.add_row(step, str(points[0].sentences), str(points[0].trainings), *shown)
        out.print(table)
