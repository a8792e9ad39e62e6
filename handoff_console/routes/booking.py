"""预约接待: open times, see who comes, tick them off, write what was decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query

from casework import receptions as counting
from casework.booking import BookingKind, Calendar, Mode
from casework.booking_slots import day_of
from casework.desk import receiving as desk
from casework.desk.bookable import free_slots
from casework.desk.booking_due import put_off
from casework.desk.collective import household_done
from casework.errors import Incomplete, NotAllowed
from casework.working_calendar import CHINA
from config.group_texts import group_book
from handoff_console.auth import Viewer
from handoff_console.booking_lists import appointments_seen, calendars_seen, names_of, seen_number
from handoff_console.deps import Caller, ConsoleDeps, Deps
from handoff_console.render_booking import (
    choices,
    reception_shape,
)
from handoff_console.shapes import Day
from handoff_console.shapes_booking import (
    AppointmentList,
    AppointmentShape,
    CalendarBody,
    CalendarList,
    CalendarShape,
    CalledOffShape,
    CameBody,
    DayBody,
    FreeShape,
    MoveBody,
    ReceptionBody,
    ReceptionList,
    ReceptionShape,
)
from handoff_console.shapes_crisis import ChoiceShape
from handoff_console.texts import console_texts
from storage.unit_of_work import SqlTransaction
from storage.views_booking import kept_calendars, receptions_of
from storage.views_cases import get_case, seen_among

router = APIRouter(prefix="/api/booking", tags=["booking"])
A_YEAR = timedelta(days=366)

OnDay = Annotated[Day | None, Query()]


@router.get("/calendars")
async def calendars(viewer: Caller, deps: Deps) -> CalendarList:
    """The calendars of one's own area, and those one is the host of."""

    def work(tx: SqlTransaction) -> CalendarList:
        found = kept_calendars(tx, viewer.sight)
        codes = console_texts().codes
        return CalendarList(
            items=calendars_seen(tx, viewer, found, deps.clock()),
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
        return calendars_seen(tx, viewer, [tx.booking.calendar(made)], now)[0]

    return await deps.store.read(read)


@router.post("/calendars/{calendar_id}/close")
async def close_calendar(calendar_id: str, viewer: Caller, deps: Deps) -> CalledOffShape:
    """No more bookings; those who have booked are told in their own chats."""
    now = deps.clock()

    def work(tx: SqlTransaction) -> int:
        return desk.close_calendar(tx, calendar_id, viewer.officer, now)

    return CalledOffShape(told=await deps.store.write(work))


@router.post("/calendars/{calendar_id}/days")
async def close_day(calendar_id: str, body: DayBody, viewer: Caller, deps: Deps) -> CalledOffShape:
    """Nobody can be received on that day; those who have booked it are told."""
    now = deps.clock()

    def work(tx: SqlTransaction) -> int:
        return desk.close_day(tx, calendar_id, body.day, viewer.officer, now)

    return CalledOffShape(told=await deps.store.write(work))


@router.get("/appointments")
async def appointments(viewer: Caller, deps: Deps, day: OnDay = None) -> AppointmentList:
    """Who has booked for a day, today when none is named."""
    on = day or deps.clock().astimezone(CHINA).date()
    first, last = day_of(on)

    def work(tx: SqlTransaction) -> AppointmentList:
        names = deps.book.officers.categories
        return AppointmentList(
            day=on,
            items=appointments_seen(tx, viewer, first, last),
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
        found = appointments_seen(tx, viewer, starts_at, starts_at + timedelta(microseconds=1))
        return next(each for each in found if each.id == appointment_id)

    return await deps.store.read(read)


@router.get("/calendars/{calendar_id}/free")
async def free(calendar_id: str, viewer: Caller, deps: Deps) -> FreeShape:
    """The next times of a calendar one keeps that are still free."""

    def work(tx: SqlTransaction) -> FreeShape:
        calendar = tx.booking.calendar(calendar_id)
        if not desk.may_keep(tx, calendar, viewer.officer):
            raise NotAllowed
        found = free_slots(tx, [calendar], deps.book.booker, deps.clock())
        return FreeShape(items=[slot.starts_at for slot in islice(found, _MOST_FREE)])

    return await deps.store.read(work)


@router.post("/appointments/{appointment_id}/move")
async def move(appointment_id: str, body: MoveBody, viewer: Caller, deps: Deps) -> CalledOffShape:
    """Another time of the same calendar, agreed on by the host; the resident is told."""
    book, now = deps.book, deps.clock()

    def work(tx: SqlTransaction) -> None:
        officer = viewer.officer
        put_off(tx, appointment_id, body.starts_at, officer, book.appointments, book.booker, now)

    await deps.store.write(work)
    return CalledOffShape(told=1)


@router.post("/receptions", status_code=201)
async def record(body: ReceptionBody, viewer: Caller, deps: Deps) -> ReceptionShape:
    """What came of it. A decision with a date becomes a task of the case's officer."""
    rule, now = deps.book.booking.rule, deps.clock()
    held = desk.Held(**body.model_dump(exclude={"done"}))

    def work(tx: SqlTransaction) -> ReceptionShape:
        if body.category not in deps.book.categories:
            raise Incomplete("category")
        if body.case_number is not None:
            get_case(tx, viewer.sight, body.case_number)
        if body.done:
            _household_done(tx, body, viewer, deps)
        made = desk.record(tx, held, viewer.officer, rule, now)
        names = names_of(tx, [made.leader_id])
        number = seen_number(tx, viewer, made.case_number)
        return reception_shape(made, names, deps.book, number=number)

    return await deps.store.write(work)


@router.get("/receptions")
async def receptions(
    viewer: Caller, deps: Deps, first: OnDay = None, last: OnDay = None
) -> ReceptionList:
    """Records of one's area from ``first`` to ``last``; this month when nothing is named."""
    ends = last or deps.clock().astimezone(CHINA).date()
    begins = max(first or ends.replace(day=1), ends - A_YEAR)

    def work(tx: SqlTransaction) -> ReceptionList:
        found = receptions_of(tx, viewer.sight, begins, ends)
        tally, names = counting.tallied(found), names_of(tx, (each.leader_id for each in found))
        shown = found[:_MOST_SHOWN]
        seen = seen_among(
            tx, viewer.sight, {each.case_number for each in shown if each.case_number}
        )
        items = [
            reception_shape(
                each,
                names,
                deps.book,
                number=each.case_number if each.case_number in seen else None,
            )
            for each in shown
        ]
        return ReceptionList(items=items, parties=tally.parties, people=tally.people)

    return await deps.store.read(work)


_MOST_SHOWN = 100
_MOST_FREE = 60


def _household_done(
    tx: SqlTransaction, body: ReceptionBody, viewer: Viewer, deps: ConsoleDeps
) -> None:
    """At a joint desk: the household of this appointment counts as done, and is told so."""
    appointment = tx.booking.get(body.appointment_id or "")
    leading = tx.booking.calendar(appointment.calendar_id).case_number
    if leading is None or appointment.case_number is None:
        raise Incomplete("case_number")
    now, book = deps.clock(), group_book(deps.book)
    day = now.astimezone(CHINA).date()
    number, what = appointment.case_number, body.decision
    household_done(tx, leading, number, what, day, viewer.officer, book, now)


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
