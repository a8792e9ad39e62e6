"""A real Rasa in an environment of its own: trained, served, and what it was trained on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nlu.measure.answers import NoAnswer
from nlu.measure.servers import Served
from nlu.rasa_project import MANIFEST

QUIET: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
}
RECORD: Final = "training.json"
"""Beside the model: how long Rasa trained it. Only written by who trained."""
READY_WITHIN: Final = 600.0
_EPOCH: Final = re.compile(rb"Epochs:\s+(\d+)%")


class RasaFailed(RuntimeError):
    """Rasa did not train; the message holds its last words."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A Rasa model and what is known of its making; None for what nobody wrote down."""

    model: Path
    project: Path | None = None
    data: str | None = None
    """The hash of the training data the project was exported from."""
    whole: bool = False
    """Whether all of that data was exported."""
    sentences: int | None = None
    epochs: int | None = None
    seed: int | None = None
    seconds: float | None = None

    @property
    def nlu_data(self) -> Path | None:
        """The sentences it was trained on."""
        path = None if self.project is None else self.project / "data" / "nlu.yml"
        return path if path is not None and path.is_file() else None


def known_of(model: Path) -> Trained:
    """What the exported project around ``model`` tells. Raises NoAnswer when it is damaged."""
    for folder in (model.parent, model.parent.parent):
        path = folder / MANIFEST
        if path.is_file():
            break
    else:
        return Trained(model)
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        options = manifest["options"]
        return Trained(
            model,
            folder,
            str(manifest["data"]),
            not (options["limit"] or options["intents"] or options.get("longest")),
            int(manifest["examples"]),
            int(options["epochs"]),
            int(options["seed"]),
            _seconds(model),
        )
    except (ValueError, KeyError, TypeError):
        raise NoAnswer(f"{path} is not a manifest of `jiesu nlu export-rasa`") from None


def _seconds(model: Path) -> float | None:
    path = model.parent / RECORD
    if not path.is_file():
        return None
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return float(record["seconds"]) if record["model"] == model.name else None
    except (ValueError, KeyError, TypeError):
        raise NoAnswer(f"{path} is damaged: delete it, or train the model anew") from None


def train(rasa: Path, project: Path, progress: Callable[[float], None]) -> Path:
    """``rasa train nlu`` in ``project``; ``progress`` gets DIET's share done, 0 to 1.

    The output goes to ``project/train.log``. Raises RasaFailed.
    """
    name = "jiesu"
    command = [str(rasa), "train", "nlu", "--fixed-model-name", name, "--out", "models"]
    began = time.perf_counter()
    with (
        (project / "train.log").open("wb") as log,
        subprocess.Popen(  # noqa: S603  # the operator's own Rasa
            command,
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **QUIET},
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101  # it was asked for
        # Bars are drawn over with carriage returns: pieces, not lines.
        while piece := process.stdout.read1(4096):  # type: ignore[attr-defined]
            log.write(piece)
            log.flush()
            for share in _EPOCH.findall(piece)[-1:]:
                progress(int(share) / 100)
    model = project / "models" / f"{name}.tar.gz"
    if process.returncode or not model.is_file():
        words = (project / "train.log").read_text(encoding="utf-8", errors="replace")
        raise RasaFailed(f"rasa train failed: {words.strip()[-400:]}")
    record = {"model": model.name, "seconds": round(time.perf_counter() - began, 1)}
    (model.parent / RECORD).write_text(json.dumps(record) + "\n", encoding="utf-8")
    return model


def serve(rasa: Path, trained: Trained, log: Path) -> Served:
    """``rasa run`` with the model, on the loopback only. Raises NoAnswer."""
    command = [str(rasa), "run", "--enable-api", "--interface", "127.0.0.1", "--port", "{port}"]
    return Served(
        [*command, "--model", str(trained.model.resolve())],
        log,
        folder=trained.project or trained.model.parent,
        environment=QUIET,
        within=READY_WITHIN,
    )
