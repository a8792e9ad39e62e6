"""CSV files as cities have them: UTF-8 or GBK, with every fault told by row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from cli.mistakes import Mistake

T = TypeVar("T")
SHOWN = 50  # faults that are listed; the rest is counted


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where; ``row`` counts the file's lines from 1, the heading's included."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.reason}"


@dataclass(slots=True)
class Row:
    """One line of a sheet; reading a value notes what is wrong with it and goes on."""

    number: int
    values: dict[str, str]
    faults: list[Fault]

    def fault(self, column: str, reason: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(self.number, column, reason))

    def text(self, column: str, most: int, *, needed: bool = False) -> str:
        """The cell, blank where it is empty or missing."""
        value = self.values.get(column, "")
        if needed and not value:
            self.fault(column, "is empty")
        if len(value) > most:
            self.fault(column, f"has {len(value)} characters, at most {most} are kept")
        return value

    def one_of(self, column: str, known: Sequence[str], default: str | None = None) -> str:
        """One of the known words."""
        value = self.values.get(column, "") or default or ""
        if value not in known:
            self.fault(column, f"is {value or 'empty'}; known: {', '.join(known)}")
            return known[0]
        return value

    def read(self, column: str, of: Callable[[str], T], default: T) -> T:
        """The cell read by ``of``, which raises ValueError saying what it should be."""
        value = self.values.get(column, "")
        if not value:
            return default
        try:
            return of(value)
        except ValueError as error:
            self.fault(column, f"{value[:40]!r} {error}")
            return default


@dataclass(slots=True)
class Sheet:
    """A file read whole. ``faults`` grows while its rows are read."""

    file: Path
    encoding: str
    rows: list[Row]
    faults: list[Fault] = field(default_factory=list)

    def end(self) -> None:
        """Raise Mistake when anything was wrong, having listed it."""
        if not self.faults:
            return
        found = sorted(self.faults, key=lambda fault: fault.row)
        shown = "\n".join(str(fault) for fault in found[:SHOWN])
        more = f"\n… and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        rows = len({fault.row for fault in found})
        raise SheetFaults(
            f"{self.file.name}: {len(found)} faults in {rows} rows, nothing was imported; "
            "mend them and import again",
            shown + more,
        )


class SheetFaults(Mistake):
    """The sheet has faults; ``listed`` is one line for each."""

    def __init__(self, message: str, listed: str) -> None:
        super().__init__(message)
        self.listed = listed


def read_sheet(file: Path, needed: Sequence[str], known: Sequence[str]) -> Sheet:
    """The sheet with its headings in the first line. Raises Mistake when it cannot be read."""
    text, encoding = _decoded(file)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    headings = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = headings
    missing = [name for name in needed if name not in headings]
    if missing:
        raise Mistake(f"{file.name}: the first line lacks {', '.join(missing)}")
    strange = [name for name in headings if name and name not in known]
    if strange:
        raise Mistake(
            f"{file.name}: unknown column {', '.join(strange)}; known: {', '.join(known)}"
        )
    sheet = Sheet(file, encoding, [])
    try:
        sheet.rows += _rows(reader, sheet.faults)
    except csv.Error as error:
        raise Mistake(f"{file.name}: row {reader.line_num}: {error}") from error
    return sheet


def _rows(reader: csv.DictReader[str], faults: list[Fault]) -> Iterator[Row]:
    for values in reader:
        number = reader.line_num
        cells = {key: (cell or "").strip() for key, cell in values.items() if isinstance(key, str)}
        if None in values:
            faults.append(Fault(number, "-", "has more cells than the first line has headings"))
        if any(cells.values()):
            yield Row(number, cells, faults)


def _decoded(file: Path) -> tuple[str, str]:
    """The file's text. Spreadsheets in China still write GBK; UTF-8 is tried first."""
    data = file.read_bytes()
    for encoding, name in (("utf-8-sig", "UTF-8"), ("gb18030", "GBK")):
        try:
            return data.decode(encoding), name
        except UnicodeDecodeError:
            continue
    raise Mistake(f"{file.name} is neither UTF-8 nor GBK; save it as CSV UTF-8 and import again")


def number(low: float, high: float) -> Callable[[str], float | None]:
    """A reader of numbers from ``low`` to ``high``."""

    def read(text: str) -> float | None:
        try:
            value = float(text)
        except ValueError:
            raise ValueError("is no number such as 30.6586") from None
        if not low <= value <= high:
            raise ValueError(f"is not from {low:g} to {high:g}")
        return value

    return read


def yes(text: str) -> bool:
    """A reader of yes and no."""
    told = {"是": True, "yes": True, "true": True, "1": True}
    told |= {"否": False, "no": False, "false": False, "0": False}
    if text.lower() not in told:
        raise ValueError("is neither 是 nor 否")
    return told[text.lower()]


def names(text: str) -> tuple[str, ...]:
    """A reader of names separated by semicolons, of either width."""
    return tuple(part.strip() for part in text.replace("；", ";").split(";") if part.strip())
