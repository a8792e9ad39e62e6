"""The tables of calendars, of what is booked in them and of who was received."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from storage.tables import metadata
from storage.types import Instant, Json

# Conditions of partial indexes, which the queries repeat word for word.
WAITING = "next_at IS NOT NULL"
EXPECTED = "standing = 'booked'"

calendars = Table(
    "calendars",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("title", String(80), nullable=False),
    Column("unit_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("spans", Json, nullable=False),
    Column("slot_minutes", Integer, nullable=False),
    Column("opened_by", String(32), ForeignKey("officers.id"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("day_cap", Integer),
    Column("last_day", Date),
    Column("weekdays", Json, nullable=False),
    Column("days", Json, nullable=False),
    Column("closed_days", Json, nullable=False),
    Column("host_id", String(32), ForeignKey("officers.id")),
    Column("named", Boolean, nullable=False),
    Column("place", String(120), nullable=False),
    Column("mode", String(8), nullable=False),
    Column("materials", Json, nullable=False),
    Column("categories", Json, nullable=False),
    Column("case_number", String(24), ForeignKey("cases.number")),
    Column("closed_at", Instant),
    Column("serial", Integer, nullable=False),
    Column("next_at", Instant),
    Index("ix_calendars_kind_closed_at", "kind", "closed_at"),
    Index("ix_calendars_unit_id", "unit_id"),
    Index("ix_calendars_host_id", "host_id"),
    Index("ix_calendars_case_number", "case_number"),
    Index(
        "ix_calendars_waiting",
        "next_at",
        sqlite_where=text(WAITING),
        postgresql_where=text(WAITING),
    ),
)

appointments = Table(
    "appointments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("calendar_id", String(32), ForeignKey("calendars.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("booked_at", Instant, nullable=False),
    Column("standing", String(12), nullable=False),
    Column("case_number", String(24), ForeignKey("cases.number")),
    Column("name", String(40), nullable=False),
    Column("people", Integer, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("settled_at", Instant),
    Column("settled_by", String(32), ForeignKey("officers.id")),
    Column("next_at", Instant),
    Index("ix_appointments_calendar_id_starts_at", "calendar_id", "starts_at"),
    Index("ix_appointments_conversation_id", "conversation_id"),
    Index("ix_appointments_case_number", "case_number"),
    # One of a kind for each resident, whatever the program thinks.
    Index(
        "uq_appointments_expected",
        "conversation_id",
        "kind",
        unique=True,
        sqlite_where=text(EXPECTED),
        postgresql_where=text(EXPECTED),
    ),
    Index(
        "ix_appointments_waiting",
        "next_at",
        sqlite_where=text(WAITING),
        postgresql_where=text(WAITING),
    ),
)

receptions = Table(
    "receptions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("unit_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("leader_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("category", String(32), nullable=False),
    Column("people", Integer, nullable=False),
    Column("decision", Text, nullable=False),
    Column("recorded_by", String(32), ForeignKey("officers.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("calendar_id", String(32), ForeignKey("calendars.id")),
    Column("appointment_id", String(32), ForeignKey("appointments.id")),
    Column("conversation_id", String(32), ForeignKey("conversations.id")),
    Column("case_number", String(24), ForeignKey("cases.number")),
    Column("due_at", Instant),
    Column("task_id", String(32), ForeignKey("tasks.id")),
    Index("ix_receptions_unit_id_day", "unit_id", "day"),
    Index("ix_receptions_case_number", "case_number"),
    Index("uq_receptions_appointment_id", "appointment_id", unique=True),
)

desk_invitations = Table(
    "desk_invitations",
    metadata,
    Column("calendar_id", String(32), ForeignKey("calendars.id"), primary_key=True),
    Column("case_number", String(24), ForeignKey("cases.number"), primary_key=True),
    Column("at", Instant, nullable=False),
)
