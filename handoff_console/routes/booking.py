"""预约接待: open times, see who comes, tick them off, write what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from casework import receptions as counting
from casework.booking import BookingKind, Calendar, Mode
from casework.booking_slots import day_of
from casework.desk import receiving as desk
from casework.errors import Incomplete, NotFound
from casework.working_calendar import CHINA
from handoff_console.auth import Viewer
from handoff_console.deps import Caller, Deps
from handoff_console.render_booking import (
    SeenCase,
    appointment_shape,
    calendar_shape,
    choices,
    reception_shape,
)
from handoff_console.shapes_booking import (
    AppointmentList,
    AppointmentShape,
    CalendarBody,
    CalendarList,
    CalendarShape,
    CalledOffShape,
    CameBody,
    DayBody,
    ReceptionBody,
    ReceptionList,
    ReceptionShape,
)
from handoff_console.shapes_crisis import ChoiceShape
from handoff_console.texts import console_texts
from storage.unit_of_work import SqlTransaction
from storage.views_booking import appointments_of, kept_calendars, receptions_of, recorded
from storage.views_cases import get_case

router = APIRouter(prefix="/api/booking", tags=["booking"])
LATER = timedelta(days=90)  # how far ahead those who have booked are counted
A_YEAR = timedelta(days=366)

Day = Annotated[date | None, Query()]


@router.get("/calendars")
async def calendars(viewer: Caller, deps: Deps) -> CalendarList:
    """The calendars of one's own area, and those one is the host of."""

    def work(tx: SqlTransaction) -> CalendarList:
        found = kept_calendars(tx, viewer.sight)
        codes = console_texts().codes
        return CalendarList(
            items=_calendars(tx, viewer, found, deps.clock()),
            kinds=choices("booking_", codes),
            modes=choices("meeting_", codes),
            may_open=viewer.officer.role in desk.MAY_OPEN,
        )

    return await deps.store.read(work)


@router.post("/calendars", status_code=201)
async def open_calendar(body: CalendarBody, viewer: Caller, deps: Deps) -> CalendarShape:
    """Open times for residents to book, in the units one covers."""
    now = deps.clock()
    given = _given(body, now)

    def work(tx: SqlTransaction) -> str:
        if set(body.categories) - set(deps.book.categories):
            raise Incomplete("categories")
        if body.case_number is not None:
            get_case(tx, viewer.sight, body.case_number)
        return desk.open_calendar(tx, given, viewer.officer, now).id

    made = await deps.store.write(work)

    def read(tx: SqlTransaction) -> CalendarShape:
        return _calendars(tx, viewer, [tx.booking.calendar(made)], now)[0]

    return await deps.store.read(read)


@router.post("/calendars/{calendar_id}/close")
async def close_calendar(calendar_id: str, viewer: Caller, deps: Deps) -> CalledOffShape:
    """No more bookings; those who have booked are told in their own chats."""
    rule, now = deps.book.booking.rule, deps.clock()

    def work(tx: SqlTransaction) -> int:
        return desk.close_calendar(tx, calendar_id, viewer.officer, rule, now)

    return CalledOffShape(told=await deps.store.write(work))


@router.post("/calendars/{calendar_id}/days")
async def close_day(calendar_id: str, body: DayBody, viewer: Caller, deps: Deps) -> CalledOffShape:
    """Nobody can be received on that day; those who have booked it are told."""
    rule, now = deps.book.booking.rule, deps.clock()

    def work(tx: SqlTransaction) -> int:
        return desk.close_day(tx, calendar_id, body.day, viewer.officer, rule, now)

    return CalledOffShape(told=await deps.store.write(work))


@router.get("/appointments")
async def appointments(viewer: Caller, deps: Deps, day: Day = None) -> AppointmentList:
    """Who has booked for a day, today when none is named."""
    on = day or deps.clock().astimezone(CHINA).date()
    first, last = day_of(on)

    def work(tx: SqlTransaction) -> AppointmentList:
        names = deps.book.officers.categories
        return AppointmentList(
            day=on,
            items=_appointments(tx, viewer, first, last),
            categories=[ChoiceShape(code=code, name=name) for code, name in names.items()],
        )

    return await deps.store.read(work)


@router.post("/appointments/{appointment_id}/came")
async def say_who_came(
    appointment_id: str, body: CameBody, viewer: Caller, deps: Deps
) -> AppointmentShape:
    """The host says whether the resident came; it can be put right the same day."""
    rule, now = deps.book.booking.rule, deps.clock()

    def work(tx: SqlTransaction) -> datetime:
        done = desk.say_who_came(tx, appointment_id, viewer.officer, rule, now, came=body.came)
        return done.starts_at

    starts_at = await deps.store.write(work)

    def read(tx: SqlTransaction) -> AppointmentShape:
        found = _appointments(tx, viewer, starts_at, starts_at + timedelta(microseconds=1))
        return next(each for each in found if each.id == appointment_id)

    return await deps.store.read(read)


@router.post("/receptions", status_code=201)
async def record(body: ReceptionBody, viewer: Caller, deps: Deps) -> ReceptionShape:
    """What came of it. A decision with a date becomes a task of the case's officer."""
    rule, now = deps.book.booking.rule, deps.clock()
    held = desk.Held(**body.model_dump())

    def work(tx: SqlTransaction) -> ReceptionShape:
        if body.category not in deps.book.categories:
            raise Incomplete("category")
        if body.case_number is not None:
            get_case(tx, viewer.sight, body.case_number)
        made = desk.record(tx, held, viewer.officer, rule, now)
        names = _names(tx, [made.leader_id])
        number = _seen_number(tx, viewer, made.case_number)
        return reception_shape(made, names, deps.book, number=number)

    return await deps.store.write(work)


@router.get("/receptions")
async def receptions(
    viewer: Caller, deps: Deps, first: Day = None, last: Day = None
) -> ReceptionList:
    """Records of one's area from ``first`` to ``last``; this month when nothing is named."""
    ends = last or deps.clock().astimezone(CHINA).date()
    begins = max(first or ends.replace(day=1), ends - A_YEAR)

    def work(tx: SqlTransaction) -> ReceptionList:
        found = receptions_of(tx, viewer.sight, begins, ends)
        tally, names = counting.tallied(found), _names(tx, (each.leader_id for each in found))
        items = [
            reception_shape(
                each, names, deps.book, number=_seen_number(tx, viewer, each.case_number)
            )
            for each in found[:_MOST_SHOWN]
        ]
        return ReceptionList(items=items, parties=tally.parties, people=tally.people)

    return await deps.store.read(work)


_MOST_SHOWN = 100


def _given(body: CalendarBody, now: datetime) -> Calendar:
    return Calendar(
        id="",
        kind=BookingKind(body.kind),
        title=body.title.strip(),
        unit_id=body.unit_id,
        spans=tuple((span.opens, span.closes) for span in body.spans),
        slot_minutes=body.slot_minutes,
        opened_by="",
        opened_at=now,
        first_day=body.first_day or now.astimezone(CHINA).date(),
        capacity=body.capacity,
        day_cap=body.day_cap,
        last_day=body.last_day,
        weekdays=tuple(sorted(set(body.weekdays))),
        days=tuple(sorted(set(body.days))),
        host_id=body.host_id or None,
        named=body.named,
        place=body.place.strip(),
        mode=Mode(body.mode),
        materials=tuple(each.strip() for each in body.materials if each.strip()),
        categories=tuple(body.categories),
        case_number=body.case_number or None,
    )


def _calendars(
    tx: SqlTransaction, viewer: Viewer, found: list[Calendar], now: datetime
) -> list[CalendarShape]:
    units = {each.id: each.name for each in tx.people.units({c.unit_id for c in found})}
    names = _names(tx, (each.host_id for each in found if each.host_id))
    booked: dict[str, int] = {}
    for each in tx.booking.between({c.id for c in found}, now, now + LATER):
        booked[each.calendar_id] = booked.get(each.calendar_id, 0) + each.stands(now)
    return [
        calendar_shape(
            each,
            units,
            names,
            booked.get(each.id, 0),
            mine=desk.may_keep(tx, each, viewer.officer),
        )
        for each in found
    ]


def _appointments(
    tx: SqlTransaction, viewer: Viewer, first: datetime, last: datetime
) -> list[AppointmentShape]:
    found = appointments_of(tx, viewer.sight, first, last)
    names = _names(tx, (calendar.host_id for _, calendar in found if calendar.host_id))
    written = recorded(tx, [each.id for each, _ in found])
    mine = {
        c.id: desk.may_keep(tx, c, viewer.officer) for c in {c.id: c for _, c in found}.values()
    }
    return [
        appointment_shape(
            each,
            calendar,
            names,
            _seen_case(tx, viewer, each.case_number),
            named=mine[calendar.id],
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


def _seen_number(tx: SqlTransaction, viewer: Viewer, number: str | None) -> str | None:
    case = _seen_case(tx, viewer, number)
    return case.number if case else None


def _names(tx: SqlTransaction, officer_ids: Iterable[str]) -> dict[str, str]:
    return {each.id: each.name for each in tx.people.officers(set(officer_ids))}
