"""The JSON of alerts and tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from handoff_console.shapes import CrisisLevel, Moment, Shape, Words


class CallShape(Shape):
    """Who was called, and when."""

    officer_id: str
    name: str
    level: str
    level_name: str
    at: datetime


class ChoiceShape(Shape):
    """A code and what officers read."""

    code: str
    name: str


class AlertShape(Shape):
    """Danger that people were called about. ``ringing``: it must not be overlooked on this screen;
    ``next_at`` is when the next officer is called."""

    id: str
    conversation_id: str
    case_number: str | None
    title: str
    level: CrisisLevel
    kind: str
    kind_name: str
    raised_at: datetime
    called: list[CallShape]
    next_at: datetime | None
    exhausted_at: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    fine_at: datetime | None
    quiet_at: datetime | None
    closed_at: datetime | None
    safe: str | None
    with_whom: str | None
    next_contact_at: datetime | None
    restricted: bool
    safe_to_contact: str | None
    ringing: bool


class AlertList(Shape):
    """Alerts this officer may see, and the answers of the checklist one is closed with."""

    items: list[AlertShape]
    safe: list[ChoiceShape]
    with_whom: list[ChoiceShape]


class ChecklistBody(Shape):
    """Is the resident safe, with whom, and when is the next contact; all three are needed."""

    safe: Annotated[Words, Field(max_length=16)] | None = None
    with_whom: Annotated[Words, Field(max_length=16)] | None = None
    next_contact_at: Moment | None = None


class TaskShape(Shape):
    """Something to do by a certain time. ``words`` is a greeting to send oneself, if one likes."""

    id: str
    kind: str
    kind_name: str
    conversation_id: str
    case_number: str | None
    title: str
    officer_id: str
    officer_name: str
    due_at: datetime
    overdue: bool
    done_at: datetime | None
    outcome: str | None
    outcomes: list[ChoiceShape]
    restricted: bool
    safe_to_contact: str | None
    words: str | None


class TaskList(Shape):
    """Tasks not done yet, due first; ``mine`` counts this officer's own."""

    items: list[TaskShape]
    mine: int


class OutcomeBody(Shape):
    """With what the task ended: one of its ``outcomes``."""

    outcome: Annotated[Words, Field(max_length=32)]


TaskView = Literal["mine", "all"]
