"""The table of the residents' own countdowns."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, text

from storage.tables import metadata
from storage.types import Instant

__all__ = ["metadata", "reminders"]

reminders = Table(
    "reminders",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_number", String(24), ForeignKey("cases.number"), nullable=False),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("rule", String(32), nullable=False),
    Column("since", Date, nullable=False),
    Column("exact", Boolean, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("told_at", Instant),
    Column("said", Integer, nullable=False),
    Column("ended", String(16)),
    Index("uq_reminders_case_rule", "case_number", "rule", unique=True),
    Index("ix_reminders_conversation_id", "conversation_id"),
    Index(
        "ix_reminders_next_at",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
)
