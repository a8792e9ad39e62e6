"""What the calendar page reads: calendars, appointments, and the cases one may see behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from casework.booking import Calendar
from casework.desk import receiving as desk
from handoff_console.auth import Viewer
from handoff_console.render_booking import SeenCase, appointment_shape, calendar_shape
from handoff_console.shapes_booking import AppointmentShape, CalendarShape
from storage.unit_of_work import SqlTransaction
from storage.views_booking import appointments_of, recorded
from storage.views_cases import CaseLine, seen_among
from storage.views_collective import progress_among
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
    progress = progress_among(tx, numbers - hidden)
    mine = desk.kept_among(tx, found, viewer.officer)
    return [
        calendar_shape(
            replace(each, case_number=None) if each.case_number in hidden else each,
            units,
            names,
            booked.get(each.id, 0),
            progress.get(each.case_number or ""),
            mine=each.id in mine,
        )
        for each in found
    ]


def appointments_seen(
    tx: SqlTransaction, viewer: Viewer, first: datetime, last: datetime
) -> list[AppointmentShape]:
    """What starts in this time in the calendars this officer may look at. Whose conversation only
    few may see is named to them and to the host alone."""
    found = appointments_of(tx, viewer.sight, first, last)
    names = names_of(tx, (calendar.host_id for _, calendar in found if calendar.host_id))
    written = recorded(tx, [each.id for each, _ in found])
    talks = hidden_talks(tx, {each.conversation_id for each, _ in found}, viewer.sight)
    mine = desk.kept_among(tx, (calendar for _, calendar in found), viewer.officer)
    seen = seen_among(tx, viewer.sight, {each.case_number for each, _ in found if each.case_number})
    return [
        appointment_shape(
            each,
            calendar,
            names,
            _named_case(seen.get(each.case_number or "")),
            named=calendar.id in mine
            and (each.conversation_id not in talks or calendar.host_id == viewer.officer.id),
            recorded=each.id in written,
        )
        for each, calendar in found
    ]


def _named_case(line: CaseLine | None) -> SeenCase | None:
    return SeenCase(line.number, line.title, line.category) if line is not None else None


def seen_number(tx: SqlTransaction, viewer: Viewer, number: str | None) -> str | None:
    """The case's number, where this officer may see the case."""
    return number if number is not None and seen_among(tx, viewer.sight, {number}) else None


def names_of(tx: SqlTransaction, officer_ids: Iterable[str]) -> dict[str, str]:
    """Officers' names by id."""
    return {each.id: each.name for each in tx.people.officers(set(officer_ids))}
