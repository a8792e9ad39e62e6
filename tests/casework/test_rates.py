"""Every formula by hand, few cases that are no rate, and silence that is never satisfaction."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rates import ENOUGH, CaseRecord, Rates, rates

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FILED = NOW - 20 * DAY
GOOD = CaseRecord(
    filed_at=FILED,
    contact_by=FILED + DAY,
    contacted_at=FILED + timedelta(hours=3),
    due_at=FILED + 7 * DAY,
    resolved_at=FILED + 4 * DAY,
    answered_at=FILED + 4 * DAY,
    closed_at=FILED + 5 * DAY,
    answers=(True,),
    rating=5,
    returned=0,
    assigned=0,
    rounds=1,
    level="grid",
    resolution="fixed",
    anonymous=False,
    subject="翠湖花园/property_management/lift",
)
OPEN = replace(
    GOOD,
    contacted_at=None,
    resolved_at=None,
    answered_at=None,
    closed_at=None,
    answers=(),
    rating=None,
    resolution=None,
    subject="别处/property_management/lift",
)

AGAIN = {"rounds": 2, "due_at": FILED + 40 * DAY}


def apart(record: CaseRecord, many: int) -> list[CaseRecord]:
    """So many alike, each about something else."""
    return [replace(record, subject=f"{record.subject}{at}") for at in range(many)]


def share(found: Rates, key: str) -> float | None:
    return next(rate.share for rate in found.rates if rate.key == key)


def of(found: Rates, key: str) -> tuple[int, int]:
    return next((rate.of, rate.beside) for rate in found.rates if rate.key == key)


def test_fewer_than_ten_are_no_rate() -> None:
    for many, expected in ((ENOUGH - 1, None), (ENOUGH, 1.0)):
        found = rates(apart(GOOD, many), NOW)
        assert share(found, "response") == expected
        assert share(found, "solved") == expected
        assert of(found, "solved") == (many, 0)


def test_an_empty_period_has_no_rates_and_breaks_nothing() -> None:
    found = rates([], NOW)
    assert found.cases == 0
    assert all(rate.share is None for rate in found.rates)
    assert all(figure.value is None for figure in found.figures)


@pytest.mark.parametrize(
    ("key", "changed", "expected"),
    [
        ("response", {"contacted_at": FILED + 2 * DAY}, 0.5),
        ("response", {"contacted_at": None}, 0.5),
        ("solved", {"answers": (False,)}, 0.5),
        ("solved", {"answers": (False, True)}, 0.75),
        ("solved_strictly", {"answers": (False, True)}, 0.5),
        ("satisfied", {"rating": 4}, 1.0),
        ("satisfied", {"rating": 3}, 0.9),
        ("satisfied", {"rating": 1}, 0.5),
        ("on_time", {"answered_at": FILED + 8 * DAY}, 0.5),
        ("on_time", {"answered_at": None}, 0.5),
        # A lawful route that was named in time is an answer in time.
        ("on_time", {"resolved_at": None, "resolution": "referred"}, 1.0),
        # It came back and has a later day now: the first answer was late all the same.
        ("on_time", {**AGAIN, "breached_at": FILED + 3 * DAY}, 0.5),
        ("on_time", {**AGAIN, "breached_at": FILED + 30 * DAY}, 1.0),
        ("returned", {"returned": 2}, 0.5),
        ("first_time", {"rounds": 2}, 0.5),
        ("anonymous", {"anonymous": True}, 0.5),
    ],
)
def test_half_of_them_otherwise(key: str, changed: dict[str, object], expected: float) -> None:
    other = replace(GOOD, **changed)  # type: ignore[arg-type]
    found = rates([*apart(GOOD, 10), *apart(other, 10)], NOW)
    assert share(found, key) == pytest.approx(expected)


def test_who_says_nothing_stands_beside_and_is_not_counted() -> None:
    silent = replace(GOOD, answers=(), rating=None)
    found = rates([*apart(GOOD, 10), *apart(silent, 30)], NOW)
    assert share(found, "solved") == 1.0
    assert of(found, "solved") == (10, 30)
    assert share(found, "satisfied") == 1.0
    assert of(found, "satisfied") == (10, 30)


def test_what_is_not_due_yet_counts_for_nothing_and_against_nobody() -> None:
    fresh = replace(OPEN, filed_at=NOW, contact_by=NOW + DAY, due_at=NOW + 7 * DAY)
    found = rates([*apart(GOOD, 10), *apart(fresh, 10)], NOW)
    assert of(found, "response") == (10, 0)
    assert of(found, "on_time") == (10, 0)


def test_the_same_place_and_matter_within_thirty_days_came_back() -> None:
    first = apart(GOOD, 10)
    back = replace(GOOD, subject=first[0].subject, filed_at=FILED + 30 * DAY)
    late = replace(GOOD, subject=first[1].subject, filed_at=FILED + 36 * DAY)
    found = rates([*first, replace(back, closed_at=None), replace(late, closed_at=None)], NOW)
    assert share(found, "repeated") == pytest.approx(0.1)


def test_what_has_no_known_place_did_not_come_back_to_it() -> None:
    nowhere = [replace(GOOD, subject=None) for _ in range(10)]
    again = [replace(GOOD, subject=None, filed_at=FILED + 10 * DAY) for _ in range(10)]
    found = rates([*apart(GOOD, 10), *nowhere, *again], NOW)
    assert of(found, "repeated") == (10, 0)
    assert share(found, "repeated") == 0


def test_nine_in_ten_are_nine_of_ten() -> None:
    closings = [
        replace(GOOD, closed_at=FILED + day * DAY, subject=str(day)) for day in range(1, 11)
    ]
    figures = {each.key: each.value for each in rates(closings, NOW).figures}
    assert figures["closed_within"] == 9 * 86400


def test_times_are_a_median_and_what_nine_in_ten_do_not_exceed() -> None:
    many = [
        replace(GOOD, contacted_at=FILED + at * timedelta(hours=1), subject=str(at))
        for at in range(1, 12)
    ]
    figures = {each.key: each.value for each in rates(many, NOW).figures}
    assert figures["first_contact"] == 6 * 3600
    assert figures["closed_within"] == 5 * 86400


RECORDS = st.lists(
    st.builds(
        replace,
        st.just(GOOD),
        answers=st.lists(st.booleans(), max_size=3).map(tuple),
        rating=st.one_of(st.none(), st.integers(1, 5)),
        contacted_at=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
        returned=st.integers(0, 2),
        rounds=st.integers(1, 3),
    ),
    max_size=40,
)


@given(RECORDS)
def test_every_rate_is_a_share_of_what_it_names(records: list[CaseRecord]) -> None:
    found = rates(records, NOW)
    for rate in found.rates:
        assert 0 <= rate.of <= len(records)
        assert rate.share is None or 0 <= rate.share <= 1
        assert (rate.share is None) == (rate.of < ENOUGH)
