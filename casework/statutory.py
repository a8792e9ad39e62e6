"""What law gives a length to: from a day to the last day, and when to remind a resident of it.

These are never our promises. Those that are the resident's own (工伤保险条例§17: a year to apply)
are told and reminded of, because telling us is not applying. Rows are data
(``config/statutory.yaml``); what no source has confirmed is shown to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from casework.case import Case
from casework.lengths import Length, Unit, after, corresponding, last_day
from casework.working_calendar import CHINA, WorkingCalendar, midnight_after

_DAY = timedelta(days=1)
_TICK = timedelta.resolution
_BY_DATE = frozenset({Unit.DAY, Unit.MONTH, Unit.YEAR})
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


class Bearer(StrEnum):
    """Whose period it is."""

    RESIDENT = "resident"
    PARTY = "party"
    BOTH = "both"
    EMPLOYER = "employer"
    DEVELOPER = "developer"
    SUPPLIER = "supplier"
    MEDIATOR = "mediator"
    AUTHORITY = "authority"
    COURT = "court"


OWN = frozenset({Bearer.RESIDENT, Bearer.PARTY, Bearer.BOTH})
"""Periods a resident can miss."""


@dataclass(frozen=True, slots=True)
class Row:
    """One period. ``trigger`` says what it is counted from, ``law`` where it stands.

    ``extension`` is what may be added at the most, ``short`` the length of the simple or urgent
    case, ``then`` what follows when it is over; ``ahead`` is counted backwards, ``least`` is a
    lower bound. ``length`` is None where law names none. ``at`` maps a category to its kinds (none
    is all), ``since`` is the slot with the day it is counted from, ``unless`` the slots whose
    values say that it is done, ``to`` where to apply.
    """

    id: str
    name: str
    trigger: str
    bearer: Bearer
    law: str
    verified: bool
    length: Length | None = None
    extension: Length | None = None
    short: Length | None = None
    then: Length | None = None
    ahead: bool = False
    least: bool = False
    at: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: str | None = None
    unless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    to: str = ""

    def concerns(self, case: Case) -> bool:
        """Whether the row belongs to what the case is about."""
        kinds = self.at.get(case.category)
        return kinds is not None and (not kinds or case.kind in kinds)


@dataclass(frozen=True, slots=True)
class Countdown:
    """A period of the resident's own: since when, and the moment it is over.

    ``exact`` is False where only the month is known: then it is counted from its first day, and
    over no later than it says.
    """

    row: Row
    since: date
    exact: bool
    due_at: datetime

    @property
    def last_day(self) -> date:
        """The last day on which something can be done."""
        return last_day(self.due_at)


def due(
    row: Row,
    triggered: date | datetime,
    calendar: WorkingCalendar,
    *,
    extended: bool = False,
    short: bool = False,
) -> datetime:
    """When the period is over that began on this day, or at this moment.

    ``extended`` adds the extension to the end, ``short`` takes the length of the simple or urgent
    case. Raises ValueError where the row has no such length.
    """
    length = row.short if short else row.length
    if length is None or (extended and row.extension is None):
        raise ValueError(f"{row.id} has no such length")
    start = _moment(triggered)
    if row.ahead:
        return start - length.about
    end = after(start, length, calendar, statutory=True)
    if not extended or row.extension is None:
        return end
    if length.unit is row.extension.unit:
        whole = Length(length.count + row.extension.count, length.unit)
        return after(start, whole, calendar, statutory=True)
    return after(end - _TICK, row.extension, calendar, statutory=True)


def safe_end(row: Row, since: date, calendar: WorkingCalendar) -> datetime:
    """``due``, as a resident may be told. Raises ValueError as ``due`` does.

    In a year whose holidays nobody knows a last day is not moved to the next workday: a Sunday may
    be worked then, and too early does no harm.
    """
    end, length = due(row, since, calendar), row.length
    known = not calendar.unknown(end - _TICK, end - _TICK)
    if known or row.ahead or length is None or length.unit not in _BY_DATE:
        return end
    return min(end, midnight_after(corresponding(since, length)))


@dataclass(frozen=True, slots=True)
class Statutes:
    """The table. Residents are reminded ``days`` before the last day of a period, ``at`` a time."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    days: tuple[int, ...] = (60, 30, 7)
    at: time = time(9)

    def of(self, case: Case) -> tuple[Row, ...]:
        """The verified rows that belong to what the case is about."""
        return tuple(row for row in self.rows.values() if row.verified and row.concerns(case))

    def countdowns(self, case: Case, calendar: WorkingCalendar, now: datetime) -> list[Countdown]:
        """The periods of the resident's own that run, as far as the case tells since when."""
        found = [_countdown(row, case, calendar) for row in self.of(case)]
        return [each for each in found if each is not None and each.due_at > now]

    def reminders(
        self, row: Row, triggered: date, calendar: WorkingCalendar
    ) -> tuple[datetime, ...]:
        """When the resident is reminded of a period of their own, earliest first."""
        return self.before(last_day(safe_end(row, triggered, calendar)), triggered)

    def before(self, last: date, since: date) -> tuple[datetime, ...]:
        """The same for a last day that is known; never before the period begins."""
        days = (last - ahead * _DAY for ahead in sorted(self.days, reverse=True))
        return tuple(datetime.combine(day, self.at, CHINA) for day in days if day > since)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said of the rows, each once."""
        said = (text for row in self.rows.values() for text in (row.name, row.to) if text)
        return tuple(dict.fromkeys(said))

    def named(self, names: Mapping[str, str]) -> Statutes:
        """The table with what is said of it in other words, by the Chinese ones."""
        rows = {
            key: replace(row, name=names.get(row.name, row.name), to=names.get(row.to, row.to))
            for key, row in self.rows.items()
        }
        return replace(self, rows=rows)


def _countdown(row: Row, case: Case, calendar: WorkingCalendar) -> Countdown | None:
    """None for what is nobody's or somebody else's, is done, or began nobody knows when."""
    if row.bearer not in OWN or row.since is None or row.length is None:
        return None
    if any(_holds(case, slot, values) for slot, values in row.unless.items()):
        return None
    told = _day(case, row.since)
    if told is None:
        return None
    since, exact = told
    return Countdown(row, since, exact, safe_end(row, since, calendar))


def _holds(case: Case, slot: str, values: frozenset[str]) -> bool:
    held = case.slots.get(slot)
    return held is not None and held.value in values


def _day(case: Case, slot: str) -> tuple[date, bool] | None:
    """The day a slot names, or the first of the month it names; a year alone is too little."""
    held = case.slots.get(slot)
    match = _ISO.fullmatch(str(held.value)) if held is not None else None
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        return date(int(year), int(month), int(day or 1)), day is not None
    except ValueError:
        return None


def _moment(triggered: date | datetime) -> datetime:
    if isinstance(triggered, datetime):
        return triggered
    return datetime.combine(triggered, time(), CHINA)
