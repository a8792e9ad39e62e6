"""Levels of any depth, and the codes of grids."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.levels import Levels, whole, wrong_code
from casework.organisation import Role, Unit
from config.organisation import load_organisation
from config.reading import BadConfiguration


@pytest.fixture
def levels() -> Levels:
    return load_organisation().levels


def test_the_citys_levels(levels: Levels) -> None:
    assert levels.depth() == 6
    assert list(levels.known)[:5] == ["county", "street", "area", "community", "grid"]
    assert levels.rank("county") < levels.rank("grid") < levels.rank("nothing")
    assert Role.GRID in levels.known["grid"].roles
    assert not any(Role.AUDITOR in levels.known[key].roles for key in ("grid", "community"))


def file(folder: Path, levels: str) -> Path:
    rest = "headings: {}\nwords: {}\nposts: {}\n"
    (folder / "organisation.yaml").write_text(f"levels:\n{levels}{rest}", encoding="utf-8")
    return folder


def chain(depth: int) -> str:
    first = "  l0: {name: a, top: true, digits: 0, roles: [grid]}\n"
    return first + "".join(
        f"  l{at}: {{name: a, under: [l{at - 1}], digits: 0, roles: [grid]}}\n"
        for at in range(1, depth)
    )


@pytest.mark.parametrize("depth", range(2, 7))
def test_two_to_six_levels(tmp_path: Path, depth: int) -> None:
    levels = load_organisation(file(tmp_path, chain(depth))).levels
    assert levels.depth() == depth
    above = Unit("x", f"l{depth - 2}", "x")
    assert levels.wrong_parent(Unit("y", f"l{depth - 1}", "y", "x"), above) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (chain(1), "has 1 areas in one another, not 2 to 6"),
        (chain(7), "has 7 areas"),
        ("  a: {name: a, under: [b], digits: 0, roles: []}\n", "levels.a.under: b is no level"),
        ("  a: {name: a, digits: 0, roles: []}\n", "lies under nothing"),
        ("  a: {name: a, top: true, digits: 16, roles: []}\n", "levels.a.digits: must be from 0"),
        ("  a: {name: a, top: true, digits: 0, roles: [boss]}\n", "levels.a.roles.0: must be one"),
    ],
)
def test_levels_that_will_not_do(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BadConfiguration, match=reason):
        load_organisation(file(tmp_path, text))


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("grid", "620981002001007", "620981002001007"),
        ("community", "620981002001", "620981002001"),
        ("community", "620981002001000", "620981002001"),
        ("street", "620981002000000", "620981002"),
        ("county", "620981", "620981"),
        ("department", "hr-1", "hr-1"),
        ("grid", "", ""),
    ],
)
def test_codes_as_they_are_kept(levels: Levels, kind: str, given: str, kept: str) -> None:
    assert levels.code(kind, given) == kept


@pytest.mark.parametrize(
    ("kind", "given", "reason"),
    [
        ("grid", "62098100200100", "has 14 digits, not 15"),
        ("grid", "620981002001000", "whole community"),
        ("grid", "62098100200100a", "is no code of 15 digits"),
        ("grid", "６２０９８１００２００１００７", "is no code"),
        ("street", "620981002001000", "has 15 digits, not 9"),
        ("area", "620981002", "which has no code"),
        ("department", "人社", "letters, digits"),
    ],
)
def test_codes_that_will_not_do(levels: Levels, kind: str, given: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        levels.code(kind, given)


def test_a_code_begins_with_those_above_even_past_a_level_without() -> None:
    grid = Unit("g", "grid", "g", "a", "620981002001007")
    area, street = Unit("a", "area", "a", "s"), Unit("s", "street", "s", None, "620981002")
    assert wrong_code(grid, [area, street]) == ""
    assert "does not begin with 620981003" in wrong_code(
        grid, [area, Unit("s", "street", "s", None, "620981003")]
    )
    assert wrong_code(Unit("d", "department", "d", "s", "hr"), [street]) == ""
    assert whole("620981002") == "620981002000000"
    assert whole("") == ""
