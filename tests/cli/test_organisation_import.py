"""``jiesu grid import``: whole organisations from CSV files and workbooks, or nothing at all."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner, Result

from benchmarks import grid_import
from casework.organisation import GRID_CHIEF, Employment, Organisation, Role
from casework.ports import Transaction
from casework.roster import Absence, Shift
from cli.main import app
from cli.mistakes import Mistake
from storage import schema
from storage.engine import open_store
from tests.cli.workbook import Cell, Formula, write

T = TypeVar("T")

UNITS: list[list[Cell]] = [
    ["id", "kind", "name", "parent", "code"],
    ["", "grid", "第一网格", "620981002001", "620981002001001"],
    ["", "grid", "第二网格", "620981002001", "620981002001002"],
    ["", "community", "柳岸社区", "s", "620981002001"],
    ["s", "street", "青禾街道", "", "620981002"],
    ["hr", "department", "人社局", "s", ""],
]
PEOPLE: list[list[Cell]] = [
    ["账号", "姓名", "角色", "所属", "用工性质", "岗位", "办公电话"],
    ["zhou", "周小兰", "网格员", "620981002001001", "专职", "", "028-0000-0001"],
    ["ma", "马国强", "网格员", "620981002001001", "兼职", "网格长", ""],
    ["he", "何敏", "街道工作人员", "s", "", "", ""],
    ["qian", "钱芳", "部门工作人员", "hr", "", "", ""],
]
DUTY: list[list[Cell]] = [
    ["人员", "所属", "星期", "日期", "开始", "结束"],
    ["he", "s", "周一", "", "18:00", "08:30"],
    ["zhou", "", "", "2026-11-22", "09:00", "12:00"],
]
AWAY: list[list[Cell]] = [
    ["人员", "请假开始", "请假结束", "代班"],
    ["zhou", "2026-12-01", "2026-12-03", "ma"],
]


class Desk:
    """A database and the command line."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--data", str(self.folder)])

    def sheet(self, text: str, encoding: str = "utf-8") -> str:
        path = self.folder / "sheet.csv"
        path.write_bytes(text.encode(encoding))
        return str(path)

    def book(self, merged: dict[str, str] | None = None, **sheets: list[list[Cell]]) -> str:
        return str(write(self.folder / "book.xlsx", sheets, merged))

    def organisation(self) -> Organisation:
        return asyncio.run(self._read(lambda tx: tx.people.organisation()))

    def duty(self) -> tuple[list[Shift], list[Absence]]:
        def read(tx: Transaction) -> tuple[list[Shift], list[Absence]]:
            known = tx.people.organisation()
            away = tx.rosters.absences_of(sorted(known.officers), date.min, date.max)
            return tx.rosters.shifts_of(sorted(known.units)), away

        return asyncio.run(self._read(read))

    async def _read(self, work: Callable[[Transaction], T]) -> T:
        store = open_store(self.url)
        try:
            return await store.read(work)
        finally:
            await store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def desk(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.delenv("JIESU_DATA_DIR", raising=False)
    url: str = request.getfixturevalue(f"{request.param}_url")
    monkeypatch.setenv("JIESU_DATABASE_URL", url)
    asyncio.run(schema.upgrade(url))
    return Desk(tmp_path, url)


@pytest.fixture
def one(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """On SQLite only: what is wrong with a sheet does not depend on the database."""
    monkeypatch.delenv("JIESU_DATA_DIR", raising=False)
    monkeypatch.setenv("JIESU_DATABASE_URL", sqlite_url)
    asyncio.run(schema.upgrade(sqlite_url))
    return Desk(tmp_path, sqlite_url)


def test_a_workbook_of_units_people_duty_and_absences(desk: Desk) -> None:
    book = desk.book(units=UNITS, people=PEOPLE, duty=DUTY, away=AWAY)
    tried = desk.run("grid", "import", book, "--dry-run")
    assert (tried.exit_code, tried.output.splitlines()[0]) == (0, "would import 12 rows (XLSX)")
    assert desk.organisation().units == {}

    done = desk.run("grid", "import", book)
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "imported 12 rows (XLSX)",
        "to mend (see `jiesu place check`):",
        "  grids without a worker: 1",
        "  grids with none or several who approve: 1",
    ]
    known = desk.organisation()
    grid = known.units["620981002001001"]
    assert [each.id for each in known.chain(grid.id)] == [grid.id, "620981002001", "s"]
    assert grid.path == "/s/620981002001/620981002001001/"
    staff = {each.username: each for each in known.officers.values()}
    assert staff["ma"].posts == (GRID_CHIEF,)
    assert (staff["ma"].role, staff["ma"].employment) == (Role.GRID, Employment.PART_TIME)
    assert staff["zhou"].phone == "028-0000-0001"
    assert all(each.password_hash == "" for each in staff.values())
    shifts, away = desk.duty()
    assert {(s.officer_id, s.unit_id, s.weekday, s.starts, s.ends) for s in shifts} == {
        (staff["he"].id, "s", 0, 18 * 60, 8 * 60 + 30),
        (staff["zhou"].id, grid.id, None, 9 * 60, 12 * 60),
    }
    assert [(a.officer_id, a.substitute_id) for a in away] == [(staff["zhou"].id, staff["ma"].id)]


def test_a_second_file_may_name_units_by_id_or_code(desk: Desk) -> None:
    assert desk.run("grid", "import", desk.book(units=UNITS)).exit_code == 0
    more = "kind,name,parent,code\ngrid,第三网格,620981002001,620981002001003\n"
    assert desk.run("grid", "import", desk.sheet(more, "gbk")).exit_code == 0
    people = "username,name,role,unit\nli,李工,grid,620981002001003\n"
    assert desk.run("grid", "import", desk.sheet(people)).exit_code == 0
    known = desk.organisation()
    assert known.units["620981002001003"].path == "/s/620981002001/620981002001003/"
    assert [each.unit_id for each in known.officers.values()] == ["620981002001003"]


CSV = "\n".join(",".join(str(cell) for cell in row) for row in UNITS) + "\n"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("g9,grid,新网格,s,62098100200100", "row 7, code: '62098100200100' has 14 digits, not 15"),
        ("g9,grid,新网格,s,62098100200100X", "row 7, code: '62098100200100X' is no code of 15"),
        ("g9,grid,新网格,s,620981002001000", "ends with 000, which stands for the whole"),
        ("g9,grid,新网格,620981002001,620981002009001", "does not begin with 620981002001"),
        ("g9,grid,新网格,620981002001,620981002001002", "620981002001002's; a code is never used"),
        ("g9,service_point,站,s,620981002", "belongs to no service_point, which has no code"),
        ("g9,department,某局,s,人社", "'人社' is no code: letters, digits"),
        ("s,street,又一个,,", "row 7, id: there is a unit s already, in row 5"),
        ("g9,grid,新网格,nowhere,", "row 7, parent: unit nowhere is not known yet"),
        ("g9,grid,新网格,hr,", "row 7, parent: hr is a department; a grid lies in community or"),
        ("g9,grid,新网格,,", "row 7, parent: is empty; a grid lies in community or"),
        ("a,area,甲片区,b,", "row 7, parent: unit b is not known yet"),
        ("g9,zone,新网格,s,", "row 7, kind: is zone; known: county, street"),
        ("a/b,grid,新网格,s,", "row 7, id: holds a slash"),
        (f"{'x' * 33},grid,新网格,s,", "row 7, id: has 33 characters, at most 32"),
        ("g9,grid,新网格,s,6.20981E+14", "row 7, code: is a rounded number; format the column"),
        (",grid,新网格,s,", "row 7, id: is empty"),
    ],
)
def test_a_wrong_unit_names_row_column_and_reason(one: Desk, line: str, fault: str) -> None:
    done = one.run("grid", "import", one.sheet(CSV + line + "\n"))
    assert done.exit_code == 1
    assert fault in done.output
    assert "nothing was imported" in str(done.exception)
    assert one.organisation().units == {}


def test_units_that_lie_in_each_other_are_refused(one: Desk) -> None:
    levels = "id,kind,name,parent\na,area,甲片区,b\nb,street,乙街道,c\nc,county,丙县,a\n"
    done = one.run("grid", "import", one.sheet(levels))
    assert "row 2, parent: goes round in a circle: a → b → c → a" in done.output
    assert one.organisation().units == {}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("zhou,又一人,grid,s", "row 3, username: there is an officer zhou already, in row 2"),
        ("wu,吴,grid,nowhere", "row 3, unit: unit nowhere is not known"),
        ("wu,吴,grid,", "row 3, parent: is empty"),
        ("wu,吴,grid,hr", "row 3, role: grid does not work in a department; known: admin"),
        ("wu,吴,boss,s", "row 3, role: is boss; known: grid"),
        ("w u,吴,street,s", "row 3, username: holds a space"),
        (",吴,street,s", "row 3, username: is empty"),
    ],
)
def test_a_wrong_officer_names_row_column_and_reason(one: Desk, line: str, fault: str) -> None:
    one.run("grid", "import", one.sheet(CSV))
    head = "username,name,role,unit\nzhou,周小兰,grid,620981002001001\n"
    done = one.run("grid", "import", one.sheet(head + line + "\n"))
    assert done.exit_code == 1
    assert fault in done.output
    assert one.organisation().officers == {}


@pytest.mark.parametrize(
    ("head", "line", "fault"),
    [
        ("weekday,day,starts,ends", "周一,2026-11-23,08:00,12:00", "row 2, day: is there and a"),
        ("weekday,day,starts,ends", ",,08:00,12:00", "row 2, weekday: is empty; a shift is on"),
        ("weekday,day,starts,ends", "周八,,08:00,12:00", "row 2, weekday: is 周八; known"),
        ("weekday,day,starts,ends", "周一,,8点,12:00", "row 2, starts: '8点' is no time"),
        ("weekday,day,starts,ends", "周一,,,12:00", "row 2, starts: is empty"),
        ("first_day,last_day,substitute", "2026-02-30,2026-03-01,", "is no day such as"),
        ("first_day,last_day,substitute", "2026-03-02,2026-03-01,", "row 2, last_day: 2026-03-01"),
        ("first_day,last_day,substitute", "2026-03-01,2026-03-01,zhou", "is the one who is away"),
        ("first_day,last_day,substitute", "2026-03-01,2026-03-01,no", "there is no officer no"),
    ],
)
def test_wrong_duty_names_row_column_and_reason(
    one: Desk, head: str, line: str, fault: str
) -> None:
    one.run("grid", "import", one.book(units=UNITS, people=PEOPLE))
    done = one.run("grid", "import", one.sheet(f"officer,{head}\nzhou,{line}\n"))
    assert done.exit_code == 1
    assert fault in done.output
    assert one.duty() == ([], [])


def test_cells_a_workbook_cannot_be_trusted_for(one: Desk) -> None:
    units: list[list[Cell]] = [
        *UNITS,
        ["g3", "grid", "第三网格", Formula('"s"', "s"), ""],
        ["g4", "grid", "x", "s", ""],
    ]
    done = one.run("grid", "import", one.book({"units": "B8:B9"}, units=units, people=PEOPLE))
    assert done.exit_code == 1
    assert "sheet units, row 7, D7: is a formula; paste its value instead" in done.output
    assert "sheet units, row 8, B8: is merged with the cells to B9" in done.output
    assert one.organisation().units == {}


def test_numbers_days_and_texts_are_read_as_what_they_say(one: Desk) -> None:
    units: list[list[Cell]] = [
        ["code", "kind", "name", "parent"],
        [620981002.0, "street", "青禾街道", ""],
        [620981002001, "community", "柳岸社区", 620981002],
        [620981002001001.0, "grid", 7, 620981002001],
    ]
    assert one.run("grid", "import", one.book(units=units)).exit_code == 0
    assert one.organisation().units["620981002001001"].name == "7"
    units[3] = [6209810020010021, "grid", "第二网格", 620981002001]
    done = one.run("grid", "import", one.book(units=[units[0], units[3]]))
    assert "sheet units, row 2, A2: is a number of more than 15 digits" in done.output


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ("name,kind\n望江苑,place\n", "the first line lacks id, parent"),
        ("id,kind,name,parent,colour\n", "unknown column colour"),
        ("id,kind,name,parent,name\n", "the column name is there twice"),
        ("", "the first line lacks id, kind, name, parent"),
    ],
)
def test_a_sheet_that_is_none(one: Desk, sheet: str, reason: str) -> None:
    done = one.run("grid", "import", one.sheet(sheet))
    assert isinstance(done.exception, Mistake)
    assert reason in str(done.exception)


def test_a_workbook_that_is_none(one: Desk) -> None:
    file = one.folder / "book.xlsx"
    file.write_bytes(b"PK\x03\x04 no workbook at all")
    assert "cannot be read as XLSX" in str(one.run("grid", "import", str(file)).exception)
    assert "there is no file" in str(one.run("grid", "import", str(one.folder / "x")).exception)
    odd = one.book(units=UNITS, notes=[["remember", "this"]])
    assert "sheet notes: its first line is none of" in str(one.run("grid", "import", odd).exception)
    assert one.organisation().units == {}


@pytest.mark.parametrize("told", ["2026/1/5", "2026-1-5", "2026.1.5", "2026年1月5日", "2026-01-05"])
def test_days_as_spreadsheets_write_them(one: Desk, told: str) -> None:
    head = "id,kind,name,parent,valid_from\n"
    done = one.run("grid", "import", one.sheet(f"{head}s,street,青禾街道,,{told}\n"))
    assert done.exit_code == 0, done.output
    assert one.organisation().units["s"].valid_from == date(2026, 1, 5)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", ["\t", ";"])
def test_what_spreadsheets_save_as_text_is_read(one: Desk, encoding: str, mark: str) -> None:
    done = one.run("grid", "import", one.sheet("\n" + CSV.replace(",", mark), encoding))
    assert done.exit_code == 0, done.exception
    assert one.organisation().units["620981002001001"].name == "第一网格"


@pytest.mark.parametrize("name", ['"青禾', '"青禾"街道'])
def test_a_quotation_mark_takes_in_no_other_row(one: Desk, name: str) -> None:
    sheet = f"id,kind,name,parent\ns,street,街道,\nc,community,{name},s\ng,grid,网格,c\n"
    done = one.run("grid", "import", one.sheet(sheet))
    assert isinstance(done.exception, Mistake)
    assert "row 3: " in str(done.exception)
    assert "look at its quotation marks" in str(done.exception)
    assert one.organisation().units == {}


def test_half_a_character_of_utf_16_is_no_text(one: Desk) -> None:
    file = one.folder / "cut.csv"
    file.write_bytes(CSV.encode("utf-16")[:-1])
    assert "begins as UTF-16" in str(one.run("grid", "import", str(file)).exception)


def test_what_no_database_keeps_is_left_out(desk: Desk) -> None:
    done = desk.run("grid", "import", desk.sheet("id,kind,name,parent\ns,street,青\0禾街道,\n"))
    assert done.exit_code == 0, done.exception
    assert desk.organisation().units["s"].name == "青禾街道"


def test_a_file_with_nothing_in_it_is_not_said_to_be_imported(one: Desk) -> None:
    for given in (one.sheet("id,kind,name,parent\n"), one.book(empty=[[]])):
        done = one.run("grid", "import", given)
        assert "there is nothing in it to import" in str(done.exception)


def test_the_same_duty_is_not_set_twice(desk: Desk) -> None:
    assert desk.run("grid", "import", desk.book(units=UNITS, people=PEOPLE)).exit_code == 0
    assert desk.run("grid", "import", desk.book(duty=DUTY, away=AWAY)).exit_code == 0
    before = desk.duty()
    again = desk.run("grid", "import", desk.book(duty=DUTY, away=AWAY))
    assert again.exit_code == 1
    assert "sheet away, row 2, officer: has the same there already" in again.output
    assert "sheet duty, row 3, officer: has the same there already" in again.output
    assert desk.duty() == before
    twice = desk.run("grid", "import", desk.book(duty=[*DUTY[:1], *[["ma", *DUTY[2][1:]]] * 2]))
    assert "row 3, officer: has the same there already, in sheet duty, row 2" in twice.output


def test_whoever_may_own_no_case_is_not_put_on_duty(one: Desk) -> None:
    people: list[list[Cell]] = [*PEOPLE, ["shen", "沈审", "审计员", "s", "", "", ""]]
    assert one.run("grid", "import", one.book(units=UNITS, people=people)).exit_code == 0
    duty: list[list[Cell]] = [DUTY[0], ["shen", "s", "周一", "", "24:00", "08:30"]]
    away: list[list[Cell]] = [AWAY[0], ["zhou", "2026-12-01", "2026-12-03", "shen"]]
    done = one.run("grid", "import", one.book(duty=duty, away=away))
    assert "row 2, officer: shen may own no case" in done.output
    assert "row 2, starts: is the end of the day" in done.output
    assert "row 2, substitute: shen may own no case" in done.output
    assert one.duty() == ([], [])


def test_all_faults_can_be_had_as_a_file(one: Desk) -> None:
    wrong = "".join(f"g{at},zone,x,nowhere,\n" for at in range(60))
    report = one.folder / "faults.csv"
    done = one.run("grid", "import", one.sheet(CSV + wrong), "--errors", str(report))
    assert "… and" in done.output
    with report.open(encoding="utf-8-sig", newline="") as lines:
        told = list(csv.reader(lines))
    assert told[0] == ["sheet", "row", "column", "reason"]
    assert {row[1] for row in told[1:]} == {str(at) for at in range(7, 67)}


def test_passwords_go_into_a_file_of_ones_own_and_nowhere_else(one: Desk) -> None:
    target = one.folder / "passwords.csv"
    book = one.book(units=UNITS, people=PEOPLE[:3])
    done = one.run("grid", "import", book, "--passwords", str(target))
    assert done.exit_code == 0, done.output
    assert target.stat().st_mode & 0o777 == 0o600
    with target.open(encoding="utf-8-sig", newline="") as lines:
        given = {row["username"]: row["password"] for row in csv.DictReader(lines)}
    assert given.keys() == {"zhou", "ma"}
    assert not any(password in done.output for password in given.values())
    assert all(o.password_hash.startswith("$argon2") for o in one.organisation().officers.values())


@pytest.mark.slow
def test_a_whole_city_is_imported(desk: Desk) -> None:
    """How long it takes is measured by benchmarks/grid_import.py: machines differ."""
    file = desk.folder / "city.xlsx"
    grid_import.write_workbook(file)
    done = desk.run("grid", "import", str(file))
    assert done.exit_code == 0, done.output
    known = desk.organisation()
    assert sum(unit.kind == "grid" for unit in known.units.values()) == grid_import.GRIDS
    assert len(known.officers) == grid_import.PEOPLE
