"""Alerts and officers' own chats, on SQL and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from casework.alerts import Alert, Call
from casework.errors import NotFound, VersionConflict
from storage.tables_crisis import alerts, officer_chats
from storage.types import EPOCH

_PLAIN = tuple(each.name for each in fields(Alert) if each.name != "called")
_LATE = datetime.max.replace(tzinfo=EPOCH.tzinfo)


def from_row(data: Mapping[str, Any]) -> Alert:
    """A table row as an alert."""
    calls = tuple(
        Call(each["officer"], each["level"], datetime.fromisoformat(each["at"]))
        for each in data["called"]
    )
    return Alert(called=calls, **{name: data[name] for name in _PLAIN})


def _values(alert: Alert) -> dict[str, Any]:
    values = {name: getattr(alert, name) for name in _PLAIN}
    values["called"] = [
        {"officer": c.officer_id, "level": c.level, "at": c.at.isoformat()} for c in alert.called
    ]
    return values


class SqlAlerts:
    """casework.alerts.Alerts on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, alert: Alert) -> None:
        """Store a new one."""
        self._connection.execute(insert(alerts), _values(alert))

    def get(self, alert_id: str, *, lock: bool = False) -> Alert:
        """Raises NotFound."""
        query = select(alerts).where(alerts.c.id == alert_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound
        return from_row(row._asdict())

    def save(self, alert: Alert) -> Alert:
        """Raises VersionConflict."""
        saved = replace(alert, version=alert.version + 1)
        which = and_(alerts.c.id == alert.id, alerts.c.version == alert.version)
        done = self._connection.execute(update(alerts).where(which).values(_values(saved)))
        if done.rowcount != 1:
            raise VersionConflict
        return saved

    def open_of(self, conversation_id: str) -> Alert | None:
        """The conversation's alert that is not closed, locked."""
        query = (
            select(alerts)
            .where(alerts.c.conversation_id == conversation_id, alerts.c.closed_at.is_(None))
            .order_by(alerts.c.raised_at.desc())
            .limit(1)
            .with_for_update()
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else from_row(row._asdict())

    def due(self, now: datetime, limit: int) -> list[Alert]:
        """Open ones whose next call or reminder is due, the earliest first."""
        query = (
            select(alerts)
            .where(
                alerts.c.closed_at.is_(None),
                or_(alerts.c.next_at <= now, alerts.c.remind_at <= now),
            )
            .order_by(func.coalesce(alerts.c.next_at, alerts.c.remind_at), alerts.c.id)
            .limit(limit)
        )
        return [from_row(row._asdict()) for row in self._connection.execute(query)]

    def next_due(self) -> datetime | None:
        """When the next call or reminder is due."""
        query = select(func.min(alerts.c.next_at), func.min(alerts.c.remind_at))
        row = self._connection.execute(query.where(alerts.c.closed_at.is_(None))).one()
        return min((moment for moment in row if moment is not None), default=None)

    def link_chat(self, officer_id: str, channel: str, chat: str, now: datetime) -> None:
        """From now on the officer is told in this chat."""
        which = and_(officer_chats.c.channel == channel, officer_chats.c.chat == chat)
        self._connection.execute(delete(officer_chats).where(which))
        values = {"channel": channel, "chat": chat, "officer_id": officer_id, "at": now}
        self._connection.execute(insert(officer_chats), values)

    def chats_of(self, officer_id: str) -> list[tuple[str, str]]:
        """The officer's own chats as (channel, chat)."""
        query = (
            select(officer_chats.c.channel, officer_chats.c.chat)
            .where(officer_chats.c.officer_id == officer_id)
            .order_by(officer_chats.c.channel, officer_chats.c.chat)
        )
        return [(row.channel, row.chat) for row in self._connection.execute(query)]


@dataclass(slots=True)
class AlertRows:
    """What the memory store keeps: alerts by id, officers by (channel, chat)."""

    alerts: dict[str, Alert] = field(default_factory=dict)
    chats: dict[tuple[str, str], str] = field(default_factory=dict)

    def __copy__(self) -> AlertRows:
        return AlertRows(dict(self.alerts), dict(self.chats))


class MemoryAlerts:
    """The same in memory."""

    def __init__(self, rows: AlertRows) -> None:
        self._rows = rows

    def add(self, alert: Alert) -> None:
        """Store a new one."""
        self._rows.alerts[alert.id] = alert

    def get(self, alert_id: str, *, lock: bool = False) -> Alert:  # noqa: ARG002
        """Raises NotFound."""
        if alert_id not in self._rows.alerts:
            raise NotFound
        return self._rows.alerts[alert_id]

    def save(self, alert: Alert) -> Alert:
        """Raises VersionConflict."""
        if self.get(alert.id).version != alert.version:
            raise VersionConflict
        saved = replace(alert, version=alert.version + 1)
        self._rows.alerts[alert.id] = saved
        return saved

    def open_of(self, conversation_id: str) -> Alert | None:
        """The conversation's alert that is not closed."""
        mine = [a for a in self._open() if a.conversation_id == conversation_id]
        return max(mine, key=lambda a: a.raised_at, default=None)

    def due(self, now: datetime, limit: int) -> list[Alert]:
        """Open ones whose next call or reminder is due, the earliest first."""
        found = [a for a in self._open() if min(_moments(a), default=_LATE) <= now]
        return sorted(found, key=lambda a: (a.next_at or a.remind_at or _LATE, a.id))[:limit]

    def next_due(self) -> datetime | None:
        """When the next call or reminder is due."""
        return min((moment for a in self._open() for moment in _moments(a)), default=None)

    def link_chat(self, officer_id: str, channel: str, chat: str, now: datetime) -> None:  # noqa: ARG002
        """From now on the officer is told in this chat."""
        self._rows.chats[channel, chat] = officer_id

    def chats_of(self, officer_id: str) -> list[tuple[str, str]]:
        """The officer's own chats as (channel, chat)."""
        return sorted(chat for chat, owner in self._rows.chats.items() if owner == officer_id)

    def _open(self) -> list[Alert]:
        return [alert for alert in self._rows.alerts.values() if alert.closed_at is None]


def _moments(alert: Alert) -> list[datetime]:
    return [moment for moment in (alert.next_at, alert.remind_at) if moment is not None]
