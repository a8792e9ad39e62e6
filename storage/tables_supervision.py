"""The tables of supervision slips, of sponsors, and of group cases with their task sheets."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables import metadata
from storage.types import Instant, Json

__all__ = [
    "collective_items",
    "collective_members",
    "collectives",
    "duties",
    "metadata",
    "slips",
    "sponsorships",
]

LOOKED_AT = "next_at IS NOT NULL"


def _due(name: str) -> Index:
    """What the clock looks at, by when."""
    where = text(LOOKED_AT)
    return Index(name, "next_at", sqlite_where=where, postgresql_where=where)


slips = Table(
    "slips",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", String(32), nullable=False, unique=True),
    Column("case_number", String(24), ForeignKey("cases.number"), nullable=False),
    Column("org_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("level", String(8), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("action", Text, nullable=False),
    Column("issued_by", String(32), ForeignKey("officers.id"), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("answers", Json, nullable=False),
    Column("reported_at", Instant),
    Column("reported_to", String(32), ForeignKey("officers.id")),
    Column("closed_at", Instant),
    Column("closed_by", String(32), ForeignKey("officers.id")),
    Column("version", Integer, nullable=False),
    Index("ix_slips_case_number", "case_number"),
    Index("ix_slips_org_id_closed_at", "org_id", "closed_at"),
    _due("ix_slips_next_at"),
)

sponsorships = Table(
    "sponsorships",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("unit_id", String(32), ForeignKey("units.id")),
    Column("case_number", String(24), ForeignKey("cases.number")),
    Column("through", String(32), ForeignKey("sponsorships.id")),
    Column("made_by", String(32), ForeignKey("officers.id")),
    Column("last_entry_at", Instant),
    Column("reminded_at", Instant),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    Index("ix_sponsorships_officer_id_ended_at", "officer_id", "ended_at"),
    Index("ix_sponsorships_case_number", "case_number"),
    Index("ix_sponsorships_unit_id", "unit_id"),
    Index("ix_sponsorships_through", "through"),
    _due("ix_sponsorships_next_at"),
)

duties = Table(
    "duties",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_number", String(24), ForeignKey("cases.number"), nullable=False),
    Column("officer_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("duty", String(16), nullable=False),
    Column("day", Date, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_duties_case_number_at", "case_number", "at"),
)

collectives = Table(
    "collectives",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("leading", String(24), ForeignKey("cases.number"), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Column("made_by", String(32), ForeignKey("officers.id")),
    Column("made_at", Instant),
    Column("others", Integer, nullable=False),
    Column("others_done", Integer, nullable=False),
    Column("summary", Text, nullable=False),
    Column("told", Integer, nullable=False),
    Column("posted_by", String(32), ForeignKey("officers.id")),
    Column("next_at", Instant),
    Column("version", Integer, nullable=False),
    Index("ix_collectives_state_at", "state", "at"),
    _due("ix_collectives_next_at"),
)

collective_members = Table(
    "collective_members",
    metadata,
    Column("case_number", String(24), ForeignKey("cases.number"), primary_key=True),
    Column("collective_id", String(32), ForeignKey("collectives.id"), nullable=False),
    Column("done_on", Date),
    Column("what", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("done_by", String(32), ForeignKey("officers.id")),
    Column("told", Integer, nullable=False),
    Index("ix_collective_members_collective_id", "collective_id"),
)

collective_items = Table(
    "collective_items",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("collective_id", String(32), ForeignKey("collectives.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("who", String(80), nullable=False),
    Column("unit_id", String(32), ForeignKey("units.id")),
    Column("officer_id", String(32), ForeignKey("officers.id")),
    Column("due_on", Date),
    Column("money", Text, nullable=False),
    Column("done_on", Date),
    Column("done_by", String(32), ForeignKey("officers.id")),
    Index("ix_collective_items_collective_id_position", "collective_id", "position"),
)
