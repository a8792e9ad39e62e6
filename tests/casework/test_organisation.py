"""Who covers what; and that nothing is ever without an owner."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.errors import Misconfigured
from casework.organisation import OWNERS, Officer, Organisation, Place, Role, Unit

UNITS = {
    unit.id: unit
    for unit in (
        Unit("street", "street", "和平街道"),
        Unit("east", "community", "东苑社区", "street"),
        Unit("west", "community", "西苑社区", "street"),
        Unit("e1", "grid", "东苑第一网格", "east"),
        Unit("e2", "grid", "东苑第二网格", "east"),
        Unit("w1", "grid", "西苑第一网格", "west"),
    )
}
PLACES = (
    Place("锦绣花园", "e1", ("锦绣",)),
    Place("锦绣花园二期", "e2"),
    Place("纺织厂宿舍", "w1", ("老纺织厂",)),
)


def officer(name: str, role: Role, unit: str | None, *, active: bool = True) -> Officer:
    return Officer(name, name, name.title(), role, unit, active=active)


STAFF = (
    officer("gina", Role.GRID, "e1"),
    officer("cora", Role.COMMUNITY, "east"),
    officer("stan", Role.STREET, "street"),
    officer("ada", Role.ADMIN, None),
)


def organisation(*staff: Officer) -> Organisation:
    return Organisation(UNITS, {each.id: each for each in staff or STAFF}, PLACES)


def test_the_chain_goes_up_to_the_street() -> None:
    assert [unit.id for unit in organisation().chain("e1")] == ["e1", "east", "street"]
    assert list(organisation().chain(None)) == []
    assert list(organisation().chain("gone")) == []


def test_a_circle_of_units_ends() -> None:
    circle = {"a": Unit("a", "grid", "a", "b"), "b": Unit("b", "community", "b", "a")}
    assert [unit.id for unit in Organisation(circle, {}).chain("a")] == ["a", "b"]


@pytest.mark.parametrize(
    ("who", "unit", "covered"),
    [
        ("gina", "e1", True),
        ("gina", "e2", False),
        ("gina", "east", False),
        ("cora", "e1", True),
        ("cora", "e2", True),
        ("cora", "w1", False),
        ("stan", "w1", True),
        ("stan", "gone", False),
        ("ada", "gone", True),
        ("gina", None, True),
    ],
)
def test_an_officer_covers_the_own_unit_and_those_below(
    who: str,
    unit: str | None,
    covered: bool,
) -> None:
    known = organisation()
    assert known.covers(known.officers[who], unit) is covered


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("我住锦绣花园3号楼", "锦绣花园"),
        ("锦绣花园二期5栋", "锦绣花园二期"),
        ("锦绣那边", "锦绣花园"),
        ("老纺织厂门口", "纺织厂宿舍"),
        ("不知道什么地方", None),
        ("", None),
    ],
)
def test_the_longest_name_in_the_words_is_the_place(said: str, found: str | None) -> None:
    place = organisation().find_place(said)
    assert (place.name if place else None) == found


@pytest.mark.parametrize(
    ("said", "who", "unit", "placed"),
    [
        ("锦绣花园", "gina", "e1", True),
        ("锦绣花园二期", "cora", "e2", True),
        ("纺织厂宿舍", "stan", "w1", True),
        ("哪里都不是", "stan", "street", False),
    ],
)
def test_the_grid_worker_else_the_next_level_up(
    said: str,
    who: str,
    unit: str,
    placed: bool,
) -> None:
    given_to = organisation().assign(said)
    assert (given_to.officer.id, given_to.unit.id, given_to.placed) == (who, unit, placed)


def test_who_left_gets_nothing() -> None:
    left = replace(STAFF[0], active=False)
    assert organisation(left, *STAFF[1:]).assign("锦绣花园").officer.id == "cora"


def test_a_grid_worker_comes_before_an_admin_of_the_same_unit() -> None:
    boss = officer("aaron", Role.ADMIN, "e1")
    assert organisation(boss, *STAFF).assign("锦绣花园").officer.id == "gina"


def test_without_anybody_it_says_what_to_do() -> None:
    with pytest.raises(Misconfigured, match="officer add"):
        organisation(officer("gone", Role.GRID, "e1", active=False)).assign("锦绣花园")


def officers() -> st.SearchStrategy[list[Officer]]:
    one = st.builds(
        officer,
        st.text("abcdefgh", min_size=1, max_size=4),
        st.sampled_from(Role),
        st.sampled_from([*UNITS, None, "gone"]),
        active=st.booleans(),
    )
    return st.lists(one, max_size=8, unique_by=lambda each: each.id)


@given(
    staff=officers(),
    said=st.one_of(st.text(), st.sampled_from(["锦绣花园", "锦绣花园二期", "纺织厂宿舍", "别处"])),
)
def test_with_one_active_officer_nothing_is_without_an_owner(
    staff: list[Officer], said: str
) -> None:
    assume(any(each.active and each.role in OWNERS for each in staff))
    known = Organisation(UNITS, {each.id: each for each in staff}, PLACES)
    given_to = known.assign(said)
    assert given_to.officer.active
    assert given_to.unit.id in UNITS
    assert known.assign(said) == given_to
    place = known.find_place(said)
    if given_to.placed:
        assert place is not None
        assert given_to.unit.id == place.unit_id
