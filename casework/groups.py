"""A residents' group whose admins get a digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Binding:
    """A request to bind a chat, already vouched for by an officer's code."""

    channel: str
    chat: str
    title: str
    unit_id: str | None
    officer_id: str
    at: datetime
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """A bound group. ``next_at`` is when its next digest is due."""

    id: str
    channel: str
    chat: str
    title: str
    unit_id: str | None
    bound_by: str
    bound_at: datetime
    next_at: datetime
