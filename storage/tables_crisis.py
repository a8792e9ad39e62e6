"""The tables of danger and of what must be done by a certain time."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from storage.tables import metadata
from storage.types import Instant, Json

__all__ = ["alerts", "metadata", "officer_chats", "tasks"]

alerts = Table(
    "alerts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("case_number", String(24), ForeignKey("cases.number")),
    Column("level", String(4), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("called", Json, nullable=False),
    Column("called_at", Instant),
    Column("next_at", Instant),
    Column("exhausted_at", Instant),
    Column("acknowledged_by", String(32), ForeignKey("officers.id")),
    Column("acknowledged_at", Instant),
    Column("reminders", Integer, nullable=False),
    Column("remind_at", Instant),
    Column("fine_at", Instant),
    Column("quiet_at", Instant),
    Column("closed_by", String(32), ForeignKey("officers.id")),
    Column("closed_at", Instant),
    Column("safe", String(16)),
    Column("with_whom", String(16)),
    Column("next_contact_at", Instant),
    Index("ix_alerts_conversation_id", "conversation_id"),
    Index("ix_alerts_closed_at_raised_at", "closed_at", "raised_at"),
    Index("ix_alerts_next_at", "next_at"),
    Index("ix_alerts_remind_at", "remind_at"),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("case_number", String(24), ForeignKey("cases.number")),
    Column("alert_id", String(32), ForeignKey("alerts.id")),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("done_by", String(32), ForeignKey("officers.id")),
    Column("outcome", String(32)),
    Index("ix_tasks_conversation_id", "conversation_id"),
    Index("ix_tasks_alert_id", "alert_id"),
    Index("ix_tasks_done_at_due_at", "done_at", "due_at"),
)

officer_chats = Table(
    "officer_chats",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("chat", String(64), primary_key=True),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_officer_chats_officer_id", "officer_id"),
)
