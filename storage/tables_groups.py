"""The tables of residents' groups and of the codes by which officers bind them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint

from storage.tables import metadata
from storage.types import Instant

groups = Table(
    "groups",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("chat", String(64), nullable=False),
    Column("title", String(120), nullable=False),
    Column("unit_id", String(32), ForeignKey("units.id")),
    Column("bound_by", String(32), ForeignKey("officers.id"), nullable=False),
    Column("bound_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    UniqueConstraint("channel", "chat"),
)

group_codes = Table(
    "group_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)
