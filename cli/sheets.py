"""Sheets as cities have them, with every fault told by row and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from cli.mistakes import Mistake

T = TypeVar("T")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
SHOWN = 50  # faults that are listed; the rest is counted


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where; ``row`` counts the sheet's lines from 1, the heading's included."""

    row: int
    column: str
    reason: str
    sheet: str = ""

    def __str__(self) -> str:
        where = f"sheet {self.sheet}, " if self.sheet else ""
        return f"{where}row {self.row}, {self.column}: {self.reason}"


@dataclass(slots=True)
class Row:
    """One line of a sheet; reading a value notes what is wrong with it and goes on."""

    number: int
    values: dict[str, str]
    faults: list[Fault]
    sheet: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def fault(self, column: str, reason: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(self.number, column, reason, self.sheet))

    def where(self) -> str:
        """How another row speaks of this one."""
        return f"sheet {self.sheet}, row {self.number}" if self.sheet else f"row {self.number}"

    def text(self, column: str, most: int, *, needed: bool = False) -> str:
        """The cell, blank where it is empty or missing."""
        value = self.values.get(column, "")
        if needed and not value:
            self.fault(column, "is empty")
        if len(value) > most:
            self.fault(column, f"has {len(value)} characters, at most {most} are kept")
        return value

    def one_of(self, column: str, known: Sequence[str], default: str | None = None) -> str:
        """One of the known words, or what the city writes for it."""
        value = self.values.get(column, "") or default or ""
        if value not in known:
            value = self.words.get(value, value)
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
    """A file read whole, of one sheet or several. ``faults`` grows while its rows are read."""

    file: Path
    encoding: str
    rows: list[Row]
    faults: list[Fault] = field(default_factory=list)
    headings: frozenset[str] = frozenset()
    name: str = ""

    def end(self) -> None:
        """Raise SheetFaults when anything was wrong."""
        if not self.faults:
            return
        found = self.sorted_faults()
        shown = "\n".join(str(fault) for fault in found[:SHOWN])
        more = f"\n… and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        rows = len({(fault.sheet, fault.row) for fault in found})
        raise SheetFaults(
            f"{self.file.name}: {len(found)} faults in {rows} rows, nothing was imported; "
            "mend them and import again",
            shown + more,
        )

    def sorted_faults(self) -> list[Fault]:
        """What is wrong, from the top down; the sheets in the order they were read."""
        return sorted(self.faults, key=lambda fault: (fault.sheet, fault.row))

    def write_faults(self, file: Path) -> None:
        """All of it as a CSV file that a spreadsheet opens."""
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("sheet", "row", "column", "reason"))
            writer.writerows((f.sheet, f.row, f.column, f.reason) for f in self.sorted_faults())


class SheetFaults(Mistake):
    """The sheet has faults; ``listed`` is one line for each."""

    def __init__(self, message: str, listed: str) -> None:
        super().__init__(message)
        self.listed = listed


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


def day(text: str) -> date | None:
    """A reader of days, as spreadsheets write them too: 2026/1/5, 2026.1.5, 2026年1月5日."""
    told = _DAY.fullmatch(text)
    try:
        return date(*map(int, told.groups())) if told else date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no day such as 2026-11-22") from None


def minute(text: str) -> int | None:
    """A reader of times of the day, as minutes; 24:00 is the end of it."""
    hour, colon, rest = text.replace("：", ":").partition(":")
    if not (colon and hour.isdigit() and rest[:2].isdigit()):
        raise ValueError("is no time such as 08:30")
    found = int(hour) * 60 + int(rest[:2])
    if int(rest[:2]) >= 60 or found > 24 * 60:
        raise ValueError("is no time such as 08:30")
    return found
