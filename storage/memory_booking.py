"""Calendars, appointments and receptions in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime

from casework.booking import TAKES_A_PLACE, Appointment, Calendar
from casework.errors import NotFound
from casework.receptions import Reception


@dataclass(slots=True)
class BookingRows:
    """All rows there are."""

    calendars: dict[str, Calendar] = field(default_factory=dict)
    appointments: dict[str, Appointment] = field(default_factory=dict)
    receptions: dict[str, Reception] = field(default_factory=dict)
    invited: dict[str, frozenset[str]] = field(default_factory=dict)

    def __copy__(self) -> BookingRows:
        return BookingRows(
            copy(self.calendars),
            copy(self.appointments),
            copy(self.receptions),
            copy(self.invited),
        )


class MemoryBooking:
    """casework.booking.Booking."""

    def __init__(self, rows: BookingRows) -> None:
        self._rows = rows

    def add_calendar(self, calendar: Calendar) -> None:
        """Store a new one."""
        self._rows.calendars[calendar.id] = calendar

    def calendar(self, calendar_id: str, *, lock: bool = False) -> Calendar:  # noqa: ARG002
        """Raises NotFound."""
        if calendar_id not in self._rows.calendars:
            raise NotFound
        return self._rows.calendars[calendar_id]

    def save_calendar(self, calendar: Calendar) -> None:
        """Replace it."""
        self._rows.calendars[calendar.id] = calendar

    def calendars(
        self,
        *,
        kind: str | None = None,
        case_number: str | None = None,
        host_id: str | None = None,
        unit_ids: Collection[str] | None = None,
    ) -> list[Calendar]:
        """Those not closed, oldest first."""
        found = [
            each
            for each in self._rows.calendars.values()
            if each.closed_at is None
            and kind in {None, each.kind}
            and case_number in {None, each.case_number}
            and host_id in {None, each.host_id}
            and (unit_ids is None or each.unit_id in unit_ids)
        ]
        return sorted(found, key=lambda each: (each.opened_at, each.id))

    def add(self, appointment: Appointment) -> None:
        """Store a new one."""
        self._rows.appointments[appointment.id] = appointment

    def get(self, appointment_id: str, *, lock: bool = False) -> Appointment:  # noqa: ARG002
        """Raises NotFound."""
        if appointment_id not in self._rows.appointments:
            raise NotFound
        return self._rows.appointments[appointment_id]

    def save(self, appointment: Appointment) -> None:
        """Replace it."""
        self._rows.appointments[appointment.id] = appointment

    def taken(
        self, calendar_ids: Collection[str], first: datetime, last: datetime
    ) -> Mapping[tuple[str, datetime], int]:
        """Places taken by calendar and start."""
        found = self.between(calendar_ids, first, last)
        return Counter(
            (each.calendar_id, each.starts_at) for each in found if each.standing in TAKES_A_PLACE
        )

    def between(
        self, calendar_ids: Collection[str], first: datetime, last: datetime
    ) -> list[Appointment]:
        """Appointments that start in this time."""
        return self._list(
            lambda each: each.calendar_id in calendar_ids and first <= each.starts_at < last
        )

    def of_conversation(self, conversation_id: str) -> list[Appointment]:
        """All of one resident's."""
        return self._list(lambda each: each.conversation_id == conversation_id)

    def due(self, now: datetime, limit: int) -> list[Appointment]:
        """Those about which something is due."""
        waiting = [
            (each.next_at, each.id, each)
            for each in self._rows.appointments.values()
            if each.next_at is not None and each.next_at <= now
        ]
        return [each for _, _, each in sorted(waiting, key=lambda found: found[:2])[:limit]]

    def due_calendars(self, now: datetime, limit: int) -> list[Calendar]:
        """Joint desks that look for their reporters."""
        waiting = [
            (each.next_at, each.id, each)
            for each in self._rows.calendars.values()
            if each.next_at is not None and each.next_at <= now
        ]
        return [each for _, _, each in sorted(waiting, key=lambda found: found[:2])[:limit]]

    def invited(self, calendar_id: str) -> frozenset[str]:
        """Whose residents were told."""
        return self._rows.invited.get(calendar_id, frozenset())

    def invite(self, calendar_id: str, numbers: Sequence[str], at: datetime) -> None:  # noqa: ARG002
        """Note that they were told."""
        self._rows.invited[calendar_id] = self.invited(calendar_id) | frozenset(numbers)

    def add_reception(self, reception: Reception) -> None:
        """Store a record."""
        self._rows.receptions[reception.id] = reception

    def reception_of(self, appointment_id: str) -> Reception | None:
        """The record made of an appointment."""
        found = (r for r in self._rows.receptions.values() if r.appointment_id == appointment_id)
        return next(found, None)

    def forget(self, conversation_id: str) -> int:
        """Take the name off."""
        named = [each for each in self.of_conversation(conversation_id) if each.name]
        for each in named:
            self._rows.appointments[each.id] = replace(each, name="")
        for record in list(self._rows.receptions.values()):
            if record.conversation_id == conversation_id and record.case_number is None:
                self._rows.receptions[record.id] = replace(record, decision="")
        return len(named)

    def forget_case(self, number: str) -> None:
        """Take names and words off."""
        for each in list(self._rows.appointments.values()):
            if each.case_number == number:
                self._rows.appointments[each.id] = replace(each, name="")
        for record in list(self._rows.receptions.values()):
            if record.case_number == number:
                self._rows.receptions[record.id] = replace(record, decision="")

    def _list(self, wanted: Callable[[Appointment], bool]) -> list[Appointment]:
        found = [each for each in self._rows.appointments.values() if wanted(each)]
        return sorted(found, key=lambda each: (each.starts_at, each.serial, each.id))
