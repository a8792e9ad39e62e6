"""What a resident may book: their appointments, the calendars that are for them, free slots."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge

from casework.booking import Appointment, BookingKind, BookingRule, Calendar
from casework.booking_slots import Slot, by_time, day_of, free
from casework.case import OPEN, Case
from casework.conversation import Conversation
from casework.ports import Transaction
from casework.quiet import Quiet
from casework.working_calendar import CHINA, WorkingCalendar


@dataclass(frozen=True, slots=True)
class Booker:
    """What a city lets be booked: its rule, the days it works, the hours nobody is woken in."""

    rule: BookingRule
    working: WorkingCalendar
    quiet: Quiet


def standing(
    tx: Transaction, conversation_id: str, now: datetime, kind: BookingKind | None = None
) -> list[Appointment]:
    """The appointments at which the resident is still expected, next first."""
    return [
        each
        for each in tx.booking.of_conversation(conversation_id)
        if each.stands(now) and kind in {None, each.kind}
    ]


def calendars_for(
    tx: Transaction, conversation: Conversation, kind: BookingKind, unit_id: str | None = None
) -> list[Calendar]:
    """The calendars of a kind this resident may book in: of their area, for their matter.

    ``unit_id`` is where they said they live, as far as the conversation does not know it.
    """
    cases = open_cases(tx, conversation)
    if kind is BookingKind.JOINT_DESK:
        leading = {case.joined or case.number for case in cases}
        found = [c for each in sorted(leading) for c in tx.booking.calendars(case_number=each)]
        return [each for each in found if each.kind is kind]
    above = _above(tx, conversation.unit_id or unit_id)
    found = tx.booking.calendars(kind=kind.value, unit_ids=above)
    return [each for each in found if _is_for(each, above, cases)]


def may_book(tx: Transaction, conversation: Conversation, calendar: Calendar) -> bool:
    """Whether this calendar is for this resident."""
    above = None if calendar.case_number else _above(tx, conversation.unit_id)
    open_to_all = calendar.closed_at is None
    return open_to_all and _is_for(calendar, above, open_cases(tx, conversation))


def _above(tx: Transaction, unit_id: str | None) -> frozenset[str] | None:
    """The unit and those above it; None where nobody knows it."""
    chain = tx.people.chain(unit_id) if unit_id else []
    return frozenset(unit.id for unit in chain) or None


def _is_for(calendar: Calendar, above: frozenset[str] | None, cases: Sequence[Case]) -> bool:
    if calendar.case_number is not None:
        return any(calendar.case_number in {case.number, case.joined} for case in cases)
    if above is not None and calendar.unit_id not in above:
        return False
    told = {case.category for case in cases}
    return not calendar.categories or not told or bool(told & set(calendar.categories))


def open_cases(tx: Transaction, conversation: Conversation) -> list[Case]:
    """Newest first; what is restricted is never tied to a time somebody else can see."""
    if not conversation.has_cases:
        return []
    found = tx.cases.of_conversation(conversation.id)
    return [case for case in reversed(found) if case.status in OPEN and not case.restricted]


def free_slots(
    tx: Transaction,
    calendars: Sequence[Calendar],
    booker: Booker,
    now: datetime,
    days: Collection[date] = (),
) -> Iterator[Slot]:
    """What can be booked in these calendars now (on these ``days``), in order of time.

    Read no further than needed: a city has hundreds of calendars.
    """
    if not calendars:
        return iter(())
    first, _ = day_of(now.astimezone(CHINA).date())
    last = first + timedelta(days=booker.rule.horizon.days + 1)
    taken = dict[str, dict[tuple[str, datetime], int]]()
    for where, count in tx.booking.taken([each.id for each in calendars], first, last).items():
        taken.setdefault(where[0], {})[where] = count
    found = (
        free(each, taken.get(each.id, {}), booker.working, now, booker.rule, days)
        for each in calendars
    )
    return merge(*found, key=by_time)


def is_free(tx: Transaction, calendar: Calendar, slot: Slot, booker: Booker, now: datetime) -> bool:
    """Whether this slot can still be booked."""
    day = slot.starts_at.astimezone(CHINA).date()
    return slot in free_slots(tx, [calendar], booker, now, (day,))
