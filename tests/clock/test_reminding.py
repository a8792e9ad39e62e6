"""The residents' own countdowns, told by the clock on real databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from casework.case import Case, SlotValue
from casework.desk import cases as desk
from casework.desk import privacy, reminding
from casework.desk.conversations import receive
from casework.events import Kind
from casework.ports import Transaction
from casework.reminders import DONE, MOOT, OVER, UNWANTED, Reminder
from casework.turn import Inbound, Turn
from casework.working_calendar import CHINA
from config.load import Book
from handoff_console.clock import Clockwork
from handoff_console.reminding import ReminderClock
from storage.engine import SqlStore
from tests.clock.street import NOW, STAN, Street

DAY = timedelta(days=1)
SLOTS = {
    "place": SlotValue("锦绣花园3号楼"),
    "phone": SlotValue("13800001111"),
    "kind": SlotValue("injury"),
    "happened_since": SlotValue("2026-03-05"),
}


async def hurt(store: SqlStore, book: Book, chat: str = "9", **slots: str) -> Case:
    """A work injury, filed."""
    given = {**SLOTS, **{name: SlotValue(value) for name, value in slots.items()}}

    def work(tx: Transaction) -> Case:
        inbound = Inbound("telegram", f"h{chat}", chat, NOW, text="手指断了")
        conversation, turn, _ = receive(tx, inbound)
        tx.turns.mark_handled(turn.id, NOW)
        case = desk.draft(tx, conversation, desk.Opening("labour_other", given, title="工伤"), NOW)
        filed = replace(conversation, has_cases=True, unit_id=case.unit_id)
        tx.conversations.save(filed, conversation.epoch)
        return desk.file(tx, case.number, book, NOW)

    return await store.write(work)


async def said(store: SqlStore, case: Case) -> list[Turn]:
    """What the bot has told the resident."""
    turns = await store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
    return [turn for turn in turns if turn.speaker.value == "bot"]


async def one(store: SqlStore, case: Case) -> Reminder:
    """The case's only countdown."""
    (found,) = await store.read(lambda tx: tx.reminders.of_case(case.number))
    return found


async def test_a_countdown_is_told_after_filing_and_thrice_before_it_is_over(
    store: SqlStore, book: Book
) -> None:
    case = await hurt(store, book)
    clock = ReminderClock(store, book)
    days = []
    for day in range(110):
        at = NOW + day * DAY
        while await clock.step(at):
            days.append(at.astimezone(CHINA).date().isoformat())
    assert days == ["2026-11-22", "2027-01-04", "2027-02-03", "2027-02-26"]
    first, *later = await said(store, case)
    assert "2027年3月5日" in first.text
    assert "登记不等于申请" in first.text
    for left, turn in zip((60, 30, 7), later, strict=True):
        assert f"还有{left}天" in turn.text
    assert (await one(store, case)).ended == OVER
    events = await store.read(lambda tx: tx.events.of_case(case.number))
    told = [event.data for event in events if event.kind is Kind.COUNTDOWN_TOLD]
    assert [data["days"] for data in told] == [103, 60, 30, 7]
    assert {data["rule"] for data in told} == {"injury_person"}


async def test_the_whole_clock_tells_it(store: SqlStore, street: Street, clock: Clockwork) -> None:
    case = await hurt(store, street.book)
    assert await clock.tick(NOW)
    assert len(await said(store, case)) == 1
    assert not await clock.tick(NOW)


async def test_several_clocks_say_it_once(
    store: SqlStore, other_store: SqlStore, book: Book
) -> None:
    case = await hurt(store, book)
    reminder = await one(store, case)

    def remind(tx: Transaction) -> bool:
        return reminding.remind(tx, reminder.id, book, NOW)

    assert [await each.write(remind) for each in (store, other_store)] == [True, False]
    assert len(await said(store, case)) == 1


async def test_an_officer_who_talks_is_not_interrupted(
    store: SqlStore, street: Street, book: Book
) -> None:
    case = await hurt(store, book)
    await street.take(case, NOW)
    clock = ReminderClock(store, book)
    assert await clock.step(NOW)
    assert await said(store, case) == []
    assert not await clock.step(NOW + timedelta(minutes=59))


async def test_at_night_it_waits_for_the_morning(store: SqlStore, book: Book) -> None:
    await hurt(store, book)
    night = datetime(2026, 11, 22, 23, tzinfo=CHINA)
    assert await ReminderClock(store, book).step(night)
    until = night + timedelta(minutes=1)
    assert await store.write(lambda tx: tx.outbox.lease_due("telegram", night, until, 9)) == []
    morning, until = night + timedelta(hours=9), until + timedelta(hours=9)
    (sent,) = await store.write(lambda tx: tx.outbox.lease_due("telegram", morning, until, 9))
    assert "登记不等于申请" in sent.text


async def test_it_ends_when_the_resident_says_so(store: SqlStore, book: Book) -> None:
    case = await hurt(store, book)
    reminder = await one(store, case)
    await store.write(lambda tx: reminding.end(tx, reminder.id, DONE, NOW))
    await store.write(lambda tx: reminding.end(tx, reminder.id, UNWANTED, NOW))
    assert not await ReminderClock(store, book).step(NOW + 100 * DAY)
    assert (await one(store, case)).ended == DONE
    events = await store.read(lambda tx: tx.events.of_case(case.number))
    ends = [event.data["why"] for event in events if event.kind is Kind.COUNTDOWN_ENDED]
    assert ends == [DONE]


async def test_a_case_taken_back_is_reminded_of_no_more(store: SqlStore, book: Book) -> None:
    case = await hurt(store, book)
    await store.write(
        lambda tx: desk.act_as_resident(tx, case.number, "withdraw", book, NOW, reason="算了")
    )
    assert await ReminderClock(store, book).step(NOW)
    assert await said(store, case) == []
    assert (await one(store, case)).ended == MOOT


async def test_a_closed_case_still_runs_out(store: SqlStore, street: Street, book: Book) -> None:
    case = await hurt(store, book)
    clock = ReminderClock(store, book)
    await clock.step(NOW)
    await street.resolved(case, NOW, STAN)
    at = datetime(2027, 1, 4, 9, tzinfo=CHINA)
    assert await clock.step(at)
    assert "还有60天" in (await said(store, case))[-1].text


async def test_deleting_forgets_it(store: SqlStore, book: Book) -> None:
    case = await hurt(store, book)

    def work(tx: Transaction) -> None:
        conversation = tx.conversations.get(case.conversation_id, lock=True)
        wish = privacy.Erasure(None, book.privacy.record, book.categories, withdraw=True)
        fresh = privacy.erase(tx, conversation, wish, NOW)
        tx.conversations.save(fresh, conversation.epoch)

    await store.write(work)
    assert await store.read(lambda tx: tx.reminders.of_case(case.number)) == []


async def test_a_corrected_day_is_told_anew(store: SqlStore, book: Book) -> None:
    case = await hurt(store, book)
    clock = ReminderClock(store, book)
    await clock.step(NOW)
    later = NOW + DAY

    def correct(tx: Transaction) -> None:
        change = desk.Change({"happened_since": SlotValue("2026-05-06")})
        amended = desk.amend(tx, case.number, change, later)
        reminding.count(tx, amended, book, later)
        reminding.count(tx, amended, book, later)

    await store.write(correct)
    assert await clock.step(later)
    assert not await clock.step(later)
    assert "2027年5月6日" in (await said(store, case))[-1].text


async def test_what_the_case_does_not_tell_is_not_counted(store: SqlStore, book: Book) -> None:
    case = await hurt(store, book, injury_filed="单位已报")
    assert await store.read(lambda tx: tx.reminders.of_case(case.number)) == []
    assert not await ReminderClock(store, book).step(NOW)
