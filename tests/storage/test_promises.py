"""After the agreement, on every store: promises on their day, and what is kept of them."""

import asyncio
from dataclasses import replace
from datetime import date, datetime

import pytest

from casework.case import Status
from casework.confirmations import Stage
from casework.desk import cases, privacy, promises
from casework.desk import mediation_meetings as meetings
from casework.desk.moving import act
from casework.desk.privacy import Erasure
from casework.effects import Given
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import Kind
from casework.mediation import (
    Agreement,
    Answer,
    Phase,
)
from casework.ports import Store, Transaction
from casework.promises import Party
from casework.turn import Media
from config.load import Book
from tests.storage.mediating import DAY, HE, HOUR, PAPER, PLEDGE, SUN, ZHOU, Room
from tests.storage.people import NOON


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


async def test_what_is_pressed_twice_is_promised_once(room: Room) -> None:
    agreed = await room.agreed(PLEDGE)
    pledge = (Party.RESPONDENT, " 付清两千 ", date(2026, 12, 5))
    await room.do(lambda tx: promises.add(tx, agreed.id, pledge, SUN, NOON))
    with pytest.raises(NotAllowed):
        await room.do(lambda tx: promises.add(tx, agreed.id, pledge, SUN, NOON))
    assert len(await room.store.read(lambda tx: tx.promises.of_case(room.number))) == 2


@pytest.mark.parametrize("on", [date(1, 1, 1), date(2026, 11, 21)])
async def test_nobody_settles_what_nobody_has_complained_of(room: Room, on: date) -> None:
    await room.under_way()
    early = replace(PAPER, effective_on=on)
    with pytest.raises(Incomplete):
        await room.do(
            lambda tx: meetings.agree(tx, room.number, early, [], SUN, room.book, room.now)
        )


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
    given = await room.signed()
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


async def test_what_comes_back_for_the_second_time_goes_up_once(room: Room) -> None:
    await room.agreed(PLEDGE)
    given = await room.signed()
    for answered in range(2):
        await room.do(
            lambda tx: act(tx, room.number, "resolve", ZHOU, room.now, room.book, given=given)
        )
        if not answered:
            await room.do(
                lambda tx: cases.act_as_resident(
                    tx, room.number, "reopen", room.book, NOON, reason="没做到"
                )
            )
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    outcome = await room.do(lambda tx: promises.answer(tx, promise.id, False, room.book, NOON))
    assert outcome.escalated
    case = await room.case()
    assert (case.owner_id, case.status, case.round) == ("he", Status.REWORK, 3)


async def test_a_broken_promise_does_not_wait_for_what_the_resident_was_asked(room: Room) -> None:
    await room.agreed(PLEDGE)
    asked = Given("请拍一张照片")
    await room.do(
        lambda tx: act(tx, room.number, "request_info", ZHOU, NOON, room.book, given=asked)
    )
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    outcome = await room.do(lambda tx: promises.answer(tx, promise.id, False, room.book, NOON))
    assert outcome.escalated
    assert (await room.case()).owner_id == "he"


async def test_at_the_top_it_stays_and_is_told(room: Room) -> None:
    await room.agreed(PLEDGE)
    await room.do(lambda tx: act(tx, room.number, "escalate", ZHOU, room.now, room.book))
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    outcome = await room.do(
        lambda tx: promises.answer(tx, promise.id, False, room.book, room.now, officer=HE)
    )
    assert not outcome.escalated
    assert outcome.promise.escalated_at is None  # nothing says that it went up
    await room.do(lambda tx: promises.told(tx, outcome, HE, room.book, room.now))
    assert "去法院起诉" in (await room.said())[-1]


async def test_two_who_find_it_broken_at_once_escalate_once(room: Room) -> None:
    await room.agreed(PLEDGE)
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    told = await asyncio.gather(
        *(
            room.do(lambda tx: promises.answer(tx, promise.id, False, room.book, room.now))
            for _ in range(4)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, NotAllowed) for each in told) == 3
    assert (await room.kinds()).count(Kind.CASE_ESCALATED) == 1


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


async def test_while_the_case_is_open_its_papers_stay(room: Room, book: Book) -> None:
    await room.under_way()
    kept = Media("f" * 32, "file", "协议.pdf", "application/pdf", 10)
    other = Media("e" * 32, "photo", "狗.jpg", "image/jpeg", 10)
    paper = replace(PAPER, file_id=kept.id)

    def work(tx: Transaction) -> None:
        case = tx.cases.get(room.number)
        for media in (kept, other):
            tx.files.add(media, case.conversation_id, room.now)
        meetings.agree(tx, room.number, paper, [], SUN, room.book, room.now)
        conversation = tx.conversations.get(case.conversation_id, lock=True)
        wish = Erasure(None, book.privacy.record, book.categories)
        erased = privacy.erase(tx, conversation, wish, room.now)
        tx.conversations.save(erased, conversation.epoch)

    await room.do(work)
    doomed = await room.store.read(lambda tx: tx.erasing.doomed_files(9))
    assert doomed == [other.id]


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
