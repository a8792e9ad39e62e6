"""Calendars and appointments as the page reads them: never more of a resident than is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.booking import Appointment, Calendar
from casework.collective import Count
from casework.receptions import Reception
from config.load import Book
from handoff_console.shapes_booking import (
    AppointmentShape,
    CalendarShape,
    ProgressShape,
    ReceptionShape,
    SpanShape,
)
from handoff_console.shapes_crisis import ChoiceShape
from handoff_console.texts import console_texts


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A linked case that this officer may see."""

    number: str
    title: str
    category: str


def calendar_shape(
    calendar: Calendar,
    units: Mapping[str, str],
    officers: Mapping[str, str],
    expected: int,
    progress: Count | None,
    *,
    mine: bool,
) -> CalendarShape:
    """A calendar with the names it needs."""
    return CalendarShape(
        id=calendar.id,
        kind=calendar.kind.value,
        kind_name=console_texts().codes[f"booking_{calendar.kind.value}"],
        title=calendar.title,
        unit_id=calendar.unit_id,
        unit_name=units.get(calendar.unit_id, ""),
        host_id=calendar.host_id,
        host_name=officers.get(calendar.host_id or ""),
        named=calendar.named,
        place=calendar.place,
        mode=calendar.mode.value,
        materials=list(calendar.materials),
        weekdays=list(calendar.weekdays),
        days=list(calendar.days),
        closed_days=list(calendar.closed_days),
        first_day=calendar.first_day,
        last_day=calendar.last_day,
        spans=[SpanShape(opens=opens, closes=closes) for opens, closes in calendar.spans],
        slot_minutes=calendar.slot_minutes,
        capacity=calendar.capacity,
        day_cap=calendar.day_cap,
        case_number=calendar.case_number,
        expected=expected,
        progress=ProgressShape(done=progress.done, households=progress.households)
        if progress
        else None,
        mine=mine,
    )


def appointment_shape(
    appointment: Appointment,
    calendar: Calendar,
    officers: Mapping[str, str],
    case: SeenCase | None,
    *,
    named: bool,
    recorded: bool,
) -> AppointmentShape:
    """An appointment; the name only for those who receive."""
    codes = console_texts().codes
    return AppointmentShape(
        id=appointment.id,
        calendar_id=calendar.id,
        title=calendar.title,
        kind=appointment.kind.value,
        kind_name=codes[f"booking_{appointment.kind.value}"],
        place=calendar.place,
        host_name=officers.get(calendar.host_id or ""),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        serial=appointment.serial,
        name=appointment.name if named else "",
        standing=appointment.standing.value,
        standing_name=codes[f"standing_{appointment.standing.value}"],
        case_number=case.number if case else None,
        case_title=case.title if case else "",
        category=case.category if case else None,
        recorded=recorded,
    )


def reception_shape(
    reception: Reception, officers: Mapping[str, str], book: Book, *, number: str | None
) -> ReceptionShape:
    """A record; the case only where it may be seen."""
    return ReceptionShape(
        id=reception.id,
        day=reception.day,
        leader_name=officers.get(reception.leader_id, ""),
        category=reception.category,
        category_name=book.officers.categories.get(reception.category, reception.category),
        people=reception.people,
        decision=reception.decision,
        case_number=number,
        due_at=reception.due_at,
    )


def choices(prefix: str, codes: Mapping[str, str]) -> list[ChoiceShape]:
    """The names whose code begins so, without it."""
    return [
        ChoiceShape(code=code.removeprefix(prefix), name=name)
        for code, name in codes.items()
        if code.startswith(prefix)
    ]
