"""The tables of links on walls, and of what officers registered for others."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from storage.tables import metadata
from storage.types import Instant

__all__ = ["captures", "link_days", "links", "metadata"]

links = Table(
    "links",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("respondent", String(80), nullable=False),
    Column("place", String(120), nullable=False),
    Column("unit_id", String(32), ForeignKey("units.id"), nullable=False),
    # No key: an import may replace the places, and the link keeps its own words for it.
    Column("place_id", String(32)),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(32), ForeignKey("officers.id")),
    Column("valid_until", Instant),
    Column("revoked_at", Instant),
    Index("ix_links_made_at", "made_at"),
    Index("ix_links_unit_id", "unit_id"),
)

# A number for each day: no time of day, no chat, no case. Who opened a link is not known here.
link_days = Table(
    "link_days",
    metadata,
    Column("link_id", String(16), ForeignKey("links.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("opened", Integer, nullable=False),
)

captures = Table(
    "captures",
    metadata,
    # The officer's and the page's own id of it: what is sent twice is registered once.
    Column("officer_id", String(32), ForeignKey("officers.id"), primary_key=True),
    Column("client_id", String(64), primary_key=True),
    Column(
        "case_number", String(24), ForeignKey("cases.number", ondelete="CASCADE"), nullable=False
    ),
    Column("at", Instant, nullable=False),
    Column("consent", String(16)),
    Column("outside_number", String(40)),
    Index("ix_captures_case_number", "case_number"),
    Index("ix_captures_outside_number", "outside_number"),
)
