"""The clock of the product reminds of appointments."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from casework.booking import BookingKind, Calendar
from casework.booking_slots import key
from casework.desk import booking as desk
from casework.desk import receiving
from casework.desk.conversations import open_conversation
from casework.events import Kind
from casework.ports import Transaction
from casework.working_calendar import CHINA
from config.load import Book
from handoff_console.clock import Clockwork
from storage.engine import SqlStore
from tests.clock.street import NOW, STAN

WEDNESDAY = date(2026, 11, 25)
STARTS = datetime.combine(WEDNESDAY, time(10), CHINA)
CALENDAR = Calendar(
    id="",
    kind=BookingKind.RECEPTION,
    title="领导接访日",
    unit_id="street",
    spans=((600, 660),),
    slot_minutes=60,
    opened_by="",
    opened_at=NOW,
    first_day=WEDNESDAY,
    days=(WEDNESDAY,),
    place="接待室",
)


async def test_the_clock_reminds_once_each_and_passes_on(
    store: SqlStore, book: Book, clock: Clockwork
) -> None:
    def work(tx: Transaction) -> None:
        made = receiving.open_calendar(tx, replace(CALENDAR), STAN, NOW)
        talk = open_conversation(tx, "webchat", "1", "", NOW)
        assert desk.book(tx, talk, key(made.id, STARTS), book.booker, NOW).appointment

    await store.write(work)
    for hours in (25, 24, 3, 2, 1, -2):
        while await clock.tick(STARTS - timedelta(hours=hours)):
            pass
    events = await store.read(lambda tx: tx.events.after(0, 1000))
    kinds = [event.kind for event in events if event.kind.startswith("appointment")]
    assert kinds == [
        Kind.APPOINTMENT_BOOKED,
        Kind.APPOINTMENT_REMINDED,
        Kind.APPOINTMENT_REMINDED,
        Kind.APPOINTMENT_PASSED,
    ]
