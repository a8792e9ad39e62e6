"""Progress at night: held for who sleeps, said at once to who has just written."""

from datetime import UTC, datetime, timedelta

from casework.case import SlotValue
from casework.desk import cases as desk
from casework.desk.conversations import receive
from casework.desk.moving import act
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Store, Transaction
from casework.turn import Inbound
from config.load import Book

NIGHT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)  # ten at night in China
MORNING = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # half past seven
MINUTE = timedelta(minutes=1)


async def _told(store: Store, book: Book, wrote: datetime) -> datetime | None:
    """A resident wrote at ``wrote``, an officer signs at night; when it is sent."""

    def work(tx: Transaction) -> datetime | None:
        tx.people.add_unit(Unit("lake", "grid", "翠湖网格"))
        tx.people.add_officer(Officer("ann", "ann", "安妮", Role.GRID, "lake"))
        tx.places.save([Place("翠湖花园", "lake")])
        talk, turn, _ = receive(tx, Inbound("telegram", "u1", "7", wrote, "电梯坏了"))
        tx.turns.mark_handled(turn.id, wrote)
        slots = {"place": SlotValue("翠湖花园"), "issue": SlotValue("电梯坏了")}
        opening = desk.Opening("property_management", slots, "电梯坏了")
        number = desk.draft(tx, talk, opening, wrote).number
        desk.file(tx, number, book, wrote)
        act(tx, number, "accept", tx.people.officer("ann"), NIGHT, book)
        return tx.outbox.next_due("telegram")

    return await store.write(work)


async def test_who_sleeps_is_told_in_the_morning(store: Store, book: Book) -> None:
    assert await _told(store, book, NIGHT - 31 * MINUTE) == MORNING


async def test_who_has_just_written_is_told_at_once(store: Store, book: Book) -> None:
    assert await _told(store, book, NIGHT - 30 * MINUTE) == NIGHT
