"""Who is asked, what is excluded, how it ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casework import mediation as rules
from casework import mediation_sessions as meetings
from casework.case import CLOSED, Case, SlotValue, Status
from casework.case import Source as CameFrom
from casework.errors import Incomplete, NotAllowed
from casework.mediation import (
    Agreement,
    AlreadyAnswered,
    Answer,
    Excluded,
    Mediation,
    Phase,
    Rule,
    Session,
    Source,
)
from casework.mediation_sessions import Due

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULE = Rule(
    {"property_management": "mediator_property"},
    frozenset({"family_marriage.violence", "healthcare"}),
    frozenset({CameFrom.PATROL}),
)


def case(**given: object) -> Case:
    fields = {
        "number": "JS1",
        "conversation_id": "c",
        "category": "neighbour_dispute",
        "opened_at": NOW,
        "owner_id": "zhou",
        "unit_id": "g",
        "org_id": "g",
        "status": Status.WORKING,
        "slots": {"issue": SlotValue("楼上漏水")},
    }
    return Case(**{**fields, **given})  # type: ignore[arg-type]


def proposed(**given: object) -> Mediation:
    fields = {
        "id": "m",
        "case_number": "JS1",
        "conversation_id": "c",
        "source": Source.PROACTIVE,
        "proposed_at": NOW,
        "proposed_by": "zhou",
        "mediator_id": "sun",
    }
    return Mediation(**{**fields, **given})  # type: ignore[arg-type]


def under_way(*, named: bool = True) -> Mediation:
    asked = rules.resident_answers(proposed(), Answer.YES, NOW)
    asked = rules.resident_names(asked, named, NOW)
    both = rules.other_answers(asked, Answer.YES, "visit", "zhou", NOW)
    return rules.started(both, RULE, NOW)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, None),
        ({"crisis": "R1"}, None),
        ({"crisis": "R2"}, "danger"),
        ({"crisis": "R3"}, "danger"),
        ({"restricted": True}, "restricted"),
        ({"category": "family_marriage", "kind": "violence"}, "kind"),
        ({"category": "family_marriage", "kind": "inheritance"}, None),
        ({"category": "healthcare", "kind": "bill"}, "kind"),
        ({"source": CameFrom.PATROL}, "nobody"),
        ({"source": CameFrom.WALK_IN}, None),
        ({"source": CameFrom.PATROL, "crisis": "R2"}, "danger"),
    ],
)
def test_what_is_excluded(given: dict[str, object], why: str | None) -> None:
    assert rules.excluded(case(**given), RULE) == why
    if why is None:
        rules.may_propose(case(**given), [], RULE, by_resident=False)
    else:
        with pytest.raises(Excluded) as refused:
            rules.may_propose(case(**given), [], RULE, by_resident=True)
        assert refused.value.why == why


def test_while_people_are_called_nothing_is_mediated() -> None:
    assert rules.excluded(case(), RULE, danger=True) == "danger"


@pytest.mark.parametrize("status", [s for s in Status if s not in CLOSED])
def test_it_may_be_proposed_while_the_case_is_open(status: Status) -> None:
    if status is Status.DRAFT:
        with pytest.raises(NotAllowed):
            rules.may_propose(case(status=status), [], RULE, by_resident=False)
    else:
        rules.may_propose(case(status=status), [], RULE, by_resident=False)


@pytest.mark.parametrize("status", sorted(CLOSED))
def test_and_not_when_it_is_closed(status: Status) -> None:
    with pytest.raises(NotAllowed):
        rules.may_propose(case(status=status), [], RULE, by_resident=True)


def test_whoever_said_no_is_not_asked_again_but_may_ask() -> None:
    said_no = rules.resident_answers(proposed(), Answer.NO, NOW)
    assert (said_no.phase, said_no.ended_at) == (Phase.DECLINED, NOW)
    with pytest.raises(AlreadyAnswered):
        rules.may_propose(case(), [said_no], RULE, by_resident=False)
    rules.may_propose(case(), [said_no], RULE, by_resident=True)


def test_whoever_left_a_mediation_is_not_asked_again() -> None:
    left = rules.ended(under_way(), Phase.STOPPED, "resident_withdrew", "sun", NOW)
    with pytest.raises(AlreadyAnswered):
        rules.may_propose(case(), [left], RULE, by_resident=False)
    rules.may_propose(case(), [left], RULE, by_resident=True)


@pytest.mark.parametrize("reason", ["danger", "crime"])
def test_what_was_stopped_for_danger_or_a_crime_is_not_mediated_again(reason: str) -> None:
    stopped = rules.ended(under_way(), Phase.STOPPED, reason, "sun", NOW)
    for by_resident in (True, False):
        with pytest.raises(Excluded):
            rules.may_propose(case(), [stopped], RULE, by_resident=by_resident)


def test_the_other_sides_no_does_not_bind_the_resident() -> None:
    asked = rules.resident_answers(proposed(), Answer.YES, NOW)
    refused = rules.other_answers(asked, Answer.NO, "phone", "zhou", NOW)
    assert refused.phase is Phase.DECLINED
    rules.may_propose(case(), [refused], RULE, by_resident=False)


def test_one_at_a_time() -> None:
    with pytest.raises(NotAllowed):
        rules.may_propose(case(), [proposed()], RULE, by_resident=True)


def test_the_other_side_is_asked_after_the_resident() -> None:
    for answer in (None, Answer.LATER):
        waiting = proposed(resident=answer)
        with pytest.raises(NotAllowed):
            rules.other_answers(waiting, Answer.YES, "visit", "zhou", NOW)
    with pytest.raises(Incomplete):
        rules.other_answers(proposed(resident=Answer.YES), Answer.YES, "rumour", "zhou", NOW)


def test_it_begins_with_both_and_not_before() -> None:
    first = rules.resident_answers(proposed(), Answer.YES, NOW)
    assert first.phase is Phase.ASKING
    with pytest.raises(NotAllowed):
        rules.started(first, RULE, NOW)
    later = rules.other_answers(first, Answer.LATER, "visit", "zhou", NOW)
    assert later.phase is Phase.ASKING
    both = rules.other_answers(later, Answer.YES, "visit", "zhou", NOW)
    assert both.phase is Phase.READY
    with pytest.raises(Incomplete):
        rules.started(replace(both, mediator_id=None), RULE, NOW)
    begun = rules.started(both, RULE, NOW)
    assert (begun.phase, begun.until) == (Phase.UNDER_WAY, NOW + timedelta(days=30))


def test_a_resident_who_thinks_it_over_may_still_say_yes() -> None:
    thinking = rules.resident_answers(proposed(), Answer.LATER, NOW)
    assert (thinking.phase, thinking.question) == (Phase.ASKING, "wanted")
    sure = rules.resident_answers(thinking, Answer.YES, NOW)
    assert sure.question == "named"
    assert rules.resident_names(sure, False, NOW).question is None


def test_a_yes_may_be_taken_back_until_it_begins() -> None:
    both = rules.other_answers(proposed(resident=Answer.YES), Answer.YES, "visit", "zhou", NOW)
    assert rules.resident_answers(both, Answer.NO, NOW).phase is Phase.DECLINED
    with pytest.raises(NotAllowed):
        rules.resident_answers(rules.started(both, RULE, NOW), Answer.NO, NOW)


def test_both_meet_only_when_the_resident_agreed_to_be_named() -> None:
    together = Session(NOW + 2 * DAY, "社区调解室")
    assert meetings.planned(under_way(), together, NOW).sessions == (together,)
    for named in (None, False):
        unnamed = replace(under_way(), named=named)
        with pytest.raises(NotAllowed):
            meetings.planned(unnamed, together, NOW)
        apart = replace(together, apart=True)
        assert meetings.planned(unnamed, apart, NOW).sessions == (apart,)


def test_a_meeting_needs_a_time_to_come_and_a_place_unless_it_is_online() -> None:
    for at in (NOW, NOW + 400 * DAY):
        with pytest.raises(Incomplete):
            meetings.planned(under_way(), Session(at, "调解室"), NOW)
    with pytest.raises(Incomplete):
        meetings.planned(under_way(), Session(NOW + DAY, " "), NOW)
    once = meetings.planned(under_way(), Session(NOW + DAY, online=True), NOW)
    with pytest.raises(NotAllowed):  # pressed twice
        meetings.planned(once, Session(NOW + DAY, online=True), NOW)
    with pytest.raises(NotAllowed):
        meetings.planned(proposed(), Session(NOW + DAY, "调解室"), NOW)


def test_minutes() -> None:
    met = meetings.planned(under_way(), Session(NOW + DAY, "调解室"), NOW)
    then = NOW + DAY
    both = ["other", "resident"]
    noted = meetings.noted(met, 0, held=True, present=both, minutes=" 谈拢了 ", now=then)
    assert noted.sessions[0].present == ("resident", "other")
    assert noted.sessions[0].minutes == "谈拢了"
    missed = meetings.noted(met, 0, held=False, present=[], minutes="", now=NOW)
    assert missed.sessions[0].held is False
    for index, minutes, present in ((0, "", []), (1, "x", []), (-1, "x", []), (0, "x", ["mayor"])):
        with pytest.raises(Incomplete):
            meetings.noted(met, index, held=True, present=present, minutes=minutes, now=then)
    with pytest.raises(Incomplete):  # nobody writes down what tomorrow brings
        meetings.noted(met, 0, held=True, present=both, minutes="谈拢了", now=NOW)


def test_how_it_ends() -> None:
    paper = Agreement("written", date(2026, 11, 22), "青调〔2026〕12号")
    assert rules.agreed(under_way(), paper, "sun", NOW).phase is Phase.AGREED
    assert rules.agreed(under_way(), Agreement("oral", date(2026, 11, 22)), "sun", NOW).agreement
    with pytest.raises(Incomplete):
        rules.agreed(under_way(), Agreement("written", date(2026, 11, 22)), "sun", NOW)
    with pytest.raises(Incomplete):
        rules.agreed(under_way(), Agreement("sung", date(2026, 11, 22)), "sun", NOW)
    with pytest.raises(Incomplete):
        rules.ended(under_way(), Phase.NO_AGREEMENT, "danger", "sun", NOW)
    with pytest.raises(NotAllowed):
        rules.ended(proposed(), Phase.STOPPED, "danger", "sun", NOW)
    over = rules.ended(under_way(), Phase.NO_AGREEMENT, "too_far_apart", "sun", NOW)
    with pytest.raises(NotAllowed):
        rules.agreed(over, paper, "sun", NOW)
    with pytest.raises(NotAllowed):
        rules.resident_names(over, True, NOW)


def test_each_meeting_is_reminded_of_once_a_day_before() -> None:
    both = meetings.planned(under_way(), Session(NOW + 3 * DAY, "调解室"), NOW)
    both = meetings.planned(both, Session(NOW + 5 * DAY, "调解室"), NOW)
    assert meetings.due(both, NOW + 2 * DAY - HOUR) is None
    assert meetings.due(both, NOW + 2 * DAY) is Due.REMIND
    told, session = meetings.reminded(both, NOW + 2 * DAY)
    assert session is not None
    assert session.at == NOW + 3 * DAY
    assert meetings.next_moment(told) == NOW + 4 * DAY
    late, none = meetings.reminded(both, NOW + 6 * DAY)
    assert none is None
    assert meetings.next_moment(late) == NOW + timedelta(days=30)
    assert meetings.due(late, NOW + timedelta(days=30)) is Due.OVER
    assert meetings.next_session(both, NOW + 4 * DAY) == both.sessions[1]


def test_nobody_is_reminded_of_what_was_just_told_for_today() -> None:
    soon = meetings.planned(under_way(), Session(NOW + 4 * HOUR, "调解室"), NOW)
    assert meetings.due(soon, NOW + timedelta(minutes=1)) is None
    assert meetings.next_moment(soon) == NOW + timedelta(days=30)


def test_old_trouble_is_for_the_chief() -> None:
    assert rules.long_running(proposed(since_year=2023), RULE, NOW)
    assert not rules.long_running(proposed(since_year=2024), RULE, NOW)
    assert not rules.long_running(proposed(), RULE, NOW)
