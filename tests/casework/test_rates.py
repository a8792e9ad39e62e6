"""Every formula by hand, few cases that are no rate, and silence that is never satisfaction."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rates import ENOUGH, Counts, Rates, Spans, rank, rates

DAY = timedelta(days=1)
GOOD = Counts(
    cases=20,
    contact_due=20,
    contact_in_time=20,
    results=20,
    answered=20,
    solved_at_once=20,
    stars={5: 20},
    answer_due=20,
    answer_in_time=20,
    closed=20,
    first_time=20,
    placed=20,
    contacted=20,
    levels={"street": 5, "grid": 15},
    resolutions={"fixed": 18, "agreed": 1, "court_matter": 1},
)
"""Twenty cases with which everything went well."""
NOTHING = Spans()


def share(found: Rates, key: str) -> float | None:
    return next(rate.share for rate in found.rates if rate.key == key)


def of(found: Rates, key: str) -> tuple[int, int]:
    return next((rate.of, rate.beside) for rate in found.rates if rate.key == key)


@pytest.mark.parametrize(
    ("key", "changed", "expected"),
    [
        ("response", {}, 1.0),
        ("response", {"contact_in_time": 10}, 0.5),
        ("solved", {}, 1.0),
        ("solved", {"solved_at_once": 10}, 0.5),
        ("solved", {"solved_at_once": 10, "solved_at_last": 10}, 0.75),
        ("solved_strictly", {"solved_at_once": 10, "solved_at_last": 10}, 0.5),
        ("satisfied", {}, 1.0),
        ("satisfied", {"stars": {5: 10, 4: 10}}, 1.0),
        ("satisfied", {"stars": {5: 10, 3: 10}}, 0.9),
        ("satisfied", {"stars": {5: 10, 1: 5, 2: 5}}, 0.5),
        ("on_time", {"answer_in_time": 10}, 0.5),
        ("returned", {"returned": 10}, 0.5),
        ("first_time", {"first_time": 10}, 0.5),
        ("repeated", {"repeated": 2}, 0.1),
        ("anonymous", {"anonymous": 10}, 0.5),
    ],
)
def test_each_formula(key: str, changed: dict[str, object], expected: float) -> None:
    found = rates(replace(GOOD, **changed), NOTHING)  # type: ignore[arg-type]
    assert share(found, key) == pytest.approx(expected)


def test_fewer_than_ten_are_no_rate() -> None:
    for many, expected in ((ENOUGH - 1, None), (ENOUGH, 1.0)):
        few = replace(GOOD, contact_due=many, contact_in_time=many)
        few = replace(few, answered=many, results=many, solved_at_once=many)
        found = rates(few, NOTHING)
        assert share(found, "response") == expected
        assert share(found, "solved") == expected
        assert of(found, "solved") == (many, 0)


def test_an_empty_period_has_no_rates_and_breaks_nothing() -> None:
    found = rates(Counts(), NOTHING)
    assert found.cases == 0
    assert all(rate.share is None for rate in found.rates)
    assert all(figure.value is None for figure in found.figures)


def test_who_says_nothing_stands_beside_and_is_not_counted() -> None:
    silent = replace(GOOD, cases=50, results=50, closed=50, unrated=30)
    found = rates(silent, NOTHING)
    assert share(found, "solved") == 1.0
    assert of(found, "solved") == (20, 30)
    assert share(found, "satisfied") == 1.0
    assert of(found, "satisfied") == (20, 30)


def test_what_has_no_known_place_did_not_come_back_to_it() -> None:
    found = rates(replace(GOOD, closed=50), NOTHING)
    assert of(found, "repeated") == (20, 0)
    assert share(found, "repeated") == 0


def test_nine_in_ten_are_nine_of_ten() -> None:
    assert rank(10, 0.9) == 8  # the ninth
    assert rank(11, 0.5) == 5  # the sixth, with five on either side
    assert rank(ENOUGH - 1, 0.5) is None


def test_lengths_of_time_are_seconds_and_name_what_they_are_taken_from() -> None:
    counts = replace(GOOD, contacted=11, closed=10, handed_on=30)
    found = rates(counts, Spans(timedelta(hours=6), 9 * DAY))
    assert [(each.key, each.value, each.of) for each in found.figures] == [
        ("first_contact", 6 * 3600, 11),
        ("closed_within", 9 * 86400, 10),
        ("handed_on", 1.5, 20),
    ]


def test_how_they_ended_is_told_in_order_and_a_route_is_no_result() -> None:
    found = rates(GOOD, NOTHING)
    assert list(found.levels.items()) == [("grid", 15), ("street", 5)]
    assert list(found.resolutions.items()) == [("agreed", 1), ("fixed", 18)]


@given(st.integers(0, 60).flatmap(lambda of: st.tuples(st.just(of), st.integers(0, of))))
def test_every_rate_is_a_share_of_what_it_names(drawn: tuple[int, int]) -> None:
    whole, part = drawn
    counts = Counts(
        cases=whole,
        contact_due=whole,
        contact_in_time=part,
        results=whole,
        answered=part,
        solved_at_once=part // 2,
        solved_at_last=part - part // 2,
        stars={5: part, 1: whole - part},
        answer_due=whole,
        answer_in_time=part,
        closed=whole,
        first_time=part,
        placed=part,
        repeated=part // 2,
    )
    for rate in rates(counts, NOTHING).rates:
        assert 0 <= rate.of <= whole
        assert rate.share is None or 0 <= rate.share <= 1
        assert (rate.share is None) == (rate.of < ENOUGH)


@given(st.integers(ENOUGH, 10_000), st.sampled_from([0.5, 0.9]))
def test_the_value_at_a_rank_is_the_least_that_so_many_do_not_exceed(of: int, part: float) -> None:
    at = rank(of, part)
    assert at is not None
    assert 0 <= at < of
    assert (at + 1) / of >= part > at / of
