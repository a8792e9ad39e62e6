"""Units and officers as lists and searches show them: never more than is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from casework.organisation import OWNERS, Officer, Unit
from storage.people import officer_of
from storage.tables import officers, units
from storage.unit_of_work import SqlTransaction
from storage.units import COLUMNS, unit_of
from storage.views import Sight

_DEPTH = func.length(units.c.path) - func.length(func.replace(units.c.path, "/", ""))

BODIES = ("department", "mediation")


def like(words: str) -> str:
    """What holds these very words, for LIKE with a backslash as its escape."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def find_units(
    tx: SqlTransaction, sight: Sight, words: str, kind: str, limit: int | None
) -> list[Unit]:
    """The units in sight whose name, id or code holds the words, the larger ones first; bodies
    that are no areas only when they are asked for."""
    # What has been divided or put together is found by its own code or id only.
    alive = or_(units.c.successors == [], units.c.code == words, units.c.id == words)
    wanted: list[ColumnElement[bool]] = [alive]
    if sight.area is not None:
        wanted.append(units.c.id.in_(sight.area))
    wanted.append(units.c.kind == kind if kind else units.c.kind.not_in(BODIES))
    if words:
        wild = like(words)
        columns = (units.c.name, units.c.id, units.c.code)
        wanted.append(or_(*(column.like(wild, escape="\\") for column in columns)))
    query = select(*COLUMNS).where(*wanted).order_by(_DEPTH, units.c.name, units.c.id)
    rows = tx.connection.execute(query.limit(limit))
    return [unit_of(row._asdict()) for row in rows]


def vacant_grids(tx: SqlTransaction, sight: Sight, on: date, limit: int) -> list[Unit]:
    """Grids in sight in which nobody works on this day who may own a case (空岗网格, domain S0-1),
    by name."""
    staffed = exists().where(
        officers.c.unit_id == units.c.id,
        officers.c.active,
        officers.c.role.in_([role.value for role in OWNERS]),
        or_(officers.c.valid_from.is_(None), officers.c.valid_from <= on),
        or_(officers.c.valid_to.is_(None), officers.c.valid_to > on),
    )
    runs = or_(units.c.valid_to.is_(None), units.c.valid_to > on)
    wanted = [units.c.kind == "grid", runs, ~staffed]
    if sight.area is not None:
        wanted.append(units.c.id.in_(sight.area))
    query = select(*COLUMNS).where(*wanted).order_by(units.c.name, units.c.id).limit(limit)
    return [unit_of(row._asdict()) for row in tx.connection.execute(query)]


def find_officers(
    tx: SqlTransaction, words: str, limit: int, near: Sight | None = None
) -> list[Officer]:
    """Active officers by username; of too many those in this area first."""
    wanted: list[ColumnElement[bool]] = [officers.c.active]
    if words:
        wild = like(words)
        columns = (officers.c.name, officers.c.username)
        wanted.append(or_(*(column.like(wild, escape="\\") for column in columns)))
    order: list[Any] = [officers.c.username]
    if near is not None and near.area is not None:
        order.insert(0, case((officers.c.unit_id.in_(near.area), 0), else_=1))
    query = select(officers).where(*wanted).order_by(*order).limit(limit)
    return [officer_of(row._asdict()) for row in tx.connection.execute(query)]
