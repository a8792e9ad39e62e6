"""``jiesu grid split``, ``grid merge`` and ``officer password`` on a real database."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.test_organisation_import import PEOPLE, UNITS, Desk, one

__all__ = ["one"]
OLD, FIRST, SECOND = "620981002001001", "620981002001011", "620981002001012"
PIECES = f"name,code,boundary,officers\n西网格,{FIRST},,\n东网格,{SECOND},,ma\n"


@pytest.fixture
def desk(one: Desk) -> Desk:
    assert one.run("grid", "import", one.book(units=UNITS, people=PEOPLE)).exit_code == 0
    return one


def test_a_grid_is_divided_and_the_pieces_put_together(desk: Desk) -> None:
    done = desk.run("grid", "split", OLD, desk.sheet(PIECES))
    assert (done.exit_code, done.output) == (
        0,
        f"{OLD} → {FIRST}, {SECOND}: 0 open cases moved\n",
    )
    known = desk.organisation()
    assert known.units[OLD].successors == (FIRST, SECOND)
    homes = {each.username: each.unit_id for each in known.officers.values()}
    assert (homes["zhou"], homes["ma"]) == (FIRST, SECOND)

    done = desk.run("grid", "merge", FIRST, SECOND, "--name", "又一个", "--code", OLD[:-1] + "9")
    assert done.exit_code == 0, done.exception
    known = desk.organisation()
    assert known.units[FIRST].successors == (OLD[:-1] + "9",)
    assert {o.unit_id for o in known.officers.values() if o.username in ("zhou", "ma")} == {
        OLD[:-1] + "9"
    }


@pytest.mark.parametrize(
    ("words", "sheet", "reason"),
    [
        (("split", "nowhere"), PIECES, "there is no unit nowhere; nothing was changed"),
        (("split", "s"), PIECES, "s has units below it"),
        (("split", OLD), PIECES.replace(SECOND, OLD), "is never used again"),
        (("split", OLD), PIECES.replace("ma", "he"), "officers: he does not work in"),
        (("split", OLD), "name\n西网格\n", "pieces is required"),
        (("merge", OLD, "--name", "x"), "", "name two grids at least"),
        (("merge", OLD, OLD, "--name", "x"), "", "several units of one kind"),
        (("merge", OLD, "hr", "--name", "x"), "", "several units of one kind"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    desk: Desk, words: tuple[str, ...], sheet: str, reason: str
) -> None:
    before = desk.organisation()
    given = [*words, desk.sheet(sheet)] if sheet else list(words)
    done = desk.run("grid", *given)
    assert done.exit_code == 1
    assert reason in str(done.exception)
    assert desk.organisation() == before


def test_one_officer_gets_a_new_password(desk: Desk) -> None:
    done = desk.run("officer", "password", "zhou")
    assert done.output.startswith("new password of zhou: ")
    staff = {o.username: o for o in desk.organisation().officers.values()}
    assert staff["zhou"].password_hash.startswith("$argon2")
    assert staff["ma"].password_hash == ""
    assert "there is no officer wu" in str(desk.run("officer", "password", "wu").exception)
    assert "name one officer" in str(desk.run("officer", "password").exception)


def test_all_of_a_unit_get_their_first_password_into_a_file(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "first.csv"
    desk.run("officer", "password", "ma")
    done = desk.run("officer", "password", "--unit", "620981002", "--file", str(target))
    assert done.exit_code == 0, done.exception
    with target.open(encoding="utf-8-sig", newline="") as lines:
        told = {row["username"] for row in csv.DictReader(lines)}
    assert told == {"zhou", "he", "qian"}  # Ma has one already
    again = desk.run("officer", "password", "--unit", "620981002", "--file", str(target))
    assert "cannot be made" in str(again.exception)
    missing = desk.run("officer", "password", "--unit", "s")
    assert "--unit needs --file" in str(missing.exception)
