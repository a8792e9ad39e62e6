"""Which reports may be the same issue: by category, place and time, the wording only a hint."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework import clusters
from casework.case import Case, SlotValue, Status
from casework.organisation import Officer, Organisation, Place, Role, Unit
from config.load import Book, load_book

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
STAFF = Organisation(
    units={
        "s": Unit("s", "street", "青禾街道"),
        "c": Unit("c", "community", "柳岸社区", "s"),
        "g1": Unit("g1", "grid", "第一网格", "c"),
        "g2": Unit("g2", "grid", "第二网格", "c"),
        "d": Unit("d", "community", "石桥社区", "s"),
        "g3": Unit("g3", "grid", "第三网格", "d"),
    },
    officers={"o": Officer("o", "o", "周小兰", Role.STREET, "s")},
    places=(Place("翠湖花园", "g1", ("翠湖",)), Place("滨河路", "g1")),
)
HERE = (30.65860, 104.06480)


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def case(number: str = "1", **given: Any) -> Case:
    """A filed case; slots are given by name, everything else as the field of a case."""
    fields = {key: given.pop(key) for key in list(given) if key in Case.__dataclass_fields__}
    slots = {name: SlotValue(value, str(value)) for name, value in given.items()}
    base = Case(
        number=number,
        conversation_id=f"c{number}",
        category="property_management",
        opened_at=NOW,
        owner_id="o",
        unit_id="g1",
        status=Status.DISPATCHED,
        slots=slots,
    )
    return replace(base, **fields)


def lift(number: str = "1", **given: Any) -> Case:
    return case(number, **{"place": "翠湖花园3栋", "issue": "电梯坏了没人修", **given})


def same(mine: Case, other: Case, book: Book) -> bool:
    return clusters.same_issue(mine, [other], STAFF, book.nearby) is not None


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        # the same building, by any of its names
        ({"place": "翠湖花园3栋"}, {"place": "翠湖花园三号楼"}),
        ({"place": "翠湖3幢2单元"}, {"place": "翠湖花园3栋"}),
        # a place nobody has named: what stands before the building
        ({"place": "老油厂家属院3栋2单元"}, {"place": "老油厂家属院三号楼"}),
        # words are only a hint
        ({"issue": "电梯又停了"}, {"issue": "三天了电梯里灯也灭着，物业推来推去"}),
        # older than the window, when the words are alike
        ({}, {"opened_at": NOW - timedelta(days=20)}),
    ],
)
def test_the_same_lift(mine: dict[str, Any], other: dict[str, Any], book: Book) -> None:
    assert same(lift("1", **mine), lift("2", **other), book)


@pytest.mark.parametrize(
    "other",
    [
        {"place": "翠湖花园5栋"},  # another building
        {"place": "翠湖花园"},  # nobody said which
        {"place": "锦绣家园3栋"},
        {"issue": "楼道垃圾没人收"},  # another thing
        {"category": "public_facility"},
        {"status": Status.DONE_WAIT},  # not being worked on
        {"status": Status.DRAFT},
        {"restricted": True},
        {"crisis": "R2"},
        {"conversation_id": "c1"},  # the resident's own
    ],
)
def test_not_the_same_lift(other: dict[str, Any], book: Book) -> None:
    assert not same(lift("1"), lift("2", **other), book)


def test_other_words_long_ago_are_not_enough(book: Book) -> None:
    old = lift("2", opened_at=NOW - timedelta(days=20), issue="电梯年检过期半年多无人理会")
    assert not same(lift("1", issue="电梯关门夹人"), old, book)


@pytest.mark.parametrize(("metres", "near"), [(25, True), (35, False)])
def test_a_lamp_within_thirty_metres(metres: float, near: bool, book: Book) -> None:
    there = (HERE[0] + metres / 111_195, HERE[1])
    mine = case("1", category="public_facility", issue="路灯不亮", location=list(HERE))
    other = case("2", category="public_facility", issue="路灯坏了", location=list(there))
    assert clusters.metres(HERE, there) == pytest.approx(metres, rel=0.01)
    assert same(mine, other, book) is near


@pytest.mark.parametrize(("metres", "near"), [(90, True), (120, False)])
def test_noise_within_a_hundred(metres: float, near: bool, book: Book) -> None:
    there = [HERE[0] + metres / 111_195, HERE[1]]
    mine = case("1", category="environment_noise", issue="广场舞太吵", location=list(HERE))
    other = case("2", category="environment_noise", issue="音响声音大", location=there)
    assert same(mine, other, book) is near


def test_what_nobody_knows_needs_words_in_common(book: Book) -> None:
    mine = case("1", place="翠湖花园", issue="凉亭的顶棚掉下来一块")
    alike = case("2", place="翠湖花园", issue="凉亭顶棚掉下来差点砸到人")
    other = case("2", place="翠湖花园", issue="没有人管流浪的野猫")
    assert same(mine, alike, book)
    assert not same(mine, other, book)


@pytest.mark.parametrize(
    "category",
    [
        *("family_marriage", "land_demolition", "neighbour_dispute", "social_benefit"),
        *("labour_other", "healthcare", "other"),
    ],
)
def test_what_is_between_persons_is_never_offered(category: str, book: Book) -> None:
    told = {"category": category, "place": "翠湖花园3栋", "issue": "一模一样的话"}
    assert not same(case("1", **told), case("2", **told), book)


@pytest.mark.parametrize(
    ("mine", "other", "joined"),
    [
        ("宏达建筑公司", "宏达建筑公司", True),
        ("宏达建筑公司", "恒通劳务", False),
        ("宏达建筑公司", None, False),  # who knows
        (None, None, False),
    ],
)
def test_wages_only_of_the_same_employer(
    mine: str | None, other: str | None, joined: bool, book: Book
) -> None:
    def told(number: str, employer: str | None) -> Case:
        named = {"employer": employer} if employer else {}
        return case(
            number, category="wage_arrears", place="翠湖花园", issue="三个月工资没发", **named
        )

    assert same(told("1", mine), told("2", other), book) is joined


def test_different_respondents_are_never_one(book: Book) -> None:
    mine = lift("1", respondent="安居物业")
    assert same(mine, lift("2", respondent="安居 物业"), book)
    assert not same(mine, lift("2", respondent="万家物业"), book)
    assert same(mine, lift("2"), book)


def test_few_reporters_of_one_firm_are_not_told_of(book: Book) -> None:
    wage = {"category": "wage_arrears", "employer": "宏达", "place": "翠湖花园", "issue": "没发"}
    leading, joined = case("1", **wage), [case("2", **wage), case("3", **wage)]
    assert clusters.told(leading, joined[:1], book.nearby, "wage_arrears") is None
    found = clusters.told(leading, joined, book.nearby, "wage_arrears")
    assert found is not None
    assert (found.leading, found.reporters) == ("1", 3)


def test_one_resident_reporting_twice_is_one(book: Book) -> None:
    found = clusters.told(
        lift("1"), [lift("2", conversation_id="c1")], book.nearby, "property_management"
    )
    assert found is not None
    assert found.reporters == 1


def test_of_several_the_most_alike_then_the_first(book: Book) -> None:
    exact, first = lift("3"), lift("2", issue="电梯关着门不动")
    best = clusters.same_issue(lift("1"), [first, exact], STAFF, book.nearby)
    assert best is exact
    twins = [lift("5"), lift("4")]
    best = clusters.same_issue(lift("1"), twins, STAFF, book.nearby)
    assert best is not None
    assert best.number == "4"


def test_the_area_is_the_community(book: Book) -> None:
    assert clusters.area("g1", STAFF) == ("c", "g1", "g2")
    assert "g3" not in clusters.area("g2", STAFF)


def test_the_score_is_the_rule_of_the_book(book: Book) -> None:
    mine, rule = lift("1"), book.nearby
    assert clusters.score(mine, lift("2"), STAFF, rule) == pytest.approx(1.0)
    far = lift("2", place="锦绣家园3栋")
    assert clusters.score(mine, far, STAFF, rule) == pytest.approx(0.7)
    assert rule.weights.ask_from == 0.75
