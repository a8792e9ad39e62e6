"""What a whistle needs said: on the case's timeline, on departments' pages, in officers' chats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework import duty
from casework.events import Actor, Event, Kind
from casework.organisation import Officer, Role
from casework.outbox import OutgoingMessage
from casework.ports import Transaction
from casework.privacy import Record
from casework.whistle import Outcome, Rules, Whistle
from casework.working_calendar import CHINA

CALLED, REMINDED, NO_SHOW = "called", "reminded", "no_show"
"""The forms of what officers are told in their own chats."""


class Words(Protocol):
    """What is said about whistles."""

    def outcome(self, outcome: Outcome, result: str, language: str) -> str:
        """How it ended, for the resident."""
        ...

    def joined(self, departments: Sequence[str], language: str) -> str:
        """Names in a row, for the resident."""
        ...

    def for_officers(self, form: str, whistle: Whistle, departments: Sequence[str]) -> str:
        """What officers read in their own chats."""
        ...


@dataclass(frozen=True, slots=True)
class Practice:
    """How a city calls departments: its rules, what hides a resident, and the words."""

    rules: Rules
    record: Record
    words: Words


def over(tx: Transaction, whistle: Whistle, actor: Actor, now: datetime) -> Whistle:
    """Save an ended one and let the departments know."""
    saved = tx.whistles.save(whistle)
    for each in saved.calls:
        tell_department(tx, saved, each.unit_id, "over", now, actor)
    return saved


def note(
    tx: Transaction, kind: Kind, whistle: Whistle, now: datetime, actor: Actor, **data: object
) -> None:
    """An event of the case."""
    facts = {"whistle": whistle.id, "whistle_number": whistle.number, **data}
    tx.events.append(Event(kind, now, actor, whistle.conversation_id, whistle.case_number, facts))


def tell_department(
    tx: Transaction, whistle: Whistle, unit_id: str, what: str, now: datetime, actor: Actor
) -> None:
    """Wake a department's pages: an event of the department's own, with nothing of the case."""
    data = {"whistle": whistle.id, "whistle_number": whistle.number, "unit": unit_id, "what": what}
    tx.events.append(Event(Kind.WHISTLE_TOLD, now, actor, data=data))


def message(tx: Transaction, officers: Sequence[Officer], text: str, now: datetime) -> None:
    """The same words into each officer's own chats."""
    for officer in officers:
        for channel, chat in tx.alerts.chats_of(officer.id):
            tx.outbox.add(OutgoingMessage(0, channel, chat, text, created_at=now, due_at=now))


def people_of(tx: Transaction, unit_id: str, now: datetime) -> list[Officer]:
    """A department's officers who work today."""
    today = now.astimezone(CHINA).date()
    staff = tx.people.staff([unit_id])
    return [each for each in staff if each.role is Role.DEPARTMENT and each.serves(today)]


def names_of(tx: Transaction, whistle: Whistle) -> dict[str, str]:
    """What the called departments are called, in the order of the notice."""
    known = {unit.id: unit.name for unit in tx.people.units([c.unit_id for c in whistle.calls])}
    return {each.unit_id: known.get(each.unit_id, "") for each in whistle.calls}


def acts_for(tx: Transaction, officer: Officer, unit_id: str) -> bool:
    """Whether the officer is of the department, of an office below it, or above it."""
    if officer.role is not Role.DEPARTMENT or officer.unit_id is None:
        return False
    if duty.covers(tx, officer, unit_id):
        return True
    return any(unit.id == unit_id for unit in tx.people.chain(officer.unit_id))
