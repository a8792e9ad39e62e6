"""Danger to life: whom to call, in which order, and when it may be called dealt with.

The chain follows the crisis protocol (domain reference §7.4): the street's officer on duty, the
community, the grid worker, a deputy. Each has a minute to say 已收到; then the next is called.
Nothing here says that somebody is on the way: only an officer who has seen it may be named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from casework.errors import Incomplete, NotAllowed
from casework.organisation import Officer, Organisation, Role
from casework.turn import Line

HOLDER, DEPUTY = "holder", "deputy"
LEVELS = ("street", "community", "grid", DEPUTY)
SERIOUS = frozenset({"R2", "R3"})
ORDER = ("none", "R1", "R2", "R3")
SAFE = ("yes", "no", "unknown")
WITH_WHOM = ("family", "friend", "neighbour", "officer", "police", "hospital", "alone", "unknown")
_LEVELS = {Role.COMMUNITY: 1, Role.STREET: 2, Role.ADMIN: 3}
RANK = {role: _LEVELS.get(role, 0) for role in Role}


@dataclass(frozen=True, slots=True)
class Procedure:
    """What a city decides about danger (``crisis.zh.yaml``).

    ``chain`` are the levels in calling order; officers named in ``on_duty`` (usernames) come first
    at their level. Each has ``answer_within``; a resident silent for ``silence`` is spoken to
    again, at most ``reminders`` times. ``follow_ups`` maps a task's kind to its time after the
    alert, ``report_within`` is for the duty to report danger to a child. ``sees_restricted`` are
    the roles that see a restricted case of their area; restricted cases of the categories
    ``above_grid`` are owned by them too, never by the grid or the community complained about.
    ``call_value`` is the value of the slot ``safe_to_contact`` under which telephoning is safe.
    """

    chain: tuple[str, ...] = LEVELS
    on_duty: tuple[str, ...] = ()
    answer_within: timedelta = timedelta(seconds=60)
    silence: timedelta = timedelta(seconds=60)
    reminders: int = 2
    follow_ups: Mapping[str, timedelta] = field(
        default_factory=lambda: {
            "follow_up_1d": timedelta(days=1),
            "follow_up_3d": timedelta(days=3),
            "follow_up_7d": timedelta(days=7),
        }
    )
    report_within: timedelta = timedelta(hours=1)
    sees_restricted: frozenset[Role] = frozenset({Role.STREET, Role.ADMIN})
    above_grid: frozenset[str] = frozenset()
    call_value: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """Who was called as what, and when."""

    officer_id: str
    level: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """Danger that people were called about. ``version`` grows with every save.

    ``kind`` is self_harm, violence, hazard or witness. ``next_at`` is when the next officer is
    called, None once somebody has seen it or nobody is left. ``remind_at`` is when a silent
    resident is spoken to again. ``fine_at``: the resident said it was not meant; people still
    look. ``quiet_at``: somebody came into the resident's room; nothing is said until they write.
    ``safe``, ``with_whom`` and ``next_contact_at`` are the checklist it is closed with.
    """

    id: str
    conversation_id: str
    level: str
    kind: str
    raised_at: datetime
    case_number: str | None = None
    version: int = 1
    called: tuple[Call, ...] = ()
    called_at: datetime | None = None
    next_at: datetime | None = None
    exhausted_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    reminders: int = 0
    remind_at: datetime | None = None
    fine_at: datetime | None = None
    quiet_at: datetime | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    safe: str | None = None
    with_whom: str | None = None
    next_contact_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """What must be known before an alert is closed: is the resident safe, with whom, and when is
    the next contact."""

    safe: str | None = None
    with_whom: str | None = None
    next_contact_at: datetime | None = None


class AlertWords(Protocol):
    """The fixed words of an alert (config.crisis.CrisisPlan)."""

    def seen(self, alert: Alert, officer_name: str, *, may_call: bool) -> Line:
        """An officer has seen it."""
        ...

    def nobody(self, alert: Alert) -> Line:
        """Nobody has answered: the honest line."""
        ...

    def still_there(self) -> Line:
        """The resident has gone silent."""
        ...

    def for_officer(self, alert: Alert) -> str:
        """What the called officer reads on a telephone: no words of the resident."""
        ...


def called(alert: Alert, officer_id: str, level: str, now: datetime, within: timedelta) -> Alert:
    """The alert after an officer was called."""
    calls = (*alert.called, Call(officer_id, level, now))
    return replace(alert, called=calls, called_at=now, next_at=now + within)


def exhausted(alert: Alert, now: datetime) -> Alert:
    """Nobody is left to call: from now on it is everybody's."""
    return replace(alert, exhausted_at=now, next_at=None)


def acknowledged(alert: Alert, officer_id: str, now: datetime) -> Alert:
    """The alert seen by an officer; whoever comes later changes nothing."""
    if alert.acknowledged_at is not None:
        return alert
    return replace(alert, acknowledged_by=officer_id, acknowledged_at=now, next_at=None)


def worsened(alert: Alert, level: str, kind: str, now: datetime, silence: timedelta) -> Alert:
    """Danger heard again while people know of it: the worse level counts, and violence stays
    violence, since it says how the resident may be contacted."""
    worse = ORDER.index(level) > ORDER.index(alert.level)
    kind = kind if kind == "violence" or (worse and alert.kind != "violence") else alert.kind
    worst = level if worse else alert.level
    return replace(alert, level=worst, kind=kind, fine_at=None, remind_at=now + silence)


def is_fine(alert: Alert, now: datetime) -> Alert:
    """The resident said it was not meant. Where somebody else may be listening, or the danger was
    immediate, people are called all the same until one has looked."""
    stops = alert.level != "R3" and alert.kind == "self_harm"
    return replace(alert, fine_at=now, remind_at=None, next_at=None if stops else alert.next_at)


def closed(alert: Alert, officer_id: str, given: Checklist, now: datetime) -> Alert:
    """The alert dealt with. Raises NotAllowed before anybody has seen it, and Incomplete naming
    what the checklist lacks."""
    if alert.acknowledged_at is None:
        raise NotAllowed("nobody has acknowledged the alert yet")
    if given.safe not in SAFE:
        raise Incomplete("safe")
    if given.with_whom not in WITH_WHOM:
        raise Incomplete("with_whom")
    if given.next_contact_at is None or given.next_contact_at <= now:
        raise Incomplete("next_contact_at")
    return replace(
        alert,
        closed_by=officer_id,
        closed_at=now,
        safe=given.safe,
        with_whom=given.with_whom,
        next_contact_at=given.next_contact_at,
        next_at=None,
        remind_at=None,
    )


def rings_for(alert: Alert, officer: Officer, organisation: Organisation) -> bool:
    """Whether the alert must not be overlooked on this officer's screen now.

    It rings for whoever was called, from the second call on for those above, and for all levels
    when nobody is left to call. The caller has checked that the officer may see it at all.
    """
    if alert.acknowledged_at is not None or alert.closed_at is not None:
        return False
    if alert.exhausted_at is not None or any(c.officer_id == officer.id for c in alert.called):
        return True
    if len(alert.called) < 2:
        return False
    last = organisation.officers.get(alert.called[-1].officer_id)
    return last is not None and RANK[officer.role] > RANK[last.role]


class Alerts(Protocol):
    """Alerts, saved under the version they were read at, and officers' own chats."""

    def add(self, alert: Alert) -> None: ...

    def get(self, alert_id: str, *, lock: bool = False) -> Alert:
        """Raises NotFound."""
        ...

    def save(self, alert: Alert) -> Alert:
        """Save under ``alert.version``; returns it with the next one. Raises VersionConflict."""
        ...

    def open_of(self, conversation_id: str) -> Alert | None:
        """The conversation's alert that is not closed, locked."""
        ...

    def due(self, now: datetime, limit: int) -> list[Alert]:
        """Open ones whose next call or reminder is due, the earliest first."""
        ...

    def next_due(self) -> datetime | None:
        """When the next call or reminder is due."""
        ...

    def link_chat(self, officer_id: str, channel: str, chat: str, now: datetime) -> None:
        """From now on the officer is told in this chat of a push channel."""
        ...

    def chats_of(self, officer_id: str) -> list[tuple[str, str]]:
        """The officer's own chats as (channel, chat)."""
        ...
