"""The tables of who is on duty, who is away, and who is logged in."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from storage.tables import metadata
from storage.types import Instant

shifts = Table(
    "shifts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("unit_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("weekday", Integer),
    Column("day", Date),
    Column("starts", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    Index("ix_shifts_unit_id", "unit_id"),
    Index("ix_shifts_officer_id", "officer_id"),
)

absences = Table(
    "absences",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("substitute_id", String(32), ForeignKey("officers.id")),
    Index("ix_absences_officer_id", "officer_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("csrf_token", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
)
