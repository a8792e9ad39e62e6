"""Mediation on every store: asked and not pushed, begun by two, followed until the last promise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest

from casework.case import Case, SlotValue, Status
from casework.confirmations import Stage
from casework.desk import cases, confirmations, promises
from casework.desk import mediation as desk
from casework.desk import mediation_meetings as meetings
from casework.desk.mediating import open_one
from casework.desk.mediation import OtherSide, Proposal
from casework.desk.mediation_meetings import Minutes, Pledge
from casework.desk.moving import act, move
from casework.effects import Given
from casework.errors import ForbiddenTransition, Incomplete, NotAllowed, NotFound
from casework.events import SYSTEM, Kind
from casework.mediation import (
    Agreement,
    AlreadyAnswered,
    Answer,
    Excluded,
    Mediation,
    Phase,
    Session,
    Source,
)
from casework.organisation import Officer, Role, Unit
from casework.ports import Store, Transaction
from casework.promises import Party
from casework.turn import Speaker
from config.load import Book, load_book
from tests.storage.people import NOON, cast, conversation

T = TypeVar("T")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZHOU = Officer("zhou", "zhou", "周小兰", Role.GRID, "g")
HE = Officer("he", "he", "何敏", Role.STREET, "s")
SUN = Officer("sun", "sun", "孙和", Role.MEDIATOR, "r", posts=("mediator_neighbour",))
MA = Officer("ma", "ma", "马静", Role.MEDIATOR, "r", posts=("chief_mediator",))
PAPER = Agreement("written", date(2026, 11, 22), "青调2026-12")
PLEDGE = Pledge(Party.RESPONDENT, "修好卫生间防水", date(2026, 12, 1))
SECRET = "三楼老王家"


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


class Room:
    """One case in the hands of its grid worker, and everybody a mediation needs."""

    def __init__(self, store: Store, book: Book, number: str) -> None:
        self.store, self.book, self.number, self.now = store, book, number, NOON

    async def do(self, work: Callable[[Transaction], T]) -> T:
        return await self.store.write(work)

    async def case(self) -> Case:
        return await self.store.read(lambda tx: tx.cases.get(self.number))

    async def mediation(self) -> Mediation:
        return (await self.store.read(lambda tx: tx.mediations.of_case(self.number)))[0]

    async def said(self) -> list[str]:
        """What the resident was told, in order."""
        case = await self.case()
        turns = await self.store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
        return [turn.text for turn in turns if turn.speaker is not Speaker.RESIDENT]

    async def kinds(self) -> list[Kind]:
        events = await self.store.read(lambda tx: tx.events.of_case(self.number))
        return [event.kind for event in events]

    async def propose(self, **given: object) -> Mediation:
        proposal = Proposal(Source.PROACTIVE, **given)  # type: ignore[arg-type]
        return await self.do(
            lambda tx: desk.propose(tx, self.number, proposal, ZHOU, self.book, self.now)
        )

    async def answers(self, said: Answer) -> Mediation:
        return await self.do(lambda tx: desk.answer(tx, self.number, said, self.now))

    async def other(self, said: Answer, officer: Officer = ZHOU) -> Mediation:
        answer = OtherSide(said, "visit", self.now)
        return await self.do(
            lambda tx: desk.other_side(tx, self.number, answer, officer, self.book, self.now)
        )

    async def under_way(self, *, named: bool = True) -> Mediation:
        await self.propose()
        await self.answers(Answer.YES)
        await self.do(lambda tx: desk.name(tx, self.number, named, self.now))
        return await self.other(Answer.YES)

    async def agreed(self, *pledges: Pledge) -> Mediation:
        await self.under_way()
        return await self.do(
            lambda tx: meetings.agree(tx, self.number, PAPER, pledges, SUN, self.book, self.now)
        )


@pytest.fixture
async def room(store: Store, book: Book) -> Room:
    await cast(store)
    opened = await conversation(store)

    def work(tx: Transaction) -> str:
        tx.people.add_unit(Unit("r", "mediation", "青禾调解室", "s"))
        tx.people.add_officers([SUN, MA])
        slots = {"issue": SlotValue("楼上漏水"), "respondent": SlotValue(SECRET)}
        slots["place"] = SlotValue("翠湖花园")
        case = cases.draft(tx, opened, cases.Opening("neighbour_dispute", slots, "漏水"), NOON)
        cases.file(tx, case.number, book, NOON)
        known = tx.conversations.get(opened.id, lock=True)
        tx.conversations.save(replace(known, has_cases=True), known.epoch)
        act(tx, case.number, "accept", ZHOU, NOON, book)
        return case.number

    return Room(store, book, await store.write(work))


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
        await room.do(lambda tx: desk.begin(tx, room.number, ZHOU, room.book, room.now))
    assert (await room.mediation()).phase is Phase.READY
    await room.do(lambda tx: act(tx, room.number, "inform", ZHOU, room.now, room.book))
    await room.do(lambda tx: desk.begin(tx, room.number, ZHOU, room.book, room.now))
    assert (await room.case()).status is Status.MEDIATION


async def test_danger_is_never_mediated(room: Room) -> None:
    case = await room.case()
    await room.do(lambda tx: tx.cases.save(replace(case, crisis="R2"), NOON))
    with pytest.raises(Excluded):
        await room.propose()
    with pytest.raises(Excluded):
        await room.do(lambda tx: desk.apply_for(tx, room.number, room.book, room.now))


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
    noted = await room.do(lambda tx: meetings.write_down(tx, room.number, minutes, SUN, at + DAY))
    assert noted.sessions[0].minutes == "答应修"


async def test_unnamed_means_apart(room: Room) -> None:
    await room.under_way(named=False)
    session = Session(NOON + 2 * DAY, "青禾调解室")
    with pytest.raises(NotAllowed):
        await room.do(lambda tx: meetings.plan(tx, room.number, session, SUN, room.book, room.now))
    apart = replace(session, apart=True)
    await room.do(lambda tx: meetings.plan(tx, room.number, apart, SUN, room.book, room.now))
    assert "对方不在场" in (await room.said())[-1]


async def test_an_agreement_with_promises_and_thirty_days(room: Room) -> None:
    agreed = await room.agreed(PLEDGE)
    assert agreed.agreement == PAPER
    assert (await room.case()).status is Status.WORKING
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    assert (promise.what, promise.due_on, promise.mediation_id) == (
        PLEDGE.what,
        PLEDGE.due_on,
        agreed.id,
    )
    opened = await room.store.read(lambda tx: tx.confirmations.get(agreed.id))
    assert opened is not None
    assert (opened.stage, opened.liaison_id) == (Stage.OPEN, "sun")
    assert opened.task_id is not None
    task = await room.store.read(lambda tx: tx.tasks.get(opened.task_id or ""))
    assert (task.officer_id, task.due_at) == ("sun", opened.apply_by)
    told = (await room.said())[-1]
    assert "谈成了" in told
    assert "强制执行" in told
    assert "12月22日前" in told


async def test_without_a_place_for_promises_nothing_is_kept(room: Room) -> None:
    await room.under_way()
    late = replace(PLEDGE, due_on=date(2026, 11, 21))
    with pytest.raises(Incomplete):
        await room.do(
            lambda tx: meetings.agree(tx, room.number, PAPER, [late], SUN, room.book, room.now)
        )
    assert (await room.mediation()).phase is Phase.UNDER_WAY
    assert (await room.case()).status is Status.MEDIATION


async def test_a_promise_is_asked_on_its_day_and_kept(room: Room) -> None:
    await room.agreed(PLEDGE)
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    five = datetime(2026, 12, 1, 9, tzinfo=NOON.tzinfo)
    assert await room.store.read(lambda tx: tx.promises.due(five, 9)) == [promise.id]
    for expected in (True, False):
        assert (
            await room.do(lambda tx: promises.do_due(tx, promise.id, room.book, five)) is expected
        )
    asked = (await room.said())[-1]
    assert PLEDGE.what in asked
    case = await room.case()
    waiting = await room.store.read(lambda tx: tx.promises.asked_of(case.conversation_id))
    assert [each.id for each in waiting] == [promise.id]
    outcome = await room.do(lambda tx: promises.answer(tx, promise.id, True, room.book, five))
    assert (outcome.escalated, outcome.promise.kept) == (False, True)
    assert await room.store.read(lambda tx: tx.promises.asked_of(case.conversation_id)) == []
    assert await room.case() == case


async def test_a_broken_promise_goes_one_level_up_with_its_history_once(room: Room) -> None:
    await room.agreed(PLEDGE)
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    later = NOON + 10 * DAY
    outcome = await room.do(lambda tx: promises.answer(tx, promise.id, False, room.book, later))
    assert outcome.escalated
    case = await room.case()
    assert (case.owner_id, case.status) == ("he", Status.DISPATCHED)
    moves = await room.store.read(lambda tx: tx.moves.of_case(room.number))
    assert (moves[-1].verb, moves[-1].owner_before) == ("escalate", "zhou")
    assert PLEDGE.what in moves[-1].text
    with pytest.raises(NotAllowed):
        await room.do(lambda tx: promises.answer(tx, promise.id, False, room.book, later))
    await room.do(lambda tx: promises.answer(tx, promise.id, True, room.book, later, officer=HE))
    again = await room.do(
        lambda tx: promises.answer(tx, promise.id, False, room.book, later, officer=HE)
    )
    assert not again.escalated
    assert (await room.kinds()).count(Kind.CASE_ESCALATED) == 1


@pytest.mark.parametrize("by_mediator", [False, True])
async def test_a_promise_broken_after_the_case_was_closed_opens_it_again(
    room: Room, by_mediator: bool
) -> None:
    await room.agreed(PLEDGE)
    given = Given("已达成协议", code="agreed", proof=("f1",))
    await room.do(
        lambda tx: act(tx, room.number, "resolve", ZHOU, room.now, room.book, given=given)
    )
    await room.do(lambda tx: cases.act_as_resident(tx, room.number, "confirm", room.book, NOON))
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    later, by = NOON + 9 * DAY, SUN if by_mediator else None
    outcome = await room.do(
        lambda tx: promises.answer(tx, promise.id, False, room.book, later, officer=by)
    )
    assert outcome.escalated
    case = await room.case()
    assert (case.status, case.owner_id, case.round) == (Status.DISPATCHED, "he", 2)


async def test_at_the_top_it_stays_and_is_told(room: Room) -> None:
    await room.agreed(PLEDGE)
    await room.do(lambda tx: act(tx, room.number, "escalate", ZHOU, room.now, room.book))
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    outcome = await room.do(
        lambda tx: promises.answer(tx, promise.id, False, room.book, room.now, officer=HE)
    )
    assert not outcome.escalated
    await room.do(lambda tx: promises.told(tx, outcome, HE, room.book, room.now))
    assert "去法院起诉" in (await room.said())[-1]


async def test_nobody_answers_so_an_officer_finds_out(room: Room) -> None:
    await room.agreed(PLEDGE)
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    asked = NOON + 20 * DAY
    await room.do(lambda tx: promises.do_due(tx, promise.id, room.book, asked))
    assert await room.store.read(lambda tx: tx.promises.due(asked + 3 * DAY - HOUR, 9)) == []
    for expected in (True, False):
        done = await room.do(lambda tx: promises.do_due(tx, promise.id, room.book, asked + 3 * DAY))
        assert done is expected
    chased = await room.store.read(lambda tx: tx.promises.get(promise.id))
    task = await room.store.read(lambda tx: tx.tasks.get(chased.task_id or ""))
    assert (task.officer_id, task.done_at) == ("zhou", None)
    await room.do(
        lambda tx: promises.answer(tx, promise.id, True, room.book, asked + 4 * DAY, officer=ZHOU)
    )
    ended = await room.store.read(lambda tx: tx.tasks.get(task.id))
    assert (ended.done_by, ended.outcome) == ("zhou", "kept")


async def test_the_resident_leaves_at_any_time(room: Room) -> None:
    await room.under_way()
    left = await room.do(lambda tx: desk.leave(tx, room.number, room.book, room.now))
    assert (left.phase, left.reason) == (Phase.STOPPED, "resident_withdrew")
    assert (await room.case()).status is Status.WORKING
    with pytest.raises(AlreadyAnswered):
        await room.propose()


async def test_no_agreement_leads_back(room: Room) -> None:
    await room.under_way()
    await room.do(
        lambda tx: meetings.end(
            tx, room.number, Phase.NO_AGREEMENT, "too_far_apart", SUN, room.book, room.now
        )
    )
    assert (await room.case()).status is Status.WORKING
    assert "没有谈拢" in (await room.said())[-1]
    with pytest.raises(NotAllowed):
        await room.do(lambda tx: open_one(tx, room.number))


async def test_the_month_is_over_once(room: Room) -> None:
    begun = await room.under_way()
    at = NOON + 30 * DAY
    assert await room.store.read(lambda tx: tx.mediations.due(at, 9)) == [begun.id]
    for expected in (True, False):
        assert await room.do(lambda tx: meetings.do_due(tx, begun.id, room.book, at)) is expected
    over = await room.mediation()
    assert (over.phase, over.reason) == (Phase.NO_AGREEMENT, "time_over")
    assert (await room.case()).status is Status.WORKING


@pytest.mark.parametrize("how", ["withdraw", "clock"])
async def test_a_case_that_is_out_of_mediation_is_not_spoken_of(room: Room, how: str) -> None:
    begun = await room.under_way()
    session = Session(NOON + 2 * DAY, "青禾调解室")
    await room.do(lambda tx: meetings.plan(tx, room.number, session, SUN, room.book, room.now))
    if how == "withdraw":
        await room.do(
            lambda tx: cases.act_as_resident(tx, room.number, "withdraw", room.book, NOON)
        )
    else:
        await room.do(
            lambda tx: move(tx, room.number, "end_mediation", SYSTEM, room.book, room.now)
        )
    told = len(await room.said())
    assert await room.do(lambda tx: meetings.do_due(tx, begun.id, room.book, NOON + DAY))
    over = await room.mediation()
    assert (over.phase, over.reason) == (Phase.STOPPED, "moved_on")
    assert len(await room.said()) == told


async def test_the_court_confirms(room: Room) -> None:
    agreed = await room.agreed(PLEDGE)
    given = Given("已达成协议", code="agreed", proof=("f1",))
    await room.do(
        lambda tx: act(tx, room.number, "resolve", ZHOU, room.now, room.book, given=given)
    )
    await room.do(lambda tx: cases.act_as_resident(tx, room.number, "confirm", room.book, NOON))
    on = date(2026, 11, 25)
    filed = await room.do(
        lambda tx: confirmations.file(
            tx, agreed.id, "青禾区人民法院", on, SUN, room.book, NOON + 3 * DAY
        )
    )
    assert filed.stage is Stage.FILED
    assert (await room.case()).status is Status.CONFIRMATION
    task = await room.store.read(lambda tx: tx.tasks.get(filed.task_id or ""))
    assert task.outcome == "filed"
    ruling = confirmations.Ruling(Stage.CONFIRMED, "(2026)青民特1号", date(2026, 12, 9))
    await room.do(
        lambda tx: confirmations.rule_on(tx, agreed.id, ruling, SUN, room.book, NOON + 18 * DAY)
    )
    assert (await room.case()).status is Status.CONFIRMED
    assert "申请法院强制执行" in (await room.said())[-1]


async def test_the_thirty_days_pass_with_reminders_and_a_lawful_way(room: Room) -> None:
    agreed = await room.agreed()
    done, at = list[str](), NOON
    while at < NOON + 40 * DAY:
        at += HOUR
        for found in await room.store.read(lambda tx, at=at: tx.confirmations.due(at, 9)):  # type: ignore[misc]
            assert await room.do(
                lambda tx, f=found, at=at: confirmations.do_due(tx, f, room.book, at)  # type: ignore[misc]
            )
            assert not await room.do(
                lambda tx, f=found, at=at: confirmations.do_due(tx, f, room.book, at)  # type: ignore[misc]
            )
    kinds = await room.kinds()
    done = [kind for kind in kinds if kind.startswith("judicial_")]
    assert done == [
        "judicial_opened",
        *["judicial_reminded"] * 3,
        "judicial_lapsed",
    ]
    said = await room.said()
    assert sum("确认" in line for line in said) == 2  # offered once, lapsed once
    assert "去法院起诉" in said[-1]
    with pytest.raises(NotAllowed):
        await room.do(
            lambda tx: confirmations.file(
                tx, agreed.id, "青禾区人民法院", date(2026, 12, 25), SUN, room.book, at
            )
        )


async def test_what_was_said_goes_with_the_case(room: Room) -> None:
    agreed = await room.agreed(PLEDGE)
    await room.do(lambda tx: tx.mediations.forget(room.number))
    bare = await room.mediation()
    assert (bare.phase, bare.agreement) == (Phase.AGREED, Agreement("written", PAPER.effective_on))
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    assert (promise.what, promise.due_on) == ("", PLEDGE.due_on)
    due = datetime(2026, 12, 1, 9, tzinfo=NOON.tzinfo)
    told = len(await room.said())
    await room.do(lambda tx: promises.do_due(tx, promise.id, room.book, due))
    assert len(await room.said()) == told
    assert await room.store.read(lambda tx: tx.confirmations.get(agreed.id)) is not None


async def test_load_counts_what_is_not_over(room: Room) -> None:
    await room.propose()
    assert await room.store.read(lambda tx: tx.mediations.load(["sun", "ma"])) == {"sun": 1}
    await room.answers(Answer.NO)
    assert await room.store.read(lambda tx: tx.mediations.load(["sun", "ma"])) == {}


async def test_unknown_ids(store: Store) -> None:
    for read in (
        lambda tx: tx.mediations.get("x"),
        lambda tx: tx.promises.get("x"),
    ):
        with pytest.raises(NotFound):
            await store.read(read)
    assert await store.read(lambda tx: tx.confirmations.get("x")) is None
