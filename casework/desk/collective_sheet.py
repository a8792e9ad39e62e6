"""Verbs of a group's task sheet, and of what all its reporters are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from casework.case import Status
from casework.collective import Collective, Count, Item
from casework.desk.collective import GroupBook, kept, may_post, note, told_count
from casework.desk.conversations import actor_of
from casework.desk.speaking import speak
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import Kind
from casework.masking import masked
from casework.organisation import Officer
from casework.ports import Transaction
from casework.working_calendar import CHINA


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the sheet as an officer writes it: what, by whom (in words, or a unit or officer
    of ours, whose name stands in ``who``), by when, from which money."""

    what: str
    who: str = ""
    unit_id: str | None = None
    officer_id: str | None = None
    due_on: date | None = None
    money: str = ""


def write_line(
    tx: Transaction,
    number: str,
    line: SheetLine,
    officer: Officer,
    now: datetime,
    *,
    item_id: str | None = None,
) -> Item:
    """Add a line, or write one anew. Raises NotAllowed, NotFound, Incomplete."""
    case, each = kept(tx, number, officer)
    if not line.what.strip():
        raise Incomplete("what")
    sheet = tx.collectives.items(each.id)
    known = next((item for item in sheet if item.id == item_id), None)
    if item_id is not None and known is None:
        raise NotFound
    name = _name(tx, line)
    last = max((item.position for item in sheet), default=0)
    item = known or Item(tx.new_id(), each.id, last + 1, "")
    item = replace(
        item,
        what=line.what.strip(),
        who=line.who.strip() or name,
        unit_id=line.unit_id,
        officer_id=line.officer_id,
        due_on=line.due_on,
        money=line.money.strip(),
    )
    tx.collectives.keep_item(item)
    note(tx, Kind.GROUP_SHEET_CHANGED, case, actor_of(officer), now, item=item.id)
    return item


def finish_line(
    tx: Transaction, number: str, item_id: str, day: date | None, officer: Officer, now: datetime
) -> Item:
    """It is done, on a day not still to come; without a day it is not done after all.

    Raises NotAllowed, NotFound, Incomplete.
    """
    case, each = kept(tx, number, officer)
    if day is not None and day > now.astimezone(CHINA).date():
        raise Incomplete("day")
    known = next((i for i in tx.collectives.items(each.id) if i.id == item_id), None)
    if known is None:
        raise NotFound
    item = replace(known, done_on=day, done_by=officer.id if day is not None else None)
    tx.collectives.keep_item(item)
    note(tx, Kind.GROUP_SHEET_CHANGED, case, actor_of(officer), now, item=item.id)
    return item


def drop_line(tx: Transaction, number: str, item_id: str, officer: Officer, now: datetime) -> None:
    """Take a line off the sheet. Raises NotAllowed and NotFound."""
    case, each = kept(tx, number, officer)
    if not tx.collectives.drop_item(each.id, item_id):
        raise NotFound
    note(tx, Kind.GROUP_SHEET_CHANGED, case, actor_of(officer), now, item=item_id)


def _name(tx: Transaction, line: SheetLine) -> str:
    """The name of who is to do it; of both, the officer's. Raises NotFound for an unknown one."""
    unit = tx.people.unit(line.unit_id) if line.unit_id is not None else None
    if line.unit_id is not None and unit is None:
        raise NotFound
    if line.officer_id is not None:
        return tx.people.officer(line.officer_id).name
    return unit.name if unit is not None else ""


def post(tx: Transaction, number: str, text: str, officer: Officer, now: datetime) -> Collective:
    """A summary that all reporters hear, each in their own chat. Numbers of telephones and the
    like are covered: it goes to many. Raises NotAllowed, NotFound, Incomplete."""
    case, each = kept(tx, number, officer)
    if not may_post(tx, officer, case):
        raise NotAllowed
    if not text.strip():
        raise Incomplete("text")
    summary = masked(text.strip())
    if summary == each.summary:  # a second press of the same button: they hear it once
        return each
    posted = replace(
        each,
        summary=summary,
        told=each.told + 1,
        posted_by=officer.id,
        next_at=now,
    )
    saved = tx.collectives.save(posted)
    note(tx, Kind.GROUP_POSTED, case, actor_of(officer), now, round=saved.told)
    return saved


def set_others(
    tx: Transaction, number: str, others: int, done: int, officer: Officer, now: datetime
) -> Collective:
    """How many more households there are that have not come to us, and how many are done.

    Raises NotAllowed, NotFound, Incomplete.
    """
    case, each = kept(tx, number, officer)
    if not 0 <= done <= others:
        raise Incomplete("others_done")
    saved = tx.collectives.save(replace(each, others=others, others_done=done))
    note(tx, Kind.GROUP_SHEET_CHANGED, case, actor_of(officer), now)
    return saved


def tell(
    tx: Transaction, leading: str, numbers: Sequence[str], book: GroupBook, now: datetime
) -> int:
    """Tell these households the last summary; returns how many had not heard it.

    Conversations are locked before the group, all in order. Safe to run again: who was told is not
    told twice. When nobody is left, the clock does not look any more.
    """
    for conversation_id in sorted({tx.cases.get(each).conversation_id for each in numbers}):
        tx.conversations.get(conversation_id, lock=True)
    each = tx.collectives.of(leading, lock=True)
    if each is None or each.next_at is None:
        return 0
    if not tx.collectives.untold(each, 1):
        tx.collectives.save(replace(each, next_at=None))
        return 0
    count = told_count(tx, each, book)
    officer = tx.people.officer(each.posted_by or "")
    return sum([_tell_one(tx, each, n, count, officer, book, now) for n in sorted(numbers)])


def _tell_one(
    tx: Transaction,
    each: Collective,
    number: str,
    count: Count | None,
    officer: Officer,
    book: GroupBook,
    now: datetime,
) -> bool:
    case = tx.cases.get(number)
    member = tx.collectives.member(number, each.id)
    if each.leading not in (case.number, case.joined) or member.told >= each.told:
        return False
    tx.collectives.keep(replace(member, told=each.told))
    if case.anonymised_at is None and case.status is not Status.ARCHIVED:
        conversation = tx.conversations.get(case.conversation_id)
        line = book.texts.posted(case, each.summary, count, conversation.language)
        speak(tx, conversation, case, line, book.rulebook, now, officer)
    return True
