"""Promises and the court's days on real databases: several clocks, each thing once, none missed."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from casework.case import SlotValue
from casework.desk import cases as desk
from casework.desk import mediation as consent
from casework.desk import mediation_meetings as meetings
from casework.desk import promises
from casework.desk.conversations import receive
from casework.desk.mediation import OtherSide, Proposal
from casework.desk.mediation_meetings import Pledge
from casework.desk.moving import act
from casework.events import Kind
from casework.mediation import Agreement, Answer, Source
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from casework.promises import Party
from casework.turn import Inbound
from casework.working_calendar import CHINA
from config.load import Book
from handoff_console.clock import Clockwork
from handoff_console.mediation_clock import MediationClock
from storage.engine import SqlStore
from tests.clock.street import NOW

DAY = timedelta(days=1)
MEDIATOR = Officer("sun", "sun", "孙和", Role.MEDIATOR, "room")


async def agreed(
    store: SqlStore, book: Book, chat: str, pledges: Sequence[Pledge], now: datetime = NOW
) -> str:
    """A case whose mediation ended with these promises; its number."""

    def work(tx: Transaction) -> str:
        inbound = Inbound("telegram", f"m{chat}", chat, now, text="楼上漏水")
        conversation, turn, _ = receive(tx, inbound)
        tx.turns.mark_handled(turn.id, now)
        slots = {"issue": SlotValue("楼上漏水"), "place": SlotValue("锦绣花园3号楼")}
        opening = desk.Opening("neighbour_dispute", slots, "漏水")
        number = desk.draft(tx, conversation, opening, now).number
        desk.file(tx, number, book, now)
        owner = tx.people.officer(tx.cases.get(number).owner_id)
        if tx.people.unit("room") is None:
            tx.people.add_unit(Unit("room", "mediation", "调解室", "street"))
            tx.people.add_officer(MEDIATOR)
        act(tx, number, "accept", owner, now, book)
        consent.propose(tx, number, Proposal(Source.PROACTIVE, "sun"), owner, book, now)
        consent.answer(tx, number, Answer.YES, now)
        consent.other_side(tx, number, OtherSide(Answer.YES, "visit", now), owner, book, now)
        paper = Agreement("oral", now.astimezone(CHINA).date())
        meetings.agree(tx, number, paper, pledges, owner, book, now)
        return number

    return await store.write(work)


def pledge(day: int) -> Pledge:
    due = NOW.astimezone(CHINA).date() + day * DAY
    return Pledge(Party.RESPONDENT, f"第{day}天前付清", date.fromordinal(due.toordinal()))


async def test_clocks_side_by_side_ask_of_each_promise_once(store: SqlStore, book: Book) -> None:
    pick = Random(7)
    days = [pick.randrange(0, 25) for _ in range(12)]
    numbers = [await agreed(store, book, f"p{at}", [pledge(day)]) for at, day in enumerate(days)]
    clocks = [MediationClock(store, book) for _ in range(3)]
    now = NOW
    while now < NOW + 35 * DAY:
        now += timedelta(hours=pick.randrange(1, 60))
        while any(await asyncio.gather(*(clock.step(now) for clock in clocks))):
            pass
    asked, chased = Counter[str](), Counter[str]()
    for number in numbers:
        for event in await store.read(lambda tx, n=number: tx.events.of_case(n)):  # type: ignore[misc]
            if event.kind is Kind.PROMISE_ASKED:
                asked[number] += 1
            if event.kind is Kind.PROMISE_CHASED:
                chased[number] += 1
    assert asked == Counter(numbers)
    assert chased == Counter(numbers)
    held = [
        promise
        for number in numbers
        for promise in await store.read(lambda tx, n=number: tx.promises.of_case(n))  # type: ignore[misc]
    ]
    assert all(
        p.asked_at is not None and p.asked_at.astimezone(CHINA).date() >= p.due_on for p in held
    )


async def test_one_that_was_answered_is_left_alone(store: SqlStore, book: Book) -> None:
    number = await agreed(store, book, "a", [pledge(3)])
    (promise,) = await store.read(lambda tx: tx.promises.of_case(number))
    await store.write(lambda tx: promises.answer(tx, promise.id, True, book, NOW))
    clock = MediationClock(store, book)
    for day in range(20):
        assert not await clock.step(NOW + day * DAY) or day >= 10  # the court's reminders
    kinds = [event.kind for event in await store.read(lambda tx: tx.events.of_case(number))]
    assert Kind.PROMISE_ASKED not in kinds


async def test_the_whole_clock_does_it(store: SqlStore, book: Book, clock: Clockwork) -> None:
    number = await agreed(store, book, "w", [pledge(0)])
    later = NOW + DAY
    for _ in range(50):
        if not await clock.tick(later):
            break
    kinds = [event.kind for event in await store.read(lambda tx: tx.events.of_case(number))]
    assert kinds.count(Kind.PROMISE_ASKED) == 1
