"""What belongs in whose digest, and in which order."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import OPEN, Status
from casework.digest import HISTORY, Rules, compose, estate, next_due
from casework.digest_facts import CaseFact, Facts, Happened, TalkFact
from casework.digest_parts import (
    Danger,
    Due,
    NamedCase,
    New,
    Outcome,
    Part,
    SameIssue,
    Shared,
    State,
    Waiting,
)
from casework.events import Kind
from casework.organisation import Organisation, Unit

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=CHINA)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RULES = Rules(re.compile(r"\d|[一二三四五六七八九十]+(?:号|栋)"), frozenset({"family_marriage"}))
ORGANISATION = Organisation(
    {
        unit.id: unit
        for unit in (
            Unit("s", "street", "和平街道"),
            Unit("c", "community", "东苑社区", "s"),
            Unit("d", "community", "西苑社区", "s"),
            Unit("g", "grid", "东苑第一网格", "c"),
            Unit("h", "grid", "西苑第一网格", "d"),
            Unit("lone", "grid", "独立网格"),
        )
    },
    {},
)


def case(number: str = "1", **values: object) -> CaseFact:
    plain = CaseFact(
        number=number,
        conversation_id=f"talk-{number}",
        category="wage_arrears",
        status=Status.DISPATCHED,
        unit_id="g",
        place=None,
        urgent=False,
        crisis="none",
        filed_at=NOW - 5 * DAY,
        due_at=NOW + 5 * DAY,
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def talk(key: str = "t", **values: object) -> TalkFact:
    plain = TalkFact(key, "g", "none", alarmed=False, waiting_since=None)
    return replace(plain, **values)  # type: ignore[arg-type]


def parts(
    *cases: CaseFact,
    talks: tuple[TalkFact, ...] = (),
    happened: tuple[Happened, ...] = (),
    unit: str | None = "s",
    now: datetime = NOW,
) -> tuple[Part, ...]:
    facts = Facts(now, now - DAY, cases, talks, happened)
    return compose(facts, ORGANISATION, unit, RULES).parts


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2026, 11, 22, 17, 59, tzinfo=CHINA), NOW),
        (NOW, NOW + DAY),
        (NOW + timedelta(microseconds=1), NOW + DAY),
        # 23:30 in London is the next morning in China.
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), NOW + DAY),
        (datetime(2026, 12, 31, 19, 0, tzinfo=CHINA), datetime(2027, 1, 1, 18, 0, tzinfo=CHINA)),
    ],
)
def test_the_next_one_is_due_on_the_local_clock(after: datetime, due: datetime) -> None:
    assert next_due(after, time(18, 0)) == due


@given(
    after=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.timezones()),  # noqa: DTZ001
    at=st.times(),
)
def test_the_next_one_is_later_and_within_a_day(after: datetime, at: time) -> None:
    due = next_due(after, at)
    assert after < due
    assert due.timestamp() - after.timestamp() <= DAY.total_seconds()
    assert due.astimezone(CHINA).time() == at


def test_a_quiet_day_has_no_parts() -> None:
    digest = compose(Facts(NOW, NOW - DAY), ORGANISATION, "s", RULES)
    assert (digest.parts, digest.unit, digest.day) == ((), "和平街道", NOW.date())


def test_the_day_is_the_local_one() -> None:
    late = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert compose(Facts(late, late - DAY), ORGANISATION, None, RULES).day == NOW.date() + DAY


def test_danger_comes_first_and_news_last() -> None:
    found = parts(
        case("1", urgent=True),
        case("2", due_at=NOW - HOUR),
        case("3", place="锦绣花园", filed_at=NOW - HOUR),
        case("4", place="锦绣花园"),
        case("5", place="锦绣花园"),
        talks=(talk("a", crisis="R3", alarmed=True), talk("b", waiting_since=NOW - HOUR)),
        happened=(Happened(Kind.CASE_RESOLVED, "6", "g"),),
    )
    assert [type(part) for part in found] == [Danger, Due, Waiting, New, Shared, Outcome]


@pytest.mark.parametrize(
    ("crisis", "alarmed", "counted"),
    [
        ("R3", True, 1),
        ("R2", True, 1),
        ("R3", False, 0),
        ("R1", True, 0),
        ("none", True, 0),
    ],
)
def test_a_life_in_danger_is_a_count(crisis: str, alarmed: bool, counted: int) -> None:
    found = parts(talks=(talk(crisis=crisis, alarmed=alarmed),))
    assert found == ((Danger(counted, 0, ()),) if counted else ())


def test_the_case_behind_a_crisis_is_never_shown() -> None:
    behind = case(
        "9", conversation_id="t", due_at=NOW - HOUR, place="锦绣花园", filed_at=NOW - HOUR
    )
    known = case("8", crisis="R2", due_at=NOW + HOUR, place="锦绣花园")
    found = parts(behind, known, talks=(talk("t", crisis="R3", alarmed=True),))
    assert found == (
        Danger(1, 1, ()),
        Due(overdue=1, today=1, tomorrow=0, first=()),
        New(1, (), 1),
    )


def test_not_even_when_the_conversation_has_gone_on_to_another_area() -> None:
    behind = case("9", conversation_id="t", due_at=NOW - HOUR)
    (due,) = parts(behind, talks=(talk("t", unit_id="h", crisis="R2"),), unit="g")
    assert due == Due(overdue=1, today=0, tomorrow=0, first=())


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN))
def test_what_is_closed_is_neither_urgent_nor_due(status: Status) -> None:
    assert parts(case(status=status, urgent=True, due_at=NOW - HOUR)) == ()


def test_urgent_cases_are_named_once_the_most_pressing_first() -> None:
    found = parts(
        case("1", urgent=True, due_at=NOW + 3 * DAY),
        case("2", urgent=True, due_at=NOW - HOUR, place="锦绣花园三号楼"),
        case("3", due_at=NOW - HOUR),
    )
    assert found == (
        Danger(
            0,
            2,
            (
                NamedCase("2", "wage_arrears", "锦绣花园", State.LATE),
                NamedCase("1", "wage_arrears", "东苑社区", State.OPEN),
            ),
        ),
        Due(2, 0, 0, (NamedCase("3", "wage_arrears", "东苑社区", State.LATE),)),
    )


@pytest.mark.parametrize(
    ("due_at", "counted"),
    [
        (NOW - 9 * DAY, (1, 0, 0)),
        (NOW, (1, 0, 0)),
        (NOW + timedelta(microseconds=1), (0, 1, 0)),
        (NOW + 6 * HOUR - timedelta(microseconds=1), (0, 1, 0)),
        (NOW + 6 * HOUR, (0, 0, 1)),
        (NOW + 30 * HOUR - timedelta(microseconds=1), (0, 0, 1)),
        (NOW + 30 * HOUR, None),
    ],
)
def test_overdue_today_and_tomorrow(due_at: datetime, counted: tuple[int, int, int] | None) -> None:
    found = parts(case(due_at=due_at))
    if counted is None:
        assert found == ()
        return
    (due,) = found
    assert isinstance(due, Due)
    assert (due.overdue, due.today, due.tomorrow) == counted
    assert len(due.first) == counted[0] + counted[1]


def test_only_the_three_most_pressing_are_named() -> None:
    (due,) = parts(*(case(str(n), due_at=NOW - n * HOUR) for n in range(1, 7)))
    assert isinstance(due, Due)
    assert (due.overdue, [each.number for each in due.first]) == (6, ["6", "5", "4"])


def test_who_has_waited_longest() -> None:
    waiting = (talk("a", waiting_since=NOW - HOUR), talk("b", waiting_since=NOW - 3 * HOUR))
    assert parts(talks=(*waiting, talk("c"))) == (Waiting(2, 3 * HOUR),)


def test_a_clock_that_runs_ahead_makes_no_negative_wait() -> None:
    assert parts(talks=(talk(waiting_since=NOW + HOUR),)) == (Waiting(1, timedelta()),)


def test_new_ones_by_category_most_first_the_rest_together() -> None:
    kinds = ["a", "b", "b", "c", "d", "e", "f", "other", "family_marriage"]
    cases = [case(str(n), category=kind, filed_at=NOW - HOUR) for n, kind in enumerate(kinds)]
    old = case("old", filed_at=NOW - DAY - HOUR)
    (new,) = parts(*cases, old)
    assert new == New(9, (("b", 2), ("a", 1), ("c", 1), ("d", 1), ("e", 1)), 3)


@pytest.mark.parametrize("residents", [1, 2, 3, 4])
def test_an_issue_is_shared_by_three_residents_or_more(residents: int) -> None:
    cases = [case(str(n), place="锦绣花园", status=Status.WORKING) for n in range(residents)]
    expected = (Shared((SameIssue("锦绣花园", "wage_arrears", residents),)),)
    assert parts(*cases) == (expected if residents >= 3 else ())


def test_one_resident_with_three_cases_is_one_resident() -> None:
    cases = [case(str(n), place="锦绣花园", conversation_id="same") for n in range(3)]
    assert parts(*cases) == ()


def test_doors_of_one_estate_are_one_place() -> None:
    cases = [case(str(n), place=f"锦绣花园{n}号楼") for n in range(3)]
    assert parts(*cases) == (Shared((SameIssue("锦绣花园", "wage_arrears", 3),)),)


@pytest.mark.parametrize(
    "change",
    [
        {"category": "family_marriage"},
        {"crisis": "R2", "due_at": None, "status": Status.DONE_WAIT},
        {"status": Status.WITHDRAWN},
        {"place": None},
        {"place": "12栋"},
    ],
)
def test_what_is_no_shared_issue(change: dict[str, object]) -> None:
    cases = [case(str(n), **{"place": "锦绣花园", **change}) for n in range(5)]
    assert [part for part in parts(*cases) if isinstance(part, Shared)] == []


def test_what_became_of_cases_counts_each_case_once() -> None:
    happened = (
        Happened(Kind.CASE_RESOLVED, "1", "g"),
        Happened(Kind.CASE_RESOLVED, "1", "g"),
        Happened(Kind.CASE_CONFIRMED, "1", "g"),
        Happened(Kind.CASE_LAPSED, "2", "g"),
        Happened(Kind.CASE_REOPENED, "3", "g"),
    )
    assert parts(happened=happened) == (Outcome(1, 1, 1, 1, None, 0),)


@pytest.mark.parametrize(("answers", "average"), [(9, None), (10, 4.0), (12, 4.0)])
def test_an_average_needs_ten_answers(answers: int, average: float | None) -> None:
    closed = [
        case(str(n), status=Status.CONFIRMED, closed_at=NOW - DAY, rating=3 + 2 * (n % 2))
        for n in range(answers)
    ]
    old = case("old", status=Status.CONFIRMED, closed_at=NOW - HISTORY - DAY, rating=1)
    silent = case("silent", status=Status.CONFIRMED, closed_at=NOW - DAY)
    (outcome,) = parts(
        *closed[: answers - answers % 2],
        *([replace(closed[-1], rating=4)] if answers % 2 else []),
        old,
        silent,
        happened=(Happened(Kind.CASE_CONFIRMED, "0", "g"),),
    )
    assert isinstance(outcome, Outcome)
    assert (outcome.average, outcome.answers) == (average, answers)


@pytest.mark.parametrize(
    ("unit", "numbers"),
    [
        ("g", ["1"]),
        ("c", ["1"]),
        ("d", ["2"]),
        ("s", ["1", "2"]),
        (None, ["1", "2", "3"]),
        ("gone", []),
        ("lone", ["3"]),
    ],
)
def test_the_unit_and_everything_below(unit: str | None, numbers: list[str]) -> None:
    units = {"1": "g", "2": "h", "3": "lone"}
    cases = [case(n, unit_id=u, due_at=NOW - HOUR) for n, u in units.items()]
    found = parts(*cases, unit=unit)
    named = [each.number for part in found if isinstance(part, Due) for each in part.first]
    assert named == numbers


@pytest.mark.parametrize(
    ("unit", "seen"),
    [("g", 0), ("c", 0), ("area", 0), ("s", 1), ("county", 1), (None, 1), ("gone", 0)],
)
def test_what_few_may_see_is_counted_at_the_street_and_above(unit: str | None, seen: int) -> None:
    above = (
        Unit("county", "county", "和平县"),
        Unit("s", "street", "和平街道", "county"),
        Unit("area", "area", "东片区", "s"),
        Unit("c", "community", "东苑社区", "area"),
        Unit("g", "grid", "东苑第一网格", "c"),
    )
    organisation = Organisation({each.id: each for each in above}, {})
    hidden = case(unit_id="g", restricted=True, due_at=NOW - HOUR, filed_at=NOW - HOUR)
    waits = talk(restricted=True, waiting_since=NOW - HOUR)
    ended = Happened(Kind.CASE_RESOLVED, "1", "g", restricted=True)
    facts = Facts(NOW, NOW - DAY, (hidden,), (waits,), (ended,))
    found = compose(facts, organisation, unit, RULES).parts
    assert len([part for part in found if isinstance(part, Due)]) == seen
    assert len([part for part in found if isinstance(part, Waiting)]) == seen
    assert bool(found) == bool(seen)
    assert not [each for part in found if isinstance(part, Due) for each in part.first]


def test_what_has_no_place_yet_is_everybodys() -> None:
    lost = talk(unit_id=None, waiting_since=NOW - HOUR)
    for unit in ("g", "h", "s", None):
        assert parts(talks=(lost,), unit=unit) == (Waiting(1, HOUR),)
    assert parts(talks=(replace(lost, unit_id="h"),), unit="g") == ()


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("锦绣花园", "锦绣花园"),
        ("锦绣花园3号楼2单元501", "锦绣花园"),
        ("锦绣花园三号楼", "锦绣花园"),
        ("八一路小区", "八一路小区"),
        ("和平路 12号", "和平路"),
        ("锦绣花园（2期）", "锦绣花园"),
        ("1号院", None),
        ("园3", None),
        ("", None),
        (None, None),
    ],
)
def test_a_place_is_masked_to_its_estate(place: str | None, named: str | None) -> None:
    assert estate(place, RULES.door) == named


def test_an_unknown_place_is_the_community_else_what_there_is() -> None:
    found = parts(
        case("1", due_at=NOW - 2 * HOUR), case("2", unit_id="lone", due_at=NOW - HOUR), unit=None
    )
    (due,) = found
    assert isinstance(due, Due)
    assert [each.place for each in due.first] == ["东苑社区", "独立网格"]
