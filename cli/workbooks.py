"""What a workbook does not tell through its values: which cells are formulas."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r'(?:\w+:)?(\w+)="([^"]*)"')
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<(?:\w+:)?f\b')
_LETTERS = 26


def cell_name(row: int, column: int) -> str:
    """A1 for the first cell; both count from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def formulas(file: Path) -> dict[str, list[tuple[int, str]]]:
    """Row and name of each cell that is a formula, by sheet. A value that was computed once may be
    old or missing. Only the formats that are zipped XML tell; others yield nothing.

    Raises ValueError when the workbook is damaged.
    """
    if not zipfile.is_zipfile(file):
        return {}
    found: dict[str, list[tuple[int, str]]] = {}
    with zipfile.ZipFile(file) as parts:
        if "xl/workbook.xml" not in parts.namelist():
            return {}
        for name, part in _sheets(parts).items():
            if part not in parts.namelist():
                continue
            cells = _FORMULA.findall(parts.read(part))
            if cells:
                found[name] = [(int(row), f"{col.decode()}{int(row)}") for col, row in cells]
    return found


def _sheets(parts: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet, by the sheet's name."""
    try:
        book = parts.read("xl/workbook.xml").decode()
        relations = parts.read("xl/_rels/workbook.xml.rels").decode()
    except (KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"its list of sheets is damaged: {error}") from error
    told = [_attributes(each) for each in _RELATION.findall(relations)]
    targets = {each.get("Id", ""): each.get("Target", "") for each in told}
    found: dict[str, str] = {}
    for sheet in map(_attributes, _SHEET.findall(book)):
        target = targets.get(sheet.get("id", ""), "")
        found[sheet.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return found


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
