"""The tables of who is on duty and who is away."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from storage.tables import metadata

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
