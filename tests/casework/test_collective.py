"""Group cases: who belongs, how many, who is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from casework.case import Case, SlotValue, Status
from casework.collective import (
    Collective,
    Count,
    Member,
    State,
    count,
    is_done,
    is_large,
    is_marked,
    marked,
    reporters,
    require_fit,
    require_leading,
    size,
    unmarked,
)
from casework.errors import Unfit
from config.nearby import read_nearby
from config.reading import Source
from nlu.intents import CATEGORIES

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)
RULE = read_nearby(Source(None).read("nearby.yaml"), CATEGORIES)
LEADING = Case("0", "0", "housing_developer", NOON, "zhou", "g", org_id="g", status=Status.WORKING)


def child(number: str = "1", said: dict[str, object] | None = None, **given: object) -> Case:
    slots = {name: SlotValue(value, str(value)) for name, value in (said or {}).items()}
    base = replace(LEADING, number=number, conversation_id=number, slots=slots)
    return replace(base, **given)  # type: ignore[arg-type]


def test_reporters_are_residents_not_cases() -> None:
    again = child("2", conversation_id="1")
    gone = child("3", status=Status.WITHDRAWN)
    draft = child("4", status=Status.DRAFT)
    assert reporters(LEADING, [child("1"), again, gone, draft]) == 2
    assert reporters(replace(LEADING, status=Status.WITHDRAWN), [child("1")]) == 1


def test_size_is_how_many_it_is_about() -> None:
    assert size(LEADING) == 1
    assert size(child(said={"people_n": 23})) == 23
    assert size(LEADING, [child(said={"people_n": 20}), child("2", {"people_n": 20})]) == 20
    assert size(LEADING, [child(str(n)) for n in range(1, 12)]) == 12
    assert size(child(said={"people_n": "好多"})) == 1
    assert size(LEADING, [child(said={"people_n": 50}, status=Status.WITHDRAWN)]) == 1


def test_ten_reporters_are_proposed_but_not_what_one_of_them_says() -> None:
    nine = [child(str(n)) for n in range(1, 9)]
    assert not is_large(LEADING, nine)
    assert is_large(LEADING, [*nine, child("9")])
    assert not is_large(child(said={"people_n": 30}))
    assert not is_large(replace(LEADING, joined="7"), [*nine, child("9")])
    assert is_large(LEADING, nine, 5)


@pytest.mark.parametrize(
    ("status", "member", "done"),
    [
        (Status.WORKING, None, False),
        (Status.WORKING, Member("1", "c", TODAY, "证已领", 1), True),
        (Status.REWORK, Member("1", "c", TODAY, "证已领", 1), True),
        (Status.REWORK, Member("1", "c", TODAY, "证已领", 0), False),  # of a round that is over
        (Status.DONE_WAIT, None, True),
        (Status.CONFIRMED, None, True),
        (Status.ARCHIVED, None, True),
        (Status.REFERRED, Member("1", "c", TODAY, "证已领", 1), False),
    ],
)
def test_a_household_is_done(status: Status, member: Member | None, done: bool) -> None:
    case = child(status=status)
    assert is_done(status, marked=is_marked(case, member)) is done


def test_the_count_has_the_others_and_leaves_out_who_is_gone() -> None:
    group = Collective("c", "0", State.ACTIVE, NOON, others=300, others_done=150)
    cases = [LEADING, child("1"), child("2", status=Status.WITHDRAWN)]
    members = {"1": Member("1", "c", TODAY, "证已领", 1)}
    assert count(group, cases, members) == Count(302, 151, 2)


def test_marking_is_for_this_round_and_can_be_undone() -> None:
    done = marked(Member("1", "c", told=2), child(round=3), " 证已领 ", TODAY, "zhou")
    assert done == Member("1", "c", TODAY, "证已领", 3, "zhou", 2)
    assert unmarked(done) == Member("1", "c", told=2)
    with pytest.raises(Unfit):
        marked(Member("1", "c"), child(status=Status.CONFIRMED), "", TODAY, "zhou")


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (child(conversation_id="0"), "same_resident"),
        (LEADING, "same_resident"),
        (child(joined="7"), "follows"),
        (child(status=Status.CONFIRMED), "closed"),
        (child(status=Status.MEDIATION), "closed"),
        (child(restricted=True), "kind"),
        (child(crisis="R2"), "kind"),
        (child(category="family_marriage"), "kind"),
        (child(category="consumer"), "kind"),
        (child(said={"respondent": "乙公司"}), "respondent"),
        (child(said={"project": "西苑"}), "respondent"),
    ],
)
def test_what_never_belongs(case: Case, reason: str) -> None:
    said = {"respondent": "甲公司", "project": "东苑"}
    leading = replace(LEADING, slots={k: SlotValue(v, v) for k, v in said.items()})
    with pytest.raises(Unfit) as refused:
        require_fit(leading, case, RULE)
    assert refused.value.reason == reason
    require_fit(leading, child(said={"respondent": "甲公司"}), RULE)
    require_fit(leading, child(), RULE)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (replace(LEADING, joined="7"), "follows"),
        (replace(LEADING, status=Status.DONE_WAIT), "closed"),
        (replace(LEADING, restricted=True), "kind"),
        (replace(LEADING, crisis="R3"), "kind"),
        (replace(LEADING, category="family_marriage"), "kind"),
    ],
)
def test_what_never_leads(case: Case, reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        require_leading(case, RULE)
    assert refused.value.reason == reason
    require_leading(LEADING, RULE)
