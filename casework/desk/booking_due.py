"""What the clock does about appointments and joint desks, one due thing in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from casework import booking as rules
from casework.booking import Appointment, Calendar, Due, Standing
from casework.booking_slots import is_over, key
from casework.case import OPEN, Case
from casework.conversation import Conversation, bot_may_speak
from casework.desk.bookable import Booker, free_slots
from casework.desk.booking import book, note
from casework.desk.conversations import actor_of, say
from casework.desk.receiving import may_keep
from casework.errors import Incomplete, NotAllowed
from casework.events import SYSTEM, Event, Kind
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Line
from casework.working_calendar import CHINA

LOOK_AGAIN = timedelta(hours=1)
"""How often a joint desk looks for residents who have joined the matter since."""


class BookingTexts(Protocol):
    """The words residents are told about appointments, in one language. ``host`` is a name, or
    empty."""

    def reminder(
        self, appointment: Appointment, calendar: Calendar, host: str, now: datetime
    ) -> Line: ...

    def called_off(
        self, appointment: Appointment, calendar: Calendar, host: str, now: datetime
    ) -> Line: ...

    def moved(
        self, appointment: Appointment, calendar: Calendar, host: str, now: datetime
    ) -> Line: ...

    def invitation(self, number: str, calendar: Calendar) -> Line: ...


Texts = Callable[[str], BookingTexts]
"""The words in a conversation's language."""


def do_due(
    tx: Transaction, appointment_id: str, texts: Texts, booker: Booker, now: datetime
) -> bool:
    """What the clock has to do about an appointment; False when another clock did it."""
    conversation_id = tx.booking.get(appointment_id).conversation_id
    conversation = tx.conversations.get(conversation_id, lock=True)
    found = tx.booking.get(appointment_id, lock=True)
    due = rules.due(found, now, booker.rule)
    if due is None:
        return False
    if due is Due.REMIND and now < found.starts_at:
        _remind(tx, conversation, found, texts, booker, now)
        note(tx, Kind.APPOINTMENT_REMINDED, found, SYSTEM, now)
    if due is Due.APOLOGISE:
        _apologise(tx, conversation, found, texts, booker, now)
    if due is Due.CLOSE:
        found = replace(found, standing=Standing.PASSED)
        note(tx, Kind.APPOINTMENT_PASSED, found, SYSTEM, now)
    if due is Due.FORGET:
        found = replace(found, name="")
    tx.booking.save(rules.scheduled(found, now, booker.rule))
    return True


def announce(
    tx: Transaction, calendar_id: str, texts: Texts, booker: Booker, now: datetime
) -> bool:
    """Tell some of those a joint desk is for, each in their own chat, while they can book a time of
    it; False when it was not to be looked at.

    Conversations are locked before the calendar, in order, as everywhere.
    """
    calendar = tx.booking.calendar(calendar_id)
    open_now = next(free_slots(tx, [calendar], booker, now), None) is not None
    cases = _reporters(tx, calendar)[: booker.rule.announced] if open_now else []
    for conversation_id in sorted({case.conversation_id for case in cases}):
        tx.conversations.get(conversation_id, lock=True)
    calendar = tx.booking.calendar(calendar_id, lock=True)
    if calendar.next_at is None or calendar.next_at > now:
        return False
    told = tx.booking.invited(calendar_id)
    cases = [case for case in cases if case.number not in told]
    for case in cases:
        conversation = tx.conversations.get(case.conversation_id)
        line = texts(conversation.language).invitation(case.number, calendar)
        _say(tx, conversation, line, calendar.opened_by, booker.quiet.until(now), now)
        data = {"calendar": calendar.id, "kind": calendar.kind.value}
        event = Event(Kind.JOINT_DESK_TOLD, now, SYSTEM, conversation.id, case.number, data)
        tx.events.append(event)
    tx.booking.invite(calendar_id, [case.number for case in cases], now)
    again = now if len(cases) == booker.rule.announced else now + LOOK_AGAIN
    ended = is_over(calendar, now.astimezone(CHINA).date())
    tx.booking.save_calendar(replace(calendar, next_at=None if ended else again))
    return True


def _reporters(tx: Transaction, calendar: Calendar) -> list[Case]:
    """The open cases of a joint desk's matter whose residents have not been told, by number."""
    if calendar.case_number is None or calendar.closed_at is not None:
        return []
    told = tx.booking.invited(calendar.id)
    leading = tx.cases.get(calendar.case_number)
    found = [leading, *tx.cases.joined_to(leading.number)]
    return [each for each in found if each.status in OPEN and each.number not in told]


def put_off(
    tx: Transaction,
    appointment_id: str,
    starts_at: datetime,
    officer: Officer,
    texts: Texts,
    booker: Booker,
    now: datetime,
) -> Appointment:
    """The host agrees on another time of the same calendar; the resident is told at once.

    Raises NotAllowed for another's calendar, Incomplete where the time is not free.
    """
    conversation_id = tx.booking.get(appointment_id).conversation_id
    conversation = tx.conversations.get(conversation_id, lock=True)
    before = tx.booking.get(appointment_id)
    calendar, host = _with_host(tx, before)
    if not may_keep(tx, calendar, officer):
        raise NotAllowed
    wanted, actor = key(calendar.id, starts_at), actor_of(officer)
    done = book(
        tx, conversation, wanted, booker, now, moving=appointment_id, actor=actor
    ).appointment
    if done is None or done.id != appointment_id:
        raise Incomplete("starts_at")
    if done.moves == before.moves:
        return done  # it stands at that time already: asked twice, told once
    held = _held(done, booker, now)
    line = texts(conversation.language).moved(done, calendar, host, held or now)
    _say(tx, conversation, line, officer.id, held, now)
    return done


def _remind(
    tx: Transaction,
    conversation: Conversation,
    appointment: Appointment,
    texts: Texts,
    booker: Booker,
    now: datetime,
) -> None:
    calendar, host = _with_host(tx, appointment)
    held = _held(appointment, booker, now)
    line = texts(conversation.language).reminder(appointment, calendar, host, held or now)
    _say(tx, conversation, line, calendar.host_id or calendar.opened_by, held, now)


def _apologise(
    tx: Transaction,
    conversation: Conversation,
    appointment: Appointment,
    texts: Texts,
    booker: Booker,
    now: datetime,
) -> None:
    calendar, host = _with_host(tx, appointment)
    held = _held(appointment, booker, now)
    line = texts(conversation.language).called_off(appointment, calendar, host, held or now)
    _say(tx, conversation, line, appointment.settled_by or calendar.opened_by, held, now)


def _with_host(tx: Transaction, appointment: Appointment) -> tuple[Calendar, str]:
    calendar = tx.booking.calendar(appointment.calendar_id)
    return calendar, tx.people.officer(calendar.host_id).name if calendar.host_id else ""


def _held(appointment: Appointment, booker: Booker, now: datetime) -> datetime | None:
    """Until when it is not sent, and read as of then: no 明天 in the morning of that day. What
    would come too late is sent now."""
    until = booker.quiet.until(now)
    return until if until is not None and until < appointment.starts_at else None


def _say(
    tx: Transaction,
    conversation: Conversation,
    line: Line,
    officer_id: str,
    until: datetime | None,
    now: datetime,
) -> None:
    """The bot says it; where it has no word, because people talk, it is said in the name of the
    officer whose time it is."""
    officer = None if bot_may_speak(conversation) else tx.people.officer(officer_id)
    spoken, _ = say(tx, conversation, [line], now, officer=officer, hold_until=until)
    tx.conversations.save(spoken, conversation.epoch)
