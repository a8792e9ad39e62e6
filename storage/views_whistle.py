"""Figures of whistles by organisation, both of those who call and of those who are called."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from casework.whistle import Called, Calling, Outcome
from storage.tables import cases
from storage.tables_whistle import whistle_calls as calls
from storage.tables_whistle import whistles
from storage.unit_of_work import SqlTransaction

Area = Select[Any] | None
"""The ids of units, None for all of them."""


def called_figures(
    tx: SqlTransaction,
    since: datetime,
    now: datetime,
    area: Area,
    departments: Collection[str] | None = None,
) -> list[Called]:
    """How departments answered to notices signed since by units of the area, where the moment has
    passed or they came before it; what was taken back before anybody came does not count."""
    came, by = calls.c.arrived_at, whistles.c.arrive_by
    taken_back = and_(whistles.c.ended_at < by, came.is_(None))
    was_due = or_(
        came.is_not(None), and_(by <= now, or_(whistles.c.ended_at.is_(None), ~taken_back))
    )
    excused = and_(came.is_(None), calls.c.declined_at.is_not(None))
    query = (
        select(
            calls.c.unit_id,
            func.count().label("asked"),
            _count(came <= by).label("on_time"),
            _count(came > by).label("late"),
            _count(excused).label("excused"),
            _count(and_(came.is_(None), calls.c.declined_at.is_(None))).label("no_show"),
            _count(calls.c.reminded_at.is_not(None)).label("reminded"),
        )
        .join(whistles, whistles.c.id == calls.c.whistle_id)
        .where(whistles.c.signed_at >= since, was_due)
        .group_by(calls.c.unit_id)
    )
    if area is not None:
        query = query.where(whistles.c.unit_id.in_(area))
    if departments is not None:
        query = query.where(calls.c.unit_id.in_(departments))
    return [Called(**row._asdict()) for row in tx.connection.execute(query)]


def calling_figures(tx: SqlTransaction, since: datetime, area: Area) -> list[Calling]:
    """How units of the area called since then, and with what it ended."""
    query = (
        select(whistles.c.unit_id, whistles.c.outcome, func.count().label("n"))
        .where(whistles.c.signed_at >= since)
        .group_by(whistles.c.unit_id, whistles.c.outcome)
    )
    if area is not None:
        query = query.where(whistles.c.unit_id.in_(area))
    found: dict[str, dict[str | None, int]] = {}
    for row in tx.connection.execute(query):
        found.setdefault(row.unit_id, {})[row.outcome] = row.n
    return [
        Calling(
            unit_id,
            signed=sum(counts.values()),
            open=counts.get(None, 0),
            ended={name: n for name in Outcome if (n := counts.get(name.value, 0))},
        )
        for unit_id, counts in found.items()
    ]


def restricted_among(tx: SqlTransaction, numbers: Collection[str]) -> set[str]:
    """Those of these cases that are restricted by now: no notice of theirs is shown any more."""
    query = select(cases.c.number).where(cases.c.number.in_(numbers), cases.c.restricted.is_(True))
    return set(tx.connection.execute(query).scalars())


def _count(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((wanted, 1), else_=0)), 0)
