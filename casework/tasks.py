"""What an officer must do by a certain time: follow-ups after danger, reports the law demands.

The follow-ups at one, three and seven days are a human's (domain reference §7.4); the report of
danger to a child is the community's duty (未成年人保护法§11, 反家庭暴力法§14).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from casework.errors import Incomplete, NotAllowed

REPORT_CHILD, SUPERVISE = "report_child", "supervise"
DECISION = "reception_decision"
"""What a leader decided when receiving a resident is to be carried out (domain S2-9)."""
JUDICIAL, CHASE_PROMISE = "judicial", "chase_promise"
"""司法确认 seen to (S0-10), and finding out what came of a promise; other verbs end them."""
WHISTLE_NO_SHOW = "whistle_no_show"
"""A called department was not there (domain S4-13)."""
EXTENSION = "extension"
"""延期 was asked for: whoever is above grants it or not, by the verbs of the lifecycle."""
SWEEP = "sweep"
"""同类排查: after one thing was mended, the others of its kind on the same road (domain S4-6)."""
FOLLOW_UP = ("well", "needs_help", "not_reached", "declined")
REPORT = ("reported", "reported_before", "no_child")
SUPERVISED = ("settled", "handed_on")
LOOKED_INTO = ("came_late", "comes_later", "excused", "no_answer")
CARRIED_OUT = ("carried_out", "carried_out_partly", "not_carried_out")
SWEPT = ("all_sound", "found_more", "not_reached")
_OUTCOMES = {
    SWEEP: SWEPT,
    REPORT_CHILD: REPORT,
    SUPERVISE: SUPERVISED,
    DECISION: CARRIED_OUT,
    WHISTLE_NO_SHOW: LOOKED_INTO,
}


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do. ``outcome`` is a code, never words: those belong into the conversation."""

    id: str
    kind: str
    conversation_id: str
    officer_id: str
    created_at: datetime
    due_at: datetime
    case_number: str | None = None
    alert_id: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    outcome: str | None = None


def outcomes(kind: str) -> tuple[str, ...]:
    """With what a task of this kind can end."""
    if kind in {JUDICIAL, CHASE_PROMISE, EXTENSION}:
        return ()
    return _OUTCOMES.get(kind, FOLLOW_UP)


def given_to(task: Task, officer_id: str) -> Task:
    """The task in another officer's hands."""
    return replace(task, officer_id=officer_id)


def done(task: Task, officer_id: str, outcome: str, now: datetime) -> Task:
    """The task with its outcome. Raises NotAllowed when it is done, Incomplete for a wrong code."""
    if task.done_at is not None:
        raise NotAllowed("the task is done already")
    if outcome not in outcomes(task.kind):
        raise Incomplete("outcome")
    return replace(task, done_at=now, done_by=officer_id, outcome=outcome)


def closed(task: Task, officer_id: str | None, outcome: str, now: datetime) -> Task:
    """The task that another verb has ended, with that verb's code; ``officer_id`` is None when no
    officer did."""
    return replace(task, done_at=now, done_by=officer_id, outcome=outcome)


class Tasks(Protocol):
    """Tasks of all officers."""

    def add(self, task: Task) -> None: ...

    def get(self, task_id: str, *, lock: bool = False) -> Task:
        """Raises NotFound."""
        ...

    def save(self, task: Task) -> None: ...

    def open_of_officer(self, officer_id: str) -> list[Task]:
        """The officer's tasks that are not done, due first."""
        ...

    def open_of_alert(self, alert_id: str) -> list[Task]:
        """The alert's tasks that are not done, due first."""
        ...

    def open_of_conversation(self, conversation_id: str) -> list[Task]:
        """The conversation's tasks that are not done, due first."""
        ...
