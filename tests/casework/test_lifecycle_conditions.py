"""What decides besides the lifecycle table, and what each verb does to the case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework.case import OPEN, Status, Supervision, rate
from casework.effects import ANSWER_WAIT, INFO_WAIT, MEDIATION_WAIT, Given
from casework.events import RESIDENT, SYSTEM
from casework.lifecycle import REOPEN_WITHIN, advance, allowed_verbs
from casework.organisation import Role
from tests.casework.test_lifecycle_table import ANYTHING, DAY, LATER, NOW, case, complete, officer


def test_a_case_is_given_back_once_at_each_level() -> None:
    returned, _ = advance(
        case(Status.DISPATCHED), "return", officer(Role.GRID), LATER, complete("return")
    )
    assert (returned.owner_id, returned.org_id, returned.returned) == ("y", "v", True)
    assigned, _ = advance(returned, "assign", officer(), LATER, ANYTHING)
    assert assigned.final
    for role in Role:
        assert "return" not in allowed_verbs(assigned, officer(role), LATER)
    above, _ = advance(assigned, "escalate", SYSTEM, LATER, ANYTHING)
    assert "return" in allowed_verbs(above, officer(), LATER)


def test_who_was_named_after_a_return_stays_named_until_another_unit_has_it() -> None:
    named = case(Status.DONE_WAIT, final=True, returned=True, org_id="v")
    again, _ = advance(named, "reopen", RESIDENT, LATER, Given("又坏了"))
    assert (again.final, again.returned) == (True, False)
    assert "return" not in allowed_verbs(replace(again, status=Status.DISPATCHED), officer(), LATER)
    up, _ = advance(named, "reopen", RESIDENT, LATER, Given("又坏了", officer_id="z", unit_id="s"))
    assert (up.final, up.returned) == (False, False)
    colleague = Given(officer_id="z", unit_id="v")
    for status in (Status.DISPATCHED, Status.AWAIT_INFO):
        before = replace(named, status=status)
        same, _ = advance(before, "hand_over", SYSTEM, LATER, colleague)
        assert (same.final, same.returned) == (True, True)
        other, _ = advance(before, "hand_over", SYSTEM, LATER, replace(colleague, unit_id="s"))
        assert (other.final, other.returned) == (False, False)


def test_what_was_assigned_at_first_may_be_given_back() -> None:
    assigned, _ = advance(case(Status.DISPATCHED), "assign", officer(), LATER, ANYTHING)
    assert "return" in allowed_verbs(assigned, officer(Role.GRID), LATER)


def test_the_resident_is_asked_for_more_once_and_for_five_days_at_most() -> None:
    asked, _ = advance(
        case(Status.WORKING), "request_info", officer(), LATER, Given("发票", until=LATER + DAY)
    )
    assert (asked.paused_at, asked.resume_at) == (LATER, LATER + DAY)
    for until in (None, LATER + 30 * DAY):
        longest, _ = advance(
            case(Status.WORKING), "request_info", officer(), LATER, Given("发票", until=until)
        )
        assert longest.resume_at == LATER + INFO_WAIT == LATER + 5 * DAY
    working, _ = advance(asked, "inform", RESIDENT, LATER + DAY, Given("在这儿"))
    assert "request_info" not in allowed_verbs(working, officer(), LATER + DAY)


def test_nobody_grants_what_they_asked_for() -> None:
    asked, _ = advance(case(Status.WORKING), "extend", officer(), LATER, complete("extend"))
    assert asked.due_at == NOW + 7 * DAY
    assert not {"grant", "deny", "extend"} & {*allowed_verbs(asked, officer(), LATER)}
    other = officer(Role.SUPERVISOR, "z")
    assert {"grant", "deny"} <= {*allowed_verbs(asked, other, LATER)}
    granted, _ = advance(asked, "grant", other, LATER)
    assert (granted.due_at, granted.extend_to, granted.extended) == (LATER + 9 * DAY, None, 1)
    assert "extend" not in allowed_verbs(granted, officer(), LATER)
    denied, _ = advance(asked, "deny", other, LATER, Given("不用"))
    assert (denied.due_at, denied.extend_to, denied.extended) == (NOW + 7 * DAY, None, 0)
    assert "extend" in allowed_verbs(denied, officer(), LATER)


def test_a_date_that_is_past_is_not_granted() -> None:
    asked, _ = advance(case(Status.WORKING), "extend", officer(), LATER, complete("extend"))
    other, late = officer(name="z"), LATER + 9 * DAY
    assert "grant" in allowed_verbs(asked, other, late - DAY)
    assert "grant" not in allowed_verbs(asked, other, late)
    assert "deny" in allowed_verbs(asked, other, late)


def test_in_other_hands_it_stands_where_it_stood() -> None:
    for status in (Status.DRAFT, Status.AWAIT_INFO, Status.MEDIATION, Status.DONE_WAIT):
        before = case(status, resume_at=LATER + DAY, paused_at=NOW)
        after, _ = advance(before, "hand_over", SYSTEM, LATER, ANYTHING)
        assert after == replace(before, owner_id="y", org_id="v")


def test_nothing_is_granted_that_nobody_asked_for() -> None:
    for verb in ("grant", "deny"):
        assert verb not in allowed_verbs(case(Status.WORKING), officer(), LATER)


def test_another_pair_of_hands_did_not_ask_for_the_extension() -> None:
    asked, _ = advance(case(Status.WORKING), "extend", officer(), LATER, complete("extend"))
    handed, _ = advance(asked, "assign", officer(), LATER, ANYTHING)
    assert (handed.extend_to, handed.extend_by) == (None, None)


@pytest.mark.parametrize("known", [{"owner_id": "x"}, {"resolved_by": "x"}])
def test_who_did_the_work_does_not_ask_whether_it_is_good(known: dict[str, str]) -> None:
    mine = case(Status.DONE_WAIT, **known)
    assert "call_back" not in allowed_verbs(mine, officer(), LATER)
    assert "call_back" in allowed_verbs(mine, officer(name="z"), LATER)


def test_an_archived_case_keeps_its_number_for_ninety_days() -> None:
    old = case(Status.ARCHIVED, closed_at=NOW)
    for actor in (RESIDENT, officer()):
        assert "reopen" in allowed_verbs(old, actor, NOW + REOPEN_WITHIN)
        assert "reopen" not in allowed_verbs(old, actor, NOW + REOPEN_WITHIN + timedelta(seconds=1))
    assert REOPEN_WITHIN == 90 * DAY


def test_a_court_is_asked_to_confirm_agreements_only() -> None:
    mediator = officer(Role.MEDIATOR)
    assert "seek_confirmation" in allowed_verbs(case(Status.CONFIRMED), mediator, LATER)
    for resolution in ("fixed", "explained", None):
        other = case(Status.CONFIRMED, resolution=resolution)
        assert "seek_confirmation" not in allowed_verbs(other, mediator, LATER)


# What each verb does.


def test_in_other_hands_the_owner_and_the_unit_are_others() -> None:
    for verb, status in (("assign", Status.TRIAGE), ("escalate", Status.WORKING)):
        after, _ = advance(case(status), verb, officer(), LATER, ANYTHING)
        assert (after.owner_id, after.org_id, after.unit_id) == ("y", "v", "u")


def test_a_case_without_an_owner_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no owner"):
        case(owner_id="")
    with pytest.raises(ValueError, match="no owner"):
        case(unit_id="", org_id="")


def test_mediation_pauses_for_a_month_at_most() -> None:
    after, _ = advance(case(Status.WORKING), "mediate", officer(Role.MEDIATOR), LATER)
    assert (after.paused_at, after.resume_at) == (LATER, LATER + MEDIATION_WAIT)


def test_an_answer_waits_seven_days_for_the_residents_word() -> None:
    paused = case(Status.MEDIATION, paused_at=NOW, resume_at=NOW + 30 * DAY)
    after, _ = advance(paused, "resolve", officer(Role.MEDIATOR), LATER, complete("resolve"))
    assert (after.lapse_at, after.resolved_by) == (LATER + ANSWER_WAIT, "x")
    assert (after.paused_at, after.resume_at, after.proof) == (None, None, ("p",))


def test_referring_names_the_route_as_the_result() -> None:
    after, _ = advance(case(Status.WORKING), "refer", officer(), LATER, complete("refer"))
    assert (after.result, after.resolution, after.closed_at) == (
        "请走劳动仲裁",
        "referred",
        LATER,
    )


def test_reopening_begins_a_new_round_without_the_old_rating() -> None:
    before = case(
        Status.CONFIRMED,
        rating=5,
        rating_text="好",
        asked_info=True,
        extended=1,
        archive_at=NOW + 10 * DAY,
        supervision=Supervision.RED,
    )
    after, _ = advance(before, "reopen", RESIDENT, LATER, Given("又欠了"))
    assert (after.round, after.rating, after.rating_text) == (2, None, None)
    assert (after.asked_info, after.extended, after.archive_at) == (False, 0, None)
    assert after.supervision is Supervision.NONE
    assert after.status in OPEN


def test_what_somebody_asked_to_be_watched_stays_watched() -> None:
    before = case(Status.CONFIRMED, supervision=Supervision.ORDINARY)
    after, _ = advance(before, "reopen", RESIDENT, LATER, Given("又欠了"))
    assert after.supervision is Supervision.ORDINARY


def test_advance_leaves_the_given_case_alone() -> None:
    before = case(Status.WORKING)
    advance(before, "resolve", officer(), LATER, complete("resolve"))
    assert before == case(Status.WORKING)


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_a_rating_from_one_to_five(score: int) -> None:
    assert rate(case(Status.CONFIRMED), score, None).rating == score


@pytest.mark.parametrize("score", [-1, 0, 6, 55])
def test_no_other_rating(score: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        rate(case(Status.CONFIRMED), score, None)


def test_a_later_word_does_not_undo_the_score() -> None:
    scored = rate(case(Status.CONFIRMED), 4, None)
    worded = rate(scored, None, "快一点更好")
    assert (worded.rating, worded.rating_text) == (4, "快一点更好")
