"""What rates are counted from: cases filed in an area and a period, counted where they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    ColumnElement,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    type_coerce,
)

from casework.case import Source, Status
from casework.events import ActorKind, Kind
from casework.intake import ANONYMOUS
from casework.privacy import IDENTITY
from casework.rates import HALF, MOST, REPEATED_WITHIN, WEIGHTS, Counts, Spans, rank
from storage.tables import cases, events, units
from storage.tables_moves import moves
from storage.unit_of_work import SqlTransaction
from storage.units import within
from storage.views import Sight

_GRAVE = ("R2", "R3")
_TAKEN_BACK = (Status.WITHDRAWN.value, Status.ARCHIVED.value)
"""Where a case stands that ended without an answer; put away, it is called withdrawn no more."""
_NO_RESIDENT = (Source.PATROL.value,)
_YES, _NO = ("confirm", "call_back"), "reopen"
_VERBS = ("return", "assign", "resolve", "refer", *_YES, _NO)
_MICROS = timedelta(microseconds=1)
_COLUMNS = (
    *("number", "category", "kind", "source", "filed_at", "contact_by", "contacted_at"),
    *("due_at", "closed_at", "rating", "round", "resolution"),
)


class Period(NamedTuple):
    """Filed from ``since`` on and before ``until``."""

    since: datetime
    until: datetime


def counted(
    tx: SqlTransaction, sight: Sight, root: str, period: Period, now: datetime
) -> tuple[Counts, Spans]:
    """The cases of the units whose path begins with ``root``, counted as they stand at ``now``.

    Left out are those taken back, those that follow another, and danger, which is measured in
    minutes elsewhere; restricted ones where the officer may not see them.
    """
    wanted = _wanted(tx, sight, root, period)
    totals = _totals(tx, wanted, now)
    levels, resolutions = _ended(tx, wanted)
    placed, repeated = _came_back(tx, wanted)
    found = Counts(
        **totals, levels=levels, resolutions=resolutions, placed=placed, repeated=repeated
    )
    contact = _span(tx, wanted, wanted.c.contacted_at, rank(found.contacted, HALF))
    return found, Spans(contact, _span(tx, wanted, wanted.c.closed_at, rank(found.closed, MOST)))


def _wanted(tx: SqlTransaction, sight: Sight, root: str, period: Period) -> CTE:
    conditions: list[ColumnElement[bool]] = [
        cases.c.filed_at >= period.since,
        cases.c.filed_at < period.until,
        cases.c.joined.is_(None),
        cases.c.resolution.is_not(None) | cases.c.status.not_in(_TAKEN_BACK),
        cases.c.crisis.not_in(_GRAVE),
        within(units.c.path, root),
    ]
    if not sight.restricted:
        conditions.append(cases.c.restricted.is_(False))
    home = units.alias("home")
    return (
        select(
            *(cases.c[name] for name in _COLUMNS),
            home.c.kind.label("level"),
            _slot(tx, "place").label("place"),
            _slot(tx, IDENTITY).label("mode"),
        )
        .join(units, units.c.id == cases.c.unit_id)
        .join(home, home.c.id == cases.c.org_id)
        .where(*conditions)
        .cte("wanted")
    )


def _slot(tx: SqlTransaction, name: str) -> ColumnElement[Any]:
    """The value of a slot, None where it is not known; of all that is read, only these two stand
    inside a text of JSON."""
    slots = type_coerce(cases.c.slots, Text)
    if tx.connection.dialect.name == "postgresql":
        value: ColumnElement[Any] = cast(slots, JSON)[(name, "value")].as_string()
        return value
    return func.json_extract(slots, f"$.{name}.value", type_=Text)


def _totals(tx: SqlTransaction, wanted: CTE, now: datetime) -> dict[str, Any]:
    """Everything that is one number; the names are those of Counts."""
    happened, late = _happened(wanted), _breaches(wanted)
    at, row = wanted.c, happened.c
    counts = _counted(at, row, late, now)
    query = (
        select(
            func.count().label("cases"),
            func.coalesce(func.sum(row.assigned), 0).label("handed_on"),
            *(func.count().filter(which).label(name) for name, which in counts.items()),
        )
        .select_from(wanted)
        .outerjoin(happened, row.case_number == at.number)
        .outerjoin(late, late.c.case_number == at.number)
    )
    found = tx.connection.execute(query).one()._asdict()
    stars = {each: found.pop(f"stars_{each}") for each in WEIGHTS}
    return {**found, "handed_on": int(found["handed_on"]), "stars": stars}


def _counted(at: Any, row: Any, late: Subquery, now: datetime) -> dict[str, ColumnElement[bool]]:
    """Which cases count for each number: ``at`` are the case's columns, ``row`` those of what
    happened to it, ``late`` when it was first found overdue."""
    answered = or_(row.yes.is_not(None), row.no.is_not(None))
    asked = and_(
        at.source.not_in(_NO_RESIDENT),
        at.contact_by.is_not(None),
        or_(at.contacted_at.is_not(None), at.contact_by <= now),
    )
    due = and_(at.due_at.is_not(None), or_(row.answered_at.is_not(None), at.due_at <= now))
    # Its day has been set anew since: whether the first answer was late, the event still says.
    again = or_(late.c.at.is_(None), late.c.at > row.answered_at)
    own_day = case((at.round > 1, again), else_=row.answered_at <= at.due_at)
    solved_once = and_(row.yes.is_not(None), row.no.is_(None))
    return {
        "contact_due": asked,
        "contact_in_time": and_(asked, at.contacted_at <= at.contact_by),
        "results": row.resolved_at.is_not(None),
        "answered": answered,
        "solved_at_once": solved_once,
        "solved_at_last": row.yes > row.no,
        "unrated": and_(at.closed_at.is_not(None), at.rating.is_(None)),
        "answer_due": due,
        "answer_in_time": and_(due, row.answered_at.is_not(None), own_day),
        "returned": row.returned > 0,
        "closed": at.closed_at.is_not(None),
        "first_time": and_(at.closed_at.is_not(None), at.round == 1),
        "anonymous": at.mode == ANONYMOUS,
        "contacted": at.contacted_at.is_not(None),
    } | {f"stars_{stars}": at.rating == stars for stars in WEIGHTS}


def _happened(wanted: CTE) -> Subquery:
    """Of each case: when it was first answered, and the last word for and against it. A reopening
    is the resident's no only when it was they who said it."""
    verb = moves.c.verb
    denied = and_(verb == _NO, moves.c.actor == ActorKind.RESIDENT.value)
    return (
        select(
            moves.c.case_number,
            func.min(case((verb == "resolve", moves.c.at))).label("resolved_at"),
            func.min(case((verb.in_(("resolve", "refer")), moves.c.at))).label("answered_at"),
            func.max(case((verb.in_(_YES), moves.c.version))).label("yes"),
            func.max(case((denied, moves.c.version))).label("no"),
            func.count().filter(verb == "return").label("returned"),
            func.count().filter(verb == "assign").label("assigned"),
        )
        .where(moves.c.case_number.in_(select(wanted.c.number)), verb.in_(_VERBS))
        .group_by(moves.c.case_number)
        .subquery("happened")
    )


def _breaches(wanted: CTE) -> Subquery:
    """When those that came back were first found overdue; the case itself has forgotten."""
    back = select(wanted.c.number).where(wanted.c.round > 1)
    return (
        select(events.c.case_number, func.min(events.c.at).label("at"))
        .where(events.c.case_number.in_(back), events.c.kind == Kind.CASE_BREACHED.value)
        .group_by(events.c.case_number)
        .subquery("breaches")
    )


def _ended(tx: SqlTransaction, wanted: CTE) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Closed ones by the level that had them, and by how they ended."""
    query = (
        select(wanted.c.level, wanted.c.resolution, func.count().label("many"))
        .where(wanted.c.closed_at.is_not(None))
        .group_by(wanted.c.level, wanted.c.resolution)
    )
    levels, resolutions = dict[str, int](), dict[str, int]()
    for level, resolution, many in tx.connection.execute(query):
        levels[level] = levels.get(level, 0) + many
        if resolution is not None:
            resolutions[resolution] = resolutions.get(resolution, 0) + many
    return levels, resolutions


def _came_back(tx: SqlTransaction, wanted: CTE) -> tuple[int, int]:
    """How many were closed at a known place, and after how many of these the same matter was filed
    there again. What has no known place cannot be at the same one."""
    place = and_(wanted.c.place.is_not(None), wanted.c.place != "")
    closed = and_(place, wanted.c.closed_at.is_not(None))
    placed = tx.connection.execute(select(func.count()).select_from(wanted).where(closed)).scalar()
    later = wanted.alias("later")
    until = _micros(wanted.c.closed_at) + REPEATED_WITHIN // _MICROS
    same = and_(
        later.c.place == wanted.c.place,
        later.c.category == wanted.c.category,
        later.c.kind.is_not_distinct_from(wanted.c.kind),
        later.c.number != wanted.c.number,
        later.c.filed_at >= wanted.c.closed_at,
        _micros(later.c.filed_at) <= until,
    )
    query = select(func.count(wanted.c.number.distinct())).select_from(wanted.join(later, same))
    return placed or 0, tx.connection.execute(query.where(closed)).scalar() or 0


def _span(
    tx: SqlTransaction, wanted: CTE, end: ColumnElement[Any], at: int | None
) -> timedelta | None:
    """How long from filing to ``end``, of the case that stands at this rank."""
    if at is None:
        return None
    length = _micros(end) - _micros(wanted.c.filed_at)
    query = select(length).where(end.is_not(None)).order_by(length).offset(at).limit(1)
    found = tx.connection.execute(query).scalar()
    return None if found is None else found * _MICROS


def _micros(moment: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(moment, BigInteger)
