"""Calendars, appointments and receptions, on SQL and in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, text, update

from casework.booking import (
    TAKES_A_PLACE,
    Appointment,
    BookingKind,
    Calendar,
    Mode,
    Standing,
)
from casework.errors import NotFound
from casework.receptions import Reception
from storage.prepared import Prepared
from storage.tables_booking import (
    WAITING,
    appointments,
    calendars,
    desk_invitations,
    receptions,
)

_TAKING = sorted(standing.value for standing in TAKES_A_PLACE)
_OF_CONVERSATION = Prepared(
    select(appointments)
    .where(appointments.c.conversation_id == bindparam("within"))
    .order_by(appointments.c.starts_at, appointments.c.id),
    appointments,
)


def calendar_from(row: Mapping[str, Any]) -> Calendar:
    """A table row as a calendar."""
    data = dict(row)
    for name in ("days", "closed_days"):
        data[name] = tuple(date.fromisoformat(each) for each in data[name])
    for name in ("weekdays", "materials", "categories"):
        data[name] = tuple(data[name])
    data["spans"] = tuple((start, stop) for start, stop in data["spans"])
    return Calendar(**{**data, "kind": BookingKind(data["kind"]), "mode": Mode(data["mode"])})


def _calendar_row(calendar: Calendar) -> dict[str, object]:
    data = asdict(calendar)
    days = {name: [each.isoformat() for each in data[name]] for name in ("days", "closed_days")}
    return {**data, **days, "kind": calendar.kind.value, "mode": calendar.mode.value}


def appointment_from(row: Mapping[str, Any]) -> Appointment:
    """A table row as an appointment."""
    kind, standing = BookingKind(row["kind"]), Standing(row["standing"])
    return Appointment(**{**row, "kind": kind, "standing": standing})


def _appointment_row(appointment: Appointment) -> dict[str, object]:
    data = asdict(appointment)
    return {**data, "kind": appointment.kind.value, "standing": appointment.standing.value}


class SqlBooking:
    """casework.booking.Booking on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_calendar(self, calendar: Calendar) -> None:
        """Store a new one."""
        self._connection.execute(insert(calendars), _calendar_row(calendar))

    def calendar(self, calendar_id: str, *, lock: bool = False) -> Calendar:
        """Raises NotFound."""
        query = select(calendars).where(calendars.c.id == calendar_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound
        return calendar_from(row._asdict())

    def save_calendar(self, calendar: Calendar) -> None:
        """Replace it."""
        mine = calendars.c.id == calendar.id
        self._connection.execute(update(calendars).where(mine).values(_calendar_row(calendar)))

    def calendars(
        self,
        *,
        kind: str | None = None,
        case_number: str | None = None,
        host_id: str | None = None,
        unit_ids: Collection[str] | None = None,
    ) -> list[Calendar]:
        """Those not closed, oldest first."""
        query = select(calendars).where(calendars.c.closed_at.is_(None))
        if kind is not None:
            query = query.where(calendars.c.kind == kind)
        if case_number is not None:
            query = query.where(calendars.c.case_number == case_number)
        if host_id is not None:
            query = query.where(calendars.c.host_id == host_id)
        if unit_ids is not None:
            query = query.where(calendars.c.unit_id.in_(sorted(unit_ids)))
        query = query.order_by(calendars.c.opened_at, calendars.c.id)
        return [calendar_from(row._asdict()) for row in self._connection.execute(query)]

    def add(self, appointment: Appointment) -> None:
        """Store a new one."""
        self._connection.execute(insert(appointments), _appointment_row(appointment))

    def get(self, appointment_id: str, *, lock: bool = False) -> Appointment:
        """Raises NotFound."""
        query = select(appointments).where(appointments.c.id == appointment_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound
        return appointment_from(row._asdict())

    def save(self, appointment: Appointment) -> None:
        """Replace it."""
        mine = appointments.c.id == appointment.id
        values = _appointment_row(appointment)
        self._connection.execute(update(appointments).where(mine).values(values))

    def taken(
        self, calendar_ids: Collection[str], first: datetime, last: datetime
    ) -> Mapping[tuple[str, datetime], int]:
        """Places taken by calendar and start."""
        table = appointments.c
        query = (
            select(table.calendar_id, table.starts_at, func.count())
            .where(
                table.calendar_id.in_(sorted(calendar_ids)),
                and_(table.starts_at >= first, table.starts_at < last),
                table.standing.in_(_TAKING),
            )
            .group_by(table.calendar_id, table.starts_at)
        )
        return {(each, at): count for each, at, count in self._connection.execute(query)}

    def between(
        self, calendar_ids: Collection[str], first: datetime, last: datetime
    ) -> list[Appointment]:
        """Appointments that start in this time."""
        table = appointments.c
        query = (
            select(appointments)
            .where(
                table.calendar_id.in_(sorted(calendar_ids)),
                and_(table.starts_at >= first, table.starts_at < last),
            )
            .order_by(table.starts_at, table.serial, table.id)
        )
        return [appointment_from(row._asdict()) for row in self._connection.execute(query)]

    def of_conversation(self, conversation_id: str) -> list[Appointment]:
        """All of one resident's."""
        found = _OF_CONVERSATION.rows(self._connection, {"within": conversation_id})
        return [appointment_from(row) for row in found]

    def due(self, now: datetime, limit: int) -> list[Appointment]:
        """Those about which something is due."""
        table = appointments.c
        query = select(appointments).where(text(WAITING), table.next_at <= now)
        query = query.order_by(table.next_at, table.id).limit(limit)
        return [appointment_from(row._asdict()) for row in self._connection.execute(query)]

    def due_calendars(self, now: datetime, limit: int) -> list[Calendar]:
        """Joint desks that look for their reporters."""
        table = calendars.c
        query = select(calendars).where(text(WAITING), table.next_at <= now)
        query = query.order_by(table.next_at, table.id).limit(limit)
        return [calendar_from(row._asdict()) for row in self._connection.execute(query)]

    def invited(self, calendar_id: str) -> frozenset[str]:
        """Whose residents were told."""
        table = desk_invitations.c
        query = select(table.case_number).where(table.calendar_id == calendar_id)
        return frozenset(self._connection.execute(query).scalars())

    def invite(self, calendar_id: str, numbers: Sequence[str], at: datetime) -> None:
        """Note that they were told."""
        rows = [{"calendar_id": calendar_id, "case_number": each, "at": at} for each in numbers]
        if rows:
            self._connection.execute(insert(desk_invitations), rows)

    def add_reception(self, reception: Reception) -> None:
        """Store a record."""
        self._connection.execute(insert(receptions), asdict(reception))

    def reception_of(self, appointment_id: str) -> Reception | None:
        """The record made of an appointment."""
        mine = receptions.c.appointment_id == appointment_id
        row = self._connection.execute(select(receptions).where(mine)).one_or_none()
        return Reception(**row._asdict()) if row is not None else None

    def forget(self, conversation_id: str) -> int:
        """Take the name off."""
        table, of = appointments.c, receptions.c
        alone = and_(of.conversation_id == conversation_id, of.case_number.is_(None))
        self._connection.execute(update(receptions).where(alone).values(decision=""))
        mine = and_(table.conversation_id == conversation_id, table.name != "")
        return self._connection.execute(update(appointments).where(mine).values(name="")).rowcount

    def forget_case(self, number: str) -> None:
        """Take names and words off."""
        for table, empty in ((appointments, {"name": ""}), (receptions, {"decision": ""})):
            mine = table.c.case_number == number
            self._connection.execute(update(table).where(mine).values(empty))
