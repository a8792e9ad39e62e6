"""Whistles: what a notice must have, what a department may do, and what time does to it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import Case, SlotValue
from casework.errors import Incomplete, NotAllowed, Unchanged
from casework.organisation import Officer, Role, Unit
from casework.privacy import Clues, Record
from casework.whistle import Call, Mark, Notice, Number, Outcome, Rules, Stand, Whistle
from casework.whistle_rules import (
    acknowledged,
    answered,
    calling_unit,
    check,
    checked_in,
    de_identified,
    declined,
    ended,
    number,
    signed,
)
from casework.whistle_time import done, due, half_time, reported_to, timed

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = Rules(
    signers={Role.COMMUNITY: ("secretary",), Role.STREET: ()},
    upward=(Role.STREET, Role.SUPERVISOR, Role.ADMIN),
    pattern="{above}-{unit}-{year}-{serial:04}",
    pattern_top="{unit}-{year}-{serial:04}",
    endings=("街道", "社区", "村"),
    least=timedelta(minutes=30),
    most=timedelta(days=30),
    near=300,
    nudge_after=24 * HOUR,
    ends_after=timedelta(days=7),
)
HE = Officer("he", "he", "何敏", Role.STREET, "s")
CASE = Case("JS261122-0001", "talk", "environment_noise", NOON, "zhou", "g")
NOTICE = Notice(("d1", "d2"), "夜市西口", "夜市油烟", NOON + 4 * HOUR)
RECORD = Record(
    Clues((), (), (re.compile(r"\d+单元\d+室?"),), "※"), frozenset(), frozenset(), frozenset()
)


def mark(at: datetime = NOON + HOUR, name: str = "张伟") -> Mark:
    return Mark(name, at, "zhang")


def whistle(*departments: str) -> Whistle:
    notice = replace(NOTICE, departments=departments or NOTICE.departments)
    text = Number("青禾-柳岸-2026-0007", "c", 2026, 7)
    return timed(signed("w", text, CASE, notice, HE, NOON), RULES)


def test_the_number_is_of_the_street_the_community_and_the_year() -> None:
    street, community = Unit("s", "street", "青禾街道"), Unit("c", "community", "柳岸社区", "s")
    made = number(RULES, [community, street], 2026, 7)
    assert made == Number("青禾-柳岸-2026-0007", "c", 2026, 7)
    assert number(RULES, [street], 2027, 12).text == "青禾-2027-0012"
    assert number(RULES, [Unit("v", "community", "村", "s"), street], 2026, 1).text.startswith(
        "青禾-村-"
    )


def test_the_community_of_the_place_calls_whatever_lies_between() -> None:
    units = [
        Unit("g", "grid", "第一网格"),
        Unit("c", "community", "柳岸社区"),
        Unit("a", "area", "第三片区"),
        Unit("s", "street", "青禾街道"),
        Unit("k", "county", "临江区"),
    ]
    assert [each.id for each in calling_unit(units)] == ["c", "s"]
    assert [each.id for each in calling_unit(units[3:])] == ["s"]
    assert [each.id for each in calling_unit(units[4:])] == ["k"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"departments": ()}, "departments"),
        ({"departments": ("",)}, "departments"),
        ({"place": " "}, "place"),
        ({"place": "长" * 81}, "place"),
        ({"matter": ""}, "matter"),
        ({"matter": "长" * 501}, "matter"),
        ({"arrive_by": NOON + timedelta(minutes=29)}, "arrive_by"),
        ({"arrive_by": NOON - HOUR}, "arrive_by"),
        ({"arrive_by": NOON + timedelta(days=31)}, "arrive_by"),
    ],
)
def test_a_notice_that_lacks_something_is_refused(change: dict[str, object], field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        check(replace(NOTICE, **change), RULES, NOON)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_department_is_called_once() -> None:
    assert check(replace(NOTICE, departments=("d1", "d2", "d1")), RULES, NOON).departments == (
        "d1",
        "d2",
    )


def test_who_may_sign_is_data() -> None:
    secretary = Officer("a", "a", "陈静", Role.COMMUNITY, "c", posts=("secretary",))
    assert RULES.may_sign(secretary)
    assert not RULES.may_sign(replace(secretary, posts=()))
    assert RULES.may_sign(HE)
    assert not RULES.may_sign(replace(HE, role=Role.GRID))


def test_the_resident_never_goes_on_the_paper() -> None:
    slots = {
        "name": SlotValue("李芳"),
        "phone": SlotValue("13800138000"),
        "place": SlotValue("翠湖花园3栋2单元501室"),
    }
    case = replace(CASE, slots=slots)
    words = de_identified(
        "李芳（13800138000）家2单元501室楼下夜市油烟，可打0571-88880000", case, RECORD
    )
    assert not {"李芳", "13800138000", "501", "88880000"} & {
        each for each in ("李芳", "13800138000", "501", "88880000") if each in words
    }
    assert "楼下夜市油烟" in words
    needed = replace(RECORD, door_needed=frozenset({case.category}))
    assert "2单元501室" in de_identified("2单元501室漏水", case, needed)
    assert "综治中心2单元201室" in de_identified("综治中心2单元201室", case, RECORD)


def test_signing_coming_and_speaking_in_turn() -> None:
    whole = whistle()
    whole = acknowledged(whole, "d1", mark())
    with pytest.raises(Unchanged):
        acknowledged(whole, "d1", mark())
    with pytest.raises(Incomplete) as refused:
        answered(whole, "d1", mark(), "停业整改")
    assert refused.value.field == "arrived"
    whole = checked_in(whole, "d1", mark(NOON + 2 * HOUR, "李强"), distance=12.6)
    call = whole.call("d1")
    assert call is not None
    assert (call.stand, call.distance) == (Stand.ARRIVED, 13)
    assert call.acknowledged == mark()
    whole = answered(whole, "d1", mark(), " 停业整改 ")
    call = whole.call("d1")
    assert call is not None
    assert (call.stand, call.opinion) == (Stand.ANSWERED, "停业整改")
    assert not whole.complete


def test_whoever_comes_has_signed() -> None:
    call = checked_in(whistle(), "d1", mark()).call("d1")
    assert call is not None
    assert call.acknowledged == mark()


def test_only_who_is_called_and_by_name() -> None:
    with pytest.raises(NotAllowed):
        acknowledged(whistle(), "d9", mark())
    with pytest.raises(Incomplete):
        acknowledged(whistle(), "d1", mark(name=" "))
    over = ended(whistle(), Outcome.WITHDRAWN, "另行安排", "he", NOON)
    with pytest.raises(Unchanged):
        checked_in(over, "d1", mark())


def test_a_refusal_says_why_and_what_instead_and_in_time() -> None:
    for reason, instead, field in (("", "改日", "reason"), ("统一行动", " ", "instead")):
        with pytest.raises(Incomplete) as refused:
            declined(whistle(), "d1", mark(), reason, instead)
        assert refused.value.field == field
    whole = declined(whistle(), "d1", mark(), "统一行动", "改由副队长明早九点到")
    assert due(whole, RULES, NOON + 4 * HOUR).report == ("d2",)
    with pytest.raises(NotAllowed):
        declined(whistle(), "d1", mark(NOON + 5 * HOUR), "统一行动", "改日")


def test_it_ends_when_all_have_spoken_or_is_taken_back() -> None:
    whole = whistle("d1")
    with pytest.raises(Incomplete) as refused:
        ended(whole, Outcome.SETTLED, "已解决", "he", NOON + HOUR)
    assert refused.value.field == "opinions"
    assert ended(whole, Outcome.WITHDRAWN, "不用了", "he", NOON).outcome is Outcome.WITHDRAWN
    whole = answered(checked_in(whole, "d1", mark()), "d1", mark(), "改")
    for outcome, words, field in (
        (Outcome.SETTLED, " ", "result"),
        (Outcome.OVERTAKEN, "好", "outcome"),
    ):
        with pytest.raises(Incomplete) as refused:
            ended(whole, outcome, words, "he", NOON + HOUR)
        assert refused.value.field == field
    over = ended(whole, Outcome.SETTLED, "已解决", "he", NOON + 2 * HOUR)
    assert (over.next_at, over.ended_by) == (None, "he")
    with pytest.raises(Unchanged):
        ended(over, Outcome.SETTLED, "已解决", "he", NOON)


def test_half_of_the_time_without_a_signature_is_one_reminder() -> None:
    whole = acknowledged(whistle(), "d1", mark())
    assert half_time(whole) == NOON + 2 * HOUR
    assert not due(whole, RULES, NOON + 2 * HOUR - timedelta(microseconds=1))
    found = due(whole, RULES, NOON + 2 * HOUR)
    assert (found.remind, found.report) == (("d2",), ())
    assert not due(done(whole, found, NOON + 2 * HOUR), RULES, NOON + 3 * HOUR)


def test_nobody_there_at_the_moment_is_one_report() -> None:
    found = due(whistle(), RULES, NOON + 4 * HOUR)
    assert (found.remind, found.report) == ((), ("d1", "d2"))
    whole = done(whistle(), found, NOON + 4 * HOUR)
    assert not due(whole, RULES, NOON + 5 * HOUR)
    late = checked_in(whole, "d1", mark(NOON + 5 * HOUR)).call("d1")
    assert late is not None
    assert (late.stand, late.reported_at) == (Stand.ARRIVED, NOON + 4 * HOUR)


def test_a_no_show_is_reported_above_the_one_who_called() -> None:
    street = Officer("s", "s", "甲", Role.STREET, "s")
    county = Officer("k", "k", "乙", Role.SUPERVISOR, "k")
    staff = [street, county]
    by_community = replace(whistle(), signed_by="c")
    assert reported_to(RULES, by_community, staff, Role.COMMUNITY) == street
    assert reported_to(RULES, replace(whistle(), signed_by="s"), staff, Role.STREET) == county
    assert reported_to(RULES, by_community, [county], Role.COMMUNITY) == county
    assert reported_to(RULES, by_community, [], Role.COMMUNITY) is None


DEPARTMENTS = ("d1", "d2", "d3")
Step = tuple[str, str, float]
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["acknowledge", "check_in", "answer", "decline", "end", "withdraw", "tick"]
        ),
        st.sampled_from(DEPARTMENTS),
        st.floats(0, 48, allow_nan=False),
    ),
    max_size=30,
)


def tick(whole: Whistle, now: datetime, seen: list[tuple[str, str]]) -> Whistle:
    """One look of the clock, as the desk does it; what was done is noted."""
    found = due(whole, RULES, now)
    seen += [("remind", each) for each in found.remind]
    seen += [("report", each) for each in found.report]
    seen += [("nudge", "")] * found.nudge
    whole = done(whole, found, now)
    if found.lapse:
        return ended(whole, Outcome.LAPSED, "", None, now)
    return timed(whole, RULES)


def act(whole: Whistle, step: Step, now: datetime, seen: list[tuple[str, str]]) -> Whistle:
    verb, unit, _ = step
    at = mark(now)
    try:
        match verb:
            case "acknowledge":
                whole = acknowledged(whole, unit, at)
            case "check_in":
                whole = checked_in(whole, unit, at)
            case "answer":
                whole = answered(whole, unit, at, "意见")
            case "decline":
                whole = declined(whole, unit, at, "原因", "办法")
            case "end":
                whole = ended(whole, Outcome.SETTLED, "好", "he", now)
            case "withdraw" if unit == "d3":
                whole = ended(whole, Outcome.WITHDRAWN, "好", "he", now)
            case _:
                return tick(whole, now, seen)
    except (NotAllowed, Incomplete, Unchanged):
        pass
    return timed(whole, RULES)


@settings(max_examples=300, deadline=None)
@given(steps)
def test_nothing_is_reported_twice_and_every_whistle_ends(done_steps: list[Step]) -> None:
    whole, now, seen = whistle(*DEPARTMENTS), NOON, list[tuple[str, str]]()
    for step in done_steps:
        now += timedelta(hours=step[2])
        whole = act(whole, step, now, seen)
        if whole.ended_at is None:
            assert whole.next_at is not None
            if not due(whole, RULES, now):
                assert whole.next_at > now
    for _ in range(12):  # from here on only time passes, from one moment to the next
        if whole.next_at is None:
            break
        now = max(now, whole.next_at)
        assert due(whole, RULES, now), "the clock was woken for nothing"
        whole = tick(whole, now, seen)
    assert whole.ended_at is not None
    assert len(seen) == len(set(seen))
    absent = {each.unit_id for each in whole.calls if each.reported_at is not None}
    assert {unit for what, unit in seen if what == "report"} == absent


@settings(max_examples=100, deadline=None)
@given(st.floats(0.6, 700), st.lists(st.sampled_from(DEPARTMENTS), unique=True))
def test_a_late_clock_still_reports_everybody_once(hours: float, came: list[str]) -> None:
    notice = replace(NOTICE, departments=DEPARTMENTS, arrive_by=NOON + timedelta(hours=hours))
    text = Number("n", "c", 2026, 1)
    whole = timed(signed("w", text, CASE, notice, HE, NOON), RULES)
    for unit in came:
        whole = checked_in(whole, unit, mark(NOON))
    seen: list[tuple[str, str]] = []
    whole = tick(whole, NOON + timedelta(days=60), seen)
    assert sorted(unit for what, unit in seen if what == "report") == sorted(
        set(DEPARTMENTS) - set(came)
    )
    assert whole.outcome is Outcome.LAPSED


def test_where_a_department_stands() -> None:
    assert Call("d").stand is Stand.ASKED
    assert Call("d", reported_at=NOON).stand is Stand.ABSENT
    assert Call("d", declined=mark(), reported_at=NOON).stand is Stand.DECLINED
    assert Call("d", declined=mark(), arrived=mark()).stand is Stand.ARRIVED
