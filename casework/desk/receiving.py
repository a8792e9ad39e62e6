"""Verbs of those who receive: open and close calendars, say who came, write what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from casework import booking as rules
from casework import receptions, tasks
from casework.booking import Appointment, BookingKind, BookingRule, Calendar, Standing
from casework.booking_slots import day_of
from casework.desk.booking import note
from casework.desk.conversations import actor_of
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import SYSTEM, Actor, Event, Kind
from casework.masking import masked
from casework.organisation import Officer, Role
from casework.ports import Transaction
from casework.receptions import Reception
from casework.tasks import Task
from casework.working_calendar import CHINA

MAY_OPEN = frozenset(
    {
        Role.GRID,
        Role.COMMUNITY,
        Role.STREET,
        Role.DEPARTMENT,
        Role.MEDIATOR,
        Role.ADVISER,
        Role.ADMIN,
    }
)
"""Who may open calendars, for the units they cover."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the host writes after receiving somebody. ``appointment_id`` is None for a walk-in."""

    category: str
    people: int
    decision: str
    appointment_id: str | None = None
    calendar_id: str | None = None
    case_number: str | None = None
    due_at: datetime | None = None


def may_keep(tx: Transaction, calendar: Calendar, officer: Officer) -> bool:
    """Whether the calendar is this officer's: as its host, or as one who covers its unit."""
    if officer.id == calendar.host_id:
        return True
    return officer.role in MAY_OPEN and _covers(tx, officer, calendar.unit_id)


def kept_among(tx: Transaction, calendars: Iterable[Calendar], officer: Officer) -> frozenset[str]:
    """The ids of those that are this officer's, as ``may_keep`` says of one; units are read once,
    and one lies below another where its path begins with the other's."""
    each_of = list(calendars)
    units = tx.people.units({each.unit_id for each in each_of} | {officer.unit_id or ""})
    paths = {unit.id: unit.path for unit in units}
    area = paths.get(officer.unit_id or "")
    opens, everywhere = officer.role in MAY_OPEN, officer.role is Role.ADMIN

    def covers(unit_id: str) -> bool:
        return everywhere or (area is not None and paths.get(unit_id, "").startswith(area))

    return frozenset(
        each.id
        for each in each_of
        if officer.id == each.host_id or (opens and covers(each.unit_id))
    )


def _covers(tx: Transaction, officer: Officer, unit_id: str) -> bool:
    if officer.role is Role.ADMIN:
        return True
    return any(unit.id == officer.unit_id for unit in tx.people.chain(unit_id))


def open_calendar(tx: Transaction, given: Calendar, officer: Officer, now: datetime) -> Calendar:
    """Open it. Raises NotAllowed, Incomplete for a field that is wrong, NotFound for a case."""
    calendar = replace(given, id=tx.new_id(), opened_by=officer.id, opened_at=now, serial=0)
    calendar = rules.checked(calendar)
    if tx.people.unit(calendar.unit_id) is None:
        raise Incomplete("unit_id")
    if officer.role not in MAY_OPEN or not _covers(tx, officer, calendar.unit_id):
        raise NotAllowed
    if calendar.host_id is not None:
        hosts = tx.people.officers([calendar.host_id])
        if not hosts or not hosts[0].active:
            raise Incomplete("host_id")
    calendar = _tied(tx, calendar, officer, now)
    for known in tx.booking.calendars(kind=calendar.kind.value, unit_ids=[calendar.unit_id]):
        if replace(
            calendar, id=known.id, opened_at=known.opened_at, serial=known.serial
        ) == replace(known, next_at=calendar.next_at):
            return known  # asked twice
    tx.booking.add_calendar(calendar)
    _note(tx, Kind.CALENDAR_OPENED, calendar, actor_of(officer), now)
    return calendar


def _tied(tx: Transaction, calendar: Calendar, officer: Officer, now: datetime) -> Calendar:
    """A joint desk with its leading case. What is restricted is not called together."""
    if calendar.kind is not BookingKind.JOINT_DESK or calendar.case_number is None:
        return replace(calendar, case_number=None, next_at=None)
    case = tx.cases.get(calendar.case_number)
    leading = tx.cases.get(case.joined) if case.joined else case
    covers = _covers(tx, officer, leading.unit_id)
    if leading.restricted or not (covers or leading.owner_id == officer.id):
        raise NotFound
    return replace(calendar, case_number=leading.number, next_at=now)


def close_calendar(tx: Transaction, calendar_id: str, officer: Officer, now: datetime) -> int:
    """Nothing can be booked any more; those who have are told. Returns how many there were."""
    calendar = _kept(tx, calendar_id, officer)
    if calendar.closed_at is not None:
        return 0
    return _closed(tx, calendar, actor_of(officer), now)


def host_left(tx: Transaction, officer_id: str, now: datetime) -> None:
    """Who receives has left. Whom residents asked for by name nobody can be instead of: those who
    have booked are told. Other times go on as the unit's own."""
    for each in tx.booking.calendars(host_id=officer_id):
        calendar = tx.booking.calendar(each.id, lock=True)
        if calendar.named:
            _closed(tx, calendar, SYSTEM, now)
        else:
            tx.booking.save_calendar(replace(calendar, host_id=None))


def _closed(tx: Transaction, calendar: Calendar, actor: Actor, now: datetime) -> int:
    tx.booking.save_calendar(replace(calendar, closed_at=now, next_at=None))
    _note(tx, Kind.CALENDAR_CLOSED, calendar, actor, now)
    return _call_off(tx, calendar, (now, datetime.max.replace(tzinfo=CHINA)), actor, now)


def close_day(tx: Transaction, calendar_id: str, day: date, officer: Officer, now: datetime) -> int:
    """The host cannot come on that day; those who have booked are told."""
    calendar = _kept(tx, calendar_id, officer)
    if day in calendar.closed_days:
        return 0
    closed = tuple(sorted({*calendar.closed_days, day}))
    tx.booking.save_calendar(replace(calendar, closed_days=closed))
    actor = actor_of(officer)
    _note(tx, Kind.CALENDAR_DAY_CLOSED, calendar, actor, now, day=day.isoformat())
    first, last = day_of(day)
    return _call_off(tx, calendar, (max(first, now), last), actor, now)


def _call_off(
    tx: Transaction,
    calendar: Calendar,
    span: tuple[datetime, datetime],
    actor: Actor,
    now: datetime,
) -> int:
    count = 0
    for each in tx.booking.between([calendar.id], *span):
        held = tx.booking.get(each.id, lock=True)
        if held.stands(now):
            off = rules.called_off(held, actor.id, now)
            tx.booking.save(off)
            note(tx, Kind.APPOINTMENT_CALLED_OFF, off, actor, now)
            count += 1
    return count


def say_who_came(
    tx: Transaction,
    appointment_id: str,
    officer: Officer,
    rule: BookingRule,
    now: datetime,
    *,
    came: bool,
) -> Appointment:
    """The host says whether the resident came. Raises NotAllowed for another's calendar, and
    before the day itself."""
    appointment = tx.booking.get(appointment_id, lock=True)
    calendar = tx.booking.calendar(appointment.calendar_id)
    first, _ = day_of(appointment.starts_at.astimezone(CHINA).date())
    if not may_keep(tx, calendar, officer) or now < first:
        raise NotAllowed
    wanted = Standing.ATTENDED if came else Standing.ABSENT
    if appointment.standing is wanted:
        return appointment
    changed = rules.settled(appointment, wanted, officer.id, now, rule)
    tx.booking.save(changed)
    kind = Kind.APPOINTMENT_ATTENDED if came else Kind.APPOINTMENT_ABSENT
    note(tx, kind, changed, actor_of(officer), now)
    return changed


def record(
    tx: Transaction, held: Held, officer: Officer, rule: BookingRule, now: datetime
) -> Reception:
    """Write what was decided; who is recorded has come. Once for an appointment.

    A decision with a due date becomes the task of the case's owner, so that it is not forgotten.
    """
    appointment = None
    if held.appointment_id is not None:
        if tx.booking.reception_of(held.appointment_id) is not None:
            raise NotAllowed("this appointment has its record")
        appointment = say_who_came(tx, held.appointment_id, officer, rule, now, came=True)
    calendar_id = appointment.calendar_id if appointment else held.calendar_id
    calendar = tx.booking.calendar(calendar_id) if calendar_id else None
    if calendar is None or not may_keep(tx, calendar, officer):
        raise NotAllowed
    reception = receptions.checked(_written(tx, held, appointment, calendar, officer, now))
    reception = replace(reception, task_id=_task(tx, reception, now))
    tx.booking.add_reception(reception)
    data = {"reception": reception.id, "people": reception.people, "calendar": calendar.id}
    of, about = reception.conversation_id, reception.case_number
    tx.events.append(Event(Kind.RECEPTION_RECORDED, now, actor_of(officer), of, about, data))
    return reception


def _written(
    tx: Transaction,
    held: Held,
    appointment: Appointment | None,
    calendar: Calendar,
    officer: Officer,
    now: datetime,
) -> Reception:
    number = held.case_number or (appointment.case_number if appointment else None)
    conversation_id = appointment.conversation_id if appointment else None
    if number is not None:
        conversation_id = tx.cases.get(number).conversation_id
    return Reception(
        id=tx.new_id(),
        unit_id=calendar.unit_id,
        leader_id=calendar.host_id or officer.id,
        day=now.astimezone(CHINA).date(),
        category=held.category,
        people=held.people,
        decision=masked(held.decision.strip()),
        recorded_by=officer.id,
        recorded_at=now,
        calendar_id=calendar.id,
        appointment_id=held.appointment_id,
        conversation_id=conversation_id,
        case_number=number,
        due_at=held.due_at,
    )


def _task(tx: Transaction, reception: Reception, now: datetime) -> str | None:
    if reception.due_at is None or reception.case_number is None:
        return None
    case = tx.cases.get(reception.case_number)
    task = Task(
        id=tx.new_id(),
        kind=tasks.DECISION,
        conversation_id=case.conversation_id,
        officer_id=case.owner_id,
        created_at=now,
        due_at=reception.due_at,
        case_number=case.number,
    )
    tx.tasks.add(task)
    data = {"task": task.id, "task_kind": task.kind, "officer": task.officer_id}
    actor = actor_of(tx.people.officer(reception.recorded_by))
    tx.events.append(Event(Kind.TASK_SET, now, actor, task.conversation_id, case.number, data))
    return task.id


def _kept(tx: Transaction, calendar_id: str, officer: Officer) -> Calendar:
    calendar = tx.booking.calendar(calendar_id, lock=True)
    if not may_keep(tx, calendar, officer):
        raise NotAllowed
    return calendar


def _note(
    tx: Transaction,
    kind: Kind,
    calendar: Calendar,
    actor: Actor,
    now: datetime,
    **data: object,
) -> None:
    known = {"calendar": calendar.id, "booking_kind": calendar.kind.value, **data}
    event = Event(kind, now, actor, case_number=calendar.case_number, data=known)
    tx.events.append(event)
