"""A street with calendars, and residents who book in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from casework.booking import Appointment, BookingKind, Calendar
from casework.booking_slots import Slot
from casework.case import SlotValue
from casework.conversation import Conversation
from casework.desk import bookable, receiving
from casework.desk import booking as desk
from casework.desk import cases as case_desk
from casework.desk.booking import Outcome
from casework.desk.conversations import open_conversation
from casework.events import Kind
from casework.ports import Store, Transaction
from casework.turn import Speaker
from casework.working_calendar import CHINA
from config.load import load_book
from tests.storage.people import NOON

MONDAY = date(2026, 11, 23)
NINE = datetime.combine(MONDAY, time(9), CHINA)
HOUR = timedelta(hours=1)
BOOK = load_book()
RULE = BOOK.booking.rule


def given(**changed: object) -> Calendar:
    """Mondays and Tuesdays, nine to eleven."""
    plain = Calendar(
        id="",
        kind=BookingKind.RECEPTION,
        title="领导接访日",
        unit_id="s",
        spans=((540, 660),),
        slot_minutes=60,
        opened_by="",
        opened_at=NOON,
        first_day=MONDAY,
        weekdays=(0, 1),
        host_id="he",
        place="接待室",
        materials=("身份证",),
    )
    return replace(plain, **changed)  # type: ignore[arg-type]


async def opened(store: Store, by: str = "he", **changed: object) -> Calendar:
    def work(tx: Transaction) -> Calendar:
        return receiving.open_calendar(tx, given(**changed), tx.people.officer(by), NOON)

    return await store.write(work)


async def talk(store: Store, chat: str = "42", channel: str = "telegram") -> Conversation:
    return await store.write(lambda tx: open_conversation(tx, channel, chat, "李", NOON))


async def book(
    store: Store, chat: str, at: str, now: datetime = NOON, moving: str | None = None
) -> Outcome:
    """A resident of this chat books the slot of this key."""

    def work(tx: Transaction) -> Outcome:
        found = open_conversation(tx, "telegram", chat, "李", now)
        held = tx.conversations.get(found.id, lock=True)
        return desk.book(tx, held, at, BOOK.booker, now, name="李", moving=moving)

    return await store.write(work)


async def free(store: Store, now: datetime = NOON) -> list[Slot]:
    def work(tx: Transaction) -> list[Slot]:
        return list(bookable.free_slots(tx, tx.booking.calendars(), BOOK.booker, now))

    return await store.read(work)


async def get(store: Store, appointment: Appointment | None) -> Appointment:
    assert appointment is not None
    return await store.read(lambda tx: tx.booking.get(appointment.id))


async def happened(store: Store, kind: Kind) -> int:
    events = await store.read(lambda tx: tx.events.after(0, 1000))
    return sum(event.kind is kind for event in events)


async def filed(store: Store, chat: str, *, restricted: bool = False, joins: str = "") -> str:
    """A case of this chat."""

    def work(tx: Transaction) -> str:
        found = open_conversation(tx, "telegram", chat, "李", NOON)
        slots = {"place": SlotValue("翠湖花园")}
        opening = case_desk.Opening("housing_developer", slots, "办证", restricted=restricted)
        case = case_desk.draft(tx, found, opening, NOON)
        case = case_desk.file(tx, case.number, BOOK, NOON)
        if joins:
            tx.cases.save(replace(case, joined=joins), NOON)
        known = replace(found, has_cases=True, unit_id=case.unit_id)
        tx.conversations.save(known, found.epoch)
        return case.number

    return await store.write(work)


async def booked(store: Store, chat: str, at: str) -> Appointment:
    done = await book(store, chat, at)
    assert done.appointment is not None, done
    return done.appointment


async def said(store: Store, conversation_id: str) -> list[str]:
    turns = await store.read(lambda tx: tx.turns.after(conversation_id, 0))
    return [turn.text for turn in turns if turn.speaker is not Speaker.RESIDENT]
