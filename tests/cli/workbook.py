"""Writes small workbooks, with formulas and merged cells, as a spreadsheet program does."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True)
class Formula:
    """A formula with the value that was computed last."""

    text: str
    value: str


Cell = str | int | float | bool | Formula | None


def write(
    file: Path,
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    merged: Mapping[str, str] | None = None,
) -> Path:
    """The workbook; ``merged`` names a range of a sheet such as A2:A3."""
    names, links, types = "", "", ""
    with zipfile.ZipFile(file, "w") as parts:
        for at, (name, rows) in enumerate(sheets.items(), 1):
            target = f"worksheets/sheet{at}.xml"
            names += f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>'
            links += f'<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="{target}"/>'
            types += f'<Override PartName="/xl/{target}" ContentType="{KIND}.worksheet+xml"/>'
            lines = "".join(_row(number, row) for number, row in enumerate(rows, 1))
            area = (merged or {}).get(name)
            tied = f'<mergeCells><mergeCell ref="{area}"/></mergeCells>' if area else ""
            body = f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>{tied}</worksheet>'
            parts.writestr(f"xl/{target}", body)
        book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
        parts.writestr("xl/workbook.xml", book)
        relations = f'<Relationships xmlns="{PACKAGE}/relationships">'
        parts.writestr("xl/_rels/workbook.xml.rels", f"{relations}{links}</Relationships>")
        top = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        parts.writestr("_rels/.rels", f"{relations}{top}</Relationships>")
        types += f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        parts.writestr(
            "[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>'
        )
    return file


def _row(number: int, cells: Sequence[Cell]) -> str:
    shown = "".join(_cell(f"{chr(65 + at)}{number}", cell) for at, cell in enumerate(cells))
    return f'<row r="{number}">{shown}</row>'


def _cell(name: str, cell: Cell) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return f'<c r="{name}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{name}"><v>{cell!r}</v></c>'
    if isinstance(cell, Formula):
        value = escape(cell.value)
        return f'<c r="{name}" t="str"><f>{escape(cell.text)}</f><v>{value}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
