"""``jiesu nlu``: parse, train, evaluate, sample; the others have modules of their own."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.mistakes import Mistake
from cli.nlu_check import check
from cli.nlu_compare import compare
from cli.nlu_curve import curve
from cli.nlu_export import export_rasa
from cli.nlu_files import labelled, picture_folder
from cli.nlu_train import roll_back, train_model, training_data
from nlu.engine import EmbeddedEngine
from nlu.evaluate import figures_of, kind_of, score_lines
from nlu.intents import INTENTS
from nlu.measure.pictures import write_all
from nlu.measure.shapes import mistakes
from nlu.model_file import DEFAULT_PATH, ModelError

nlu_app = typer.Typer(help="Understanding Chinese: parse, train, measure.", no_args_is_help=True)
nlu_app.command("export-rasa")(export_rasa)
nlu_app.command("train")(train_model)
nlu_app.command("rollback")(roll_back)
nlu_app.command("check")(check)
nlu_app.command("compare")(compare)
nlu_app.command("curve")(curve)

ModelPath = Annotated[Path, typer.Option("--model", help="The model file.")]


@nlu_app.command("parse")
def parse_lines(
    text: Annotated[list[str] | None, typer.Argument(help="Lines; none: read stdin.")] = None,
    context: Annotated[
        str | None, typer.Option(help="The slot or question the lines answer.")
    ] = None,
    model: ModelPath = DEFAULT_PATH,
) -> None:
    """One JSON object a line, in Rasa's shape plus ours."""
    engine = _engine(model)
    for line in text or _stdin_lines():
        shape = engine.understand(line, context).as_rasa()
        sys.stdout.write(json.dumps(shape, ensure_ascii=False) + "\n")


@nlu_app.command("evaluate")
def evaluate_file(
    file: Annotated[Path, typer.Argument(help="JSONL with text and label, act or level.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    with_context: Annotated[
        bool, typer.Option("--context", help="Let the engine see each line's context.")
    ] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(help="A folder for confusion, risk by coverage and reliability as PNG."),
    ] = None,
    model: ModelPath = DEFAULT_PATH,
) -> None:
    """Score a labelled file."""
    engine = _engine(model)
    ((name, lines),) = labelled([file]).items()
    folder = picture_folder(pictures) if pictures is not None else None
    scored, slots = score_lines(engine, lines, with_context=with_context)
    figures = figures_of(scored, slots, alarms=kind_of(lines[0]) == "level")
    figures["mistakes"] = mistakes(scored)
    if folder is not None:
        write_all({"jiesu": scored}, name, folder)
    if as_json:
        sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    else:
        _print_figures(figures)


@nlu_app.command("sample")
def sample(
    intent: Annotated[str, typer.Argument(help="A category or an act.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many.")] = 10,
    seed: Annotated[int | None, typer.Option(help="The same seed shows the same lines.")] = None,
) -> None:
    """Show examples of an intent, each with its file and line."""
    if intent not in INTENTS:
        raise typer.BadParameter(f"unknown intent; one of: {' '.join(INTENTS)}")
    examples = training_data().of(intent)
    if not examples:
        raise Mistake(f"{intent} has no examples yet: write some in nlu/data/intents")
    chosen = random.Random(seed).sample(examples, min(count, len(examples)))  # noqa: S311
    for example in chosen:
        sys.stdout.write(f"{example.path.name}:{example.line}\t{example.text}\n")


@nlu_app.command(
    "serve",
    context_settings={
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "help_option_names": [],
    },
)
def serve_rasa(context: typer.Context) -> None:
    """Answer Rasa's POST /model/parse, so that a Rasa client can switch by URL."""
    from cli.nlu_serve import serve_nlu  # noqa: PLC0415

    serve_nlu(context.args)


def _engine(model: Path) -> EmbeddedEngine:
    try:
        return EmbeddedEngine.load(model)
    except ModelError as error:
        raise Mistake(str(error)) from None


def _stdin_lines() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def _print_figures(figures: dict[str, Any]) -> None:
    parts = ("classes", "slots", "alarms", "mistakes")
    classes, slots, alarms, wrong = (figures.pop(key, {}) for key in parts)
    for name, value in figures.items():
        sys.stdout.write(f"{name:26} {value}\n")
    for name, entry in classes.items():
        sys.stdout.write(
            f"  {name:24} P {entry['precision']:.3f}  R {entry['recall']:.3f}"
            f"  F1 {entry['f1']:.3f}  n {entry['n']}\n"
        )
    for name, value in alarms.items():
        sys.stdout.write(f"  {name:24} {value}\n")
    for name, entry in slots.items():
        shown = "  ".join(f"{key} {value}" for key, value in entry.items())
        sys.stdout.write(f"  {name:24} {shown}\n")
    for part, some in wrong.items():
        for one in some:
            sys.stdout.write(f"  {part:6} {one['n']:3} x {one['is']} taken for {one['said']}\n")
