"""Appointments in a story: a ``calendar`` is opened, so many ``others`` book in it, ``remind`` is
the clock, ``called_off`` a day the host cannot come.

At the end: what is ``booked`` (kind, day and time in China, standing), in order of time, and what
they are ``called`` at the door.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from casework.booking import BookingKind, Calendar, Mode
from casework.booking_slots import key_of
from casework.desk import bookable, booking, booking_due, receiving
from casework.desk.conversations import open_conversation
from casework.ports import Transaction
from casework.turn import Line, Speaker
from casework.working_calendar import CHINA
from tests.dialogue.office import CHANNEL, CHAT, Office

TURN_KEYS = {"calendar", "others", "remind", "called_off"}
KEYS = {"booked", "linked_to", "called"}


def happens(office: Office, turn: dict[str, Any]) -> bool:
    """Let it happen; False when the turn is none of these."""
    if "calendar" in turn:
        opened(office, turn["calendar"])
    elif "others" in turn:
        others(office, turn["others"])
    elif "remind" in turn:
        reminded(office, timedelta(**turn["remind"]))
    elif "called_off" in turn:
        called_off(office, turn["called_off"])
    else:
        return False
    return True


def opened(office: Office, told: dict[str, Any]) -> Calendar:
    """A calendar of Wednesdays from nine to eleven, unless told otherwise."""
    start, end = told.get("hours", "09:00-11:00").split("-")
    given = Calendar(
        id="",
        kind=BookingKind(told.get("kind", "reception")),
        title=told.get("title", "街道领导接访日"),
        unit_id=told.get("unit", "street"),
        spans=((_minutes(start), _minutes(end)),),
        slot_minutes=told.get("minutes", 60),
        opened_by="owner",
        opened_at=office.now,
        first_day=office.now.date(),
        capacity=told.get("capacity", 1),
        day_cap=told.get("day_cap"),
        weekdays=tuple(told.get("weekdays", () if "days" in told else (2,))),
        days=tuple(date.fromisoformat(str(day)) for day in told.get("days", ())),
        host_id=told.get("host", "owner"),
        named=told.get("named", False),
        place=told.get("place", "街道办事处一楼接待室"),
        mode=Mode(told.get("mode", "place")),
        materials=tuple(told.get("bring", ("身份证",))),
        categories=tuple(told.get("categories", ())),
        case_number=told.get("case"),
    )

    def work(tx: Transaction) -> Calendar:
        for number, unit in enumerate(told.get("units", ())):
            known = replace(given, id=f"c{number}", unit_id=unit, host_id=None)
            tx.booking.add_calendar(known)
        if "units" in told:
            return known
        owner = tx.people.officer(told.get("by", "owner"))
        return receiving.open_calendar(tx, given, owner, office.now)

    made: Calendar = office.write(work)
    return made


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def others(office: Office, count: int) -> None:
    """So many other residents book the next free times there are."""

    def work(tx: Transaction) -> None:
        booker = office.book.booker
        for number in range(count):
            other = open_conversation(tx, CHANNEL, f"other-{office.turns}-{number}", "", office.now)
            free = bookable.free_slots(tx, tx.booking.calendars(), booker, office.now)
            first = min(free, key=lambda slot: slot.starts_at)
            done = booking.book(tx, other, key_of(first), booker, office.now)
            assert done.appointment is not None, done

    office.write(work)


def reminded(office: Office, length: timedelta) -> None:
    """Time passes; the clock does what is due, and the last line is what the resident was told."""
    office.now += length
    before = office.conversation.last_seq

    def work(tx: Transaction) -> None:
        book, now = office.book, office.now
        for each in tx.booking.due(now, 100):
            booking_due.do_due(tx, each.id, book.appointments, book.booker, now)
        for calendar in tx.booking.due_calendars(now, 100):
            booking_due.announce(tx, calendar.id, book.appointments, book.booker, now)

    office.write(work)
    said = office.read(lambda tx: tx.turns.after(office.conversation.id, before))
    spoken = [turn for turn in said if turn.speaker is not Speaker.RESIDENT]
    buttons = tuple(button for turn in spoken for button in turn.buttons)
    text = "\n".join(turn.text for turn in spoken)
    office.line = Line(text, buttons) if spoken else None


def called_off(office: Office, day: Any) -> None:
    """The host cannot come on this day."""

    def work(tx: Transaction) -> None:
        owner = tx.people.officer("owner")
        for calendar in tx.booking.calendars():
            wanted = date.fromisoformat(str(day))
            receiving.close_day(tx, calendar.id, wanted, owner, office.now)

    office.write(work)


def check(story: dict[str, Any], office: Office) -> None:
    """What the resident has booked, and for which case."""
    if not KEYS & set(story):
        return
    chat = office.read(lambda tx: tx.conversations.of_chat(CHANNEL, CHAT))
    found = office.read(lambda tx: tx.booking.of_conversation(chat.id))
    told = [[each.kind.value, _said(each.starts_at), each.standing.value] for each in found]
    if "booked" in story:
        assert told == story["booked"], told
    if "called" in story:
        assert [each.name for each in found] == story["called"]
    if "linked_to" in story:
        assert [each.case_number for each in found] == story["linked_to"]


def _said(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%m-%d %H:%M}"
