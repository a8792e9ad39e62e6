"""The lifecycle table: every row, and everything that is no row, for every actor and every role."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from casework.case import CLOSED, Case, Status
from casework.effects import (
    REFERRALS,
    RESOLUTIONS,
    RETURN_CODES,
    Given,
)
from casework.errors import ForbiddenTransition, Incomplete
from casework.events import BOT, RESIDENT, SYSTEM, Actor, ActorKind, Kind
from casework.lifecycle import LIFECYCLE, VERBS, advance, allowed_verbs, out_of_reach
from casework.organisation import Role
from casework.reach import Reach

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
DAY = timedelta(days=1)

# Written out here, so that a change of the table is a change of this list:
# verb, from, to (= stays), who beside officers, which officers, what has happened. How near an
# officer must be: whoever has the case and those above them, unless it is written below.
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
hand_over | draft triage dispatched working await_info mediation whistle rework done_wait \
| = | system | community street admin | case_handed_over
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
WRITTEN_NEAR = """
file inform consult reopen: has above directs helps
assign hand_over grant deny whistle end_whistle call_back refer: has above directs
"""
_NEAR = {
    verb: set(map(Reach, near.split()))
    for verbs, near in (line.split(":") for line in WRITTEN_NEAR.strip().splitlines())
    for verb in verbs.split()
}
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
    made = replace(made, closed_at=closed, resolved_by="o", resolution="agreed")
    made = replace(made, due_at=NOW + 7 * DAY)
    return replace(made, **known)  # type: ignore[arg-type]


def ready(verb: str, status: Status) -> Case:
    """A case on which nothing but the table decides."""
    asked = verb in {"grant", "deny"}
    return case(status, extend_to=NOW + 9 * DAY, extend_by="o") if asked else case(status)


def complete(verb: str) -> Given:
    return COMPLETE.get(verb, ANYTHING)


def officer(role: Role = Role.STREET, name: str = "x") -> Actor:
    return Actor(ActorKind.OFFICER, name, "小王", role)


def written(verb: str, status: Status, actor: Actor, reach: Reach = Reach.HAS) -> Status | None:
    """Where the list above says this leads; None when it is not allowed."""
    sources, target, others, roles, _ = _ROWS[verb]
    near = reach in _NEAR.get(verb, {Reach.HAS, Reach.ABOVE})
    officer = actor.kind is ActorKind.OFFICER
    who = actor.role in roles and near if officer else actor.kind.value in others
    if status.value not in sources or not who:
        return None
    return status if target == "=" else Status(target)


def test_the_table_has_the_verbs_written_here_and_no_other() -> None:
    assert {row.verb for row in LIFECYCLE} == set(_ROWS)
    assert len(LIFECYCLE) == len(VERBS) == len(_ROWS)


@pytest.mark.parametrize(("verb", "status"), list(product(_ROWS, Status)))
def test_each_step_is_allowed_or_refused_as_written(verb: str, status: Status) -> None:
    before = ready(verb, status)
    for actor, near in product(ACTORS, Reach):
        target = written(verb, status, actor, near)
        assert (verb in allowed_verbs(before, actor, LATER, near)) == (target is not None)
        others = written(verb, status, actor) is not None and target is None
        assert out_of_reach(before, verb, actor, LATER, near) == others
        if target is None:
            with pytest.raises(ForbiddenTransition) as refused:
                advance(before, verb, actor, LATER, complete(verb), near)
            assert refused.value.allowed == allowed_verbs(before, actor, LATER, near)
            continue
        after, event = advance(before, verb, actor, LATER, complete(verb), near)
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
