"""nearby.yaml and hours.yaml: as shipped they hold what the design says; a wrong one says where."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml

from casework.case import Case, Status
from casework.events import Kind
from casework.hours import CHINA
from config.load import BadConfiguration, Book, load_book
from config.nearby import read_nearby
from config.reading import Node, Source

NEVER = {"family_marriage", "land_demolition", "neighbour_dispute", "other", "social_benefit"}


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


def shipped() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(yaml.safe_dump(Source().read("nearby.yaml").value))
    return found


def test_distances_and_weights_are_those_of_the_design(book: Book) -> None:
    rule = book.nearby
    within = {thing.name: thing.within for thing in rule.things}
    assert (within["路灯"], within["井盖"], within["噪声"]) == (30.0, 30.0, 100.0)
    assert (within["电梯"], within["停水"], within["停电"]) == ("building",) * 3
    assert within["物业收费"] == "community"
    assert rule.otherwise.within == 250.0
    weights = rule.weights
    total = weights.category + weights.distance + weights.words + weights.time
    assert total == pytest.approx(1.0)
    assert weights.ask_from > weights.category + weights.words + weights.time  # place is needed
    assert rule.window == timedelta(days=14)
    assert rule.count_from >= 3


def test_what_is_between_persons_is_not_among_them(book: Book) -> None:
    assert not NEVER & set(book.nearby.categories)
    assert set(book.nearby.categories) <= set(book.categories)


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("count_from", 2, "count_from"),
        ("categories", {"nothing": {}}, "categories"),
        ("objects", [{"name": "x", "within": "30"}], r"objects\.0\.within"),
        ("objects", [{"name": "x", "within": "0m"}], r"objects\.0\.within"),
        ("objects", [{"name": "x", "within": "30m", "categories": ["no"]}], r"objects\.0"),
        ("building", "[0-9]+", "building"),
        ("building", "([0-9]+", "building"),
        ("window", "two weeks", "window"),
    ],
)
def test_a_wrong_value_is_named(book: Book, key: str, value: Any, place: str) -> None:
    top = Node("nearby.yaml", "", {**shipped(), key: value})
    with pytest.raises(BadConfiguration, match=place):
        read_nearby(top, list(book.categories))


def filed(at: datetime, contact: timedelta, category: str = "property_management") -> Case:
    return Case(
        number="JS261127-0001",
        conversation_id="c",
        category=category,
        opened_at=at,
        owner_id="o",
        unit_id="u",
        status=Status.DISPATCHED,
        filed_at=at,
        contact_by=at + contact,
        due_at=at + timedelta(days=7),
    )


def test_a_notice_promises_no_closed_hour(book: Book) -> None:
    friday = datetime(2026, 11, 27, 17, 30, tzinfo=CHINA)
    case = filed(friday, timedelta(hours=24))
    line = book.notice(Kind.CASE_FILED, case, "林晓梅", "zh")
    assert line is not None
    assert "11月30日前会联系您" in line.text
    assert "11月28日" not in line.text.split("联系")[0]


def test_what_is_urgent_is_promised_for_duty_hours(book: Book) -> None:
    saturday = datetime(2026, 11, 28, 10, tzinfo=CHINA)
    outage = filed(saturday, timedelta(hours=2), "public_facility")
    promised = book.promised(outage).contact_by
    assert promised == saturday + timedelta(hours=2)
    ordinary = filed(saturday, timedelta(hours=2))
    assert book.promised(ordinary).contact_by == datetime(2026, 11, 30, 10, tzinfo=CHINA)
