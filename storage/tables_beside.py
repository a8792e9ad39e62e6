"""The tables of what officers keep beside a conversation: notes, and categories they put right."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from storage.tables import metadata
from storage.types import Instant, Json

notes = Table(
    "notes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_notes_conversation_id_at", "conversation_id", "at"),
)

reclassifications = Table(
    "reclassifications",
    metadata,
    Column("id", String(32), primary_key=True),
    # What a resident said goes with the conversation or the case it was said in.
    Column(
        "conversation_id",
        String(32),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column(
        "case_number", String(24), ForeignKey("cases.number", ondelete="CASCADE"), nullable=False
    ),
    Column("from_category", String(32), nullable=False),
    Column("to_category", String(32), nullable=False),
    Column("issue", Text, nullable=False),
    Column("lines", Json, nullable=False),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text),
    Column("model", String(64)),
    Index("ix_reclassifications_at_id", "at", "id"),
    Index("ix_reclassifications_conversation_id", "conversation_id"),
    Index("ix_reclassifications_case_number", "case_number"),
)
