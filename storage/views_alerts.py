"""Flat reads of alerts and tasks for the console: only what this officer may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, or_, select

from casework.alerts import Alert
from casework.errors import NotFound
from casework.tasks import Task
from storage.alerts import from_row
from storage.tables import cases, conversations
from storage.tables_crisis import alerts, tasks
from storage.unit_of_work import SqlTransaction
from storage.views import Sight, visible

MOST = 100
_TASK = tuple(tasks.c)


class AlertLine(NamedTuple):
    """An alert, and what the officer must know before the first word."""

    alert: Alert
    title: str
    channel: str
    restricted: bool
    safe_to_contact: str | None


class TaskLine(NamedTuple):
    """A task with its case's title and what the officer must know before the first word."""

    task: Task
    title: str
    restricted: bool
    safe_to_contact: str | None


def _alerts() -> Select[Any]:
    return (
        select(
            *alerts.c,
            conversations.c.title,
            conversations.c.channel,
            conversations.c.restricted,
            cases.c.slots,
        )
        .select_from(alerts)
        .join(conversations, conversations.c.id == alerts.c.conversation_id)
        .outerjoin(cases, cases.c.number == alerts.c.case_number)
    )


def _alert_line(row: Row[Any]) -> AlertLine:
    data = row._asdict()
    contact = _contact(data["slots"])
    return AlertLine(from_row(data), data["title"], data["channel"], data["restricted"], contact)


def list_alerts(tx: SqlTransaction, sight: Sight, closed_since: datetime) -> list[AlertLine]:
    """Open alerts, the newest first, and those closed since."""
    query = (
        _alerts()
        .where(visible(sight), or_(alerts.c.closed_at.is_(None), alerts.c.closed_at > closed_since))
        .order_by(alerts.c.closed_at.is_not(None), alerts.c.raised_at.desc(), alerts.c.id)
        .limit(MOST)
    )
    return [_alert_line(row) for row in tx.connection.execute(query)]


def get_alert(tx: SqlTransaction, sight: Sight, alert_id: str) -> AlertLine:
    """One alert. Raises NotFound when there is none this officer may see."""
    query = _alerts().where(alerts.c.id == alert_id, visible(sight))
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _alert_line(row)


def _tasks() -> Select[Any]:
    return (
        select(*_TASK, conversations.c.restricted, cases.c.title, cases.c.slots)
        .select_from(tasks)
        .join(conversations, conversations.c.id == tasks.c.conversation_id)
        .outerjoin(cases, cases.c.number == tasks.c.case_number)
    )


def _task_line(row: Row[Any]) -> TaskLine:
    data = row._asdict()
    task = Task(**{column.name: data[column.name] for column in _TASK})
    return TaskLine(task, data["title"] or "", data["restricted"], _contact(data["slots"]))


def list_tasks(tx: SqlTransaction, sight: Sight, *, mine: bool) -> list[TaskLine]:
    """Tasks not done yet, due first: this officer's, or all this officer may see."""
    whose = tasks.c.officer_id == sight.officer_id if mine else visible(sight)
    query = (
        _tasks()
        .where(and_(tasks.c.done_at.is_(None), whose))
        .order_by(tasks.c.due_at, tasks.c.id)
        .limit(MOST)
    )
    return [_task_line(row) for row in tx.connection.execute(query)]


def get_task(tx: SqlTransaction, sight: Sight, task_id: str) -> TaskLine:
    """One task. Raises NotFound when it is neither this officer's nor of a visible talk."""
    whose = or_(tasks.c.officer_id == sight.officer_id, visible(sight))
    row = tx.connection.execute(_tasks().where(tasks.c.id == task_id, whose)).one_or_none()
    if row is None:
        raise NotFound
    return _task_line(row)


def _contact(slots: dict[str, Any] | None) -> str | None:
    held = (slots or {}).get("safe_to_contact")
    value = held.get("value") if isinstance(held, dict) else None
    return str(value) if value else None
