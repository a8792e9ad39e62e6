"""Reads CSV files and workbooks into sheets; what a cell cannot be trusted for is a fault."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from cli.mistakes import Mistake
from cli.sheets import Fault, Row, Sheet
from cli.workbooks import cell_name, formulas
from storage.types import keepable

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_DELIMITERS = ",\t;"  # the commonest is the first that is there as often as another
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number and forgets the rest
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+")
_NO_WORDS: Mapping[str, str] = {}


@dataclass(slots=True)
class Table:
    """One sheet of a file as it stands there: cells by row, the first row being the heading."""

    name: str
    encoding: str
    rows: list[tuple[int, list[str]]]
    faults: list[Fault] = field(default_factory=list)


def read_sheet(
    file: Path,
    needed: Sequence[str],
    known: Sequence[str],
    headings: Mapping[str, str] = _NO_WORDS,
) -> Sheet:
    """The first sheet; its headings stand in the first line. Raises Mistake if unreadable."""
    tables = read_tables(file)
    table = tables[0] if tables else Table("", "", [])
    return sheet_of(file, table, needed, known, headings)


def headings_of(table: Table, headings: Mapping[str, str] = _NO_WORDS) -> list[str]:
    """The first row, in the program's own words where a city has others."""
    first = table.rows[0][1] if table.rows else []
    return [headings.get(name.strip(), name.strip()) for name in first]


def sheet_of(
    file: Path,
    table: Table,
    needed: Sequence[str],
    known: Sequence[str],
    headings: Mapping[str, str] = _NO_WORDS,
    words: Mapping[str, str] = _NO_WORDS,
    faults: list[Fault] | None = None,
) -> Sheet:
    """A table read by its headings; ``faults`` is where it notes them, if not a list of its own.

    Raises Mistake for headings that are missing, unknown or there twice.
    """
    where = f"{file.name}, sheet {table.name}" if table.name else file.name
    names = headings_of(table, headings)
    missing = [name for name in needed if name not in names]
    if missing:
        raise Mistake(f"{where}: the first line lacks {', '.join(missing)}")
    strange = [name for name in names if name and name not in known]
    if strange:
        raise Mistake(f"{where}: unknown column {', '.join(strange)}; known: {', '.join(known)}")
    double = sorted({name for name in names if name and names.count(name) > 1})
    if double:
        raise Mistake(f"{where}: the column {', '.join(double)} is there twice")
    noted = faults if faults is not None else []
    sheet = Sheet(file, table.encoding, [], noted, frozenset(names) - {""}, table.name)
    sheet.faults += table.faults
    for number, cells in table.rows[1:]:
        if any(cells[len(names) :]):
            reason = "has more cells than the first line has headings"
            sheet.faults.append(Fault(number, "-", reason, table.name))
        pairs = zip(names, cells, strict=False)
        values = {name: cell for name, cell in pairs if name}
        if any(values.values()):
            row = Row(number, values, sheet.faults, table.name, words)
            _scientific(row)
            sheet.rows.append(row)
    return sheet


def read_tables(file: Path) -> list[Table]:
    """All sheets of the file that hold anything. Raises Mistake when it cannot be read."""
    if not file.is_file():
        raise Mistake(f"there is no file {file}")
    if file.suffix.lower() in WORKBOOKS:
        return list(_workbook(file))
    return [_csv(file)]


def _scientific(row: Row) -> None:
    """A long number that a spreadsheet has saved as 6.20981E+14 has lost its digits."""
    for column in ("code", "id", "parent", "unit"):
        if _SCIENTIFIC.fullmatch(row.values.get(column, "")):
            row.fault(column, "is a rounded number; format the column as text and enter it again")


def _csv(file: Path) -> Table:
    text, encoding = _decoded(file)
    # Strict: a quotation mark that is never closed would take in all the rows behind it.
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=_delimiter(text), strict=True)
    table, before = Table("", encoding, []), 0
    try:
        for cells in reader:
            before = reader.line_num
            texts = [keepable(cell).strip() for cell in cells]
            if any(texts):
                table.rows.append((reader.line_num, texts))
    except csv.Error as error:
        where = f"{file.name}: row {before + 1}"
        raise Mistake(f"{where}: {error}; look at its quotation marks") from error
    return table


def _delimiter(text: str) -> str:
    """What stands between the headings, none of which holds any of these."""
    first = text.lstrip().partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _decoded(file: Path) -> tuple[str, str]:
    """The file's text. Spreadsheets in China still write GBK; UTF-8 is tried first. What they call
    Unicode text is UTF-16, which says so by its first two bytes."""
    data = file.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError as error:
            raise Mistake(f"{file.name} begins as UTF-16 and is not: {error.reason}") from error
    for encoding, name in (("utf-8-sig", "UTF-8"), ("gb18030", "GBK")):
        try:
            return data.decode(encoding), name
        except UnicodeDecodeError:
            continue
    raise Mistake(f"{file.name} is neither UTF-8 nor GBK; save it as CSV UTF-8 and import again")


def _workbook(file: Path) -> Iterator[Table]:
    # Loaded only where a workbook is read: a start stays quick.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415

    kind = file.suffix[1:].upper()
    try:
        book = CalamineWorkbook.from_path(str(file))
        computed = formulas(file)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            table = Table(name, kind, [])
            for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
                texts = [_text(table, number, at, cell) for at, cell in enumerate(cells)]
                if any(texts):
                    table.rows.append((number, texts))
            for start, end in sheet.merged_cell_ranges or ():
                reason = f"is merged with the cells to {cell_name(*end)}; take them apart"
                table.faults.append(Fault(start[0] + 1, cell_name(*start), reason, name))
            for number, at in computed.get(name, ()):
                reason = "is a formula; paste its value instead"
                table.faults.append(Fault(number, at, reason, name))
            if table.rows:
                yield table
    except (CalamineError, OSError, ValueError) as error:
        raise Mistake(f"{file.name} cannot be read as {kind}: {error}") from error


def _text(table: Table, row: int, column: int, cell: Any) -> str:
    """What a cell says, whatever type the spreadsheet gave it."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float | int):
        if abs(cell) >= _EXACT:
            reason = "is a number of more than 15 digits, of which the spreadsheet kept 15; "
            where = cell_name(row - 1, column)
            table.faults.append(Fault(row, where, reason + "format it as text", table.name))
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return keepable(str(cell)).strip()
