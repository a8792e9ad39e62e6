"""The model files beside one another: the one that serves, a candidate, and the one before."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from nlu.model_file import ModelMissing, load


def candidate_path(model: Path) -> Path:
    """Where a candidate for ``model`` lies, and stays when it is refused."""
    return model.with_name(f"{model.stem}.candidate{model.suffix}")


def previous_path(model: Path) -> Path:
    """Where the model lies that ``model`` took the place of."""
    return model.with_name(f"{model.stem}.previous{model.suffix}")


def promote(model: Path) -> None:
    """Put the candidate in the place of ``model`` in one step; keep the old one as previous."""
    if model.exists():
        _copy(model, previous_path(model))
    candidate_path(model).replace(model)


def rollback(model: Path) -> None:
    """Put the previous model back; the one that served becomes the candidate.

    Raises ModelMissing when none was kept, and ModelStale or ModelDamaged rather than put a model
    in place that no server would load.
    """
    previous = previous_path(model)
    if not previous.exists():
        raise ModelMissing(f"no model was replaced by a promoted one: there is no {previous}")
    load(previous)
    if model.exists():
        _copy(model, candidate_path(model))
    previous.replace(model)


def _copy(source: Path, target: Path) -> None:
    """Copy in one step: nobody finds half a model."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    with os.fdopen(handle, "wb") as stream, source.open("rb") as content:
        shutil.copyfileobj(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    Path(temporary).replace(target)
