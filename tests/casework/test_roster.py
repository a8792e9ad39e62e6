"""Who is on duty: shifts, employment, substitutes, and that somebody always is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.duty import around, covers, duty_of, on_duty, person_for
from casework.errors import Misconfigured
from casework.hours import CHINA
from casework.organisation import (
    GRID_CHIEF,
    OWNERS,
    Assignment,
    Employment,
    Officer,
    Role,
    Unit,
)
from casework.roster import Absence, Duty, Shift, in_office_hours
from storage.memory import MemoryTransaction, Tables

MONDAY = datetime(2026, 11, 23, 10, tzinfo=CHINA)
NIGHT = datetime(2026, 11, 23, 23, tzinfo=CHINA)
UNITS = (
    Unit("street", "street", "青禾街道"),
    Unit("east", "community", "柳岸社区", "street"),
    Unit("e1", "grid", "第一网格", "east"),
    Unit("e2", "grid", "第二网格", "east"),
)
FULL = Officer("full", "full", "全", Role.GRID, "e1")
PART = Officer("part", "part", "兼", Role.GRID, "e1", employment=Employment.PART_TIME)
DEPUTY = Officer("aa", "aa", "副", Role.GRID, "e1", employment=Employment.DEPUTY)
CORA = Officer("cora", "cora", "社", Role.COMMUNITY, "east")
STAN = Officer("stan", "stan", "街", Role.STREET, "street")
STAFF = (FULL, PART, DEPUTY, CORA, STAN)


def room(
    staff: tuple[Officer, ...] = STAFF,
    shifts: tuple[Shift, ...] = (),
    absences: tuple[Absence, ...] = (),
    units: tuple[Unit, ...] = UNITS,
) -> MemoryTransaction:
    tx = MemoryTransaction(Tables())
    tx.people.add_units(units)
    tx.people.add_officers(staff)
    tx.rosters.add_shifts(shifts)
    tx.rosters.add_absences(absences)
    return tx


TODAY = MONDAY.date()


def away(who: str, instead: str | None = None, day: date = TODAY) -> Absence:
    return Absence(f"{who}-away", who, day, day, instead)


def serves(tx: MemoryTransaction, officer: Officer, org: Unit, now: datetime) -> bool:
    """Whether they work in the unit or above it, or stand in there: on a shift, or for somebody."""
    if officer.role is Role.ADMIN or officer.unit_id in {u.id for u in tx.people.chain(org.id)}:
        return True
    duty = duty_of(tx, [org], now)
    if officer.unit_id is None and duty.at(org) is None:
        return True  # who is turned to when nobody else is there, and has no unit of their own
    there = [each for each in duty.officers.values() if each.unit_id == org.id]
    on_shift = [tx.people.officer(shift.officer_id) for shift in duty.shifts]
    return officer in [*on_shift, *map(duty.present, [*there, *on_shift])]


def found(tx: MemoryTransaction, unit: str | None = "e1", now: datetime = MONDAY) -> str:
    return person_for(tx, unit, now).officer.id


def test_full_time_in_working_hours_part_time_outside_them() -> None:
    assert found(room()) == "full"
    assert found(room(), now=NIGHT) == "part"
    assert found(room(staff=(FULL, DEPUTY, STAN)), now=NIGHT) == "full"
    assert found(room(staff=(DEPUTY, STAN))) == "aa"


def test_who_approves_comes_after_who_works() -> None:
    chief = replace(FULL, id="a", username="a", posts=(GRID_CHIEF,))
    assert found(room(staff=(chief, FULL, STAN))) == "full"
    assert found(room(staff=(chief, DEPUTY, STAN))) == "a"


def test_a_shift_comes_before_employment_and_one_day_before_every_week() -> None:
    weekly = Shift("1", "e1", "aa", 8 * 60, 20 * 60, weekday=0)
    assert found(room(shifts=(weekly,))) == "aa"
    once = Shift("2", "e1", "cora", 9 * 60, 12 * 60, day=MONDAY.date())
    assert found(room(shifts=(weekly, once))) == "cora"
    assert found(room(shifts=(weekly, once)), now=MONDAY.replace(hour=13)) == "aa"
    assert found(room(shifts=(weekly, once)), now=MONDAY + timedelta(days=1)) == "full"


@pytest.mark.parametrize(
    ("hour", "covered"), [(19, False), (20, True), (23, True), (24, True), (31, True), (32, False)]
)
def test_a_shift_may_pass_midnight(hour: int, covered: bool) -> None:
    shift = Shift("1", "e1", "aa", 20 * 60, 8 * 60, weekday=0)
    start = datetime.combine(MONDAY.date(), time(), CHINA)
    assert shift.covers(start + timedelta(hours=hour)) is covered
    assert not shift.covers(start + timedelta(hours=hour, days=2))


def test_whoever_is_away_is_replaced_by_the_substitute() -> None:
    assert found(room(absences=(away("full", "cora"),))) == "cora"
    assert found(room(absences=(away("full"),))) == "part"
    assert found(room(absences=(away("full", "cora"), away("cora", "stan")))) == "stan"
    # Two who stand in for each other, both away: the next of the grid.
    both = (away("full", "part"), away("part", "full"))
    assert found(room(absences=both)) == "aa"
    tomorrow = away("full", "cora", MONDAY.date() + timedelta(days=1))
    assert found(room(absences=(tomorrow,))) == "full"


def test_a_shift_of_somebody_away_is_the_substitutes() -> None:
    shift = Shift("1", "e1", "aa", 8 * 60, 20 * 60, weekday=0)
    assert found(room(shifts=(shift,), absences=(away("aa", "stan"),))) == "stan"
    assert found(room(shifts=(shift,), absences=(away("aa"),))) == "full"


def test_with_nobody_there_the_level_above_and_at_last_the_duty_desk() -> None:
    gone = tuple(away(who) for who in ("full", "part", "aa"))
    assert found(room(absences=gone)) == "cora"
    assert found(room(absences=(*gone, away("cora")))) == "stan"
    assert found(room(), unit="e2") == "cora"
    assert found(room(), unit=None) == "stan"
    assert found(room(), unit="nowhere") == "stan"


def test_with_everybody_away_somebody_still_has_it() -> None:
    everybody = tuple(away(officer.id) for officer in STAFF)
    given_to = person_for(room(absences=everybody), "e1", MONDAY)
    assert given_to.officer.id == "stan"
    assert (given_to.unit.id, given_to.placed) == ("e1", True)


def test_what_has_no_unit_is_not_placed() -> None:
    given_to = person_for(room(), None, MONDAY)
    assert (given_to.unit.id, given_to.placed) == ("street", False)
    assert person_for(room(), "e1", MONDAY, placed=False).placed is False


def test_an_ended_unit_passes_on_to_its_successor() -> None:
    ended = replace(UNITS[2], valid_to=MONDAY.date(), successors=("e2",))
    tx = room(units=(*UNITS[:2], ended, UNITS[3]))
    given_to = person_for(tx, "e1", MONDAY)
    assert (given_to.unit.id, given_to.officer.id, given_to.placed) == ("e2", "cora", True)
    yesterday = MONDAY - timedelta(days=1)
    assert person_for(tx, "e1", yesterday).unit.id == "e1"


def test_of_several_successors_nobody_can_tell_which() -> None:
    ended = replace(UNITS[2], valid_to=MONDAY.date(), successors=("e2", "e3"))
    third = Unit("e3", "grid", "第三网格", "east")
    given_to = person_for(room(units=(*UNITS[:2], ended, UNITS[3], third)), "e1", MONDAY)
    assert (given_to.unit.id, given_to.placed) == ("east", False)


def test_units_that_succeed_each_other_end_somewhere() -> None:
    one = replace(UNITS[2], valid_to=MONDAY.date(), successors=("e2",))
    two = replace(UNITS[3], valid_to=MONDAY.date(), successors=("e1",))
    given_to = person_for(room(units=(*UNITS[:2], one, two)), "e1", MONDAY)
    assert given_to.placed is False


def test_auditors_and_volunteers_get_nothing() -> None:
    staff = (replace(FULL, role=Role.VOLUNTEER), replace(PART, role=Role.AUDITOR), STAN)
    assert found(room(staff=staff)) == "stan"
    with pytest.raises(Misconfigured, match="officer add"):
        found(room(staff=staff[:2]))


def test_who_is_beside_the_cases_of_an_area_gets_them_at_the_very_last() -> None:
    adviser = Officer("al", "al", "律", Role.ADVISER, "east")
    assert found(room(staff=(adviser, STAN))) == "stan"
    assert found(room(staff=(adviser,))) == "al"
    shift = Shift("1", "east", "al", 0, 1440, weekday=0)
    assert found(room(staff=(adviser, STAN), shifts=(shift,))) == "al"
    body = Unit("room", "mediation", "调解室", "street")
    mediator = Officer("mo", "mo", "调", Role.MEDIATOR, "room")
    officer = on_duty(room(staff=(mediator, STAN), units=(*UNITS, body)), "room", MONDAY)
    assert officer == mediator


def test_who_has_left_or_not_begun_gets_nothing() -> None:
    left = replace(FULL, valid_to=MONDAY.date())
    later = replace(PART, valid_from=MONDAY.date() + timedelta(days=1))
    assert found(room(staff=(left, later, STAN))) == "stan"
    assert found(room(staff=(replace(FULL, active=False), STAN))) == "stan"


def test_the_units_own_officer_and_nobody_above() -> None:
    assert on_duty(room(), "e2", MONDAY) is None
    assert on_duty(room(), "nowhere", MONDAY) is None
    officer = on_duty(room(), "e1", NIGHT)
    assert officer is not None
    assert officer.id == "part"


def test_the_part_of_the_organisation_around_a_unit() -> None:
    far = Officer("far", "far", "远", Role.GRID, "e2")
    known = around(room(staff=(*STAFF, far)), "e1")
    assert known.officers.keys() == {"full", "part", "aa", "cora", "stan"}
    assert around(room(staff=(*STAFF, far)), "e1", ["far"]).units.keys() >= {"e2"}
    assert around(room(staff=(far,)), None).officers.keys() == {"far"}
    assert covers(room(), CORA, "e1")
    assert not covers(room(), FULL, "e2")
    assert covers(room(), FULL, None)


@pytest.mark.parametrize(
    ("day", "hour", "working"),
    [(23, 9, True), (23, 18, False), (23, 8, False), (28, 10, False), (29, 10, False)],
)
def test_office_hours_where_no_city_says_otherwise(day: int, hour: int, working: bool) -> None:
    assert in_office_hours(datetime(2026, 11, day, hour, tzinfo=CHINA)) is working


def staffs() -> st.SearchStrategy[list[Officer]]:
    names = st.text("abcdef", min_size=1, max_size=3)
    one = st.builds(
        lambda name, role, unit, employment, *, active: Officer(
            name, name, name, role, unit, active=active, employment=employment
        ),
        names,
        st.sampled_from(Role),
        st.sampled_from(["street", "east", "e1", "e2", None]),
        st.sampled_from(Employment),
        active=st.booleans(),
    )
    return st.lists(one, max_size=6, unique_by=lambda officer: officer.id)


@given(
    staff=staffs(),
    pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 5)), max_size=6),
    shifts=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1439)), max_size=4),
    unit=st.sampled_from(["e1", "e2", "east", "street", None, "nowhere"]),
    hours=st.integers(0, 24 * 14),
)
def test_with_one_who_may_own_cases_somebody_always_gets_them(
    staff: list[Officer],
    pairs: list[tuple[int, int]],
    shifts: list[tuple[int, int]],
    unit: str | None,
    hours: int,
) -> None:
    assume(any(officer.active and officer.role in OWNERS for officer in staff))
    now, ids = MONDAY + timedelta(hours=hours), count()

    def pick(at: int) -> str | None:
        return staff[at % len(staff)].id if at >= 0 else None

    absences = tuple(
        Absence(str(next(ids)), pick(who) or "", now.date(), now.date(), pick(instead))
        for who, instead in pairs
    )
    on = tuple(
        Shift(str(next(ids)), "e1", pick(who) or "", start, (start + 480) % 1440, weekday=0)
        for who, start in shifts
    )
    tx = room(tuple(staff), on, absences)
    given_to: Assignment = person_for(tx, unit, now)
    assert given_to.officer.active
    assert given_to.officer.role in OWNERS
    assert given_to.unit.id in {each.id for each in UNITS}
    assert serves(tx, given_to.officer, given_to.org, now)


def test_who_has_it_owns_it_in_the_unit_they_are_of() -> None:
    tx = room(absences=(away("full"), away("part"), away("aa")))
    up = person_for(tx, "e1", MONDAY)
    assert (up.officer.id, up.unit.id, up.org.id) == ("cora", "e1", "east")
    neighbour = Officer("nora", "nora", "邻", Role.GRID, "e2")
    tx = room((*STAFF, neighbour), absences=(away("full", "nora"),))
    instead = person_for(tx, "e1", MONDAY)
    assert (instead.officer.id, instead.unit.id, instead.org.id) == ("nora", "e1", "e1")
    nowhere = person_for(room(), None, MONDAY)
    assert (nowhere.officer.id, nowhere.org.id) == ("stan", "street")


def test_nobody_there_is_nobody() -> None:
    duty = Duty({"full": FULL}, (), (away("full"),), MONDAY)
    assert duty.at(UNITS[2]) is None
    assert duty.away("full")
