"""Labelled files and where what is measured on them goes, for the commands that measure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cli.mistakes import Mistake
from nlu.evaluate import EvaluationError, kind_of, read_lines
from nlu.measure.pictures import NoPictures, need_matplotlib

Lines = list[dict[str, Any]]


def labelled(files: Sequence[Path]) -> dict[str, Lines]:
    """The lines of each file by its name without ending. Raises Mistake, naming file and line."""
    found: dict[str, Lines] = {}
    for file in files:
        if not file.is_file():
            raise Mistake(f"no file {file}: name a JSONL file to score")
        if file.stem in found:
            raise Mistake(f"two files are named {file.stem}: rename one, results go by name")
        try:
            found[file.stem] = read_lines(file)
        except EvaluationError as error:
            raise Mistake(str(error)) from None
        except UnicodeDecodeError:
            raise Mistake(f"{file} is not UTF-8: save it as UTF-8 and score it again") from None
    return found


def no_levels(files: dict[str, Lines], why: str) -> None:
    """Refuse files of crisis levels. Raises Mistake."""
    for name, lines in files.items():
        if kind_of(lines[0]) == "level":
            raise Mistake(f"{name} holds crisis levels: {why}; use `jiesu nlu evaluate`")


def picture_folder(folder: Path) -> Path:
    """``folder``, made if need be. Raises Mistake when nothing could be drawn or kept there."""
    try:
        need_matplotlib()
        folder.mkdir(parents=True, exist_ok=True)
    except NoPictures as error:
        raise Mistake(str(error)) from None
    except OSError as error:
        raise Mistake(f"cannot write to {folder}: {error.strerror}") from None
    return folder
