"""Flat reads of calendars, appointments and receptions for the console."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from casework.booking import Appointment, Calendar
from casework.receptions import Reception
from storage.booking import appointment_from, calendar_from
from storage.tables import cases
from storage.tables_booking import appointments, calendars, receptions
from storage.unit_of_work import SqlTransaction
from storage.views import Sight

MOST = 200


def _kept(sight: Sight) -> ColumnElement[bool]:
    """The calendars of the officer's area, and those they are the host of."""
    area = sight.area
    if area is None:
        return true()
    return or_(calendars.c.unit_id.in_(area), calendars.c.host_id == sight.officer_id)


def kept_calendars(tx: SqlTransaction, sight: Sight) -> list[Calendar]:
    """Those not closed, newest first."""
    query = (
        select(calendars)
        .where(calendars.c.closed_at.is_(None), _kept(sight))
        .order_by(calendars.c.opened_at.desc(), calendars.c.id)
        .limit(MOST)
    )
    return [calendar_from(row._asdict()) for row in tx.connection.execute(query)]


def appointments_of(
    tx: SqlTransaction, sight: Sight, first: datetime, last: datetime
) -> list[tuple[Appointment, Calendar]]:
    """What starts in this time in the officer's calendars, closed ones too, by start."""
    query = (
        select(appointments)
        .join(calendars, calendars.c.id == appointments.c.calendar_id)
        .where(
            and_(appointments.c.starts_at >= first, appointments.c.starts_at < last),
            _kept(sight),
        )
        .order_by(appointments.c.starts_at, appointments.c.serial, appointments.c.id)
        .limit(MOST)
    )
    found = [appointment_from(row._asdict()) for row in tx.connection.execute(query)]
    wanted = sorted({each.calendar_id for each in found})
    rows = tx.connection.execute(select(calendars).where(calendars.c.id.in_(wanted)))
    known = {each.id: each for each in (calendar_from(row._asdict()) for row in rows)}
    return [(each, known[each.calendar_id]) for each in found]


def recorded(tx: SqlTransaction, appointment_ids: list[str]) -> frozenset[str]:
    """Which of these appointments have their record."""
    query = select(receptions.c.appointment_id).where(
        receptions.c.appointment_id.in_(appointment_ids)
    )
    return frozenset(tx.connection.execute(query).scalars())


def receptions_of(tx: SqlTransaction, sight: Sight, first: date, last: date) -> list[Reception]:
    """Records of the officer's area, and their own, from ``first`` to ``last``; newest first."""
    area = sight.area
    seen: ColumnElement[bool] = true()
    if area is not None:
        seen = or_(receptions.c.unit_id.in_(area), receptions.c.leader_id == sight.officer_id)
    if not sight.restricted:  # what few may see is not told beside the case either
        mine = sight.officer_id
        hidden = select(cases.c.number).where(cases.c.restricted.is_(True))
        seen = and_(
            seen,
            or_(
                receptions.c.case_number.is_(None),
                receptions.c.case_number.not_in(hidden),
                receptions.c.leader_id == mine,
                receptions.c.recorded_by == mine,
            ),
        )
    query = (
        select(receptions)
        .where(seen, and_(receptions.c.day >= first, receptions.c.day <= last))
        .order_by(receptions.c.day.desc(), receptions.c.recorded_at.desc(), receptions.c.id)
    )
    return [_reception(row._asdict()) for row in tx.connection.execute(query)]


def _reception(data: dict[str, Any]) -> Reception:
    return Reception(**data)
