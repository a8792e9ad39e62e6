"""The trained model on disk: one file, versioned, checked by hash, replaced in one step."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from nlu import features
from nlu.lexicon import DATA
from nlu.training_data import data_files, data_hash

FORMAT: Final = 1
MAGIC: Final = b"jiesu-nlu-model\n"
DEFAULT_PATH: Final = Path(__file__).parent / "model" / "jiesu.model"
"""Beside the code, because it belongs to this code and this training data; git ignores it."""

MEND: Final = "run `jiesu nlu train`"
Freshness = Literal["fresh", "stale", "missing", "damaged"]
Weights = NDArray[np.float32]


class ModelError(RuntimeError):
    """No usable model; the message says what to do."""


class ModelMissing(ModelError):
    """There is no model file yet."""


class ModelDamaged(ModelError):
    """The file is not ours, cut short, altered, or of another version."""


class ModelStale(ModelError):
    """The model was trained on other data than what lies beside the code now."""


@dataclass(frozen=True, slots=True)
class Head:
    """One softmax over ``classes``, whose first column of the weights is ``first``."""

    name: str
    classes: tuple[str, ...]
    first: int


@dataclass(frozen=True, slots=True)
class Model:
    """A linear model: ``vocabulary`` maps a feature to its row."""

    vocabulary: dict[str, int]
    rarity: Weights
    weights: Weights
    bias: Weights
    heads: tuple[Head, ...]
    data: str
    """The hash of the training data."""
    feedback: str = ""
    """The hash of the officers' corrections it also learned from; empty when there were none. A
    model is not stale for having learned more than the data beside the code."""


def current_data_hash() -> str:
    """The hash of all the training data that lies beside the code now."""
    return data_hash([*data_files(DATA), DATA / "crisis.yml", DATA / "crisis_examples.yml"])


def save(model: Model, path: Path = DEFAULT_PATH) -> str:
    """Write ``model`` in one step and return the sha256 of its content."""
    words = "\n".join(model.vocabulary).encode()
    arrays = [model.rarity.astype("<f4"), model.weights.astype("<f2"), model.bias.astype("<f4")]
    payload = words + b"".join(array.tobytes() for array in arrays)
    digest = hashlib.sha256(payload).hexdigest()
    header = {
        "format": FORMAT,
        "features": features.VERSION,
        "data": model.data,
        "feedback": model.feedback,
        "sha256": digest,
        "words": len(words),
        "rows": len(model.vocabulary),
        "heads": [
            {"name": head.name, "classes": list(head.classes), "first": head.first}
            for head in model.heads
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as stream:
        stream.write(MAGIC + json.dumps(header).encode() + b"\n" + payload)
        stream.flush()
        os.fsync(stream.fileno())
    Path(temporary).replace(path)
    return digest


def load(path: Path = DEFAULT_PATH, *, accept_stale: bool = False) -> Model:
    """Read and check the model. Raises ModelMissing, ModelDamaged or ModelStale."""
    if not path.exists():
        raise ModelMissing(f"no language model at {path}: {MEND}")
    header, payload = _split(path)
    if hashlib.sha256(payload).hexdigest() != header.get("sha256"):
        raise ModelDamaged(f"the language model {path} is damaged: {MEND}")
    model = _model(header, payload)
    if not accept_stale and model.data != current_data_hash():
        raise ModelStale(f"the language model {path} is older than its training data: {MEND}")
    return model


def freshness(path: Path = DEFAULT_PATH) -> Freshness:
    """Whether ``path`` can be served as it is."""
    try:
        load(path)
    except ModelMissing:
        return "missing"
    except ModelDamaged:
        return "damaged"
    except ModelStale:
        return "stale"
    return "fresh"


def _split(path: Path) -> tuple[dict[str, object], bytes]:
    content = path.read_bytes()
    end = content.find(b"\n", len(MAGIC))
    if not content.startswith(MAGIC) or end < 0:
        raise ModelDamaged(f"{path} is not a language model: {MEND}")
    try:
        header = json.loads(content[len(MAGIC) : end])
    except ValueError:
        raise ModelDamaged(f"the language model {path} is damaged: {MEND}") from None
    if (header.get("format"), header.get("features")) != (FORMAT, features.VERSION):
        raise ModelDamaged(f"the language model {path} is of another version: {MEND}")
    return header, content[end + 1 :]


def _model(header: dict[str, object], payload: bytes) -> Model:
    rows, size, heads = header["rows"], header["words"], header["heads"]
    if not isinstance(rows, int) or not isinstance(size, int) or not isinstance(heads, list):
        raise ModelDamaged(f"the language model's header makes no sense: {MEND}")
    made = tuple(Head(head["name"], tuple(head["classes"]), head["first"]) for head in heads)
    columns = sum(len(head.classes) for head in made)
    words = payload[:size].decode().split("\n")
    rarity = np.frombuffer(payload, "<f4", rows, size)
    # Widened once: half as much memory would cost every line a tenth of a millisecond.
    weights = np.frombuffer(payload, "<f2", rows * columns, size + 4 * rows).astype(np.float32)
    bias = np.frombuffer(payload, "<f4", columns, size + 4 * rows + 2 * rows * columns)
    vocabulary = dict(zip(words, range(rows), strict=True))
    weights = weights.reshape(rows, columns)
    data, feedback = str(header["data"]), str(header.get("feedback", ""))
    return Model(vocabulary, rarity, weights, bias, made, data, feedback)
