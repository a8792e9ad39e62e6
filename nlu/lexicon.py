"""Word lists that ship beside the code, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import yaml

DATA: Final = Path(__file__).parent / "data"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _names() -> dict[str, str]:
    with (DATA / "names.yml").open(encoding="utf-8") as stream:
        lists = yaml.load(stream, Loader=_LOADER)  # noqa: S506  # both loaders are safe ones
    return {str(name): str(words) for name, words in lists.items()}


@cache
def word_set(name: str) -> frozenset[str]:
    """The list ``name`` of ``data/names.yml``. Raises KeyError when there is none."""
    return frozenset(_names()[name].split())


@cache
def surnames() -> frozenset[str]:
    """Single-character family names."""
    return frozenset("".join(_names()["surnames"].split()))
