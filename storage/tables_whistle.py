"""The tables of notices that call departments."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables import metadata
from storage.types import Instant, Json

__all__ = ["OPEN", "metadata", "whistle_calls", "whistle_serials", "whistles"]

OPEN = "ended_at IS NULL"
"""The condition of the partial indexes, which the queries repeat word for word."""

whistle_serials = Table(
    "whistle_serials",
    metadata,
    Column("unit_id", String(32), ForeignKey("units.id"), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, nullable=False),
)

whistles = Table(
    "whistles",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(80), nullable=False),
    Column("case_number", String(24), ForeignKey("cases.number"), nullable=False),
    Column("conversation_id", String(32), nullable=False),
    Column("unit_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("signed_by", String(32), ForeignKey("officers.id"), nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("arrive_by", Instant, nullable=False),
    Column("place", String(120), nullable=False),
    Column("matter", Text, nullable=False),
    Column("helpers", Json, nullable=False),
    Column("lat", Float),
    Column("lng", Float),
    Column("nudged_at", Instant),
    Column("ended_at", Instant),
    Column("ended_by", String(32), ForeignKey("officers.id")),
    Column("outcome", String(16)),
    Column("result", Text, nullable=False),
    Column("next_at", Instant),
    Column("version", Integer, nullable=False),
    UniqueConstraint("unit_id", "year", "serial"),
    Index("ix_whistles_case_number", "case_number"),
    Index("ix_whistles_ended_at", "ended_at"),
    Index("ix_whistles_unit_id_signed_at", "unit_id", "signed_at"),
    Index(
        "ix_whistles_next_at",
        "next_at",
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
)

whistle_calls = Table(
    "whistle_calls",
    metadata,
    Column("whistle_id", String(32), ForeignKey("whistles.id"), primary_key=True),
    Column("unit_id", String(32), ForeignKey("units.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_name", String(40)),
    Column("acknowledged_by", String(32)),
    Column("arrived_at", Instant),
    Column("arrived_name", String(40)),
    Column("arrived_by", String(32)),
    Column("distance", Integer),
    Column("answered_at", Instant),
    Column("answered_name", String(40)),
    Column("answered_by", String(32)),
    Column("opinion", Text, nullable=False),
    Column("declined_at", Instant),
    Column("declined_name", String(40)),
    Column("declined_by", String(32)),
    Column("reason", Text, nullable=False),
    Column("instead", Text, nullable=False),
    Column("reminded_at", Instant),
    Column("reported_at", Instant),
    Index("ix_whistle_calls_unit_id", "unit_id"),
)
