"""Takes up a newly promoted model in a running process; a bad one leaves the old one serving."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self

from nlu.classifier import ACT, CATEGORY, COMPLAINT
from nlu.engine import EmbeddedEngine
from nlu.intents import ACTS, CATEGORIES
from nlu.model_file import DEFAULT_PATH, MAGIC, MEND, Model, ModelDamaged, ModelError, load

HEADER: Final = 1024 * 1024
"""A model's header is far shorter (bytes)."""

Signature = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Reload:
    """What came of a changed model file; ``why`` says what to do about a refused one."""

    outcome: Literal["loaded", "refused"]
    digest: str
    why: str = ""


class ModelWatch:
    """The embedded engine of a process and the file its model comes from."""

    def __init__(
        self, engine: EmbeddedEngine, path: Path, digest: str, seen: Signature, accept_stale: bool
    ) -> None:
        self.engine = engine
        self.path = path
        self.digest = digest
        """The sha256 of the model that serves now."""
        self._seen = seen
        self._accept_stale = accept_stale

    @classmethod
    def open(cls, path: Path = DEFAULT_PATH, *, accept_stale: bool = False) -> Self:
        """Load the model. Raises ModelError, whose message says what to do."""
        seen = _signature(path)  # before loading: a model promoted meanwhile is seen as new
        engine = EmbeddedEngine.load(path, accept_stale=accept_stale)
        return cls(engine, path, read_digest(path), seen, accept_stale)

    def changed(self) -> bool:
        """Whether the file is another one than last looked at; one ``stat``, some microseconds."""
        return _signature(self.path) != self._seen

    def reload(self) -> Reload:
        """Load the file as it is now and let the engine use it, or say why not.

        Takes a noticeable part of a second: call it in a thread. A refused file is not tried
        again until it changes.
        """
        self._seen = _signature(self.path)
        try:
            model = load(self.path, accept_stale=self._accept_stale)
            digest = read_digest(self.path)
            _check(model, self.path)
        except (ModelError, OSError) as error:
            return Reload("refused", self.digest, str(error))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # Begins like a model and is none: whatever it holds, this process goes on.
            why = f"{self.path} is not a language model ({type(error).__name__}): {MEND}"
            return Reload("refused", self.digest, why)
        self.engine.use(model)
        self.digest = digest
        return Reload("loaded", digest)


def read_digest(path: Path) -> str:
    """The sha256 a model file says it has (loading checks it). Raises ModelDamaged or OSError."""
    with path.open("rb") as stream:
        stream.readline(len(MAGIC))
        header = stream.readline(HEADER)
    try:
        return str(json.loads(header)["sha256"])
    except (ValueError, TypeError, KeyError):
        raise ModelDamaged(f"{path} is not a language model: {MEND}") from None


def _check(model: Model, path: Path) -> None:
    """A sound file may still hold another taxonomy than this process works with."""
    heads = {head.name: set(head.classes) for head in model.heads}
    if heads.get(CATEGORY) != set(CATEGORIES) or heads.get(ACT) != {*ACTS, COMPLAINT}:
        raise ModelDamaged(f"the language model {path} knows other intents than jiesu: {MEND}")


def _signature(path: Path) -> Signature:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
