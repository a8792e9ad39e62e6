"""Flat reads of cases: a line for lists, one case for one officer, its timeline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, or_, select

from casework.case import Case
from casework.errors import NotFound
from casework.events import Event, Kind
from storage.cases import from_row as case_from_row
from storage.events import from_row as event_from_row
from storage.tables import cases, conversations, events, officers, units
from storage.tables_crisis import tasks
from storage.tables_mediation import mediations
from storage.unit_of_work import SqlTransaction
from storage.views import Sight

TIMELINE = 500
# What happened to the conversation that whoever reads the case must know.
_BESIDE = (
    Kind.HANDED_OFF.value,
    Kind.TAKEN_OVER.value,
    Kind.RELEASED.value,
    Kind.CRISIS_RAISED.value,
    Kind.DELIVERY_FAILED.value,
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as lists show it."""

    number: str
    category: str
    status: str
    version: int
    title: str
    urgent: bool
    crisis: str
    owner_id: str
    owner_name: str
    unit_id: str
    unit_name: str
    due_at: datetime | None
    next_at: datetime | None
    supervision: str
    source: str
    opened_at: datetime
    conversation_id: str
    rating: int | None
    placed: bool
    restricted: bool


_ROW = (
    *(cases.c[name] for name in CaseLine.__slots__ if name in cases.c),
    officers.c.name.label("owner_name"),
    units.c.name.label("unit_name"),
)


def lines_of() -> Select[Any]:
    """The lines of all cases, to be narrowed."""
    return (
        select(*_ROW)
        .join(officers, officers.c.id == cases.c.owner_id)
        .join(units, units.c.id == cases.c.org_id)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
    )


def line_of(row: Row[Any]) -> CaseLine:
    """A row of such a query."""
    return CaseLine(**{name: row._mapping[name] for name in CaseLine.__slots__})


def visible(sight: Sight) -> ColumnElement[bool]:
    """The condition on cases joined with conversations: covered, owned, or held.

    A restricted one: named roles of the area, its owner, the holder, or who has a task about it.
    """
    if sight.restricted:
        return _covered(sight)
    if sight.called:
        return _called(sight)
    named = or_(
        cases.c.owner_id == sight.officer_id,
        conversations.c.holder_officer_id == sight.officer_id,
        exists()
        .where(tasks.c.case_number == cases.c.number, tasks.c.officer_id == sight.officer_id)
        .correlate(cases),
    )
    return or_(and_(cases.c.restricted.is_(False), _covered(sight)), named)


def _called(sight: Sight) -> ColumnElement[bool]:
    """Their own cases, those they mediate, and those they have a task about. Until the resident has
    said yes there is nothing to mediate, and nothing for a mediator to read."""
    mediates = exists().where(
        mediations.c.case_number == cases.c.number,
        mediations.c.mediator_id == sight.officer_id,
        mediations.c.resident == "yes",
    )
    has_task = exists().where(
        tasks.c.case_number == cases.c.number, tasks.c.officer_id == sight.officer_id
    )
    return or_(
        cases.c.owner_id == sight.officer_id,
        conversations.c.holder_officer_id == sight.officer_id,
        and_(cases.c.restricted.is_(False), mediates.correlate(cases)),
        has_task.correlate(cases),
    )


def _covered(sight: Sight) -> ColumnElement[bool]:
    if sight.area is None:
        return cases.c.version >= 0
    return or_(
        cases.c.unit_id.in_(sight.area),
        cases.c.org_id.in_(sight.area),
        cases.c.owner_id == sight.officer_id,
        conversations.c.holder_officer_id == sight.officer_id,
    )


def lines_of_conversation(tx: SqlTransaction, conversation_id: str) -> list[CaseLine]:
    """A conversation's cases, oldest first."""
    query = lines_of().where(cases.c.conversation_id == conversation_id)
    query = query.order_by(cases.c.opened_at, cases.c.number)
    return [line_of(row) for row in tx.connection.execute(query)]


def get_case(tx: SqlTransaction, sight: Sight, number: str) -> tuple[Case, CaseLine]:
    """One case. Raises NotFound when there is none this officer may see."""
    row = tx.connection.execute(
        lines_of().where(cases.c.number == number, visible(sight))
    ).one_or_none()
    if row is None:
        raise NotFound
    whole = tx.connection.execute(select(cases).where(cases.c.number == number)).one()
    return case_from_row(whole._asdict()), line_of(row)


def seen_among(tx: SqlTransaction, sight: Sight, numbers: Collection[str]) -> dict[str, CaseLine]:
    """Those of these cases that this officer may see, by number, in one query."""
    query = lines_of().where(cases.c.number.in_(sorted(numbers)), visible(sight))
    return {row.number: line_of(row) for row in tx.connection.execute(query)}


def timeline(tx: SqlTransaction, case: Case) -> list[Event]:
    """What happened to the case, and to its conversation as far as it concerns the case."""
    beside = and_(
        events.c.conversation_id == case.conversation_id,
        events.c.case_number.is_(None),
        events.c.kind.in_(_BESIDE),
        events.c.at >= case.opened_at,
    )
    query = select(events).where(or_(events.c.case_number == case.number, beside))
    query = query.order_by(events.c.seq.desc()).limit(TIMELINE)
    return [event_from_row(row) for row in reversed(tx.connection.execute(query).all())]
