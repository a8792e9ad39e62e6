"""What rates are counted from: cases filed in an area and a period, as numbers and moments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from casework.case import SlotValue, Source, Status
from casework.events import ActorKind, Kind
from casework.intake import ANONYMOUS
from casework.privacy import mode_of
from casework.rates import CaseRecord
from storage.tables import cases, events, units
from storage.tables_moves import moves
from storage.unit_of_work import SqlTransaction
from storage.units import within
from storage.views import Sight

_GRAVE = ("R2", "R3")
_VERBS = ("return", "assign", "resolve", "refer", "confirm", "call_back", "reopen")
_TAKEN_BACK = (Status.WITHDRAWN.value, Status.ARCHIVED.value)
"""Where a case stands that ended without an answer; put away, it is called withdrawn no more."""
_NO_RESIDENT = (Source.PATROL.value,)


_COLUMNS = [
    cases.c[name]
    for name in (
        "number",
        "category",
        "kind",
        "slots",
        "source",
        "filed_at",
        "contact_by",
        "contacted_at",
        "due_at",
        "closed_at",
        "rating",
        "round",
        "resolution",
    )
]


class Period(NamedTuple):
    """Filed from ``since`` on and before ``until``."""

    since: datetime
    until: datetime


def case_records(tx: SqlTransaction, sight: Sight, root: str, period: Period) -> list[CaseRecord]:
    """The cases of the units whose path begins with ``root``. Left out are those taken back, those
    that follow another, and danger, which is measured in minutes elsewhere; restricted ones where
    the officer may not see them."""
    wanted: list[ColumnElement[bool]] = [
        cases.c.filed_at >= period.since,
        cases.c.filed_at < period.until,
        cases.c.joined.is_(None),
        cases.c.resolution.is_not(None) | cases.c.status.not_in(_TAKEN_BACK),
        cases.c.crisis.not_in(_GRAVE),
        within(units.c.path, root),
    ]
    if not sight.restricted:
        wanted.append(cases.c.restricted.is_(False))
    home = units.alias("home")
    query = (
        select(*_COLUMNS, home.c.kind.label("level"))
        .join(units, units.c.id == cases.c.unit_id)
        .join(home, home.c.id == cases.c.org_id)
        .where(*wanted)
    )
    rows = tx.connection.execute(query).all()
    numbers = select(cases.c.number).join(units, units.c.id == cases.c.unit_id).where(*wanted)
    happened = select(moves.c.case_number, moves.c.verb, moves.c.at, moves.c.actor).where(
        moves.c.case_number.in_(numbers), moves.c.verb.in_(_VERBS)
    )
    by_case: dict[str, list[Any]] = {}
    for move in tx.connection.execute(happened.order_by(moves.c.case_number, moves.c.version)):
        by_case.setdefault(move.case_number, []).append(move)
    late = _breaches(tx, numbers)
    return [_record(row, by_case.get(row.number, []), late.get(row.number)) for row in rows]


def _breaches(tx: SqlTransaction, numbers: Select[Any]) -> dict[str, datetime]:
    """When those that came back were first found overdue; the case itself has forgotten."""
    again = numbers.where(cases.c.round > 1)
    query = (
        select(events.c.case_number, func.min(events.c.at).label("at"))
        .where(events.c.case_number.in_(again), events.c.kind == Kind.CASE_BREACHED.value)
        .group_by(events.c.case_number)
    )
    return {row.case_number: row.at for row in tx.connection.execute(query)}


def _record(row: Any, happened: list[Any], breached_at: datetime | None) -> CaseRecord:
    slots = {name: SlotValue(**value) for name, value in row.slots.items()}
    place = slots["place"].value if "place" in slots else None
    resolved = [move.at for move in happened if move.verb == "resolve"]
    answered = [move.at for move in happened if move.verb in {"resolve", "refer"}]
    return CaseRecord(
        filed_at=row.filed_at,
        contact_by=row.contact_by,
        contacted_at=row.contacted_at,
        due_at=row.due_at,
        resolved_at=resolved[0] if resolved else None,
        answered_at=answered[0] if answered else None,
        closed_at=row.closed_at,
        answers=tuple(_answers(happened)),
        rating=row.rating,
        returned=sum(move.verb == "return" for move in happened),
        assigned=sum(move.verb == "assign" for move in happened),
        rounds=row.round,
        level=row.level,
        resolution=row.resolution,
        anonymous=mode_of(slots) == ANONYMOUS,
        subject=f"{place}/{row.category}/{row.kind}" if place else None,
        breached_at=breached_at,
        needs_contact=row.source not in _NO_RESIDENT,
    )


def _answers(happened: Iterable[Any]) -> Iterable[bool]:
    """What the resident said of each result, themselves or when they were called."""
    for move in happened:
        if move.verb in {"confirm", "call_back"}:
            yield True
        elif move.verb == "reopen" and move.actor == ActorKind.RESIDENT.value:
            yield False
