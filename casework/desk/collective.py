"""Verbs of group cases: make one, gather what belongs to it, keep its count, tell everybody.

Each household keeps its own case. What an officer does with the leading case reaches the others
through ``casework.desk.joining``; what is said here to all of them is said by the clock, in
batches, once to each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from casework import collective as rules
from casework.case import OPEN, Case
from casework.clusters import Nearby
from casework.collective import Collective, Count, Member, State
from casework.conversation import Conversation
from casework.desk import joining
from casework.desk.conversations import actor_of
from casework.desk.moving import require_coverage
from casework.desk.rulebook import Rulebook
from casework.desk.speaking import speak
from casework.errors import Incomplete, NotAllowed, NotFound, Unfit
from casework.events import Actor, Event, Kind
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Line
from casework.working_calendar import CHINA


class GroupTexts(Protocol):
    """The words a household hears, in its language. ``count`` is None where it is not told."""

    def taken_out(self, case: Case, owner: str, language: str) -> Line: ...

    def household_done(self, case: Case, what: str, count: Count | None, language: str) -> Line: ...

    def posted(self, case: Case, summary: str, count: Count | None, language: str) -> Line: ...


@dataclass(frozen=True, slots=True)
class GroupBook:
    """What a city decides of group cases, beside the rulebook: what may be joined, and the words.
    Counts are told from ``count_from`` households on."""

    nearby: Nearby
    rulebook: Rulebook
    texts: GroupTexts


def make(
    tx: Transaction, number: str, officer: Officer, book: GroupBook, now: datetime
) -> Collective:
    """A leading case becomes a group case. Raises NotAllowed and Unfit."""
    case = _led(tx, number, officer)
    rules.require_leading(case, book.nearby)
    each = tx.collectives.of(number, lock=True)
    if each is None:
        each = Collective(tx.new_id(), number, State.PROPOSED, now)
        tx.collectives.add(each)
    if each.state is State.ACTIVE:
        return each
    made = replace(each, state=State.ACTIVE, made_by=officer.id, made_at=now)
    saved = tx.collectives.save(made)
    note(tx, Kind.GROUP_MADE, case, actor_of(officer), now)
    return saved


def decline(tx: Transaction, number: str, officer: Officer, now: datetime) -> Collective:
    """What was proposed is none; it is not proposed again. Raises NotAllowed and NotFound."""
    case = _led(tx, number, officer)
    each = tx.collectives.of(number, lock=True)
    if each is None:
        raise NotFound
    if each.state is State.ACTIVE:
        raise NotAllowed
    saved = tx.collectives.save(replace(each, state=State.DECLINED))
    note(tx, Kind.GROUP_DECLINED, case, actor_of(officer), now)
    return saved


def add(
    tx: Transaction, number: str, other: str, officer: Officer, book: GroupBook, now: datetime
) -> Case:
    """An officer puts an existing case to the group; its resident is told, and may say no.

    Raises NotAllowed, NotFound, ForbiddenTransition, and Unfit: never a restricted case, one that
    leads a group of its own, or one against somebody else.
    """
    conversation = tx.conversations.get(tx.cases.get(other).conversation_id, lock=True)
    leading = tx.cases.get(number)
    active(tx, number, lock=False)
    _require_maker(tx, leading, officer)
    if conversation.restricted:
        raise Unfit("kind")
    rules.require_fit(leading, tx.cases.get(other), book.nearby)
    return joining.merge(tx, other, number, officer, book.rulebook, now)


def take_out(
    tx: Transaction, number: str, other: str, officer: Officer, book: GroupBook, now: datetime
) -> Case:
    """A case goes on by itself again; its resident is told. Raises NotAllowed, NotFound, Unfit."""
    conversation = tx.conversations.get(tx.cases.get(other).conversation_id, lock=True)
    mine = tx.cases.get(other, lock=True)
    _require_maker(tx, tx.cases.get(number), officer)
    if mine.joined != number:
        raise NotFound
    if mine.status not in OPEN:
        raise Unfit("closed")
    saved = joining.loosen(tx, other, book.rulebook, now, actor=actor_of(officer))
    owner = tx.people.officer(saved.owner_id).name
    line = book.texts.taken_out(saved, owner, conversation.language)
    speak(tx, conversation, saved, line, book.rulebook, now, officer)
    return saved


def household_done(
    tx: Transaction,
    number: str,
    household: str,
    what: str,
    day: date,
    officer: Officer,
    book: GroupBook,
    now: datetime,
) -> Member:
    """One household is done, on a day since it came to us; it is told, with the count.

    Its case stays open until the answer to all. Raises NotAllowed, NotFound, Unfit, Incomplete.
    """
    conversation, case, each = _household(tx, number, household, officer)
    if not what.strip():
        raise Incomplete("what")
    if not case.opened_at.astimezone(CHINA).date() <= day <= now.astimezone(CHINA).date():
        raise Incomplete("day")
    before = tx.collectives.member(household, each.id)
    member = rules.marked(before, case, what, day, officer.id)
    if member == before:
        return member
    tx.collectives.keep(member)
    note(tx, Kind.HOUSEHOLD_DONE, case, actor_of(officer), now, leading=number)
    line = book.texts.household_done(
        case, member.what, told_count(tx, each, book), conversation.language
    )
    speak(tx, conversation, case, line, book.rulebook, now, officer)
    return member


def household_undone(
    tx: Transaction, number: str, household: str, officer: Officer, now: datetime
) -> Member:
    """It was marked by mistake. Raises NotAllowed and NotFound."""
    _, case, each = _household(tx, number, household, officer)
    member = rules.unmarked(tx.collectives.member(household, each.id))
    tx.collectives.keep(member)
    note(tx, Kind.HOUSEHOLD_UNDONE, case, actor_of(officer), now, leading=number)
    return member


def progress(tx: Transaction, case: Case) -> Count | None:
    """已办 x / n of the group this case belongs to; None when it belongs to none."""
    each = tx.collectives.of(case.joined or case.number)
    if each is None or each.state is not State.ACTIVE:
        return None
    return tx.collectives.count(each)


def may_keep(tx: Transaction, officer: Officer, case: Case) -> bool:
    """Whether the officer may keep the count and the task sheet."""
    if officer.role not in rules.KEEPERS:
        return False
    return _covered(tx, case, officer)


def may_post(tx: Transaction, officer: Officer, case: Case) -> bool:
    """Whether the officer may say something to all households at once: whoever has the case, or
    may make such groups. A grid worker who only helps with it does not speak to everybody."""
    if officer.role not in rules.MAKERS and case.owner_id != officer.id:
        return False
    return may_keep(tx, officer, case)


def may_make(tx: Transaction, officer: Officer, case: Case) -> bool:
    """Whether the officer may make it a group case, and say what belongs to it."""
    return officer.role in rules.MAKERS and _covered(tx, case, officer)


def _covered(tx: Transaction, case: Case, officer: Officer) -> bool:
    try:
        require_coverage(tx, case, tx.conversations.get(case.conversation_id), officer)
    except NotAllowed:
        return False
    return True


def _require_maker(tx: Transaction, case: Case, officer: Officer) -> None:
    if not may_make(tx, officer, case):
        raise NotAllowed


def _led(tx: Transaction, number: str, officer: Officer) -> Case:
    case = tx.cases.get(number, lock=True)
    _require_maker(tx, case, officer)
    return case


def active(tx: Transaction, number: str, *, lock: bool = True) -> Collective:
    """The group of a leading case. Raises NotFound when it is none."""
    each = tx.collectives.of(number, lock=lock)
    if each is None or each.state is not State.ACTIVE:
        raise NotFound
    return each


def kept(tx: Transaction, number: str, officer: Officer) -> tuple[Case, Collective]:
    """The leading case and its group, both locked. Raises NotAllowed and NotFound."""
    case = tx.cases.get(number, lock=True)
    if not may_keep(tx, officer, case):
        raise NotAllowed
    return case, active(tx, number)


def _household(
    tx: Transaction, number: str, household: str, officer: Officer
) -> tuple[Conversation, Case, Collective]:
    """Conversation before case before the group."""
    conversation = tx.conversations.get(tx.cases.get(household).conversation_id, lock=True)
    case = tx.cases.get(household, lock=True)
    if number not in (case.number, case.joined):
        raise NotFound
    if not may_keep(tx, officer, tx.cases.get(number)):
        raise NotAllowed
    return conversation, case, active(tx, number)


def told_count(tx: Transaction, each: Collective, book: GroupBook) -> Count | None:
    """The count, where it may be told: behind few households stand known people."""
    count = tx.collectives.count(each)
    return count if count.households >= book.nearby.count_from else None


def note(
    tx: Transaction, kind: Kind, case: Case, actor: Actor, now: datetime, **data: object
) -> None:
    """What happened to one case of the group."""
    tx.events.append(Event(kind, now, actor, case.conversation_id, case.number, dict(data)))
