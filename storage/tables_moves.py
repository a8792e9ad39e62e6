"""The table of moves: what was done with a case, from whom to whom and why."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from storage.tables import metadata
from storage.types import Instant

__all__ = ["metadata", "moves"]

moves = Table(
    "moves",
    metadata,
    Column(
        "case_number",
        String(24),
        ForeignKey("cases.number", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("version", Integer, primary_key=True),
    Column("verb", String(24), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(8), nullable=False),
    Column("officer_id", String(32), ForeignKey("officers.id")),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    Column("owner_before", String(32), ForeignKey("officers.id"), nullable=False),
    Column("owner_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("org_before", String(32), ForeignKey("units.id"), nullable=False),
    Column("org_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("code", String(24)),
    Column("text", Text, nullable=False),
    Column("until", Instant),
)
