"""The files of the repository, as git sees them, for tests that read them all."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("casework", "nlu", "storage", "config", "bot", "handoff_console", "cli")


@cache
def files() -> tuple[str, ...]:
    """Every file that is, or is about to be, in the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = sorted(set(listed.stdout.split("\0")) - {""})
    return tuple(name for name in names if (ROOT / name).is_file())


def files_of(*suffixes: str, under: tuple[str, ...] = ("",)) -> list[str]:
    """The files with one of these endings, below one of these folders."""
    folders = tuple(f"{folder}/" if folder else "" for folder in under)
    return [name for name in files() if name.endswith(suffixes) and name.startswith(folders)]


def text_of(name: str) -> str:
    """A file's text; what is not UTF-8 (pictures) reads as empty."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def parsed(name: str) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(text_of(name), filename=name)


def python_trees(*under: str) -> Iterator[tuple[str, ast.Module]]:
    """Name and syntax tree of every Python file below these folders (default: our packages)."""
    for name in files_of(".py", under=under or PACKAGES):
        yield name, parsed(name)
