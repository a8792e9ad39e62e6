"""The tables of mediation: who was asked, who promised what, what the court confirmed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables import metadata
from storage.types import Instant, Json

__all__ = ["confirmations", "mediations", "metadata", "promises"]

DUE = text("next_at IS NOT NULL")
LIVE = text("ended_at IS NULL")
ASKED = text("asked_at IS NOT NULL AND kept IS NULL")

mediations = Table(
    "mediations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_number", String(24), ForeignKey("cases.number"), nullable=False),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("source", String(16), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", String(32), ForeignKey("officers.id")),
    Column("mediator_id", String(32), ForeignKey("officers.id")),
    Column("since_year", Integer),
    Column("phase", String(16), nullable=False),
    Column("resident", String(8)),
    Column("resident_at", Instant),
    Column("named", Boolean),
    Column("named_at", Instant),
    Column("other", String(8)),
    Column("other_by", String(32), ForeignKey("officers.id")),
    Column("other_at", Instant),
    Column("other_how", String(16)),
    Column("started_at", Instant),
    Column("until", Instant),
    Column("sessions", Json, nullable=False),
    Column("reason", String(32)),
    Column("agreement", Json),
    Column("ended_at", Instant),
    Column("ended_by", String(32), ForeignKey("officers.id")),
    Column("asked_seq", Integer, nullable=False),
    Column("next_at", Instant),
    Index("ix_mediations_case_number", "case_number"),
    Index("ix_mediations_mediator_id", "mediator_id"),
    Index("ix_mediations_proposed_at", "proposed_at"),
    Index("ix_mediations_live", "conversation_id", sqlite_where=LIVE, postgresql_where=LIVE),
    Index("ix_mediations_due", "next_at", sqlite_where=DUE, postgresql_where=DUE),
)

promises = Table(
    "promises",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_number", String(24), ForeignKey("cases.number"), nullable=False),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("party", String(16), nullable=False),
    Column("what", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("mediation_id", String(32), ForeignKey("mediations.id")),
    Column("made_by", String(32), ForeignKey("officers.id")),
    Column("asked_at", Instant),
    Column("chased_at", Instant),
    Column("kept", Boolean),
    Column("answered_at", Instant),
    Column("answered_by", String(32), ForeignKey("officers.id")),
    Column("escalated_at", Instant),
    Column("asked_seq", Integer, nullable=False),
    Column("task_id", String(32), ForeignKey("tasks.id")),
    Column("next_at", Instant),
    Index("ix_promises_case_number", "case_number"),
    Index("ix_promises_asked", "conversation_id", sqlite_where=ASKED, postgresql_where=ASKED),
    Index("ix_promises_due", "next_at", sqlite_where=DUE, postgresql_where=DUE),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("mediation_id", String(32), ForeignKey("mediations.id"), primary_key=True),
    Column("case_number", String(24), ForeignKey("cases.number"), nullable=False),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("liaison_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("apply_by", Instant, nullable=False),
    Column("task_id", String(32), ForeignKey("tasks.id")),
    Column("stage", String(16), nullable=False),
    Column("reminded", Integer, nullable=False),
    Column("court", String(80), nullable=False),
    Column("filed_on", Date),
    Column("court_by", Instant),
    Column("late_at", Instant),
    Column("number", String(80), nullable=False),
    Column("ruled_on", Date),
    Column("file_id", String(32)),
    Column("ended_at", Instant),
    Column("next_at", Instant),
    Index("ix_confirmations_liaison_id", "liaison_id"),
    Index("ix_confirmations_due", "next_at", sqlite_where=DUE, postgresql_where=DUE),
)
