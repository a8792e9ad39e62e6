"""Who is suggested, who was named, and the honest rates."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from casework.case import Case, Status
from casework.mediation import Mediation, Phase, Rule, Source
from casework.mediation_rates import rates
from casework.mediators import called_for, liaison, suggested
from casework.organisation import Officer, Organisation, Role, Unit

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
RULE = Rule({"property_management": "mediator_property", "wage_arrears": "mediator_labour"})


def mediator(name: str, unit: str, *posts: str) -> Officer:
    return Officer(name, name, f"{name}调解员", Role.MEDIATOR, unit, posts=posts)


UNITS = {
    unit.id: unit
    for unit in (
        Unit("s", "street", "青禾街道"),
        Unit("c", "community", "翠湖社区", "s"),
        Unit("g", "grid", "第一网格", "c"),
        Unit("d", "community", "老城社区", "s"),
        Unit("rs", "mediation", "街道人民调解委员会", "s"),
        Unit("rc", "mediation", "老李调解室", "c"),
        Unit("rd", "mediation", "老城调解室", "d"),
    )
}
STAFF = (
    mediator("an", "rs"),
    mediator("bo", "rs", "mediator_property"),
    mediator("li", "rc"),
    mediator("wu", "rd", "mediator_property"),
    mediator("zhao", "rs", "chief_mediator", "mediator_property"),
    Officer("he", "he", "何敏", Role.STREET, "s", posts=("confirmation_liaison",)),
    Officer("qi", "qi", "齐然", Role.MEDIATOR, "rc", active=False),
)
ORGANISATION = Organisation(UNITS, {each.id: each for each in STAFF})


def case(category: str) -> Case:
    return Case("JS1", "c", category, NOW, "zhou", "g", org_id="g", status=Status.WORKING)


def ids(category: str, *, long: bool = False, load: dict[str, int] | None = None) -> list[str]:
    found = suggested(case(category), ORGANISATION, RULE, TODAY, long=long, load=load)
    return [each.id for each in found]


def test_who_knows_the_matter_then_who_is_near() -> None:
    assert ids("property_management")[:2] == ["bo", "zhao"]
    assert ids("neighbour_dispute") == ["li", "an", "bo", "zhao"]


def test_another_communitys_room_and_whoever_has_left_are_not_suggested() -> None:
    assert not {"wu", "qi"} & set(ids("property_management"))


def test_the_chief_gets_what_is_old_and_nothing_else_first() -> None:
    assert ids("neighbour_dispute", long=True)[0] == "zhao"
    assert ids("wage_arrears")[-1] == "zhao"


def test_of_two_alike_whoever_has_less_to_do() -> None:
    more = replace(mediator("ao", "rs"), posts=("mediator_labour",))
    less = replace(mediator("ba", "rs"), posts=("mediator_labour",))
    organisation = Organisation(UNITS, {"ao": more, "ba": less})
    found = suggested(case("wage_arrears"), organisation, RULE, TODAY, load={"ao": 3, "ba": 1})
    assert [each.id for each in found] == ["ba", "ao"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("想请li调解员来调", "li"),
        ("去老李调解室吧", "li"),
        ("街道人民调解委员会", None),
        ("谁都行", None),
        ("an调解员或者bo调解员", None),
    ],
)
def test_the_resident_may_name_one(text: str, who: str | None) -> None:
    known = [each for each in STAFF if each.role is Role.MEDIATOR and each.active]
    assert called_for(text, known, ORGANISATION) == who


def test_the_liaison_is_the_nearest_with_the_post() -> None:
    assert liaison(ORGANISATION, "g", RULE, TODAY, "zhou") == "he"
    nobody = Organisation(UNITS, {"an": STAFF[0]})
    assert liaison(nobody, "g", RULE, TODAY, "zhou") == "zhou"


def mediation(number: int, phase: Phase, *, begun: bool) -> Mediation:
    fresh = Mediation(str(number), "JS1", "c", Source.COURT, NOW, phase=phase)
    return replace(fresh, started_at=NOW if begun else None)


def test_rates_with_their_numbers() -> None:
    rows = [mediation(n, Phase.AGREED, begun=True) for n in range(8)]
    rows += [mediation(n, Phase.NO_AGREEMENT, begun=True) for n in range(8, 10)]
    rows += [mediation(n, Phase.DECLINED, begun=False) for n in range(10, 12)]
    rows += [mediation(12, Phase.ASKING, begun=False), mediation(13, Phase.UNDER_WAY, begun=True)]
    court = rates(rows)[0]
    assert court.source is Source.COURT
    assert (court.diverted.part, court.diverted.whole) == (11, 13)
    assert (court.success.part, court.success.whole, court.success.share) == (8, 10, 0.8)
    assert [each.source for each in rates(rows)] == list(Source)


def test_below_ten_nothing_is_claimed() -> None:
    rows = [mediation(n, Phase.AGREED, begun=True) for n in range(9)]
    court = rates(rows)[0]
    assert (court.success.part, court.success.whole) == (9, 9)
    assert not court.success.enough
    assert court.success.share is None
