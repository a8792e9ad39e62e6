"""The lifecycle table: every row, and everything that is no row, for each kind of actor."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import (
    CLOSED,
    LIFECYCLE,
    OPEN,
    VERBS,
    Case,
    Status,
    advance,
    allowed_verbs,
    rate,
)
from casework.errors import ForbiddenTransition, Incomplete
from casework.events import ActorKind, Kind

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
RES, BOT, OFF, SYS = ActorKind.RESIDENT, ActorKind.BOT, ActorKind.OFFICER, ActorKind.SYSTEM

# Written out here, so that a change of the table is a change of this list: verb, from, to, who.
ALLOWED = {
    ("file", "draft", "dispatched"): {BOT, SYS, OFF},
    ("accept", "dispatched", "working"): {OFF},
    ("accept", "rework", "working"): {OFF},
    ("resolve", "dispatched", "done_wait"): {OFF},
    ("resolve", "working", "done_wait"): {OFF},
    ("resolve", "rework", "done_wait"): {OFF},
    ("confirm", "done_wait", "confirmed"): {RES},
    ("lapse", "done_wait", "confirmed"): {SYS},
    ("reopen", "done_wait", "rework"): {RES, OFF},
    ("reopen", "confirmed", "rework"): {RES, OFF},
    ("withdraw", "draft", "withdrawn"): {RES},
    ("withdraw", "dispatched", "withdrawn"): {RES},
    ("withdraw", "working", "withdrawn"): {RES},
    ("withdraw", "rework", "withdrawn"): {RES},
    ("withdraw", "done_wait", "withdrawn"): {RES},
}
EVENTS = {
    "file": Kind.CASE_FILED,
    "accept": Kind.CASE_ACCEPTED,
    "resolve": Kind.CASE_RESOLVED,
    "confirm": Kind.CASE_CONFIRMED,
    "lapse": Kind.CASE_LAPSED,
    "reopen": Kind.CASE_REOPENED,
    "withdraw": Kind.CASE_WITHDRAWN,
}
EVERY_STEP = list(product(EVENTS, Status, ActorKind))
TARGETS = {
    (verb, Status(source), actor): Status(target)
    for (verb, source, target), actors in ALLOWED.items()
    for actor in actors
}


def case(status: Status = Status.DRAFT) -> Case:
    return Case("JS261122-0001", "c", "wage_arrears", NOW, "o", "u", status=status)


def test_the_table_has_the_verbs_written_here_and_no_other() -> None:
    assert {row.verb for row in LIFECYCLE} == set(EVENTS)
    assert len(LIFECYCLE) == len(VERBS)


@pytest.mark.parametrize(("verb", "status", "actor"), EVERY_STEP)
def test_each_step_is_allowed_or_refused_as_written(
    verb: str, status: Status, actor: ActorKind
) -> None:
    target = TARGETS.get((verb, status, actor))
    if target is None:
        with pytest.raises(ForbiddenTransition) as refused:
            advance(case(status), verb, actor, LATER, given="好了")
        assert refused.value.allowed == allowed_verbs(status, actor)
        assert verb not in refused.value.allowed
        return
    after, event = advance(case(status), verb, actor, LATER, given="好了")
    assert after.status is target
    assert event is EVENTS[verb]
    assert verb in allowed_verbs(status, actor)


@pytest.mark.parametrize("actor", ActorKind)
@pytest.mark.parametrize("status", Status)
def test_an_unknown_verb_is_refused(status: Status, actor: ActorKind) -> None:
    with pytest.raises(ForbiddenTransition):
        advance(case(status), "delete", actor, LATER)


def test_allowed_verbs_keep_the_order_of_the_table() -> None:
    assert allowed_verbs(Status.DONE_WAIT, RES) == ("confirm", "reopen", "withdraw")
    assert allowed_verbs(Status.REWORK, OFF) == ("accept", "resolve")
    assert allowed_verbs(Status.WITHDRAWN, OFF) == ()


@pytest.mark.parametrize(
    ("verb", "status", "missing"),
    [("resolve", Status.WORKING, "result"), ("reopen", Status.DONE_WAIT, "reason")],
)
@pytest.mark.parametrize("text", [None, "", "  \n\u3000"])
def test_a_result_and_a_reason_must_be_given(
    verb: str, status: Status, missing: str, text: str | None
) -> None:
    with pytest.raises(Incomplete) as incomplete:
        advance(case(status), verb, OFF, LATER, given=text)
    assert incomplete.value.field == missing


def test_a_forbidden_verb_is_refused_before_its_text_is_asked_for() -> None:
    with pytest.raises(ForbiddenTransition):
        advance(case(Status.DRAFT), "resolve", OFF, LATER)


def test_the_result_is_kept_without_its_margins() -> None:
    after, _ = advance(case(Status.WORKING), "resolve", OFF, LATER, given=" 已付清。\n")
    assert after.result == "已付清。"


@pytest.mark.parametrize(("verb", "status", "actor"), sorted(TARGETS))
def test_closing_time_is_set_exactly_while_closed(
    verb: str, status: Status, actor: ActorKind
) -> None:
    before = replace(case(status), closed_at=NOW if status in CLOSED else None)
    after, _ = advance(before, verb, actor, LATER, given="好了")
    assert after.closed_at == (LATER if after.status in CLOSED else None)


def test_reopening_begins_a_new_round_without_the_old_rating() -> None:
    before = replace(case(Status.CONFIRMED), rating=5, rating_text="好", closed_at=NOW)
    after, _ = advance(before, "reopen", RES, LATER, given="又欠了")
    assert (after.round, after.rating, after.rating_text) == (2, None, None)
    assert after.status in OPEN


def test_advance_leaves_the_given_case_alone() -> None:
    before = case(Status.WORKING)
    advance(before, "resolve", OFF, LATER, given="好了")
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


STEPS = st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.sampled_from(ActorKind)))


@given(STEPS)
def test_whatever_is_tried_nobody_but_the_resident_or_time_closes_a_case(
    steps: list[tuple[str, ActorKind]],
) -> None:
    now = case()
    for verb, actor in steps:
        before = now
        try:
            now, _ = advance(before, verb, actor, LATER, given="因为")
        except ForbiddenTransition:
            now = before
            continue
        if now.status in CLOSED:
            assert actor in {RES, SYS}
            assert actor is RES or before.status is Status.DONE_WAIT
        assert (now.owner_id, now.unit_id, now.number) == ("o", "u", "JS261122-0001")
        assert (now.closed_at is not None) == (now.status in CLOSED)
        assert now.round >= before.round
