"""How places are named: the endings, masks and parts in ``places.yaml``."""

from __future__ import annotations

import re
from pathlib import Path

from casework.naming import Naming
from config.reading import Node, Source

KEYS = ("endings", "general", "telling", "masks", "part", "detail", "before")


def load_naming(directory: Path | None = None) -> Naming:
    """The naming of this city. Raises BadConfiguration naming file and key."""
    top = Source(directory).read("places.yaml")
    top.mapping(KEYS)
    endings = {
        ending: kind
        for kind, node in top.need("endings").mapping().items()
        for ending in node.texts()
    }
    return Naming(
        endings=endings,
        general=frozenset(top.need("general").texts()),
        telling=frozenset(top.need("telling").text()),
        masks=frozenset(top.need("masks").text()),
        part=_pattern(top.need("part")),
        detail=_pattern(top.need("detail")),
        before=frozenset(top.need("before").text()),
    )


def _pattern(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(node.text())
    except re.error as error:
        raise node.wrong(f"is no pattern: {error}") from error
