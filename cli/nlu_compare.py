"""``jiesu nlu compare``: the embedded engine and a real Rasa on the same lines, in one run."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.mistakes import Mistake
from cli.nlu_export import LARGEST_SEED
from cli.nlu_files import labelled, no_levels, picture_folder
from nlu.model_file import DEFAULT_PATH
from nlu.rasa_project import EPOCHS, SEED

RASA: Final = Path(__file__).resolve().parents[1] / ".venv-rasa" / "bin" / "rasa"
OUT: Final = Path("artifacts") / "compare"
SECONDS: Final = 2.0


Files = Annotated[list[Path], typer.Argument(help="JSONL with text and label or act.")]
RasaModel = Annotated[Path | None, typer.Option(help="A trained Rasa model (.tar.gz) to serve.")]
RasaUrl = Annotated[str | None, typer.Option(help="A Rasa server that is running already.")]
Out = Annotated[Path, typer.Option(help="Where compare.json and pictures go.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Epochs = Annotated[int, typer.Option(min=1, help="DIET's epochs, when it is trained here.")]
Seed = Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="DIET's seed.")]
SameData = Annotated[
    bool, typer.Option("--same-data", help="Train the embedded engine on Rasa's sentences first.")
]
ModelPath = Annotated[Path, typer.Option("--model", help="The embedded model.")]
Rasa = Annotated[Path, typer.Option(help="The rasa command; `make rasa` installs it.")]
Seconds = Annotated[float, typer.Option(min=0.1, help="How long each measure of speed takes.")]


def compare(  # noqa: PLR0913, PLR0917  # each option of a command is an argument
    files: Files,
    rasa_model: RasaModel = None,
    rasa_url: RasaUrl = None,
    out: Out = OUT,
    as_json: AsJson = False,
    epochs: Epochs = EPOCHS,
    seed: Seed = SEED,
    same_data: SameData = False,
    model: ModelPath = DEFAULT_PATH,
    rasa: Rasa = RASA,
    seconds: Seconds = SECONDS,
) -> None:
    """Measure both engines on FILES; without a Rasa model or server, train one (hours)."""
    if rasa_model is not None and rasa_url is not None:
        raise typer.BadParameter("give --rasa-model or --rasa-url, not both")
    if same_data and rasa_url is not None:
        raise typer.BadParameter("--same-data needs the exported project: use --rasa-model")
    lines = labelled(files)
    no_levels(lines, "Rasa has none to compare")
    if rasa_url is None and shutil.which(rasa) is None:
        raise Mistake(f"no Rasa at {rasa}: run `make rasa`, or give --rasa-url or --rasa")
    folder = picture_folder(out)
    # An HTTP client and all that measures: too slow to import for the other commands.
    from cli.nlu_compare_run import Comparison, Theirs  # noqa: PLC0415
    from cli.nlu_compare_tables import show  # noqa: PLC0415

    theirs = Theirs(rasa, rasa_model, rasa_url, epochs, seed)
    measured = Comparison(lines, folder, seconds).measure(theirs, model, same_data=same_data)
    text = json.dumps(measured, ensure_ascii=False, indent=2) + "\n"
    (folder / "compare.json").write_text(text, encoding="utf-8")
    if as_json:
        sys.stdout.write(text)
    else:
        show(measured)
        sys.stdout.write(f"figures and pictures: {out}\n")
