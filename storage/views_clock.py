"""What the clock finds overdue. Each row is only a hint: the verb decides again, under its lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, false, func, not_, or_, select

from casework.case import OPEN, Status
from casework.digest import SERIOUS
from casework.groups import Group
from storage.tables import cases, conversations, groups, sessions
from storage.unit_of_work import SqlTransaction

_OPEN = cases.c.status.in_([status.value for status in OPEN])
_DRAFT = cases.c.status == Status.DRAFT.value
_DONE = cases.c.status == Status.DONE_WAIT.value
# While an officer holds the conversation the officer sees the case; the bot may not speak.
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


class Margin(NamedTuple):
    """How long before it is due a case of these kinds is warned about. ``serious``: a crisis of
    level R2 or R3."""

    ahead: timedelta
    urgent: bool
    serious: bool
    categories: tuple[str, ...]


class Wanted(NamedTuple):
    """What counts as overdue at ``now``: silent since, unanswered since, within which margins."""

    now: datetime
    silent_since: datetime
    unanswered_since: datetime
    margins: Sequence[Margin]
    limit: int


class Found(NamedTuple):
    """What is overdue, of each kind the most pressing first; ``logins``: whether one ran out."""

    drafts: list[Overdue]
    breached: list[Overdue]
    unwarned: list[Overdue]
    unanswered: list[Overdue]
    groups: list[Group]
    logins: bool


def overdue(tx: SqlTransaction, wanted: Wanted) -> Found:
    """Everything that is overdue, in one read."""
    connection, now = tx.connection, wanted.now
    due_groups = select(groups).where(groups.c.next_at <= now).order_by(groups.c.next_at)
    expired = select(sessions.c.token_hash).where(sessions.c.expires_at <= now).limit(1)
    return Found(
        drafts=_cases(connection, _silent_drafts(wanted), wanted.limit),
        breached=_cases(connection, _breached(now), wanted.limit),
        unwarned=_cases(connection, _unwarned(wanted), wanted.limit),
        unanswered=_cases(connection, _unanswered(wanted), wanted.limit),
        groups=[
            Group(**{name: row._mapping[name] for name in Group.__slots__})
            for row in connection.execute(due_groups)
        ],
        logins=connection.execute(expired).first() is not None,
    )


def _cases(connection: Connection, query: Select[Any], limit: int) -> list[Overdue]:
    rows = connection.execute(query.limit(limit))
    return [Overdue(row.number, row.version) for row in rows]


def _silent_drafts(wanted: Wanted) -> Select[Any]:
    """Unchanged for long enough, in conversations as silent."""
    return (
        select(cases.c.number, cases.c.version)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .where(
            _DRAFT,
            cases.c.changed_at <= wanted.silent_since,
            conversations.c.last_at <= wanted.silent_since,
            _BOT_MAY_SPEAK,
        )
        .order_by(cases.c.changed_at)
    )


def _unanswered(wanted: Wanted) -> Select[Any]:
    """Reported done, and the resident has neither said whether it is nor waits for a human."""
    return (
        select(cases.c.number, cases.c.version)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .where(
            _DONE,
            cases.c.changed_at <= wanted.unanswered_since,
            conversations.c.waiting_since.is_(None),
            _BOT_MAY_SPEAK,
        )
        .order_by(cases.c.changed_at)
    )


def _breached(now: datetime) -> Select[Any]:
    """The answer is due and nobody has said so."""
    return (
        select(cases.c.number, cases.c.version)
        .where(_OPEN, cases.c.due_at <= now, cases.c.breached_at.is_(None))
        .order_by(cases.c.due_at)
    )


def _unwarned(wanted: Wanted) -> Select[Any]:
    """Within the margin, and nobody has been warned."""
    serious = cases.c.crisis.in_(sorted(SERIOUS))
    within = [
        and_(
            cases.c.due_at <= wanted.now + margin.ahead,
            cases.c.urgent.is_(margin.urgent),
            serious if margin.serious else not_(serious),
            cases.c.category.in_(margin.categories),
        )
        for margin in wanted.margins
    ]
    return (
        select(cases.c.number, cases.c.version)
        .where(
            _OPEN,
            cases.c.due_at > wanted.now,
            cases.c.warned_at.is_(None),
            cases.c.breached_at.is_(None),
            or_(false(), *within),
        )
        .order_by(cases.c.due_at)
    )


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
