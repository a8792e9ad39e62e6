"""One look of a clock at everything it may have to do: one row of indexed look-ups, in one read.

Each kind of thing that time does has its ``Look`` here; a ``Glance`` puts several into a single
statement. What it tells is a hint: the clocks read again, and the verbs decide under their lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    TextClause,
    bindparam,
    func,
    literal_column,
    select,
    text,
)

from casework.case import UNFOLLOWING, Status
from casework.privacy import Retention
from storage.prepared import Prepared
from storage.tables import (
    CLOSED_CASE,
    FOLLOWING,
    IDLE_TALK,
    cases,
    conversations,
    files,
)
from storage.tables_booking import WAITING, appointments, calendars
from storage.tables_crisis import alerts
from storage.tables_groups import groups
from storage.tables_mediation import DUE, confirmations, mediations, promises
from storage.tables_people import sessions
from storage.tables_reminders import reminders
from storage.tables_supervision import LOOKED_AT, collectives, slips, sponsorships
from storage.tables_whistle import OPEN, whistles
from storage.types import Instant
from storage.unit_of_work import SqlTransaction

_Condition = ColumnElement[bool] | TextClause
_ONE: ColumnElement[int] = literal_column("1")


class Look(NamedTuple):
    """Where one kind of thing is found that is due ``back`` after a moment that is kept.

    ``due`` and ``ahead`` read at most one row each: something that is due at ``by``, and the
    first moment behind it.
    """

    name: str
    by: BindParameter[datetime]
    due: Select[Any]
    ahead: Select[Any] | None = None
    back: timedelta = timedelta()


def _by(name: str) -> BindParameter[datetime]:
    return bindparam(f"by_{name}", type_=Instant)


def _timed(
    name: str,
    column: ColumnElement[datetime],
    *conditions: _Condition,
    back: timedelta = timedelta(),
) -> Look:
    """What is due when its moment has come."""
    by, earliest = _by(name), select(func.min(column))
    due = earliest.where(*conditions, column <= by)
    return Look(name, by, due, earliest.where(*conditions, column > by), back)


def _some(name: str, *conditions: _Condition) -> Look:
    """What is due as soon as there is one, or has no moment worth waking up for."""
    return Look(name, _by(name), select(_ONE).where(*conditions).limit(_ONE))


CASES = _timed("cases", cases.c.next_at, cases.c.next_at.is_not(None))
CALLS = _timed("calls", alerts.c.next_at, alerts.c.closed_at.is_(None))
ALERTS = _timed("alerts", alerts.c.remind_at, alerts.c.closed_at.is_(None))
APPOINTMENTS = _timed("appointments", appointments.c.next_at, text(WAITING))
CALENDARS = _timed("calendars", calendars.c.next_at, text(WAITING))
REMINDERS = _timed("reminders", reminders.c.next_at, reminders.c.next_at.is_not(None))
SLIPS = _timed("slips", slips.c.next_at, text(LOOKED_AT))
COLLECTIVES = _timed("collectives", collectives.c.next_at, text(LOOKED_AT))
SPONSORS = _timed("sponsors", sponsorships.c.next_at, text(LOOKED_AT))
PROMISES = _timed("promises", promises.c.next_at, DUE)
CONFIRMATIONS = _timed("confirmations", confirmations.c.next_at, DUE)
MEDIATIONS = _timed("mediations", mediations.c.next_at, DUE)
WHISTLES = _timed("whistles", whistles.c.next_at, text(OPEN))
DIGESTS = _timed("digests", groups.c.next_at)
LOGINS = _timed("logins", sessions.c.expires_at)
ERASED_FILES = _some("erased_files", files.c.erased_at.is_not(None))


def drafts(silence: timedelta) -> Look:
    """Drafts nobody touched for this long, in conversations as silent where the bot may speak."""
    by, draft = _by("drafts"), cases.c.status == literal_column(f"'{Status.DRAFT.value}'")
    due = (
        select(cases.c.changed_at)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .where(
            draft,
            cases.c.changed_at <= by,
            conversations.c.last_at <= by,
            conversations.c.holder_kind != literal_column("'officer'"),
        )
        .order_by(cases.c.changed_at)
        .limit(_ONE)
    )
    ahead = select(func.min(cases.c.changed_at)).where(draft, cases.c.changed_at > by)
    return Look("drafts", by, due, ahead, silence)


def _followers() -> Look:
    """Joined cases that can move and lag behind their leading case."""
    leading = cases.alias("leading")
    found = (
        select(_ONE)
        .select_from(cases)
        .join(leading, leading.c.number == cases.c.joined)
        .where(
            text(f"cases.{FOLLOWING.replace(' AND ', ' AND cases.')}"),
            cases.c.followed < leading.c.version,
            cases.c.status.not_in([literal_column(f"'{each.value}'") for each in UNFOLLOWING]),
        )
    )
    return Look("followers", _by("followers"), found.limit(_ONE))


FOLLOWERS = _followers()


def kept_long_enough(retention: Retention) -> Sequence[Look]:
    """Closed cases and idle talks whose words may go, each by an index of its own."""
    filed, unfiled = (f"{CLOSED_CASE} AND filed_at IS {null}" for null in ("NOT NULL", "NULL"))
    at, hidden = cases.c.closed_at, cases.c.restricted
    asked = text(f"forget AND anonymised_at IS NULL AND {CLOSED_CASE}")
    # Not «= bot»: most are, and SQLite would read those instead of the partial index.
    free = conversations.c.holder_kind.not_in(
        [literal_column("'queue'"), literal_column("'officer'")]
    )
    return (
        Look("asked", _by("asked"), select(_ONE).select_from(cases).where(asked).limit(_ONE)),
        _timed("unfiled", at, text(unfiled), back=retention.unfiled),
        _timed("ordinary", at, text(filed), hidden.is_(False), back=retention.ordinary),
        _timed("restricted", at, text(filed), hidden.is_(True), back=retention.restricted),
        _timed("talks", conversations.c.last_at, text(IDLE_TALK), free, back=retention.unfiled),
    )


class Seen(NamedTuple):
    """The names of those looks that found something due, and the next moment of any of them."""

    due: frozenset[str]
    ahead: datetime | None

    def any_of(self, looks: Sequence[Look]) -> bool:
        """Whether one of these found something."""
        return any(look.name in self.due for look in looks)


class Glance:
    """Several looks at once, in one statement."""

    def __init__(self, looks: Iterable[Look]) -> None:
        self._looks = list({look.name: look for look in looks}.values())
        due = [each.due.scalar_subquery().label(f"due_{each.name}") for each in self._looks]
        ahead = [
            each.ahead.scalar_subquery().label(f"ahead_{each.name}")
            for each in self._looks
            if each.ahead is not None
        ]
        self._statement = Prepared(select(*due, *ahead), [*due, *ahead])

    def __call__(self, tx: SqlTransaction, now: datetime) -> Seen:
        """What is due at ``now``, and when something will be."""
        by = {each.by.key: now - each.back for each in self._looks}
        (row,) = self._statement.rows(tx.connection, by)
        found = frozenset(x.name for x in self._looks if row[f"due_{x.name}"] is not None)
        ahead = [(row.get(f"ahead_{each.name}"), each.back) for each in self._looks]
        return Seen(found, min((at + back for at, back in ahead if at is not None), default=None))
