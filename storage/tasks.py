"""Officers' tasks, on SQL and in memory."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, insert, select, update

from casework.errors import NotFound
from casework.tasks import Task
from storage.tables_crisis import tasks


class SqlTasks:
    """casework.tasks.Tasks on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, task: Task) -> None:
        """Store a new one."""
        self._connection.execute(insert(tasks), asdict(task))

    def get(self, task_id: str, *, lock: bool = False) -> Task:
        """Raises NotFound."""
        query = select(tasks).where(tasks.c.id == task_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound
        return Task(**row._asdict())

    def save(self, task: Task) -> None:
        """Replace it."""
        self._connection.execute(update(tasks).where(tasks.c.id == task.id).values(asdict(task)))

    def open_of_officer(self, officer_id: str) -> list[Task]:
        """The officer's tasks that are not done, due first."""
        query = (
            select(tasks)
            .where(tasks.c.officer_id == officer_id, tasks.c.done_at.is_(None))
            .order_by(tasks.c.due_at, tasks.c.id)
        )
        return [Task(**row._asdict()) for row in self._connection.execute(query)]

    def open_of_alert(self, alert_id: str) -> list[Task]:
        """The alert's tasks that are not done, due first."""
        query = (
            select(tasks)
            .where(tasks.c.alert_id == alert_id, tasks.c.done_at.is_(None))
            .order_by(tasks.c.due_at, tasks.c.id)
        )
        return [Task(**row._asdict()) for row in self._connection.execute(query)]

    def open_of_conversation(self, conversation_id: str) -> list[Task]:
        """The conversation's tasks that are not done, due first."""
        query = (
            select(tasks)
            .where(tasks.c.conversation_id == conversation_id, tasks.c.done_at.is_(None))
            .order_by(tasks.c.due_at, tasks.c.id)
        )
        return [Task(**row._asdict()) for row in self._connection.execute(query)]


class MemoryTasks:
    """The same in memory."""

    def __init__(self, rows: dict[str, Task]) -> None:
        self._rows = rows

    def add(self, task: Task) -> None:
        """Store a new one."""
        self._rows[task.id] = task

    def get(self, task_id: str, *, lock: bool = False) -> Task:  # noqa: ARG002
        """Raises NotFound."""
        if task_id not in self._rows:
            raise NotFound
        return self._rows[task_id]

    def save(self, task: Task) -> None:
        """Replace it."""
        self._rows[task.id] = task

    def open_of_officer(self, officer_id: str) -> list[Task]:
        """The officer's tasks that are not done, due first."""
        mine = [t for t in self._rows.values() if t.officer_id == officer_id and t.done_at is None]
        return sorted(mine, key=lambda task: (task.due_at, task.id))

    def open_of_alert(self, alert_id: str) -> list[Task]:
        """The alert's tasks that are not done, due first."""
        mine = [t for t in self._rows.values() if t.alert_id == alert_id and t.done_at is None]
        return sorted(mine, key=lambda task: (task.due_at, task.id))

    def open_of_conversation(self, conversation_id: str) -> list[Task]:
        """The conversation's tasks that are not done, due first."""
        left = [task for task in self._rows.values() if task.done_at is None]
        mine = [task for task in left if task.conversation_id == conversation_id]
        return sorted(mine, key=lambda task: (task.due_at, task.id))
