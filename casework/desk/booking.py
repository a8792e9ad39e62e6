"""Verbs of those who book: find, book, move, cancel, link.

Whoever books locks the conversation first and then the calendar, by id where there are two: under
that lock the places are counted, so that the last one has one winner. A refusal is an answer
(``Outcome.why``), never an exception: the resident is offered the next time in the same breath.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from casework import booking as rules
from casework.booking import (
    Appointment,
    BookingKind,
    BookingRule,
    Calendar,
    Standing,
)
from casework.booking_slots import Slot, day_of, has_room, read_key, slot_at
from casework.conversation import Conversation
from casework.desk.bookable import Booker, may_book, open_cases, standing
from casework.errors import NotFound
from casework.events import RESIDENT, SYSTEM, Actor, Event, Kind
from casework.ports import Transaction
from casework.working_calendar import CHINA

NAME_LENGTH = 40
FULL, GONE, TWICE = "full", "gone", "twice"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish to book. Without an appointment ``why`` is FULL, GONE (there is no such
    time, or it is too near) or TWICE (``appointment`` is the one there is)."""

    appointment: Appointment | None
    why: str = ""


def book(
    tx: Transaction,
    conversation: Conversation,
    key: str,
    booker: Booker,
    now: datetime,
    *,
    name: str = "",
    moving: str | None = None,
    actor: Actor = RESIDENT,
) -> Outcome:
    """Take the slot of this key; with ``moving``, give up the appointment of that id for it.

    The caller holds the conversation's lock. ``actor`` is whose wish it is.
    """
    wanted = read_key(key)
    old = _own(tx, conversation, moving, now) if moving else None
    calendar = _locked(tx, wanted[0] if wanted else "", old)
    if old is not None:  # read again: the other side may have called it off meanwhile
        held = tx.booking.get(old.id, lock=True)
        old = held if held.stands(now) else None
    if wanted is None or calendar is None or not may_book(tx, conversation, calendar):
        return Outcome(None, GONE)
    slot = slot_at(calendar, wanted[1], booker.working)
    if slot is None or slot.starts_at < now + booker.rule.ahead:
        return Outcome(None, GONE)
    there = _settle_passed(tx, conversation.id, calendar.kind, booker.rule, now)
    if there is not None and (old is None or there.id != old.id):
        return Outcome(there, "" if _same(there, slot) else TWICE)
    if old is not None and _same(old, slot):
        return Outcome(old)
    if not _has_room(tx, calendar, slot, old):
        return Outcome(None, FULL)
    if old is not None:
        return Outcome(_moved(tx, old, calendar, slot, booker.rule, now, actor))
    return Outcome(_taken(tx, conversation, calendar, slot, name, booker.rule, now))


def cancel(
    tx: Transaction,
    conversation: Conversation,
    appointment_id: str,
    rule: BookingRule,
    now: datetime,
) -> Appointment | None:
    """The resident does not come. None when there is no such appointment any more."""
    found = _own(tx, conversation, appointment_id, now)
    if found is None:
        return None
    tx.booking.calendar(found.calendar_id, lock=True)
    found = tx.booking.get(found.id, lock=True)
    if not found.stands(now):
        return None
    changed = rules.settled(found, Standing.CANCELLED, None, now, rule)
    tx.booking.save(changed)
    note(tx, Kind.APPOINTMENT_CANCELLED, changed, RESIDENT, now)
    return changed


def give_up(
    tx: Transaction, conversation_id: str, kept: Collection[str], now: datetime
) -> list[Appointment]:
    """The resident wants nothing kept: nobody is reminded or expected, but for what is about one
    of the ``kept`` cases. The caller holds the conversation's lock."""
    left = []
    for each in standing(tx, conversation_id, now):
        if each.case_number in kept:
            continue
        tx.booking.calendar(each.calendar_id, lock=True)
        held = tx.booking.get(each.id, lock=True)
        if held.stands(now):
            gone = replace(held, standing=Standing.CANCELLED, settled_at=now, name="", next_at=None)
            tx.booking.save(gone)
            note(tx, Kind.APPOINTMENT_CANCELLED, gone, RESIDENT, now)
            left.append(gone)
    return left


def link(tx: Transaction, number: str, now: datetime) -> int:
    """A matter was told: what its resident has booked without one is about it."""
    case = tx.cases.get(number)
    if case.restricted:
        return 0
    waiting = [e for e in standing(tx, case.conversation_id, now) if e.case_number is None]
    for each in waiting:
        linked = replace(tx.booking.get(each.id, lock=True), case_number=number)
        tx.booking.save(linked)
        note(tx, Kind.APPOINTMENT_LINKED, linked, SYSTEM, now)
    return len(waiting)


def note(
    tx: Transaction,
    kind: Kind,
    appointment: Appointment,
    actor: Actor,
    now: datetime,
    **data: object,
) -> None:
    """An event about an appointment: ids and times, never a name."""
    known = {
        "appointment": appointment.id,
        "calendar": appointment.calendar_id,
        "booking_kind": appointment.kind.value,
        "starts_at": appointment.starts_at.isoformat(),
        **data,
    }
    case = appointment.case_number
    tx.events.append(Event(kind, now, actor, appointment.conversation_id, case, known))


def _own(
    tx: Transaction, conversation: Conversation, appointment_id: str | None, now: datetime
) -> Appointment | None:
    found = standing(tx, conversation.id, now)
    return next((each for each in found if each.id == appointment_id), None)


def _locked(tx: Transaction, calendar_id: str, old: Appointment | None) -> Calendar | None:
    """The calendar, locked together with the one that is left."""
    wanted = None
    for each in sorted({calendar_id, *((old.calendar_id,) if old else ())}):
        try:
            found = tx.booking.calendar(each, lock=True)
        except NotFound:
            continue
        wanted = found if each == calendar_id else wanted
    return wanted


def _settle_passed(
    tx: Transaction, conversation_id: str, kind: BookingKind, rule: BookingRule, now: datetime
) -> Appointment | None:
    """The appointment of this kind that stands; one that is over stands in nobody's way."""
    for each in tx.booking.of_conversation(conversation_id):
        if each.kind is kind and each.standing is Standing.BOOKED:
            if each.stands(now):
                return each
            held = tx.booking.get(each.id, lock=True)
            if held.standing is not Standing.BOOKED:
                continue  # the host has just said who came
            passed = replace(held, standing=Standing.PASSED)
            tx.booking.save(rules.scheduled(passed, now, rule))
            note(tx, Kind.APPOINTMENT_PASSED, passed, SYSTEM, now)
    return None


def _same(appointment: Appointment, slot: Slot) -> bool:
    here = appointment.calendar_id == slot.calendar_id
    return here and appointment.starts_at == slot.starts_at


def _has_room(tx: Transaction, calendar: Calendar, slot: Slot, old: Appointment | None) -> bool:
    first, last = day_of(slot.starts_at.astimezone(CHINA).date())
    leaves = old is not None and old.calendar_id == calendar.id and first <= old.starts_at < last
    taken = tx.booking.taken([calendar.id], first, last)
    return has_room(calendar, slot, taken, released=int(leaves))


def _taken(
    tx: Transaction,
    conversation: Conversation,
    calendar: Calendar,
    slot: Slot,
    name: str,
    rule: BookingRule,
    now: datetime,
) -> Appointment:
    calendar = replace(calendar, serial=calendar.serial + 1)
    tx.booking.save_calendar(calendar)
    made = Appointment(
        id=tx.new_id(),
        calendar_id=calendar.id,
        kind=calendar.kind,
        conversation_id=conversation.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        serial=calendar.serial,
        booked_at=now,
        case_number=_about(tx, conversation, calendar),
        name=name[:NAME_LENGTH],
    )
    made = rules.scheduled(made, now, rule)
    tx.booking.add(made)
    note(tx, Kind.APPOINTMENT_BOOKED, made, RESIDENT, now)
    return made


def _about(tx: Transaction, conversation: Conversation, calendar: Calendar) -> str | None:
    """The case it is about: of the joint desk's matter, else the newest open one that fits."""
    cases = open_cases(tx, conversation)
    if calendar.case_number is not None:
        cases = [c for c in cases if calendar.case_number in {c.number, c.joined}]
    elif calendar.categories:
        cases = [c for c in cases if c.category in calendar.categories]
    return cases[0].number if cases else None


def _moved(
    tx: Transaction,
    old: Appointment,
    calendar: Calendar,
    slot: Slot,
    rule: BookingRule,
    now: datetime,
    actor: Actor,
) -> Appointment:
    serial = old.serial
    if old.calendar_id != calendar.id:
        calendar = replace(calendar, serial=calendar.serial + 1)
        tx.booking.save_calendar(calendar)
        serial = calendar.serial
    moved = replace(
        old,
        calendar_id=calendar.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        serial=serial,
        moves=old.moves + 1,
    )
    moved = rules.scheduled(moved, now, rule)
    tx.booking.save(moved)
    note(tx, Kind.APPOINTMENT_MOVED, moved, actor, now, before=old.starts_at.isoformat())
    return moved
