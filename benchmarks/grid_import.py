"""How long a whole city takes to import: 14,216 grids and 28,334 people (domain S3-2, S3-3).

    python -m benchmarks.grid_import --make city.xlsx        writes the sheets, nothing else
    python -m benchmarks.grid_import [--url URL] [--csv]     makes them, imports them, measures

Without ``--url`` a fresh SQLite file is used; with it the database must be empty. Every name is
made up, and no two codes are the same.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

GRIDS, PEOPLE = 14_216, 28_334
COUNTIES, STREETS, COMMUNITIES = 8, 77, 908  # 856 villages and 52 communities (domain S3-11)
UNIT = ("id", "kind", "name", "parent", "code")
PERSON = ("username", "name", "role", "unit", "employment", "posts", "phone")
Cells = tuple[str, ...]


def units() -> Iterator[Cells]:
    """The tree, grids before what they lie in: the order must not matter."""
    counties = [f"5309{at:02}" for at in range(1, COUNTIES + 1)]
    streets = [counties[at % COUNTIES] + f"{at // COUNTIES + 1:03}" for at in range(STREETS)]
    places = [streets[at % STREETS] + f"{at // STREETS + 1:03}" for at in range(COMMUNITIES)]
    for code in grid_codes():
        yield "", "grid", f"第{int(code[12:])}网格", code[:12], code
    for code in places:
        yield "", "community", f"第{int(code[9:])}社区", code[:9], code
    for code in streets:
        yield "", "street", f"第{int(code[6:])}街道", code[:6], code
    for code in counties:
        yield "", "county", f"第{int(code[4:])}区", "", code


def grid_codes() -> list[str]:
    """The codes of all grids, sixteen or so to a community."""
    found = []
    for at in range(GRIDS):
        place, number = at % COMMUNITIES, at // COMMUNITIES + 1
        street, above = place % STREETS, place // STREETS + 1
        county, beside = street % COUNTIES, street // COUNTIES + 1
        found.append(f"5309{county + 1:02}{beside:03}{above:03}{number:03}")
    return found


def people() -> Iterator[Cells]:
    """One who approves and one who works for each grid, spread until they are used up."""
    codes = grid_codes()
    for at in range(PEOPLE):
        grid, second = codes[at % GRIDS], at >= GRIDS
        employment, post = ("part_time", "") if second else ("full_time", "grid_chief")
        phone = f"0883-{at:07}"
        yield f"w{at:05}", f"网格员{at:05}", "grid", grid, employment, post, phone


def write_csv(file: Path) -> None:
    """Everything in one CSV file."""
    heading = (*UNIT, *(name for name in PERSON if name not in UNIT))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, heading, restval="")
        writer.writeheader()
        writer.writerows(dict(zip(UNIT, row, strict=True)) for row in units())
        for row in people():
            writer.writerow({"kind": "officer", **dict(zip(PERSON, row, strict=True))})


def write_workbook(file: Path) -> None:
    """Units in one sheet, people in another, all cells as text."""
    sheets = {"units": (UNIT, units()), "people": (PERSON, people())}
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        names, links, types = "", "", ""
        for at, (name, (heading, rows)) in enumerate(sheets.items(), 1):
            names += f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>'
            target = f"worksheets/sheet{at}.xml"
            links += f'<Relationship Id="r{at}" Type="{relation}/worksheet" Target="{target}"/>'
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
            types += f'<Override PartName="/xl/{target}" ContentType="{kind}"/>'
            lines = "".join(_line(number, row) for number, row in enumerate([heading, *rows], 1))
            text = f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>'
            parts.writestr(f"xl/{target}", text)
        book = f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets>{names}</sheets></workbook>'
        parts.writestr("xl/workbook.xml", book)
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
        )
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        types += f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
        types += '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        types += '.relationships+xml"/>'
        parts.writestr(
            "[Content_Types].xml", f'<Types xmlns="{package}/content-types">{types}</Types>'
        )
        office = (
            f'<Relationship Id="r1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/>'
        )
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">{office}</Relationships>',
        )


def _line(number: int, row: Cells) -> str:
    cells = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
        for at, cell in enumerate(row)
        if cell
    )
    return f'<row r="{number}">{cells}</row>'


def measure(file: Path, url: str | None) -> None:
    """Import the file as the command does, and say how long it took."""
    from typer.testing import CliRunner  # noqa: PLC0415

    from cli.main import app  # noqa: PLC0415
    from storage import schema  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        if url is not None:
            os.environ["JIESU_DATABASE_URL"] = url
        asyncio.run(schema.upgrade(url or f"sqlite+aiosqlite:///{folder}/jiesu.db"))
        for words in (["--dry-run"], []):
            began = time.perf_counter()
            done = CliRunner().invoke(app, ["grid", "import", str(file), "--data", folder, *words])
            seconds = time.perf_counter() - began
            told = done.output.splitlines()[:1] or [str(done.exception)]
            print(f"{file.suffix[1:]} {' '.join(words) or 'import':9} {seconds:6.1f} s  {told[0]}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", type=Path, help="only write the file")
    parser.add_argument("--url", help="database (default: a fresh SQLite file)")
    parser.add_argument("--csv", action="store_true", help="a CSV file instead of a workbook")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = given.make or Path(folder) / ("city.csv" if given.csv else "city.xlsx")
        (write_csv if file.suffix == ".csv" else write_workbook)(file)
        if given.make is None:
            measure(file, given.url)


if __name__ == "__main__":
    main()
