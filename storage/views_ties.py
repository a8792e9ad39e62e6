"""Flat reads of what a case is tied to: the same issue of others, other matters of one resident."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, or_, select

from casework.case import CLOSED, Case
from storage.tables import cases, conversations
from storage.unit_of_work import SqlTransaction
from storage.views import Sight, chunks
from storage.views import visible as may_talk
from storage.views_cases import visible

SHOWN = 50  # ties listed by number; all are counted


@dataclass(frozen=True, slots=True)
class Tie:
    """Another case, and whether this officer may open it."""

    number: str
    status: str
    may: bool


@dataclass(frozen=True, slots=True)
class Ties:
    """``residents`` counts those whose open case follows this one, seen or not; ``joined`` are
    the ones this officer may open."""

    leading: Tie | None
    residents: int
    joined: tuple[Tie, ...]
    linked: tuple[Tie, ...]


def hidden_among(
    tx: SqlTransaction, numbers: Collection[str], sight: Sight | None = None
) -> set[str]:
    """Those of these cases that are restricted and not for this officer; without a sight, all
    that are restricted: not even their numbers are told."""
    may = false() if sight is None else visible(sight)
    found: set[str] = set()
    for some in chunks(sorted(numbers)):
        query = (
            select(cases.c.number, may.label("may"))
            .join(conversations, conversations.c.id == cases.c.conversation_id)
            .where(cases.c.number.in_(some), cases.c.restricted.is_(True))
        )
        found.update(row.number for row in tx.connection.execute(query) if not row.may)
    return found


def hidden_talks(tx: SqlTransaction, ids: Collection[str], sight: Sight) -> set[str]:
    """Those of these conversations that are restricted and not for this officer."""
    found: set[str] = set()
    for some in chunks(sorted(ids)):
        query = select(conversations.c.id, may_talk(sight).label("may")).where(
            conversations.c.id.in_(some), conversations.c.restricted.is_(True)
        )
        found.update(row.id for row in tx.connection.execute(query) if not row.may)
    return found


def ties(tx: SqlTransaction, sight: Sight, case: Case) -> Ties:
    """What the case is tied to, as far as this officer may know of it."""
    following = cases.c.joined == case.number
    alive = cases.c.status.not_in([status.value for status in CLOSED])
    count = select(func.count(cases.c.conversation_id.distinct())).where(following, alive)
    leading = _ties(tx, sight, cases.c.number == case.joined) if case.joined else ()
    return Ties(
        leading=next(iter(leading), None),
        residents=tx.connection.execute(count).scalar_one(),
        joined=tuple(tie for tie in _ties(tx, sight, following) if tie.may),
        linked=_ties(tx, sight, cases.c.number.in_(case.linked)),
    )


def _ties(tx: SqlTransaction, sight: Sight, wanted: ColumnElement[bool]) -> tuple[Tie, ...]:
    query = (
        select(cases.c.number, cases.c.status, visible(sight).label("may"))
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        # Of a restricted case not even the number is told to others.
        .where(wanted, or_(cases.c.restricted.is_(False), visible(sight)))
        .order_by(cases.c.number)
        .limit(SHOWN)
    )
    rows = tx.connection.execute(query)
    return tuple(Tie(row.number, row.status, bool(row.may)) for row in rows)
