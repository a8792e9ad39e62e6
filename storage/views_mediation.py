"""Flat reads of mediations for the console: lists by their next day, and what rates are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from casework.case import CLOSED
from casework.mediation import LIVE, Mediation, Phase
from storage.mediation import mediation_from
from storage.tables import cases, conversations
from storage.tables_mediation import confirmations, mediations, promises
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_cases import visible

MOST = 200
_LIVE = [phase.value for phase in LIVE]
_CLOSED = [status.value for status in CLOSED]
_COLUMNS = tuple(mediations.c)


class MediationLine(NamedTuple):
    """A mediation as lists show it: ``next_at`` is the next day anybody has to do something."""

    mediation: Mediation
    title: str
    category: str
    promise_at: datetime | None
    court_at: datetime | None


def _lines() -> Select[Any]:
    promised = (
        select(func.min(promises.c.next_at))
        .where(promises.c.mediation_id == mediations.c.id)
        .scalar_subquery()
    )
    court = (
        select(func.coalesce(confirmations.c.court_by, confirmations.c.apply_by))
        .where(confirmations.c.mediation_id == mediations.c.id, confirmations.c.ended_at.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            *_COLUMNS,
            cases.c.title,
            cases.c.category,
            promised.label("promise_at"),
            court.label("court_at"),
        )
        .select_from(mediations)
        .join(cases, cases.c.number == mediations.c.case_number)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
    )


def _line(row: Row[Any]) -> MediationLine:
    data = row._asdict()
    own = {column.name: data[column.name] for column in _COLUMNS}
    return MediationLine(
        mediation_from(own), data["title"], data["category"], data["promise_at"], data["court_at"]
    )


def list_mediations(tx: SqlTransaction, sight: Sight, *, mine: bool) -> list[MediationLine]:
    """What is not settled yet: being asked or under way in an open case, or agreed with something
    still to come. Whoever wanted to be forgotten is asked nothing any more."""
    to_come = or_(
        and_(mediations.c.phase.in_(_LIVE), cases.c.status.not_in(_CLOSED)),
        mediations.c.id.in_(select(promises.c.mediation_id).where(promises.c.kept.is_(None))),
        mediations.c.id.in_(
            select(confirmations.c.mediation_id).where(confirmations.c.ended_at.is_(None))
        ),
    )
    query = _lines().where(visible(sight), to_come, cases.c.anonymised_at.is_(None))
    if mine:
        query = query.where(_mine(sight))
    query = query.order_by(mediations.c.proposed_at, mediations.c.id).limit(MOST)
    return [_line(row) for row in tx.connection.execute(query)]


def _mine(sight: Sight) -> ColumnElement[bool]:
    liaison = select(confirmations.c.mediation_id).where(
        confirmations.c.liaison_id == sight.officer_id
    )
    return or_(
        mediations.c.mediator_id == sight.officer_id,
        cases.c.owner_id == sight.officer_id,
        mediations.c.id.in_(liaison),
    )


def counted(tx: SqlTransaction, sight: Sight, since: datetime, until: datetime) -> list[Mediation]:
    """The mediations proposed in a time that this officer may see, for their rates."""
    query = (
        select(*_COLUMNS)
        .select_from(mediations)
        .join(cases, cases.c.number == mediations.c.case_number)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .where(visible(sight), mediations.c.proposed_at >= since, mediations.c.proposed_at < until)
        .where(mediations.c.phase != Phase.ASKING.value)
    )
    return [mediation_from(row._asdict()) for row in tx.connection.execute(query)]
