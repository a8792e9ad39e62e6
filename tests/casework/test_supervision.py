"""Slips: what is asked, answered, judged, and reported upward once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import Supervision
from casework.errors import Incomplete, NotAllowed
from casework.organisation import Officer, Role, Unit
from casework.supervision import (
    Slip,
    State,
    above,
    accepted,
    again,
    answered,
    closed,
    due,
    is_late,
    lifted,
    may_answer,
    reported,
)
from casework.working_calendar import WorkingCalendar

FRIDAY = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def slip(due_at: datetime = FRIDAY + 5 * DAY) -> Slip:
    return Slip(
        id="1",
        number="督〔2026〕1号",
        case_number="JS261120-0001",
        org_id="c",
        level=Supervision.ORDINARY,
        reason="overdue",
        action="三天内上门核实",
        issued_by="he",
        issued_at=FRIDAY,
        due_at=due_at,
        next_at=due_at,
    )


def test_workdays_leave_out_weekends_and_holidays() -> None:
    plain, known = WorkingCalendar(), WorkingCalendar(frozenset({date(2026, 11, 23)}))
    midnight = datetime(2026, 11, 20, 16, tzinfo=UTC)  # the end of Friday in China
    assert due(FRIDAY, 1, plain) == midnight + 3 * DAY
    assert due(FRIDAY, 2, plain) == midnight + 4 * DAY
    assert due(FRIDAY, 2, known) == midnight + 5 * DAY


def test_asked_answered_accepted() -> None:
    asked = slip()
    assert asked.state is State.ASKED
    told = answered(asked, "zhou", " 已上门，周三换件 ", FRIDAY + DAY)
    assert (told.state, told.next_at) == (State.ANSWERED, None)
    assert told.answers[0].text == "已上门，周三换件"
    done = accepted(told, "he", FRIDAY + 2 * DAY)
    assert done.state is State.CLOSED
    assert (done.answers[0].accepted, done.closed_by) == (True, "he")


def test_an_answer_that_is_not_enough_is_asked_again() -> None:
    late = reported(slip(), "boss", FRIDAY + 6 * DAY)
    told = answered(late, "zhou", "正在处理", FRIDAY + 7 * DAY)
    new_due = FRIDAY + 10 * DAY
    back = again(told, new_due, "请写明哪天换件")
    assert (back.state, back.due_at, back.next_at) == (State.ASKED, new_due, new_due)
    assert (back.action, back.answers[0].accepted) == ("请写明哪天换件", False)
    assert (back.reported_at, back.reported_to) == (None, None)
    twice = answered(back, "zhou", "周三上午换", FRIDAY + 8 * DAY)
    assert [each.text for each in twice.answers] == ["正在处理", "周三上午换"]


def test_what_cannot_be_done() -> None:
    asked = slip()
    told = answered(asked, "zhou", "去过了", FRIDAY)
    over = closed(asked, None, FRIDAY)
    wrongs: list[Callable[[], object]] = [
        lambda: accepted(asked, "he", FRIDAY),
        lambda: again(asked, FRIDAY, "再来"),
        lambda: answered(told, "zhou", "又去了", FRIDAY),
        lambda: answered(over, "zhou", "晚了", FRIDAY),
        lambda: closed(over, "he", FRIDAY),
        lambda: accepted(told, "zhou", FRIDAY),  # nobody accepts their own answer
    ]
    for wrong in wrongs:
        with pytest.raises(NotAllowed):
            wrong()
    with pytest.raises(Incomplete):
        answered(asked, "zhou", "  ", FRIDAY)
    with pytest.raises(Incomplete):
        again(told, FRIDAY, " ")


def test_late_is_reported_once() -> None:
    asked = slip()
    assert not is_late(asked, asked.due_at - DAY)
    assert is_late(asked, asked.due_at)
    told = reported(asked, "boss", asked.due_at)
    assert (told.next_at, told.reported_to) == (None, "boss")
    assert told.state is State.ASKED  # a late answer is taken
    assert not is_late(answered(told, "zhou", "去了", asked.due_at), asked.due_at)


@pytest.mark.parametrize(
    ("now", "wanted", "fine"),
    [
        (Supervision.NONE, Supervision.ORDINARY, True),
        (Supervision.NONE, Supervision.RED, True),
        (Supervision.ORDINARY, Supervision.RED, True),
        (Supervision.YELLOW, Supervision.RED, True),
        (Supervision.NONE, Supervision.YELLOW, False),  # only the clock says that it is soon due
        (Supervision.NONE, Supervision.NONE, False),
        (Supervision.RED, Supervision.ORDINARY, False),
        (Supervision.YELLOW, Supervision.ORDINARY, False),
        (Supervision.RED, Supervision.RED, False),
    ],
)
def test_by_hand_it_only_rises(now: Supervision, wanted: Supervision, fine: bool) -> None:
    if fine:
        assert lifted(now, wanted) is wanted
        return
    with pytest.raises(NotAllowed):
        lifted(now, wanted)


CHAIN = [
    Unit("g", "grid", "网格", "c"),
    Unit("c", "community", "社区", "s"),
    Unit("s", "street", ""),
]
STAFF = [
    Officer("zhou", "zhou", "周", Role.GRID, "g"),
    Officer("ma", "ma", "马", Role.COMMUNITY, "c"),
    Officer("he", "he", "何", Role.STREET, "s"),
    Officer("an", "an", "安", Role.AUDITOR, "s"),
    Officer("du", "du", "杜", Role.SUPERVISOR, "s"),
    Officer("root", "root", "管理员", Role.ADMIN, None),
]


def test_who_hears_that_nobody_answered() -> None:
    named = {officer.id: officer for officer in STAFF}
    assert above(CHAIN, STAFF) == named["ma"]
    assert above(CHAIN[1:], STAFF) == named["he"]
    assert above(CHAIN[2:], STAFF) == named["root"]
    gone = [replace(o, active=o.id not in {"ma", "he"}) for o in STAFF]
    assert above(CHAIN, gone) == named["du"]
    assert above(CHAIN, [named["zhou"], named["an"]]) is None


def test_who_answers() -> None:
    one = slip()
    roles = {officer.id for officer in STAFF if may_answer(officer, one, "zhou")}
    assert roles == {"zhou", "ma"}
    assert not may_answer(replace(STAFF[3], unit_id="c"), one, "an")


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["answer", "accept", "again", "close", "clock"]),
        st.integers(0, 72),
        st.integers(1, 10),
    ),
    max_size=25,
)


@given(MOVES)
def test_each_round_is_reported_once_when_late_and_never_else(
    moves: list[tuple[str, int, int]],
) -> None:
    """Whatever happens in which order: no report twice for one round, none missed, none early."""
    now, one, rounds = FRIDAY, slip(), {FRIDAY + 5 * DAY: 0}
    for what, hours, days in moves:
        now += timedelta(hours=hours)
        try:
            if what == "answer":
                one = answered(one, "zhou", "去了", now)
            elif what == "accept":
                one = accepted(one, "he", now)
            elif what == "close":
                one = closed(one, "he", now)
            elif what == "again":
                one = again(one, now + days * DAY, "再来")
                rounds[one.due_at] = 0
            elif one.next_at is not None and one.next_at <= now:
                assert is_late(one, now)
                one = reported(one, "boss", now)
                rounds[one.due_at] += 1
        except NotAllowed:
            continue
        if what == "clock" and is_late(one, now):
            assert one.reported_at is not None
        assert (one.next_at is not None) <= (one.state is State.ASKED)
    assert all(count <= 1 for count in rounds.values())
