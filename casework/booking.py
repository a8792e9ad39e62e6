"""Calendars of slots and the appointments residents book in them: one engine for all kinds.

Leaders receive residents on announced days (领导接访, 下访; domain S2-9, S2-11), some by name
(点名接访, S2-10); a legal adviser (S2-6) or a mediator (S0-19, S1-8) can be booked; an office works
through one issue of many households at a joint desk (集中办公, S0-15). What is asked about any of
them is the same: when, where, for how many, and what to bring.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from casework.errors import Incomplete, NotAllowed
from casework.receptions import Reception

_DAY_MINUTES = 24 * 60
_WEEK = 7


class BookingKind(StrEnum):
    """What is booked."""

    RECEPTION = "reception"
    ADVISER = "adviser"
    MEDIATOR = "mediator"
    JOINT_DESK = "joint_desk"


class Mode(StrEnum):
    """Where people meet: at the calendar's place, at a distance, or at the resident's home."""

    PLACE = "place"
    REMOTE = "remote"
    HOME = "home"


class Standing(StrEnum):
    """Where an appointment stands. ``passed``: it is over and nobody has said who came."""

    BOOKED = "booked"
    PASSED = "passed"
    ATTENDED = "attended"
    ABSENT = "absent"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"


TAKES_A_PLACE = frozenset({Standing.BOOKED, Standing.PASSED, Standing.ATTENDED, Standing.ABSENT})
"""Which appointments count against a capacity."""


@dataclass(frozen=True, slots=True)
class BookingRule:
    """What a city may set: when residents are reminded before the time, how many times are offered
    at once, how far ahead and how short before one may book, how long a name is kept after it,
    and to how many a joint desk is announced in one go."""

    reminders: tuple[timedelta, ...]
    offered: int
    horizon: timedelta
    ahead: timedelta
    keep_names: timedelta
    announced: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Times at which somebody can be met.

    ``spans`` are minutes of the day (China), cut into slots of ``slot_minutes``; ``weekdays`` count
    from 0, Monday. ``days`` are open whatever day they are, ``closed_days`` never. ``capacity`` is
    of each slot, ``day_cap`` of a day. Without a host it is the unit's. ``named``: residents may
    ask for the host by name. ``categories`` limit whom it is for, ``case_number`` is the leading
    case of a joint desk. ``serial`` counts what was ever booked; ``next_at`` is when those a joint
    desk is for are to be looked for again.
    """

    id: str
    kind: BookingKind
    title: str
    unit_id: str
    spans: tuple[tuple[int, int], ...]
    slot_minutes: int
    opened_by: str
    opened_at: datetime
    first_day: date
    capacity: int = 1
    day_cap: int | None = None
    last_day: date | None = None
    weekdays: tuple[int, ...] = ()
    days: tuple[date, ...] = ()
    closed_days: tuple[date, ...] = ()
    host_id: str | None = None
    named: bool = False
    place: str = ""
    mode: Mode = Mode.PLACE
    materials: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    case_number: str | None = None
    closed_at: datetime | None = None
    serial: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A resident's place in a slot. ``name`` is what they are called at the door, empty where they
    gave none; ``serial`` is the number they name there. ``next_at`` is when something is due about
    it. One conversation is one resident."""

    id: str
    calendar_id: str
    kind: BookingKind
    conversation_id: str
    starts_at: datetime
    ends_at: datetime
    serial: int
    booked_at: datetime
    standing: Standing = Standing.BOOKED
    case_number: str | None = None
    name: str = ""
    people: int = 1
    moves: int = 0
    settled_at: datetime | None = None
    settled_by: str | None = None
    next_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether the resident is still expected."""
        return self.standing is Standing.BOOKED and now < self.ends_at


class Due(StrEnum):
    """What is due about an appointment."""

    REMIND = "remind"
    CLOSE = "close"
    APOLOGISE = "apologise"
    FORGET = "forget"


def checked(calendar: Calendar) -> Calendar:
    """The calendar, if it can be booked. Raises Incomplete naming the field that is wrong."""
    wrong = {
        "title": not calendar.title.strip(),
        "weekdays": not all(0 <= day < _WEEK for day in calendar.weekdays),
        "days": not (calendar.weekdays or calendar.days),
        "slot_minutes": not 5 <= calendar.slot_minutes <= _DAY_MINUTES,
        "spans": not _spans_fit(calendar),
        "capacity": calendar.capacity < 1,
        "day_cap": calendar.day_cap is not None and calendar.day_cap < 1,
        "last_day": calendar.last_day is not None and calendar.last_day < calendar.first_day,
        "place": calendar.mode is Mode.PLACE and not calendar.place.strip(),
        "host_id": calendar.named and calendar.host_id is None,
        "case_number": calendar.kind is BookingKind.JOINT_DESK and calendar.case_number is None,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise Incomplete(field)
    return calendar


def _spans_fit(calendar: Calendar) -> bool:
    """At least one, in order, none over another, each long enough for a slot."""
    end = 0
    for start, stop in calendar.spans:
        if start < end or stop > _DAY_MINUTES or stop - start < calendar.slot_minutes:
            return False
        end = stop
    return bool(calendar.spans)


def next_moment(appointment: Appointment, after: datetime, rule: BookingRule) -> datetime | None:
    """When something is due about it next, later than ``after``."""
    moments: list[datetime] = []
    if appointment.standing is Standing.BOOKED:
        moments = [appointment.starts_at - ahead for ahead in rule.reminders]
        moments.append(appointment.ends_at)
    elif appointment.name:
        moments = [appointment.ends_at + rule.keep_names]
    return min((moment for moment in moments if moment > after), default=None)


def due(appointment: Appointment, now: datetime, rule: BookingRule) -> Due | None:
    """What is to be done about it now; a reminder that comes too late is left out."""
    if appointment.next_at is None or appointment.next_at > now:
        return None
    if appointment.standing is Standing.BOOKED:
        return Due.REMIND if now < appointment.ends_at else Due.CLOSE
    told = appointment.standing is not Standing.CALLED_OFF
    forget = now >= appointment.ends_at + rule.keep_names
    return Due.FORGET if told or forget else Due.APOLOGISE


def scheduled(appointment: Appointment, now: datetime, rule: BookingRule) -> Appointment:
    """The appointment with the next moment on which something is due about it."""
    return replace(appointment, next_at=next_moment(appointment, now, rule))


def settled(
    appointment: Appointment, standing: Standing, by: str | None, now: datetime, rule: BookingRule
) -> Appointment:
    """Cancelled, attended or not. Raises NotAllowed for what is settled otherwise.

    Who came can be said again while the day is being worked through; what was cancelled stays so.
    """
    gone = appointment.standing in {Standing.CANCELLED, Standing.CALLED_OFF}
    if gone or (standing is Standing.CANCELLED and appointment.standing is not Standing.BOOKED):
        raise NotAllowed("the appointment is settled already")
    changed = replace(appointment, standing=standing, settled_at=now, settled_by=by)
    return scheduled(changed, now, rule)


def called_off(appointment: Appointment, by: str | None, now: datetime) -> Appointment:
    """Nobody can receive them: they are told at once. Raises NotAllowed for what is settled."""
    if appointment.standing is not Standing.BOOKED:
        raise NotAllowed("the appointment is settled already")
    off = Standing.CALLED_OFF
    return replace(appointment, standing=off, settled_at=now, settled_by=by, next_at=now)


class Booking(Protocol):
    """Calendars, appointments and receptions."""

    def add_calendar(self, calendar: Calendar) -> None: ...

    def calendar(self, calendar_id: str, *, lock: bool = False) -> Calendar:
        """Raises NotFound. Whoever books locks it first: places are counted under the lock."""
        ...

    def save_calendar(self, calendar: Calendar) -> None: ...

    def calendars(
        self,
        *,
        kind: str | None = None,
        case_number: str | None = None,
        host_id: str | None = None,
        unit_ids: Collection[str] | None = None,
    ) -> list[Calendar]:
        """Those not closed, oldest first; of one kind, case or host, of these units."""
        ...

    def add(self, appointment: Appointment) -> None: ...

    def get(self, appointment_id: str, *, lock: bool = False) -> Appointment:
        """Raises NotFound."""
        ...

    def save(self, appointment: Appointment) -> None: ...

    def taken(
        self, calendar_ids: Collection[str], first: datetime, last: datetime
    ) -> Mapping[tuple[str, datetime], int]:
        """How many places are taken, by calendar and start, from ``first`` up to ``last``."""
        ...

    def between(
        self, calendar_ids: Collection[str], first: datetime, last: datetime
    ) -> list[Appointment]:
        """Appointments that start in this time, by start and number."""
        ...

    def of_conversation(self, conversation_id: str) -> list[Appointment]:
        """All of one resident's, by start."""
        ...

    def due(self, now: datetime, limit: int) -> list[Appointment]:
        """Those about which something is due, most overdue first."""
        ...

    def due_calendars(self, now: datetime, limit: int) -> list[Calendar]:
        """Joint desks whose reporters are to be looked for again."""
        ...

    def invited(self, calendar_id: str) -> frozenset[str]:
        """The numbers of the cases whose residents were told of a joint desk."""
        ...

    def invite(self, calendar_id: str, numbers: Sequence[str], at: datetime) -> None: ...

    def add_reception(self, reception: Reception) -> None: ...

    def reception_of(self, appointment_id: str) -> Reception | None:
        """The record made of an appointment."""
        ...

    def forget(self, conversation_id: str) -> int:
        """Take the resident's name off their appointments, and the words off records that belong
        to no case; returns how many appointments had a name."""
        ...

    def forget_case(self, number: str) -> None:
        """Take the name off a case's appointments, and the words off its records."""
        ...
