"""What the clock finds overdue. Each row is only a hint: the verb decides again, under its lock."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from casework.case import OPEN, Case, Status
from casework.groups import Group
from storage.tables import cases, conversations, groups, sessions
from storage.unit_of_work import SqlTransaction

_OPEN = cases.c.status.in_([status.value for status in OPEN])
_DRAFT = cases.c.status == Status.DRAFT.value
_DONE = cases.c.status == Status.DONE_WAIT.value
# While an officer holds the conversation the officer sees the case; the bot may not speak.
_PLAIN = tuple(field.name for field in fields(Case) if field.name not in ("status", "slots"))
_BOT_MAY_SPEAK = conversations.c.holder_kind.in_(("bot", "queue"))


class Overdue(NamedTuple):
    """A case as it was found; the version tells whether it changed meanwhile."""

    number: str
    version: int


class Moments(NamedTuple):
    """When the oldest draft and the oldest unanswered result were last touched, when the next
    answer and the next digest are due; None when there is none."""

    draft_changed: datetime | None
    done_since: datetime | None
    due: datetime | None
    digest: datetime | None


def _found(connection: Connection, query: Select[Any], limit: int) -> list[Overdue]:
    rows = connection.execute(query.limit(limit))
    return [Overdue(row.number, row.version) for row in rows]


def silent_drafts(tx: SqlTransaction, before: datetime, limit: int) -> list[Overdue]:
    """Drafts unchanged since ``before`` in conversations as silent, the oldest first."""
    query = (
        select(cases.c.number, cases.c.version)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .where(
            _DRAFT, cases.c.changed_at <= before, conversations.c.last_at <= before, _BOT_MAY_SPEAK
        )
        .order_by(cases.c.changed_at)
    )
    return _found(tx.connection, query, limit)


def unanswered(tx: SqlTransaction, before: datetime, limit: int) -> list[Overdue]:
    """Cases reported done by ``before`` whose resident has not answered, the oldest first."""
    query = (
        select(cases.c.number, cases.c.version)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .where(_DONE, cases.c.changed_at <= before, _BOT_MAY_SPEAK)
        .order_by(cases.c.changed_at)
    )
    return _found(tx.connection, query, limit)


def breached(tx: SqlTransaction, now: datetime, limit: int) -> list[Overdue]:
    """Open cases whose answer is due and about which nobody has said so."""
    query = (
        select(cases.c.number, cases.c.version)
        .where(_OPEN, cases.c.due_at <= now, cases.c.breached_at.is_(None))
        .order_by(cases.c.due_at)
    )
    return _found(tx.connection, query, limit)


def unwarned(tx: SqlTransaction, due_before: datetime, limit: int) -> list[Case]:
    """Open cases due before a moment, neither warned about nor breached, without their slots."""
    query = (
        select(*(cases.c[name] for name in ("status", *_PLAIN)))
        .where(
            _OPEN,
            cases.c.due_at <= due_before,
            cases.c.warned_at.is_(None),
            cases.c.breached_at.is_(None),
        )
        .order_by(cases.c.due_at)
        .limit(limit)
    )
    rows = tx.connection.execute(query)
    return [Case(**{**row._mapping, "status": Status(row.status)}) for row in rows]


def next_moments(tx: SqlTransaction) -> Moments:
    """The earliest moments at which something of each kind may become overdue."""

    def earliest(column: Any, *conditions: Any) -> datetime | None:
        found: datetime | None = tx.connection.execute(
            select(func.min(column)).where(*conditions)
        ).scalar_one_or_none()
        return found

    return Moments(
        draft_changed=earliest(cases.c.changed_at, _DRAFT),
        done_since=earliest(cases.c.changed_at, _DONE),
        due=earliest(cases.c.due_at, _OPEN, cases.c.breached_at.is_(None)),
        digest=earliest(groups.c.next_at),
    )


def session_expired(tx: SqlTransaction, now: datetime) -> bool:
    """Whether a login has run out."""
    query = select(sessions.c.token_hash).where(sessions.c.expires_at <= now).limit(1)
    return tx.connection.execute(query).first() is not None


def groups_due(tx: SqlTransaction, now: datetime) -> list[Group]:
    """Groups whose digest is due, the longest due first."""
    query = select(groups).where(groups.c.next_at <= now).order_by(groups.c.next_at)
    rows = tx.connection.execute(query)
    return [Group(**{name: row._mapping[name] for name in Group.__slots__}) for row in rows]
