"""Sponsors: what is listed, when they are reminded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import Case, Status
from casework.organisation import Officer, Role
from casework.sponsors import (
    Rules,
    Sponsorship,
    ended,
    entered,
    is_backlog,
    may_sponsor,
    next_look,
    reminded,
    to_list,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = Rules(30 * DAY, 90 * DAY, 2, time(8))


def a_case(number: str = "1", age: int = 0, **given: object) -> Case:
    opened = NOON - age * DAY
    case = Case(number, number, "consumer", opened, "zhou", "g", org_id="g", status=Status.WORKING)
    return replace(case, filed_at=opened, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "drags"),
    [
        (a_case(age=90), False),
        (a_case(age=91), True),
        (a_case(age=91, status=Status.DONE_WAIT), True),
        (a_case(age=91, status=Status.CONFIRMED), False),
        (a_case(age=91, status=Status.REFERRED), False),
        (a_case(age=91, status=Status.DRAFT), False),
        (a_case(round=2), False),
        (a_case(round=3), True),
    ],
)
def test_backlog(case: Case, drags: bool) -> None:
    assert is_backlog(case, RULES, NOON) is drags


def test_what_is_listed_is_new_old_and_never_restricted() -> None:
    cases = [a_case("2", 99), a_case("1", 99), a_case("3", 99, restricted=True), a_case("4", 9)]
    assert to_list(cases, ["2"], RULES, NOON) == ["1"]


def test_the_next_look_is_at_eight_in_china() -> None:
    eight = datetime(2026, 11, 22, 0, tzinfo=UTC)
    assert next_look(eight - timedelta(minutes=1), time(8)) == eight
    assert next_look(eight, time(8)) == eight + DAY
    assert next_look(NOON, time(8)) == eight + DAY


def test_leaders_sponsor_and_nobody_else() -> None:
    able = {r for r in Role if may_sponsor(Officer("x", "x", "", r, "s"))}
    assert able == {Role.COMMUNITY, Role.STREET, Role.DEPARTMENT, Role.SUPERVISOR, Role.ADMIN}
    assert not may_sponsor(Officer("x", "x", "", Role.STREET, "s", active=False))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 50)), max_size=30))
def test_reminded_exactly_when_thirty_days_are_without_an_entry(
    days: list[tuple[bool, int]],
) -> None:
    """A clock that looks each day reminds once for each 30 days without an entry, never else."""
    listed = Sponsorship("1", "he", NOON, NOON + 30 * DAY, case_number="1")
    now, quiet = NOON, NOON
    for enters, ahead in days:
        for _ in range(ahead):
            now += DAY
            due = listed.next_at is not None and listed.next_at <= now
            assert due == (now - quiet >= 30 * DAY)
            if due:
                listed, quiet = reminded(listed, now, RULES), now
        if enters:
            listed, quiet = entered(listed, now, RULES), now
            assert (listed.last_entry_at, listed.reminded_at) == (now, None)
    assert ended(listed, now).next_at is None
