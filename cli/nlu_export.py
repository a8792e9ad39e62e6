"""``jiesu nlu export-rasa``: our training data as a project for a real Rasa."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.mistakes import Mistake
from nlu.intents import INTENTS
from nlu.lexicon import DATA
from nlu.model_file import current_data_hash
from nlu.rasa_project import EPOCHS, MANIFEST, SEED, Options, Project, manifest_text, project
from nlu.training_data import TrainingDataError, read_all

LARGEST_SEED = 2**32 - 1  # NumPy, which Rasa seeds too, takes no more


def export_rasa(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or an earlier export.")],
    epochs: Annotated[int, typer.Option(min=1, help="Rounds of DIET's training.")] = EPOCHS,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="DIET's random seed.")] = SEED,
    limit: Annotated[
        int, typer.Option(min=0, help="At most so many sentences, evenly over intents; 0: all.")
    ] = 0,
    longest: Annotated[
        int, typer.Option(min=0, help="Only sentences of at most so many characters; 0: all.")
    ] = 0,
    intent: Annotated[
        list[str] | None, typer.Option(help="Only this intent; may be given again.")
    ] = None,
) -> None:
    """Write a complete Rasa 3.6 project: train it with `rasa train nlu`."""
    unknown = [name for name in intent or () if name not in INTENTS]
    if unknown:
        raise typer.BadParameter(f"unknown intent {unknown[0]}; one of: {' '.join(INTENTS)}")
    _refuse_other(folder)
    options = Options(epochs, seed, limit, tuple(intent or ()), longest)
    hashed = current_data_hash()
    try:
        made = project(read_all(DATA), hashed, options)
    except TrainingDataError as error:
        for mistake in error.mistakes[1:]:
            sys.stderr.write(f"{mistake}\n")
        raise Mistake(f"{error.mistakes[0]} (mend the training data)") from None
    try:
        _write(made, folder)
    except OSError as error:
        raise Mistake(f"cannot write {folder}: {error.strerror}") from None
    sys.stderr.write(
        f"{made.manifest['examples']} sentences of {made.manifest['intents']} intents in {folder}\n"
    )


def _refuse_other(folder: Path) -> None:
    """Only what an earlier export made is ever replaced."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Mistake(f"{folder} is a file: name a folder")
    if not any(folder.iterdir()):
        return
    try:
        ours = "rasa" in json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        ours = False
    if not ours:
        raise Mistake(f"{folder} holds other files than an earlier export: name an empty folder")


def _write(made: Project, folder: Path) -> None:
    """The manifest comes last; its hashes tell a half-written export from a whole one."""
    if (folder / "data").is_dir():
        shutil.rmtree(folder / "data")
    for name, text in made.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    (folder / MANIFEST).write_text(manifest_text(made), encoding="utf-8", newline="\n")
