"""The lifecycle table: every row, and everything that is no row, for every actor and every role."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from casework.case import CLOSED, OPEN, Case, Status, Supervision, rate
from casework.effects import (
    ANSWER_WAIT,
    INFO_WAIT,
    MEDIATION_WAIT,
    REFERRALS,
    RESOLUTIONS,
    RETURN_CODES,
    Given,
)
from casework.errors import ForbiddenTransition, Incomplete
from casework.events import BOT, RESIDENT, SYSTEM, Actor, ActorKind, Kind
from casework.lifecycle import LIFECYCLE, REOPEN_WITHIN, VERBS, advance, allowed_verbs
from casework.organisation import Role

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
DAY = timedelta(days=1)

# Written out here, so that a change of the table is a change of this list:
# verb, from, to (= stays), who beside officers, which officers, what has happened.
WRITTEN = """
file | draft | dispatched | bot system | grid community street department admin | case_filed
accept | dispatched rework | working | - | grid community street department admin | case_accepted
return | dispatched | triage | - | grid community street department admin | case_returned
assign | triage dispatched working rework | dispatched | - | community street admin | case_assigned
escalate | triage dispatched working rework | dispatched | resident system \
| grid community street department admin | case_escalated
request_info | working | await_info | - | grid community street department admin | case_info_asked
inform | await_info | working | resident system | grid community street department admin \
| case_informed
consult | working | = | - | grid community street department admin | case_consulted
extend | dispatched working rework | = | - | grid community street department admin \
| extension_asked
grant | dispatched working rework | = | - | community street supervisor admin | extension_granted
deny | dispatched working rework | = | - | community street supervisor admin | extension_denied
mediate | working | mediation | - | grid community street department mediator admin \
| case_in_mediation
end_mediation | mediation | working | system | grid community street department mediator admin \
| case_out_of_mediation
whistle | working | whistle | - | community street admin | case_whistled
end_whistle | whistle | working | system | community street admin | case_whistle_ended
resolve | dispatched working rework mediation whistle | done_wait | - \
| grid community street department mediator admin | case_resolved
confirm | done_wait | confirmed | resident | - | case_confirmed
lapse | done_wait | confirmed | system | - | case_lapsed
call_back | done_wait | confirmed | - | community street supervisor admin | case_called_back
reopen | done_wait confirmed referred archived | rework | resident \
| grid community street department mediator supervisor admin | case_reopened
refer | triage dispatched working | referred | - | community street admin | case_referred
merge | dispatched working rework | = | - | grid community street department admin | case_merged
seek_confirmation | confirmed | confirmation | - \
| grid community street department mediator admin | confirmation_sought
end_confirmation | confirmation | confirmed | system \
| grid community street department mediator admin | confirmation_ended
withdraw | draft triage dispatched working await_info mediation whistle rework done_wait \
| withdrawn | resident | - | case_withdrawn
archive | confirmed withdrawn referred | archived | system | - | case_archived
"""
_ROWS = {
    verb: (sources.split(), target, {*others.split()} - {"-"}, {*roles.split()} - {"-"}, event)
    for verb, sources, target, others, roles, event in (
        map(str.strip, line.split("|")) for line in WRITTEN.strip().splitlines()
    )
}
ACTORS = [RESIDENT, BOT, SYSTEM, *(Actor(ActorKind.OFFICER, "x", "小王", role) for role in Role)]
COMPLETE = {
    "return": Given("不归我们", "wrong_office", officer_id="y", unit_id="v"),
    "resolve": Given("修好了", "fixed", ("p",)),
    "refer": Given("请走劳动仲裁", "statutory_route"),
    "extend": Given("等配件", until=LATER + 9 * DAY),
}
ANYTHING = Given("因为", officer_id="y", unit_id="v", other="JS261122-0009")


def case(status: Status = Status.DRAFT, **known: object) -> Case:
    """A case in a status that has been there for a while."""
    made = Case("JS261122-0001", "c", "wage_arrears", NOW, "o", "u", status=status)
    closed = NOW if status in CLOSED else None
    made = replace(made, closed_at=closed, resolved_by="o", due_at=NOW + 7 * DAY)
    return replace(made, **known)  # type: ignore[arg-type]


def ready(verb: str, status: Status) -> Case:
    """A case on which nothing but the table decides."""
    asked = verb in {"grant", "deny"}
    return case(status, extend_to=NOW + 9 * DAY, extend_by="o") if asked else case(status)


def complete(verb: str) -> Given:
    return COMPLETE.get(verb, ANYTHING)


def officer(role: Role = Role.STREET, name: str = "x") -> Actor:
    return Actor(ActorKind.OFFICER, name, "小王", role)


def written(verb: str, status: Status, actor: Actor) -> Status | None:
    """Where the list above says this leads; None when it is not allowed."""
    sources, target, others, roles, _ = _ROWS[verb]
    who = actor.role in roles if actor.kind is ActorKind.OFFICER else actor.kind.value in others
    if status.value not in sources or not who:
        return None
    return status if target == "=" else Status(target)


def test_the_table_has_the_verbs_written_here_and_no_other() -> None:
    assert {row.verb for row in LIFECYCLE} == set(_ROWS)
    assert len(LIFECYCLE) == len(VERBS) == len(_ROWS)


@pytest.mark.parametrize(("verb", "status"), list(product(_ROWS, Status)))
def test_each_step_is_allowed_or_refused_as_written(verb: str, status: Status) -> None:
    before = ready(verb, status)
    for actor in ACTORS:
        target = written(verb, status, actor)
        assert (verb in allowed_verbs(before, actor, LATER)) == (target is not None)
        if target is None:
            with pytest.raises(ForbiddenTransition) as refused:
                advance(before, verb, actor, LATER, complete(verb))
            assert refused.value.allowed == allowed_verbs(before, actor, LATER)
            continue
        after, event = advance(before, verb, actor, LATER, complete(verb))
        assert after.status is target
        assert event is Kind(_ROWS[verb][-1])


def test_who_only_reads_or_is_called_to_help_may_do_nothing() -> None:
    for status, role in product(Status, (Role.AUDITOR, Role.VOLUNTEER, Role.ADVISER)):
        assert allowed_verbs(case(status), officer(role), LATER) == ()


@pytest.mark.parametrize("status", Status)
def test_an_unknown_verb_is_refused(status: Status) -> None:
    for actor in ACTORS:
        with pytest.raises(ForbiddenTransition):
            advance(case(status), "delete", actor, LATER, ANYTHING)


def test_allowed_verbs_keep_the_order_of_the_table() -> None:
    assert allowed_verbs(case(Status.DONE_WAIT), RESIDENT, LATER) == (
        "confirm",
        "reopen",
        "withdraw",
    )
    assert allowed_verbs(case(Status.REWORK), officer(Role.GRID), LATER) == (
        "accept",
        "escalate",
        "extend",
        "resolve",
        "merge",
    )
    assert allowed_verbs(case(Status.WITHDRAWN), officer(), LATER) == ()


NEEDED = [
    ("return", Status.DISPATCHED, {"code": None}, "code"),
    ("return", Status.DISPATCHED, {"code": "no_merit"}, "code"),
    ("return", Status.DISPATCHED, {"officer_id": None}, "officer_id"),
    ("assign", Status.TRIAGE, {"officer_id": None}, "officer_id"),
    ("escalate", Status.WORKING, {"officer_id": None}, "officer_id"),
    ("request_info", Status.WORKING, {"text": " "}, "text"),
    ("request_info", Status.WORKING, {"until": LATER}, "until"),
    ("consult", Status.WORKING, {"text": ""}, "text"),
    ("extend", Status.WORKING, {"text": ""}, "text"),
    ("extend", Status.WORKING, {"until": None}, "until"),
    ("extend", Status.WORKING, {"until": NOW + 7 * DAY}, "until"),  # no later than it is due
    ("deny", Status.WORKING, {"text": ""}, "text"),
    ("resolve", Status.WORKING, {"text": "  \n\u3000"}, "result"),
    ("resolve", Status.WORKING, {"code": "closed"}, "code"),
    ("resolve", Status.WORKING, {"code": "fixed", "proof": ()}, "proof"),
    ("resolve", Status.WORKING, {"code": "paid", "proof": ()}, "proof"),
    ("resolve", Status.WORKING, {"code": "agreed", "proof": ()}, "proof"),
    ("call_back", Status.DONE_WAIT, {"text": ""}, "text"),
    ("reopen", Status.DONE_WAIT, {"text": ""}, "reason"),
    ("refer", Status.WORKING, {"code": "no_merit"}, "code"),
    ("refer", Status.WORKING, {"text": ""}, "text"),  # never without its lawful route
    ("merge", Status.WORKING, {"other": None}, "other"),
]


@pytest.mark.parametrize(("verb", "status", "without", "missing"), NEEDED)
def test_what_a_verb_needs_must_be_given(
    verb: str, status: Status, without: dict[str, object], missing: str
) -> None:
    given = replace(complete(verb), **without)  # type: ignore[arg-type]
    with pytest.raises(Incomplete) as incomplete:
        advance(ready(verb, status), verb, officer(), LATER, given)
    assert incomplete.value.field == missing


@pytest.mark.parametrize(
    ("verb", "status", "codes"),
    [
        ("return", Status.DISPATCHED, RETURN_CODES),
        ("resolve", Status.WORKING, RESOLUTIONS),
        ("refer", Status.WORKING, REFERRALS),
    ],
)
def test_each_code_will_do(verb: str, status: Status, codes: tuple[str, ...]) -> None:
    for code in codes:
        given = replace(complete(verb), code=code, proof=("p",))
        advance(case(status), verb, officer(), LATER, given)
    assert not [code for code in codes if "merit" in code]


def test_an_answer_that_claims_nothing_needs_no_proof() -> None:
    for code in ("explained", "unable", "answered", "referred", None):
        after, _ = advance(
            case(Status.WORKING), "resolve", officer(), LATER, Given(" 说明了。\n", code)
        )
        assert (after.result, after.resolution) == ("说明了。", code or "answered")


def test_a_resident_is_not_asked_for_codes_but_for_what_is_wrong() -> None:
    with pytest.raises(Incomplete):
        advance(case(Status.DONE_WAIT), "reopen", RESIDENT, LATER)
    after, _ = advance(case(Status.REFERRED), "reopen", RESIDENT, LATER, Given("就该你们管"))
    assert after.status is Status.REWORK


def test_a_forbidden_verb_is_refused_before_its_text_is_asked_for() -> None:
    with pytest.raises(ForbiddenTransition):
        advance(case(Status.DRAFT), "resolve", officer(), LATER)


# What decides besides the table.


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


# What each verb does.


def test_in_other_hands_the_owner_and_the_unit_are_others() -> None:
    for verb, status in (("assign", Status.TRIAGE), ("escalate", Status.WORKING)):
        after, _ = advance(case(status), verb, officer(), LATER, ANYTHING)
        assert (after.owner_id, after.org_id, after.unit_id) == ("y", "v", "u")


def test_a_case_without_an_owner_cannot_be_made() -> None:
    for known in ({"owner_id": ""}, {"unit_id": "", "org_id": ""}):
        with pytest.raises(ValueError, match="no owner"):
            case(**known)


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


@pytest.mark.parametrize(("verb", "status"), list(product(_ROWS, Status)))
def test_closing_time_is_set_exactly_while_closed(verb: str, status: Status) -> None:
    before = ready(verb, status)
    for actor in ACTORS:
        if written(verb, status, actor) is None:
            continue
        after, _ = advance(before, verb, actor, LATER, complete(verb))
        if after.status not in CLOSED:
            assert after.closed_at is None
        else:
            assert after.closed_at == (NOW if status in CLOSED else LATER)


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
