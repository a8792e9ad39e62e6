"""Finds a font with Chinese characters: a PDF that does not carry one is blank on many phones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.whistle import Paper


class NoFont(Exception):
    """There is no font with Chinese characters here; ``package`` brings one."""

    def __init__(self, package: str) -> None:
        super().__init__(f"no font with Chinese characters found: install {package}")
        self.package = package


@dataclass(frozen=True, slots=True)
class Font:
    """A font file; ``face`` counts in a collection."""

    path: Path
    face: int = 0


def find_font(paper: Paper) -> Font:
    """The first of the wanted fonts that is there. Raises NoFont."""
    for wanted in paper.fonts:
        name, _, face = wanted.partition("#")
        for path in _files(paper, name):
            return Font(path, _face(path, face))
    raise NoFont(paper.package)


def _files(paper: Paper, name: str) -> Iterator[Path]:
    direct = Path(name).expanduser()
    if direct.is_absolute():
        yield from [direct] if direct.is_file() else []
        return
    for folder in paper.folders:
        root = Path(folder).expanduser()
        yield from sorted(root.rglob(name)) if root.is_dir() else []


def _face(path: Path, wanted: str) -> int:
    """Where the named face stands in a collection; the first when it has no name."""
    if not wanted or path.suffix.lower() != ".ttc":
        return 0
    from fontTools.ttLib import TTCollection  # noqa: PLC0415 - it takes long to load

    with TTCollection(path, lazy=True) as faces:
        names = [face["name"].getDebugName(4) for face in faces]
    return next((at for at, name in enumerate(names) if name in {wanted, f"{wanted} Regular"}), 0)
