"""What all verbs of mediation share: the locks, who may, the event, the words to the resident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from casework import mediation as rules
from casework.case import CLOSED, Case, Status
from casework.conversation import HolderKind
from casework.desk import speaking
from casework.desk.conversations import actor_of
from casework.desk.mediators import covering
from casework.desk.moving import in_other_hands, move
from casework.desk.rulebook import Rulebook
from casework.errors import NotAllowed
from casework.events import SYSTEM, Actor, Event, Kind
from casework.lifecycle import WORKERS, allowed_verbs
from casework.mediation import Answer, Mediation, Rule
from casework.organisation import Officer, Role
from casework.ports import Transaction
from casework.reach import WORK, reach_of
from casework.turn import Line

Value = str | int | date | datetime
Buttons = Sequence[tuple[str, str]]


class Mediating(Rulebook, Protocol):
    """What mediation needs of a city's configuration."""

    @property
    def mediation(self) -> Rule: ...

    def told(
        self,
        key: str,
        language: str,
        now: datetime,
        params: Mapping[str, Value],
        buttons: Buttons = (),
    ) -> Line:
        """A text by its key, with days and moments in the resident's words; ``buttons`` are
        (title's key, payload)."""
        ...


def live(tx: Transaction, number: str) -> Mediation | None:
    """The case's mediation that is not over, locked."""
    found = tx.mediations.of_case(number, lock=True)
    return next((each for each in found if each.phase in rules.LIVE), None)


def require_handling(
    tx: Transaction, officer: Officer, case: Case, mediation: Mediation | None, now: datetime
) -> None:
    """Raise unless the officer mediates this, or does the case's work.

    The mediator's right is their own and asks for no reach: they are named in this one mediation,
    whoever has the case, and in no other, their room's included; it begins with the resident's yes
    and passes on with the mediation (``choose``, ``mediation_leaving``). Everybody else answers for
    the case as its lifecycle row ``mediate`` says. Raises NotAllowed, InOtherHands.
    """
    if officer.role is not Role.MEDIATOR:
        require_work(tx, officer, case, now)
    elif (
        mediation is None
        or mediation.mediator_id != officer.id
        or mediation.resident is not Answer.YES
    ):
        raise NotAllowed


def require_work(tx: Transaction, officer: Officer, case: Case, now: datetime) -> None:
    """Raise unless the case is the officer's to work on: who gave it up a level, or to a
    department, still covers the place and no longer brings its two sides together. Raises
    NotAllowed; InOtherHands, naming who has it, where nothing else stands against it."""
    if officer.role not in WORKERS or not covering(tx, officer, case):
        raise NotAllowed
    near = reach_of(tx, case, officer, now)
    if near not in WORK:
        allowed = allowed_verbs(case, actor_of(officer), now, near)
        raise in_other_hands(tx, case, "mediate", allowed)


def note(
    tx: Transaction, kind: Kind, about: Mediation, actor: Actor, now: datetime, **data: object
) -> None:
    """An event of this mediation: ids, codes and numbers only. The mediator hears of it too, once
    the resident has said yes: before, it is nothing to them."""
    known = {"officer": about.mediator_id} if about.resident is Answer.YES else {}
    told = {"mediation": about.id, **known, **data}
    tx.events.append(Event(kind, now, actor, about.conversation_id, about.case_number, told))


def speak(
    tx: Transaction,
    case: Case,
    line: Line,
    book: Mediating,
    now: datetime,
    officer: Officer,
) -> int:
    """Tell the resident in an officer's name; returns the line's seq, 0 where there is no chat."""
    conversation = tx.conversations.get(case.conversation_id, lock=True)
    return speaking.speak(tx, conversation, case, line, book, now, officer)


def remind(
    tx: Transaction, case: Case, line: Line, whose: str, book: Mediating, now: datetime
) -> int:
    """Tell the resident of a day that comes: what waited until an officer gives the conversation
    back might be too late. The bot says it; while an officer speaks, it is said in the name of the
    officer whose matter it is (``whose``), as an appointment is. What is no less true afterwards
    goes by ``notifying.tell``, which keeps it. Returns as ``speak``."""
    conversation = tx.conversations.get(case.conversation_id, lock=True)
    held = conversation.holder.kind is HolderKind.OFFICER
    officer = tx.people.officer(whose) if held else None
    return speaking.speak(tx, conversation, case, line, book, now, officer)


def excluded(tx: Transaction, case: Case, rule: Rule) -> str | None:
    """Why this case is not mediated now; what was asked before it was known does not count."""
    danger = tx.alerts.open_of(case.conversation_id) is not None
    return rules.excluded(case, rule, danger=danger)


def require_mediable(tx: Transaction, case: Case, rule: Rule) -> None:
    """Raise Excluded for danger, violence and what is restricted, at every step."""
    why = excluded(tx, case, rule)
    if why is not None:
        raise rules.Excluded(why)


def open_one(tx: Transaction, number: str) -> Mediation:
    """The mediation of an open case that is not over, locked. Raises NotNow."""
    found = live(tx, number)
    if found is None or tx.cases.get(number).status in CLOSED:
        raise rules.NotNow
    return found


def back(tx: Transaction, number: str, book: Mediating, now: datetime) -> Case:
    """The case out of mediation, if it still is in it; the resident hears of it by other words."""
    case = tx.cases.get(number, lock=True)
    if case.status is not Status.MEDIATION:
        return case
    return move(tx, number, "end_mediation", SYSTEM, book, now, silent=True)
