"""Who is called in which order, for whom it rings, and when an alert may be closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework import alerts as rules
from casework.alerts import Alert, Checklist, Procedure
from casework.call_chain import chain
from casework.errors import Incomplete, NotAllowed
from casework.organisation import Officer, Organisation, Role, Unit
from casework.restricted import may_see, owner_above_grid
from casework.roster import Absence, Duty, Shift

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UNITS = {
    unit.id: unit
    for unit in (
        Unit("s", "street", "青禾街道"),
        Unit("c", "community", "柳岸社区", "s"),
        Unit("g", "grid", "第一网格", "c"),
        Unit("c2", "community", "石桥社区", "s"),
    )
}
HE = Officer("he", "he", "何敏", Role.STREET, "s")
HU = Officer("hu", "hu", "胡静", Role.STREET, "s")
LI = Officer("li", "li", "李工", Role.COMMUNITY, "c")
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
QIN = Officer("qin", "qin", "秦安", Role.COMMUNITY, "c2")
ADMIN = Officer("admin", "admin", "管理员", Role.ADMIN, "s")
ALERT = Alert("a", "c1", "R3", "self_harm", NOW)


def street(*officers: Officer) -> Organisation:
    return Organisation(UNITS, {officer.id: officer for officer in officers})


def called(organisation: Organisation, unit_id: str | None, **changes: object) -> list[str]:
    procedure = replace(Procedure(), **changes)  # type: ignore[arg-type]
    return [f"{level} {o.id}" for level, o in chain(organisation, unit_id, procedure)]


@pytest.mark.parametrize(
    ("officers", "unit_id", "order"),
    [
        (
            (HE, HU, LI, ZHOU, QIN, ADMIN),
            "g",
            ["street he", "community li", "grid zhou", "deputy hu"],
        ),
        (
            (HE, LI, ZHOU, QIN, ADMIN),
            "g",
            ["street he", "community li", "grid zhou", "deputy admin"],
        ),
        ((HE, ZHOU), "g", ["street he", "grid zhou"]),
        ((ZHOU, ADMIN), "g", ["grid zhou", "deputy admin"]),
        ((HE, HU, LI, ZHOU, ADMIN), None, ["street he", "deputy hu"]),
        ((HE, LI, QIN, ADMIN), "c2", ["street he", "community qin", "deputy admin"]),
        ((LI,), None, ["deputy li"]),
        ((), "g", []),
        ((replace(HE, active=False), ZHOU), "g", ["grid zhou"]),
    ],
)
def test_the_chain_calls_each_level_once_and_skips_empty_ones(
    officers: tuple[Officer, ...], unit_id: str | None, order: list[str]
) -> None:
    assert called(street(*officers), unit_id) == order


def test_whoever_is_on_duty_comes_first_at_their_level() -> None:
    everybody = street(HE, HU, LI, ZHOU)
    assert called(everybody, "g", on_duty=("hu",))[0] == "street hu"


def test_the_roster_comes_before_the_named_and_who_is_away_comes_last() -> None:
    everybody = street(HE, HU, LI, ZHOU, ADMIN)
    shifts = (Shift("1", "s", "hu", 0, 1440, weekday=6), Shift("2", "g", "li", 0, 1440, weekday=6))

    def order(*absences: Absence, now: datetime = NOW) -> list[str]:
        duty = Duty(everybody.officers, shifts, absences, now)
        procedure = replace(Procedure(), on_duty=("he",))
        found = chain(everybody, "g", procedure, lambda _: True, duty)
        return [f"{level} {officer.id}" for level, officer in found]

    # It is Sunday noon: by the roster Hu is on for the street and Li for the grid as well.
    assert order() == ["street hu", "community li", "grid zhou", "deputy he"]
    monday = NOW + timedelta(days=1)
    assert order(now=monday) == ["street he", "community li", "grid zhou", "deputy hu"]
    gone = Absence("a", "hu", NOW.date(), NOW.date())
    assert order(gone) == ["street he", "community li", "grid zhou", "deputy hu"]
    stands_in = Absence("a", "hu", NOW.date(), NOW.date(), "admin")
    assert order(stands_in)[0] == "street admin"
    both = (gone, Absence("b", "he", NOW.date(), NOW.date()))
    assert order(*both)[0] == "street he"  # somebody is called, even so


def test_who_only_reads_or_helps_is_never_called() -> None:
    reader = Officer("au", "au", "审", Role.AUDITOR, "s")
    helper = Officer("vo", "vo", "志", Role.VOLUNTEER, "g")
    watcher = Officer("su", "su", "督", Role.SUPERVISOR, "s")
    assert called(street(reader, helper, ZHOU, ADMIN), "g") == ["grid zhou", "deputy admin"]
    assert called(street(watcher, ZHOU, ADMIN), "g") == ["grid zhou", "deputy admin"]
    assert called(street(reader, helper), "g") == []
    assert called(street(watcher), "g") == ["deputy su"]


def test_a_city_may_order_the_levels_itself() -> None:
    everybody = street(HE, LI, ZHOU)
    assert called(everybody, "g", chain=("grid", "street")) == ["grid zhou", "street he"]


def test_who_may_not_see_it_is_not_called() -> None:
    everybody = street(HE, HU, LI, ZHOU)
    order = chain(everybody, "g", Procedure(), lambda o: o.role is not Role.COMMUNITY)
    assert [officer.id for _, officer in order] == ["he", "zhou", "hu"]


def test_it_rings_for_the_called_then_for_those_above_then_for_all() -> None:
    everybody = street(HE, LI, ZHOU, ADMIN)

    def ringing(alert: Alert) -> list[str]:
        return [o.id for o in (HE, LI, ZHOU, ADMIN) if rules.rings_for(alert, o, everybody)]

    first = rules.called(ALERT, "he", "street", NOW, MINUTE)
    second = rules.called(first, "li", "community", NOW + MINUTE, MINUTE)
    assert ringing(ALERT) == []
    assert ringing(first) == ["he"]
    assert ringing(second) == ["he", "li", "admin"]
    assert ringing(rules.exhausted(second, NOW)) == ["he", "li", "zhou", "admin"]
    assert ringing(rules.acknowledged(second, "li", NOW)) == []


def test_the_first_acknowledgement_counts() -> None:
    seen = rules.acknowledged(ALERT, "he", NOW)
    assert rules.acknowledged(seen, "li", NOW + MINUTE) is seen
    assert (seen.acknowledged_by, seen.next_at) == ("he", None)


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        (Checklist(), "safe"),
        (Checklist("perhaps", "family", NOW + MINUTE), "safe"),
        (Checklist("yes", None, NOW + MINUTE), "with_whom"),
        (Checklist("yes", "family", None), "next_contact_at"),
        (Checklist("yes", "family", NOW), "next_contact_at"),
    ],
)
def test_closing_needs_the_whole_checklist(given: Checklist, lacks: str) -> None:
    seen = rules.acknowledged(ALERT, "he", NOW)
    with pytest.raises(Incomplete) as raised:
        rules.closed(seen, "he", given, NOW)
    assert raised.value.field == lacks


def test_nothing_is_closed_that_nobody_has_seen() -> None:
    with pytest.raises(NotAllowed):
        rules.closed(ALERT, "he", Checklist("yes", "family", NOW + MINUTE), NOW)


@pytest.mark.parametrize(
    ("level", "kind", "goes_on"),
    [
        ("R2", "self_harm", False),
        ("R3", "self_harm", True),
        ("R2", "violence", True),
        ("R3", "hazard", True),
    ],
)
def test_a_false_alarm_stops_the_calls_only_where_nobody_else_may_be_listening(
    level: str, kind: str, goes_on: bool
) -> None:
    alert = Alert("a", "c1", level, kind, NOW, next_at=NOW + MINUTE, remind_at=NOW + MINUTE)
    fine = rules.is_fine(alert, NOW)
    assert (fine.next_at is not None) is goes_on
    assert fine.remind_at is None


def test_restricted_cases_are_for_the_owner_and_named_roles_of_the_area() -> None:
    everybody = street(HE, LI, ZHOU, QIN, ADMIN)
    roles = Procedure().sees_restricted

    def sees(owners: set[str]) -> set[str]:
        staff = everybody.officers.values()
        return {o.id for o in staff if may_see(o, everybody, "g", owners, roles)}

    assert sees({"zhou"}) == {"zhou", "he", "admin"}
    assert sees(set()) == {"he", "admin"}


def test_a_complaint_about_an_official_goes_above_grid_and_community() -> None:
    roles = Procedure().sees_restricted
    first = owner_above_grid(street(ZHOU, LI, HE, ADMIN), "g", roles)
    then = owner_above_grid(street(ZHOU, LI, ADMIN), "g", roles)
    assert (first, then) == (HE, ADMIN)
    assert owner_above_grid(street(ZHOU, LI), "g", roles) is None
