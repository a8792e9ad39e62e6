"""Reads configuration files and says exactly what is wrong with them.

Files lie in the package; a city's own directory may hold its own version of any of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from casework.errors import Misconfigured


class BadConfiguration(Misconfigured):
    """A configuration file is wrong."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"config/{file}: {key}: {reason}" if key else f"config/{file}: {reason}")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which a key given twice is an error instead of the last one winning."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        double = next((key for key in keys if keys.count(key) > 1), None)
        if double is not None:
            raise yaml.constructor.ConstructorError(
                None, None, f"{double!r} is there twice", node.start_mark
            )
        return dict(super().construct_mapping(node, deep=deep))


@dataclass(frozen=True, slots=True)
class Source:
    """Where the files are: ``directory`` first, the package for what it does not have."""

    directory: Path | None = None

    def names(self, folder: str) -> list[str]:
        """The YAML files of a folder in either place, sorted."""
        places: list[Traversable | Path] = [resources.files("config") / folder]
        if self.directory is not None:
            places.append(self.directory / folder)
        found = {e.name for p in places if p.is_dir() for e in p.iterdir()}
        return sorted(f"{folder}/{name}" for name in found if name.endswith(".yaml"))

    def read(self, file: str) -> Node:
        """The file's top mapping. Raises BadConfiguration."""
        path: Traversable = resources.files("config") / file
        if self.directory is not None and (self.directory / file).is_file():
            path = self.directory / file
        try:
            loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
        except (OSError, UnicodeDecodeError) as error:
            raise BadConfiguration(file, "", f"cannot be read: {error}") from error
        except yaml.YAMLError as error:
            raise BadConfiguration(file, "", f"is not YAML: {error}") from error
        return Node(file, "", loaded)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a file and where it stands, so that every complaint can name the place."""

    file: str
    key: str
    value: Any

    def wrong(self, reason: str) -> BadConfiguration:
        """The error to raise about this value."""
        return BadConfiguration(self.file, self.key, reason)

    def mapping(self, known: Sequence[str] = ()) -> dict[str, Node]:
        """The entries; with ``known``, any other key is an error."""
        if not isinstance(self.value, Mapping):
            raise self.wrong("must be a mapping")
        for name in self.value:
            if known and name not in known:
                raise self.wrong(f"{name!r} is not known here; known: {', '.join(known)}")
        return {str(name): Node(self.file, self._below(name), v) for name, v in self.value.items()}

    def items(self) -> list[Node]:
        """The entries of a list; nothing is an empty list."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.wrong("must be a list")
        return [Node(self.file, self._below(at), each) for at, each in enumerate(self.value)]

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("must be a text")
        return self.value.strip()

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(each.text() for each in self.items())

    def number(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wrong("must be a number")
        if not low <= self.value <= high:
            raise self.wrong(f"must be from {low} to {high}")
        return float(self.value)

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.wrong("must be true or false")
        return self.value

    def one_of(self, allowed: Sequence[str]) -> str:
        """One of these texts."""
        if self.value not in allowed:
            raise self.wrong(f"must be one of {', '.join(allowed)}")
        return str(self.value)

    def need(self, name: str) -> Node:
        """The entry of this name. Raises BadConfiguration when there is none."""
        entry = self.mapping().get(name)
        if entry is None:
            raise self.wrong(f"{name!r} is missing")
        return entry

    def _below(self, name: object) -> str:
        return f"{self.key}.{name}" if self.key else str(name)
