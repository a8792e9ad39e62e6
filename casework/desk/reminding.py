"""Verbs of the residents' own countdowns: count, say, end.

What law gives a resident to act runs on whatever we do (工伤保险条例§17). They are told once after
filing and reminded before the last day; an officer who talks with them is not interrupted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from casework.case import Case, Source, Status
from casework.conversation import Conversation, bot_may_speak
from casework.desk.conversations import say
from casework.events import RESIDENT, SYSTEM, Actor, Event, Kind
from casework.ports import Transaction
from casework.reminders import MOOT, OVER, Reminder, begun, ended, moved, rested, spoken
from casework.statutory import Statutes
from casework.turn import Line
from casework.working_calendar import WorkingCalendar

_BY_RESIDENT = frozenset({Source.RESIDENT, Source.LINK})


class Countdowns(Protocol):
    """The statutory table, the calendar it is counted on, and the words for it."""

    @property
    def calendar(self) -> WorkingCalendar: ...

    @property
    def statutes(self) -> Statutes: ...

    def countdown(self, reminder: Reminder, now: datetime, language: str) -> Line:
        """What the resident is told of it now."""
        ...

    def silent_until(self, case: Case, now: datetime) -> datetime | None: ...


def count(tx: Transaction, case: Case, rules: Countdowns, now: datetime) -> None:
    """Keep the countdowns a filed case tells of; one whose first day was corrected is told anew."""
    if case.status is Status.DRAFT or case.source not in _BY_RESIDENT:
        return
    found = rules.statutes.countdowns(case, rules.calendar, now)
    known = {each.rule: each for each in tx.reminders.of_case(case.number)} if found else {}
    for each in found:
        old = known.get(each.row.id)
        if old is None:
            tx.reminders.add(begun(tx.new_id(), case.number, case.conversation_id, each, now))
        elif (new := moved(old, each, now)) != old:
            tx.reminders.save(new)


def remind(tx: Transaction, reminder_id: str, rules: Countdowns, now: datetime) -> bool:
    """Say what is due of a countdown; False when nothing is (any more). Raises NotFound."""
    found = tx.reminders.get(reminder_id)
    conversation = tx.conversations.get(found.conversation_id, lock=True)
    reminder = tx.reminders.get(reminder_id, lock=True)
    if reminder.next_at is None or reminder.next_at > now:
        return False
    case = tx.cases.get(reminder.case_number)
    why = _moot(case, reminder, rules, now)
    if why is not None:
        _end(tx, reminder, why, SYSTEM, now)
    elif not bot_may_speak(conversation):
        tx.reminders.save(rested(reminder, now))
    else:
        _say(tx, conversation, case, reminder, rules, now)
    return True


def end(tx: Transaction, reminder_id: str, why: str, now: datetime) -> None:
    """The resident has applied, or wants no reminder. Raises NotFound."""
    _end(tx, tx.reminders.get(reminder_id, lock=True), why, RESIDENT, now)


def _say(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    reminder: Reminder,
    rules: Countdowns,
    now: datetime,
) -> None:
    line = rules.countdown(reminder, now, conversation.language)
    hold = rules.silent_until(case, now)
    told, _ = say(tx, conversation, [line], now, hold_until=hold)
    tx.conversations.save(told, conversation.epoch)
    tx.reminders.save(spoken(reminder, rules.statutes, now))
    data = {"last_day": reminder.last_day.isoformat(), "days": reminder.days_left(now)}
    _note(tx, Kind.COUNTDOWN_TOLD, reminder, SYSTEM, now, **data)


def _moot(case: Case, reminder: Reminder, rules: Countdowns, now: datetime) -> str | None:
    """Why nothing is to be said any more, if so."""
    if reminder.due_at <= now:
        return OVER
    if case.anonymised_at is not None or case.status is Status.WITHDRAWN:
        return MOOT
    running = rules.statutes.countdowns(case, rules.calendar, now)
    return None if any(each.row.id == reminder.rule for each in running) else MOOT


def _end(tx: Transaction, reminder: Reminder, why: str, actor: Actor, now: datetime) -> None:
    if reminder.ended is None:
        tx.reminders.save(ended(reminder, why))
        _note(tx, Kind.COUNTDOWN_ENDED, reminder, actor, now, why=why)


def _note(
    tx: Transaction, kind: Kind, reminder: Reminder, actor: Actor, now: datetime, **data: object
) -> None:
    data = {"rule": reminder.rule, **data}
    event = Event(kind, now, actor, reminder.conversation_id, reminder.case_number, data)
    tx.events.append(event)
