"""What the calendar page reads: calendars, appointments, and the cases one may see behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from casework.booking import Calendar
from casework.collective import Count
from casework.desk import receiving as desk
from casework.desk.collective import progress
from casework.errors import NotFound
from handoff_console.auth import Viewer
from handoff_console.render_booking import SeenCase, appointment_shape, calendar_shape
from handoff_console.shapes_booking import AppointmentShape, CalendarShape
from storage.unit_of_work import SqlTransaction
from storage.views_booking import appointments_of, recorded
from storage.views_cases import get_case
from storage.views_ties import hidden_among, hidden_talks

LATER = timedelta(days=90)  # how far ahead those who have booked are counted


def calendars_seen(
    tx: SqlTransaction, viewer: Viewer, found: list[Calendar], now: datetime
) -> list[CalendarShape]:
    """Calendars with names, how many are expected, and whether this officer may change them."""
    units = {each.id: each.name for each in tx.people.units({c.unit_id for c in found})}
    names = names_of(tx, (each.host_id for each in found if each.host_id))
    booked: dict[str, int] = {}
    for each in tx.booking.between({c.id for c in found}, now, now + LATER):
        booked[each.calendar_id] = booked.get(each.calendar_id, 0) + each.stands(now)
    numbers = {each.case_number for each in found if each.case_number is not None}
    hidden = hidden_among(tx, numbers, viewer.sight)
    return [
        calendar_shape(
            replace(each, case_number=None) if each.case_number in hidden else each,
            units,
            names,
            booked.get(each.id, 0),
            None if each.case_number in hidden else _progress(tx, each),
            mine=desk.may_keep(tx, each, viewer.officer),
        )
        for each in found
    ]


def _progress(tx: SqlTransaction, calendar: Calendar) -> Count | None:
    return progress(tx, tx.cases.get(calendar.case_number)) if calendar.case_number else None


def appointments_seen(
    tx: SqlTransaction, viewer: Viewer, first: datetime, last: datetime
) -> list[AppointmentShape]:
    """What starts in this time in the calendars this officer may look at. Whose conversation only
    few may see is named to them and to the host alone."""
    found = appointments_of(tx, viewer.sight, first, last)
    names = names_of(tx, (calendar.host_id for _, calendar in found if calendar.host_id))
    written = recorded(tx, [each.id for each, _ in found])
    talks = hidden_talks(tx, {each.conversation_id for each, _ in found}, viewer.sight)
    mine = {
        c.id: desk.may_keep(tx, c, viewer.officer) for c in {c.id: c for _, c in found}.values()
    }
    return [
        appointment_shape(
            each,
            calendar,
            names,
            _seen_case(tx, viewer, each.case_number),
            named=mine[calendar.id]
            and (each.conversation_id not in talks or calendar.host_id == viewer.officer.id),
            recorded=each.id in written,
        )
        for each, calendar in found
    ]


def _seen_case(tx: SqlTransaction, viewer: Viewer, number: str | None) -> SeenCase | None:
    """The linked case, where this officer may see it."""
    if number is None:
        return None
    try:
        case, _ = get_case(tx, viewer.sight, number)
    except NotFound:
        return None
    return SeenCase(case.number, case.title, case.category)


def seen_number(tx: SqlTransaction, viewer: Viewer, number: str | None) -> str | None:
    """The case's number, where this officer may see the case."""
    case = _seen_case(tx, viewer, number)
    return case.number if case else None


def names_of(tx: SqlTransaction, officer_ids: Iterable[str]) -> dict[str, str]:
    """Officers' names by id."""
    return {each.id: each.name for each in tx.people.officers(set(officer_ids))}
