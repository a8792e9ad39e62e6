"""``jiesu grid import``, ``place import`` and ``place check`` on a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.mistakes import Mistake
from cli.wkt import boundary
from storage import schema
from storage.engine import open_store

WEST = '"POLYGON ((104 30, 104.5 30, 104.5 31, 104 31, 104 30))"'
EAST = '"POLYGON ((104.5 30, 105 30, 105 31, 104.5 31, 104.5 30))"'
GRIDS = f"""id,kind,name,parent,aliases,lat,lng,boundary
s,street,青禾街道,,,,,
c,community,柳岸社区,s,,,,
g1,grid,第一网格,c,,,,{WEST}
g2,grid,第二网格,c,,,,{EAST}
,place,翠湖花园,g1,翠湖；翠湖小区,30.5,104.2,
"""
PLACES = """name,unit,kind,aliases,lat,lng,address,hours,phone,verified
锦绣家园,g1,community,锦绣,30.5,104.1,,,,
锦绣家园,g2,community,,30.5,104.9,,,,
柳岸便民站,g1,service_point,,30.4,104.2,柳岸街1号,9:00-17:00,028-0000-0001,是
"""


class Street:
    """A database and the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--data", str(self.folder)])

    def sheet(self, text: str, encoding: str = "utf-8") -> str:
        path = self.folder / "sheet.csv"
        path.write_bytes(text.encode(encoding))
        return str(path)

    def names(self) -> list[str]:
        return sorted(self.phones())

    def phones(self) -> dict[str, str]:
        """Phones by the places' names."""

        async def read() -> dict[str, str]:
            store = open_store(f"sqlite+aiosqlite:///{self.folder / 'jiesu.db'}")
            try:
                found = await store.read(lambda tx: tx.places.all())
                return {each.name: each.phone for each in found}
            finally:
                await store.close()

        return asyncio.run(read())


@pytest.fixture
def street(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Street:
    for name in ("JIESU_DATABASE_URL", "JIESU_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    asyncio.run(schema.upgrade(f"sqlite+aiosqlite:///{tmp_path / 'jiesu.db'}"))
    return Street(tmp_path)


@pytest.mark.parametrize(("encoding", "told"), [("utf-8-sig", "UTF-8"), ("gbk", "GBK")])
def test_files_of_either_encoding_are_read_and_it_is_said(
    street: Street, encoding: str, told: str
) -> None:
    done = street.run("grid", "import", street.sheet(GRIDS, encoding))
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        f"imported 5 rows ({told})",
        "to mend (see `jiesu place check`):",
        "  grids without a worker: 2",
    ]
    done = street.run("place", "import", street.sheet(PLACES, encoding))
    assert (done.exit_code, done.output) == (0, f"imported 3 places ({told})\n")
    assert street.names() == ["柳岸便民站", "翠湖花园", "锦绣家园"]


def test_importing_again_replaces(street: Street) -> None:
    street.run("grid", "import", street.sheet(GRIDS))
    for phone in ("028-0000-0001", "028-0000-0002"):
        sheet = street.sheet(PLACES.replace("028-0000-0001", phone))
        assert street.run("place", "import", sheet).exit_code == 0
        assert street.phones()["柳岸便民站"] == phone


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (",g1,road", "row 3, name: is empty"),
        ("河,g1,road", "row 3, name: has one character"),
        ("望江苑,nowhere,community", "row 3, unit: nowhere is not known"),
        ("望江苑,,community", "row 3, unit: is empty"),
        ("望江苑,g1,castle", "row 3, kind: is castle; known: community"),
        ("望江苑,g1,road,,north,104", "row 3, lat: 'north' is no number"),
        ("望江苑,g1,road,,104,30", "row 3, lat: '104' is not from -90 to 90"),
        ("望江苑,g1,road,,,104", "row 3, lat: is empty; lat and lng come together"),
        ("望江站,g1,service_point", "row 3, lat: is empty; a service point must be on the map"),
        ("望江站,g1,road,,,,,,,maybe", "row 3, verified: 'maybe' is neither"),
        ("锦绣家园,g1,community", "row 3, name: 锦绣家园 stands in row 2 already"),
        ("望江苑,g1,road,,,,,,,,extra", "row 3, -: has more cells"),
        (f"{'长' * 81},g1,road", "row 3, name: has 81 characters"),
    ],
)
def test_a_fault_names_row_column_and_reason_and_nothing_is_imported(
    street: Street, line: str, fault: str
) -> None:
    street.run("grid", "import", street.sheet(GRIDS))
    head, first, *_ = PLACES.splitlines()
    done = street.run("place", "import", street.sheet(f"{head}\n{first}\n{line}"))
    assert done.exit_code == 1
    assert isinstance(done.exception, Mistake)
    assert "nothing was imported" in str(done.exception)
    assert fault in done.output
    assert street.names() == ["翠湖花园"]


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ("name,kind\n望江苑,road\n", "the first line lacks unit"),
        ("name,unit,colour\n", "unknown column colour"),
        ("", "the first line lacks name, unit"),
    ],
)
def test_a_sheet_that_is_no_sheet(street: Street, sheet: str, reason: str) -> None:
    done = street.run("place", "import", street.sheet(sheet))
    assert isinstance(done.exception, Mistake)
    assert reason in str(done.exception)


def test_a_file_in_no_known_encoding(street: Street) -> None:
    path = street.folder / "sheet.csv"
    path.write_bytes(b"name,unit\n\xff\xff\xff\xff,g1\n")
    done = street.run("place", "import", str(path))
    assert "neither UTF-8 nor GBK" in str(done.exception)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("g1,grid,又一个,c", "row 7, id: there is a unit g1 already"),
        ("g3,grid,第三网格,nowhere", "row 7, parent: unit nowhere is not known yet"),
        (",grid,第三网格,c", "row 7, id: is empty"),
        ("g3,zone,第三网格,c", "row 7, kind: is zone"),
        (",place,望江苑,g9", "row 7, parent: grid g9 is not known"),
        ('g3,grid,第三网格,c,,,,"POINT (1 2)"', "row 7, boundary: 'POINT (1 2)' is no WKT"),
    ],
)
def test_bad_grids_are_refused_whole(street: Street, line: str, fault: str) -> None:
    done = street.run("grid", "import", street.sheet(GRIDS + line + "\n"))
    assert done.exit_code == 1
    assert fault in done.output
    assert street.names() == []
    assert street.run("grid", "import", street.sheet(GRIDS)).exit_code == 0


def test_a_boundary_may_be_redrawn(street: Street) -> None:
    street.run("grid", "import", street.sheet(GRIDS))
    again = f"id,kind,name,parent,boundary\ng1,grid,第一网格,c,{EAST}\n"
    assert street.run("grid", "import", street.sheet(again)).exit_code == 0
    other = f"id,kind,name,parent,boundary\ng1,grid,别的名字,c,{EAST}\n"
    done = street.run("grid", "import", street.sheet(other))
    assert "is there already, with other values" in done.output
    ends = f"id,kind,name,parent,valid_to,boundary\ng1,grid,第一网格,c,2027-01-01,{EAST}\n"
    done = street.run("grid", "import", street.sheet(ends))
    assert "is there already, with other values" in done.output  # not read and passed over


def test_check_tells_what_does_not_fit_together(street: Street) -> None:
    street.run("grid", "import", street.sheet(GRIDS.replace(EAST, WEST)))
    more = "翠湖大道,c,road,,,,,,,\n望江苑,g2,community,,35,104.2,,,,\n"
    street.run("place", "import", street.sheet(PLACES + more))
    done = street.run("place", "check")
    assert done.exit_code == 1
    told = done.output.splitlines()
    for line in (
        "names that lead to no grid: 1",
        "  翠湖大道 (c)",
        "names of more than one grid (residents are asked which): 1",
        "  锦绣家园 (g1, g2)",
        "places outside every boundary: 2",
        "  望江苑 (g2)",
        "boundaries that overlap: 1",
        "grids without a worker: 2",
    ):
        assert line in told, (line, told)


def test_check_is_content_when_all_is_well(street: Street) -> None:
    street.run("grid", "import", street.sheet(GRIDS))
    for name, unit in (("zhou", "g1"), ("ma", "g2")):
        added = street.run("officer", "add", name, "--role", "grid", "--unit", unit, "--name", name)
        assert added.exit_code == 0, added.output
    done = street.run("place", "check")
    assert (done.exit_code, done.output) == (
        0,
        "every place lies in one grid, every grid has a worker\n",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("POLYGON ((104 30, 105 30, 105 31))", "not closed"),
        ("POLYGON ((104 30, 105 30, 104 30))", "fewer than three"),
        ("POLYGON ((104, 105 30, 104))", "no pair of numbers"),
        ("POLYGON ((30 104, 31 105, 30 105, 30 104))", "longitude comes first"),
        ("POLYGON EMPTY", "no WKT"),
    ],
)
def test_a_boundary_that_is_none(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        boundary(text)


def test_a_boundary_of_several_parts() -> None:
    parts = boundary(
        "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 9 5, 9 9, 5 5), (6 6, 7 6, 7 7, 6 6)))"
    )
    assert len(parts) == 3
    assert parts[0][1] == (0.0, 1.0)
