"""Every promise is asked about once on its day, chased once, escalated once; none is missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import promises as rules
from casework.errors import Incomplete, NotAllowed
from casework.promises import Due, Party, Promise
from casework.working_calendar import CHINA

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def promise(due_on: date = TODAY, **given: object) -> Promise:
    fields = {
        "id": "p",
        "case_number": "JS1",
        "conversation_id": "c",
        "party": Party.RESPONDENT,
        "what": "修好防水",
        "due_on": due_on,
        "made_at": NOW,
    }
    return Promise(**{**fields, **given})  # type: ignore[arg-type]


def test_it_is_asked_about_in_the_afternoon_of_its_day() -> None:
    asked = datetime(2026, 11, 22, 17, tzinfo=CHINA)
    assert rules.next_moment(promise()) == asked
    assert rules.due(promise(), asked - timedelta(seconds=1)) is None
    assert rules.due(promise(), asked) is Due.ASK


def test_a_promise_has_words_and_a_day_to_come() -> None:
    assert rules.made(promise(what=" 修好 "), TODAY).what == "修好"
    for wrong in (
        promise(what="  "),
        promise(what="长" * 301),
        promise(date(2026, 11, 21)),
        promise(date.max),
    ):
        with pytest.raises(Incomplete):
            rules.made(wrong, TODAY)


def test_an_answer_ends_the_asking() -> None:
    kept = rules.answered(promise(), True, None, NOW)
    assert rules.next_moment(kept) is None
    assert not rules.escalates(kept)
    with pytest.raises(NotAllowed):
        rules.answered(kept, True, "zhou", NOW)


def test_a_broken_promise_escalates_once() -> None:
    broken = rules.answered(promise(), False, None, NOW)
    assert rules.escalates(broken)
    up = replace(broken, escalated_at=NOW)
    assert not rules.escalates(up)
    late = rules.answered(up, True, "zhou", NOW)
    again = rules.answered(late, False, "zhou", NOW)
    assert not rules.escalates(again)


def test_nobody_is_escalated_over_what_they_promised_themselves() -> None:
    mine = rules.answered(promise(party=Party.RESIDENT), False, "zhou", NOW)
    assert not rules.escalates(mine)


@given(
    due_in=st.integers(0, 400),
    ticks=st.lists(st.integers(1, 60 * 24 * 3), max_size=120),
    answer_after=st.integers(0, 120) | st.none(),
    kept=st.booleans(),
)
def test_none_is_reported_twice_and_none_is_missed(
    due_in: int, ticks: list[int], answer_after: int | None, kept: bool
) -> None:
    """A clock that ticks at any moments, a resident who answers after any tick or never."""
    held, now, done = promise(TODAY + timedelta(days=due_in)), NOW, list[tuple[Due, datetime]]()
    for index, minutes in enumerate(ticks):
        now += timedelta(minutes=minutes)
        while (what := rules.due(held, now)) is not None:
            done.append((what, now))
            held = rules.marked(held, what, now)
        if index == answer_after:
            held = rules.answered(held, kept, None, now)
    kinds = [what for what, _ in done]
    assert len(kinds) == len(set(kinds))
    assert kinds == sorted(kinds, key=list(Due).index)
    for what, at in done:
        moment = rules.ask_at(held) if what is Due.ASK else done[0][1] + rules.CHASE_AFTER
        assert at >= moment
    if held.open and now >= rules.ask_at(held):
        assert Due.ASK in kinds
        asked = dict(done)[Due.ASK]
        assert (Due.CHASE in kinds) == (now >= asked + rules.CHASE_AFTER)
