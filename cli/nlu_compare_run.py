"""One comparison, from the models to the pictures."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import uvloop

from cli.mistakes import Mistake
from cli.nlu_export import export_rasa
from cli.nlu_files import Lines
from nlu.lexicon import DATA
from nlu.measure.answers import NoAnswer, ask
from nlu.measure.comparison import (
    CONNECTIONS,
    LENGTHS,
    OURS,
    THEIRS,
    Side,
    figures_beside,
    texts_of_length,
    whole,
)
from nlu.measure.load import Load, press
from nlu.measure.pictures import write_all
from nlu.measure.rasa_server import RasaFailed, Trained, known_of, serve, train
from nlu.measure.servers import Served
from nlu.model_file import ModelError, save
from nlu.model_file import load as load_model
from nlu.training_data import TrainingDataError, read, read_all, read_crisis

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

ROOT: Final = Path(__file__).resolve().parents[1]
ROUNDS: Final = 3
SENTENCES_AN_HOUR: Final = 1300
"""What DIET learns of our sentences in an hour at 100 epochs on two slow cores, as measured:
an epoch of 10,700 sentences takes 300 s of CPU."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """Which Rasa is compared: a model to serve, a server that runs, or neither: one to train."""

    rasa: Path
    model: Path | None
    url: str | None
    epochs: int
    seed: int


@dataclass(frozen=True, slots=True)
class Ours:
    """The embedded model that is compared; ``seconds`` when it was trained in this run."""

    model: Path
    data: str
    seconds: float | None = None


class Comparison:
    """The same lines for both engines, one after the other; results go to ``out``."""

    def __init__(self, lines: dict[str, Lines], out: Path, seconds: float) -> None:
        self._lines = lines
        self._out = out
        self._seconds = seconds
        try:
            data = read_all(DATA)
        except TrainingDataError as error:
            raise Mistake(f"{error.mistakes[0]} (mend the training data)") from None
        self._texts = {length: texts_of_length(data, length) for length in LENGTHS}

    def measure(self, theirs: Theirs, model: Path, *, same_data: bool) -> dict[str, object]:
        """Everything measured, as JSON. Raises Mistake."""
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress, TimeElapsedColumn  # noqa: PLC0415

        columns = (*Progress.get_default_columns(), TimeElapsedColumn())
        try:
            console = Console(stderr=True)
            with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
                return self._measure(theirs, model, same_data, progress)
        except (NoAnswer, RasaFailed, ModelError) as error:
            raise Mistake(str(error)) from None

    def _measure(
        self, theirs: Theirs, model: Path, same_data: bool, progress: Progress
    ) -> dict[str, object]:
        trained = None if theirs.url is not None else rasa_model(theirs, self._out, progress)
        same_data = same_data or (theirs.url is None and theirs.model is None)
        embedded = self._embedded(trained, model, same_data)
        with ExitStack() as open_ones:
            if trained is None:
                rasa, url = None, str(theirs.url).rstrip("/")
            else:
                progress.console.print("starting Rasa: about half a minute")
                rasa = serve(theirs.rasa.absolute(), trained, self._out / "rasa.log")
                url = open_ones.enter_context(rasa).url
            ours = open_ones.enter_context(self._serve_ours(embedded))
            other = self._asked(THEIRS, url, rasa, progress)
            first = self._asked(OURS, ours.url, ours, progress)
            self._time((first, other), progress)
            for side, served in ((first, ours), (other, rasa)):
                side.facts["resident_mb"] = served.resident_mb() if served is not None else None
        _tell_making(first, other, embedded, trained)
        for name in self._lines:
            both = {side.name: side.scored[name] for side in (first, other)}
            write_all(both, name, self._out)
        same = _same_data(embedded, trained)
        told = whole(figures_beside(self._lines, first, other), first, other, same)
        return {"machine": _machine(), **told}

    def _embedded(self, trained: Trained | None, model: Path, same_data: bool) -> Ours:
        """The embedded model: the one given, or one trained on the sentences Rasa had."""
        if not same_data:
            return Ours(model, load_model(model, accept_stale=True).data)
        if trained is None or trained.nlu_data is None or trained.data is None:
            raise Mistake(
                "--same-data needs the exported project around the Rasa model:"
                " name the model where `jiesu nlu export-rasa` and `rasa train nlu` left it"
            )
        try:
            from nlu.train import train as learn  # noqa: PLC0415  # slow; only here
        except ImportError:
            raise Mistake("training needs scikit-learn: run `make setup`") from None
        began = time.perf_counter()
        try:
            data = read([trained.nlu_data])
            data = replace(data, crisis=read_crisis(DATA / "crisis_examples.yml"))
        except TrainingDataError as error:
            raise Mistake(f"{error.mistakes[0]} (export anew)") from None
        path = self._out / "embedded.model"
        save(learn(data, trained.data), path)
        return Ours(path, trained.data, time.perf_counter() - began)

    def _serve_ours(self, embedded: Ours) -> Served:
        start = "from cli.main import main; main()"
        command = [sys.executable, "-c", start, "nlu", "serve", "--port", "{port}"]
        command += ["--model", str(embedded.model.absolute()), "--any-data"]
        return Served(command, self._out / "jiesu.log", folder=ROOT, within=60.0)

    def _asked(self, name: str, url: str, served: Served | None, progress: Progress) -> Side:
        side = Side(name, url, facts={"version": _version(url)})
        if served is not None:
            side.facts["ready_seconds"] = round(served.seconds_to_ready, 2)
            side.facts["resident_mb_at_start"] = served.resident_mb()
        for file, entries in self._lines.items():
            task = progress.add_task(f"{name}: {file}", total=len(entries))
            side.scored[file], side.fallbacks[file] = ask(url, entries, _teller(progress, task))
        return side

    def _time(self, sides: tuple[Side, Side], progress: Progress) -> None:
        """Speed on sentences of our own, so that nobody's letters are posted round and round.

        Both in turn, so that what else the machine does slows both; of ROUNDS the middle one.
        """
        cells = [(length, connections) for length in LENGTHS for connections in CONNECTIONS]
        task = progress.add_task("speed", total=len(cells) * ROUNDS)
        for length, connections in cells:
            found: dict[str, list[Load]] = {side.name: [] for side in sides}
            for _round in range(ROUNDS):
                for side in sides:
                    load = press(side.url, self._texts[length], connections, self._seconds)
                    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                        found[side.name].append(runner.run(load))
                progress.advance(task)
            for side in sides:
                middle = sorted(found[side.name], key=lambda load: load.a_second)[ROUNDS // 2]
                side.speed.append({"characters": length, **middle.as_json()})


def rasa_model(theirs: Theirs, out: Path, progress: Progress) -> Trained:
    """The Rasa model given, or one exported to ``out`` and trained now. Raises RasaFailed."""
    if theirs.model is not None:
        if not theirs.model.is_file():
            raise Mistake(f"no file {theirs.model}: name a model of `rasa train nlu`")
        return known_of(theirs.model)
    project = (out / "rasa-project").absolute()
    export_rasa(project, epochs=theirs.epochs, seed=theirs.seed)
    sentences = known_of(project / "models" / "none").sentences or 0
    hours = sentences * theirs.epochs / 100 / SENTENCES_AN_HOUR
    progress.console.print(
        f"training Rasa on {sentences} sentences, {theirs.epochs} epochs: about {hours:.1f} h"
        f" on two slow cores; the log is {project / 'train.log'}"
    )
    task = progress.add_task("rasa train nlu", total=1.0)
    made = train(
        theirs.rasa.absolute(), project, lambda share: progress.update(task, completed=share)
    )
    progress.update(task, completed=1.0)
    return known_of(made)


def _teller(progress: Progress, task: TaskID) -> Callable[[float], None]:
    return lambda done: progress.update(task, completed=done)


def _same_data(embedded: Ours, trained: Trained | None) -> bool | None:
    """Whether both learned from the same sentences; None when nobody can know."""
    if trained is None or trained.data is None:
        return None
    return embedded.seconds is not None or (trained.whole and trained.data == embedded.data)


def _tell_making(first: Side, other: Side, embedded: Ours, trained: Trained | None) -> None:
    """What each model is and came from."""
    first.facts |= {
        "model_mb": embedded.model.stat().st_size / 1e6,
        "training_seconds": embedded.seconds,
        "data": embedded.data,
    }
    if trained is not None:
        other.facts |= {
            "model_mb": trained.model.stat().st_size / 1e6,
            "training_seconds": trained.seconds,
            "data": trained.data,
            "sentences": trained.sentences,
            "epochs": trained.epochs,
            "seed": trained.seed,
        }


def _version(url: str) -> str | None:
    try:
        answer = httpx.get(f"{url}/version", timeout=10, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return None
    return str(answer.get("version")) if isinstance(answer, dict) else None


def _machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
    }
