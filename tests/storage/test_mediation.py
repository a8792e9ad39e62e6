"""Mediation on every store: asked and not pushed, begun by two, followed until the last promise."""

from dataclasses import replace

import pytest

from casework.case import SlotValue, Status
from casework.desk import mediation as desk
from casework.desk import mediation_meetings as meetings
from casework.desk.clock import keep_time
from casework.desk.mediation_meetings import Minutes
from casework.desk.mediation_noted import write_down
from casework.desk.moving import act
from casework.effects import Given
from casework.errors import ForbiddenTransition, NotAllowed
from casework.events import Kind
from casework.mediation import (
    AlreadyAnswered,
    Answer,
    Excluded,
    Phase,
    Session,
    Source,
)
from casework.organisation import Officer, Role
from tests.storage.mediating import DAY, HOUR, MA, SECRET, SUN, ZHOU, Room
from tests.storage.people import NOON


async def test_a_proposal_moves_nothing_and_asks_once(room: Room) -> None:
    before = await room.case()
    made = await room.propose()
    after = await room.case()
    assert (after.status, after.due_at, after.owner_id) == (
        Status.WORKING,
        before.due_at,
        before.owner_id,
    )
    assert made.mediator_id == "sun"
    events = await room.store.read(lambda tx: tx.events.of_case(room.number))
    assert not [each for each in events if each.data.get("officer") == "sun"]  # not yet theirs
    assert "愿意请人调解吗" in (await room.said())[-1]
    assert made.asked_seq > 0
    with pytest.raises(NotAllowed):
        await room.propose()


async def test_no_costs_nothing_and_is_not_asked_again(room: Room) -> None:
    await room.propose()
    before = await room.case()
    declined = await room.answers(Answer.NO)
    assert declined.phase is Phase.DECLINED
    assert await room.case() == before
    with pytest.raises(AlreadyAnswered):
        await room.propose()
    again = await room.do(lambda tx: desk.apply_for(tx, room.number, room.book, room.now))
    assert (again.source, again.resident, again.question) == (
        Source.APPLICATION,
        Answer.YES,
        "named",
    )


@pytest.mark.parametrize(("value", "question"), [("愿意", "named"), ("不愿意", None)])
async def test_what_was_said_at_intake_is_not_asked_again(
    room: Room, value: str, question: str | None
) -> None:
    case = await room.case()
    slots = {**case.slots, "mediation_ok": SlotValue(value, value)}
    await room.do(lambda tx: tx.cases.save(replace(case, slots=slots), NOON))
    if question is None:
        with pytest.raises(AlreadyAnswered):
            await room.propose()
        return
    made = await room.propose()
    assert made.question == question
    assert "您说过愿意调解" in (await room.said())[-1]


async def test_both_yes_and_it_begins(room: Room) -> None:
    await room.propose()
    with pytest.raises(NotAllowed):
        await room.other(Answer.YES)
    await room.answers(Answer.YES)
    begun = await room.other(Answer.YES)
    assert begun.phase is Phase.UNDER_WAY
    assert (begun.other_by, begun.other_how) == ("zhou", "visit")
    case = await room.case()
    assert case.status is Status.MEDIATION
    assert case.resume_at is not None
    assert (await room.kinds())[-1] is Kind.CASE_IN_MEDIATION
    assert "开始调解了" in (await room.said())[-1]
    events = await room.store.read(lambda tx: tx.events.of_case(room.number))
    assert SECRET not in str([event.data for event in events])


async def test_the_other_sides_no_leads_back_with_a_kind_word(room: Room) -> None:
    await room.propose()
    await room.answers(Answer.YES)
    refused = await room.other(Answer.NO)
    assert refused.phase is Phase.DECLINED
    assert (await room.case()).status is Status.WORKING
    assert "对方这次不愿意调解" in (await room.said())[-1]


async def test_while_it_cannot_begin_both_answers_are_kept(room: Room) -> None:
    await room.propose()
    await room.answers(Answer.YES)
    await room.do(
        lambda tx: act(
            tx, room.number, "request_info", ZHOU, room.now, room.book, given=Given("合同照片")
        )
    )
    ready = await room.other(Answer.YES)
    assert ready.phase is Phase.READY
    with pytest.raises(ForbiddenTransition):
        await room.do(lambda tx: desk.start(tx, room.number, ZHOU, room.book, room.now))
    assert (await room.mediation()).phase is Phase.READY
    await room.do(lambda tx: act(tx, room.number, "inform", ZHOU, room.now, room.book))
    await room.do(lambda tx: desk.start(tx, room.number, ZHOU, room.book, room.now))
    assert (await room.case()).status is Status.MEDIATION


async def test_danger_is_never_mediated(room: Room) -> None:
    case = await room.case()
    await room.do(lambda tx: tx.cases.save(replace(case, crisis="R2"), NOON))
    with pytest.raises(Excluded):
        await room.propose()
    with pytest.raises(Excluded):
        await room.do(lambda tx: desk.apply_for(tx, room.number, room.book, room.now))


@pytest.mark.parametrize("turned", [{"crisis": "R2"}, {"restricted": True}])
async def test_what_turns_out_to_be_danger_does_not_begin(
    room: Room, turned: dict[str, object]
) -> None:
    await room.propose()
    await room.answers(Answer.YES)
    case = await room.case()
    await room.do(lambda tx: tx.cases.save(replace(case, **turned), NOON))  # type: ignore[arg-type]
    assert (await room.other(Answer.YES)).phase is Phase.READY
    with pytest.raises(Excluded):
        await room.do(lambda tx: desk.start(tx, room.number, ZHOU, room.book, room.now))
    assert (await room.case()).status is Status.WORKING


async def test_danger_during_it_stops_further_meetings(room: Room) -> None:
    await room.under_way()
    case = await room.case()
    await room.do(lambda tx: tx.cases.save(replace(case, crisis="R3"), NOON))
    session = Session(NOON + DAY, "调解室")
    with pytest.raises(Excluded):
        await room.do(lambda tx: meetings.plan(tx, room.number, session, SUN, room.book, room.now))


async def test_whose_mediation_it_is(room: Room) -> None:
    await room.propose()
    await room.answers(Answer.YES)
    with pytest.raises(NotAllowed):
        await room.other(Answer.YES, MA)
    stranger = Officer("wu", "wu", "吴远", Role.GRID, "r")
    with pytest.raises(NotAllowed):
        await room.other(Answer.YES, stranger)
    auditor = Officer("au", "au", "审计", Role.AUDITOR, "s")
    with pytest.raises(NotAllowed):
        await room.other(Answer.YES, auditor)
    assert (await room.other(Answer.YES, SUN)).phase is Phase.UNDER_WAY


async def test_the_resident_may_have_another_mediator(room: Room) -> None:
    await room.propose()
    rule = room.book.mediation
    chosen = await room.do(lambda tx: desk.choose(tx, room.number, "ma", rule, room.now))
    assert chosen.mediator_id == "ma"
    with pytest.raises(NotAllowed):
        await room.do(lambda tx: desk.choose(tx, room.number, "zhou", rule, room.now))


async def test_old_trouble_goes_to_the_chief(room: Room) -> None:
    assert (await room.propose(since_year=2003)).mediator_id == "ma"


async def test_meetings_are_told_reminded_of_and_written_down(room: Room) -> None:
    await room.under_way()
    session = Session(NOON + 2 * DAY, "青禾调解室")
    planned = await room.do(
        lambda tx: meetings.plan(tx, room.number, session, SUN, room.book, room.now)
    )
    told = (await room.said())[-1]
    assert "青禾调解室" in told
    assert "孙和" in told
    at = NOON + DAY
    assert await room.store.read(lambda tx: tx.mediations.due(at - HOUR, 9)) == []
    assert await room.store.read(lambda tx: tx.mediations.due(at, 9)) == [planned.id]
    for expected in (True, False):
        done = await room.do(lambda tx: meetings.do_due(tx, planned.id, room.book, at))
        assert done is expected
    assert "提醒您" in (await room.said())[-1]
    minutes = Minutes(0, held=True, present=("resident", "other"), words="答应修")
    before = await room.said()
    noted = await room.do(
        lambda tx: meetings.write_down(tx, room.number, minutes, SUN, room.book, at + DAY)
    )
    assert noted.sessions[0].minutes == "答应修"
    assert await room.said() == before


async def test_of_a_meeting_that_is_called_off_the_resident_hears(room: Room) -> None:
    await room.under_way()
    session = Session(NOON + 2 * DAY, "青禾调解室")
    await room.do(lambda tx: meetings.plan(tx, room.number, session, SUN, room.book, room.now))
    off = Minutes(0, held=False, present=(), words="对方出差")
    for times in (1, 1):  # once, however often it is written down
        await room.do(
            lambda tx: meetings.write_down(tx, room.number, off, SUN, room.book, room.now)
        )
        assert sum("取消了" in line for line in await room.said()) == times
    assert "对方出差" not in (await room.said())[-1]


async def test_who_takes_back_being_named_meets_nobody(room: Room) -> None:
    """A meeting of both is fixed already: kept as it was, it would show who complained."""
    await room.under_way(named=True)
    for days in (1, 2):
        session = Session(NOON + days * DAY, "青禾调解室")
        await room.do(lambda tx, s=session: meetings.plan(tx, room.number, s, SUN, room.book, NOON))  # type: ignore[misc]
    now = NOON + DAY + HOUR
    held = Minutes(0, held=True, present=("resident", "other"), words="见了面")
    await room.do(lambda tx: meetings.write_down(tx, room.number, held, SUN, room.book, now))
    after = await room.do(lambda tx: desk.name(tx, room.number, False, now))
    assert [each.apart for each in after.sessions] == [False, True]


async def test_unnamed_means_apart(room: Room) -> None:
    await room.under_way(named=False)
    session = Session(NOON + 2 * DAY, "青禾调解室")
    with pytest.raises(NotAllowed):
        await room.do(lambda tx: meetings.plan(tx, room.number, session, SUN, room.book, room.now))
    apart = replace(session, apart=True)
    await room.do(lambda tx: meetings.plan(tx, room.number, apart, SUN, room.book, room.now))
    assert "对方不在场" in (await room.said())[-1]


async def test_a_month_that_the_case_clock_ends_ended_for_that_reason(room: Room) -> None:
    """Both clocks find the same moment; whichever is first, it is not said that it moved on."""
    begun = await room.under_way()
    assert begun.until is not None
    now = begun.until
    version = (await room.case()).version
    assert await room.do(lambda tx: keep_time(tx, room.number, version, room.book, now))
    over = await room.mediation()
    assert (over.phase, over.reason) == (Phase.NO_AGREEMENT, "time_over")
    assert not await room.do(lambda tx: meetings.do_due(tx, over.id, room.book, now))
    assert (await room.kinds()).count(Kind.MEDIATION_ENDED) == 1


async def test_a_case_that_is_answered_has_no_mediation_under_way(room: Room) -> None:
    await room.under_way()
    done = Given("维修基金批了", code="explained")
    await room.do(lambda tx: act(tx, room.number, "resolve", ZHOU, NOON, room.book, given=done))
    over = await room.mediation()
    assert (over.phase, over.reason) == (Phase.STOPPED, "moved_on")
    again = await room.do(lambda tx: desk.apply_for(tx, room.number, room.book, room.now))
    assert again.phase is Phase.ASKING


async def test_what_an_officer_notes_is_said_back_word_for_word(room: Room) -> None:
    """A wrong note of a yes, or of being named, must not stay unseen."""
    await room.propose()

    async def noted(said: Answer | None, named: bool | None) -> str:
        await room.do(
            lambda tx: write_down(tx, room.number, said, named, ZHOU, room.book, room.now)
        )
        return (await room.said())[-1]

    later = await noted(Answer.LATER, None)
    assert "不急" in later
    yes = await noted(Answer.YES, None)
    assert "对方也愿意才开始" in yes
    assert "可以吗" in yes  # nobody has asked yet whether they may be named
    case = await room.case()
    (turn,) = (await room.store.read(lambda tx: tx.turns.after(case.conversation_id, 0)))[-1:]
    assert [each.payload for each in turn.buttons] == [
        f"meet:yes:{room.number}",
        f"meet:no:{room.number}",
    ]
    assert (await room.mediation()).asked_seq == turn.seq
    assert "让对方知道是您" in await noted(None, True)
    assert "不让对方知道是您" in await noted(None, False)
    assert "不调解" in await noted(Answer.NO, None)
    assert (await room.mediation()).phase is Phase.DECLINED
