"""What a resident says of a place, and the unit it comes to: known, worth a question, or open."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.gazetteer import Gazetteer
from casework.likeness import Likeness, one_change
from casework.organisation import Place, PlaceKind, Unit
from casework.resolving import Doubt
from config.places import load_naming
from tests.casework.places import PLACES, UNITS, gazetteer

CITY = gazetteer()


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("翠湖花园", "l1"),
        ("我住在翠湖花园3栋2单元501，电梯坏了", "l1"),
        ("翠湖", "l1"),
        ("翠湖那边", "l1"),
        ("翠湖小区的东门", "l1"),
        ("翠胡小区", "l1"),
        ("翠湖花圆5栋", "l1"),
        ("紡織廠宿舍5號樓", "l2"),
        ("棉纺厂宿舍", "l2"),
        ("纺织场宿舍", "l2"),
        ("高新产业圆工地", "q2"),
        ("高薪产业园工地", "q2"),
        ("高新产业工地", "q2"),
        ("柳岸社区锦绣家园3栋", "l2"),
        ("石桥社区的锦绣家园", "q1"),
        ("石桥村委会旁边", "q1"),
        ("石桥街12号", "q2"),
        ("幸福里二期5栋", "q2"),
        ("东方嘉苑", "l2"),
        ("西方嘉苑", "q2"),
    ],
)
def test_a_place_that_is_known(said: str, unit: str | None) -> None:
    found = CITY.resolve(said)
    assert found.unit_id == unit
    assert unit is None or found.doubt is None


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("锦绣家园", {"l2", "q1"}),
        ("锦绣家园3栋2单元", {"l2", "q1"}),
        ("石桥", {"q1", "q2", "qiao"}),
        ("石桥附近", {"q1", "q2", "qiao"}),
        ("幸福里", {"q1", "q2"}),
        ("翠×花园", {"l1"}),
        ("翠*花园3栋", {"l1"}),
        ("某湖花园", {"l1"}),
        ("翠明花园", {"l1"}),
        ("阳光翠湖花园", {"l1"}),
        ("大石桥村", {"q1"}),
        ("翠湖花园对面的石桥街", {"l1", "q2"}),
    ],
)
def test_a_place_worth_a_question(said: str, units: set[str]) -> None:
    found = CITY.resolve(said)
    assert found.doubt is Doubt.AMBIGUOUS
    assert {each.unit_id for each in found.candidates} == units


@pytest.mark.parametrize(
    "said",
    [
        "",
        "  ",
        "不知道",
        "XX小区",
        "某某小区",
        "××花园",
        "翠湖路",
        "石桥街道办",
        "望江苑3栋",
        "3栋",
        "北方嘉苑",
    ],
)
def test_a_place_nobody_knows_is_not_asked_about(said: str) -> None:
    found = CITY.resolve(said)
    assert (found.unit_id, found.candidates, found.doubt) == (None, (), Doubt.UNKNOWN)


def test_a_community_alone_is_no_grid() -> None:
    found = CITY.resolve("我们柳岸社区")
    assert (found.unit_id, found.doubt) == ("liu", Doubt.COARSE)


def test_what_all_candidates_share_is_certain() -> None:
    assert CITY.resolve("石桥").unit_id == "qiao"
    assert CITY.resolve("锦绣家园").unit_id == "s"
    assert CITY.resolve("翠×花园").unit_id is None


def test_a_name_of_too_many_places_is_for_a_human() -> None:
    units = {f"g{n}": Unit(f"g{n}", "grid", f"{n}号网格") for n in range(9)}
    many = gazetteer(*(Place("幸福小区", unit) for unit in units), units=units)
    found = many.resolve("幸福小区")
    assert (found.unit_id, found.candidates, found.doubt) == (None, (), Doubt.AMBIGUOUS)


def test_names_in_one_grid_are_no_question() -> None:
    both = gazetteer(Place("石桥村", "q1"), Place("石桥街", "q1"))
    assert both.resolve("石桥村和石桥街").unit_id == "q1"


@pytest.mark.parametrize(
    ("point", "unit", "doubt"),
    [
        ((30.5, 104.5), "l1", None),
        ((31.5, 104.5), "l2", None),
        ((40.0, 104.5), None, Doubt.BORDER),
    ],
)
def test_a_point_is_in_its_grid(
    point: tuple[float, float], unit: str | None, doubt: Doubt | None
) -> None:
    found = CITY.at(point)
    assert (found.unit_id, found.doubt) == (unit, doubt)


def test_a_point_in_two_grids_is_for_a_human_unless_the_words_say_which() -> None:
    lapped = gazetteer(
        boundaries={"l1": CITY_SQUARE, "q1": CITY_SQUARE},
    )
    assert lapped.at((30.5, 104.5)).doubt is Doubt.BORDER
    assert lapped.locate("不知道", (30.5, 104.5)).doubt is Doubt.BORDER
    assert lapped.locate("翠湖花园", (30.5, 104.5)).unit_id == "l1"
    assert lapped.locate("东方嘉苑", (30.5, 104.5)).doubt is Doubt.BORDER


CITY_SQUARE = (((30.0, 104.0), (30.0, 105.0), (31.0, 105.0), (31.0, 104.0)),)


def test_the_point_counts_and_contradicting_words_are_for_a_human() -> None:
    here = (30.5, 104.5)
    assert CITY.locate("翠湖花园", here).doubt is None
    assert CITY.locate("哪儿都不是", here).unit_id == "l1"
    assert CITY.locate("锦绣家园", here).unit_id == "l1"
    differs = CITY.locate("石桥村", here)
    assert (differs.unit_id, differs.doubt) == ("l1", Doubt.DIFFERS)


def test_without_boundaries_only_words_count() -> None:
    bare = gazetteer(boundaries={})
    assert bare.locate("翠湖花园", (1.0, 1.0)).unit_id == "l1"
    assert bare.locate("", (1.0, 1.0)).doubt is Doubt.UNKNOWN


def test_the_nearest_service_points_come_nearest_first() -> None:
    near = CITY.nearest_service((30.5, 104.5))
    assert [each.place.name for each in near] == ["柳岸便民站", "石桥便民站"]
    assert 90 < near[0].metres < 100
    assert CITY.nearest_service(None) == ()
    assert CITY.point_of(CITY.resolve("翠湖花园")) == (30.5, 104.5)
    assert CITY.point_of(CITY.resolve("东方嘉苑")) == (31.5, 104.5)
    assert CITY.point_of(CITY.resolve("望江苑")) is None


def test_an_empty_gazetteer_knows_nothing() -> None:
    empty = Gazetteer({}, [], {}, load_naming(), sound=str, normal=str)
    assert empty.locate("翠湖花园", (30.5, 104.5)).doubt is Doubt.UNKNOWN
    assert empty.resolve("").candidates == ()
    assert len(empty) == 0


@given(st.text(max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    found = CITY.resolve(text)
    assert found.unit_id is None or found.unit_id in UNITS
    assert len(found.candidates) <= 4


NAMES = sorted({name for place in PLACES for name in (place.name, *place.aliases)})
CHARACTERS = sorted({character for name in NAMES for character in name} | set("阳光大×3栋"))


@settings(max_examples=300)
@given(st.text(CHARACTERS, min_size=1, max_size=12))
def test_an_answer_is_never_farther_than_one_slip_from_what_was_said(text: str) -> None:
    found = CITY.resolve(text)
    if found.doubt is not None:
        return
    by_unit = {name for place in PLACES if place.unit_id == found.unit_id
               for name in (place.name, *place.aliases)}  # fmt: skip
    names = by_unit | {UNITS[found.unit_id or ""].name}
    stems = {name[:-size] for name in names for size in (1, 2, 3) if len(name) - size >= 2}
    assert any(near(text, name) for name in names | stems), (text, found)


def near(text: str, name: str) -> bool:
    """Whether a stretch of the text is the name, sounds like it or is one character off."""
    for size in range(len(name) - 1, len(name) + 2):
        for at in range(max(0, len(text) - size) + 1):
            window = text[at : at + size]
            if window == name or one_change(window, name) is not None:
                return True
            masked = len(window) == len(name) and any(c in "×某" for c in window)
            if masked and all(a in ("×", "某", b) for a, b in zip(window, name, strict=True)):
                return True
    return False


@pytest.mark.parametrize(
    ("said", "name", "score"),
    [
        ("东方嘉苑", "西方嘉苑", 0.0),
        ("幸福里一期", "幸福里二期", 0.0),
        ("阳光锦绣家园", "锦绣家园", 0.0),
        ("高新产业园工地", "高新产业园工地", 0.0),
        ("完全不像", "锦绣家园", 0.0),
    ],
)
def test_what_tells_two_places_apart_is_no_slip(said: str, name: str, score: float) -> None:
    assert Likeness(load_naming(), str).of(said, name)[0] == score


def test_kinds_of_units_and_places_do_not_mix() -> None:
    assert PlaceKind("community") is PlaceKind.COMMUNITY
    assert CITY.resolve("柳岸第一网格").unit_id == "l1"
