"""What the clock finds overdue. Each row is only a hint: the verb decides again, under its lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, literal_column, select

from casework.case import Status
from casework.groups import Group
from storage.prepared import Prepared
from storage.tables import cases, conversations, groups, sessions
from storage.unit_of_work import SqlTransaction

_DRAFT = cases.c.status == literal_column(f"'{Status.DRAFT.value}'")
# While an officer holds the conversation the officer sees the case; the bot may not speak.
_BOT_MAY_SPEAK = conversations.c.holder_kind != literal_column("'officer'")


class Overdue(NamedTuple):
    """A case as it was found; the version tells whether it changed meanwhile."""

    number: str
    version: int


# Unchanged for long enough, in conversations as silent.
_FOUND = [cases.c.number, cases.c.version]
_DRAFTS = Prepared(
    select(*_FOUND)
    .join(conversations, conversations.c.id == cases.c.conversation_id)
    .where(
        _DRAFT,
        cases.c.changed_at <= bindparam("since"),
        conversations.c.last_at <= bindparam("since"),
        _BOT_MAY_SPEAK,
    )
    .order_by(cases.c.changed_at)
    .limit(bindparam("most")),
    _FOUND,
)
# Something is to be done with it by now, whatever it is.
_DUE = Prepared(
    select(*_FOUND)
    .where(cases.c.next_at.is_not(None), cases.c.next_at <= bindparam("by"))
    .order_by(cases.c.next_at)
    .limit(bindparam("most")),
    _FOUND,
)


class Moments(NamedTuple):
    """When the oldest draft was last touched, when a clock has to look at a case next, and when
    the next digest is due; None when there is none."""

    draft_changed: datetime | None
    due: datetime | None
    digest: datetime | None


class Wanted(NamedTuple):
    """What counts as overdue at ``now``, and since when a resident counts as silent."""

    now: datetime
    silent_since: datetime
    limit: int


class Found(NamedTuple):
    """What is overdue, of each kind the most pressing first; ``logins``: whether one ran out."""

    drafts: list[Overdue]
    due: list[Overdue]


class Beside(NamedTuple):
    """What is overdue beside cases: groups that get a digest; whether a login ran out."""

    groups: list[Group]
    logins: bool


def overdue(tx: SqlTransaction, wanted: Wanted) -> Found:
    """Every case that is overdue, in one read."""
    silent = {"since": wanted.silent_since, "most": wanted.limit}
    due = {"by": wanted.now, "most": wanted.limit}
    return Found(
        drafts=[Overdue(**row) for row in _DRAFTS.rows(tx.connection, silent)],
        due=[Overdue(**row) for row in _DUE.rows(tx.connection, due)],
    )


def beside_cases(tx: SqlTransaction, now: datetime) -> Beside:
    """Everything else that is overdue."""
    due_groups = select(groups).where(groups.c.next_at <= now).order_by(groups.c.next_at)
    expired = select(sessions.c.token_hash).where(sessions.c.expires_at <= now).limit(1)
    return Beside(
        groups=[
            Group(**{name: row._mapping[name] for name in Group.__slots__})
            for row in tx.connection.execute(due_groups)
        ],
        logins=tx.connection.execute(expired).first() is not None,
    )


def next_moments(tx: SqlTransaction, now: datetime) -> Moments:
    """The earliest moments at which something of each kind may become overdue. Of cases those
    after ``now``: what is due already and waits for somebody must not hide what comes next."""

    def earliest(column: Any, *conditions: Any) -> datetime | None:
        found: datetime | None = tx.connection.execute(
            select(func.min(column)).where(*conditions)
        ).scalar_one_or_none()
        return found

    return Moments(
        draft_changed=earliest(cases.c.changed_at, _DRAFT),
        due=earliest(cases.c.next_at, cases.c.next_at > now),
        digest=earliest(groups.c.next_at),
    )


def session_expired(tx: SqlTransaction, now: datetime) -> bool:
    """Whether a login has run out."""
    query = select(sessions.c.token_hash).where(sessions.c.expires_at <= now).limit(1)
    return tx.connection.execute(query).first() is not None
