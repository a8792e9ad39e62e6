"""What the clock finds overdue. Each row is only a hint: the verb decides again, under its lock."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, literal_column, select

from casework.case import Status
from casework.groups import Group
from storage.prepared import Prepared
from storage.tables import cases, conversations
from storage.tables_groups import groups
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


class Wanted(NamedTuple):
    """What counts as overdue at ``now``, and since when a resident counts as silent."""

    now: datetime
    silent_since: datetime
    limit: int


class Found(NamedTuple):
    """What is overdue, of each kind the most pressing first; ``logins``: whether one ran out."""

    drafts: list[Overdue]
    due: list[Overdue]


def overdue(tx: SqlTransaction, wanted: Wanted) -> Found:
    """Every case that is overdue, in one read."""
    silent = {"since": wanted.silent_since, "most": wanted.limit}
    due = {"by": wanted.now, "most": wanted.limit}
    return Found(
        drafts=[Overdue(**row) for row in _DRAFTS.rows(tx.connection, silent)],
        due=[Overdue(**row) for row in _DUE.rows(tx.connection, due)],
    )


def due_groups(tx: SqlTransaction, now: datetime) -> list[Group]:
    """The groups whose digest is due, the longest due first."""
    query = select(groups).where(groups.c.next_at <= now).order_by(groups.c.next_at)
    return [
        Group(**{name: row._mapping[name] for name in Group.__slots__})
        for row in tx.connection.execute(query)
    ]
