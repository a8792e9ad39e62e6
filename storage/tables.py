"""The tables. Migrations under storage/migrations make exactly these (a test compares them)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.types import Instant, Json, Path

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
# SQLite numbers rows by itself only for an INTEGER primary key.
RowNumber = BigInteger().with_variant(Integer, "sqlite")
# Conditions of partial indexes, which the queries repeat word for word.
CLOSED_CASE = "anonymised_at IS NULL AND closed_at IS NOT NULL"
OPEN_CASE = "closed_at IS NULL"
FOLLOWING = "joined IS NOT NULL AND closed_at IS NULL"
SUPERVISED = "supervision <> 'none'"
IDLE_TALK = "forgotten_seq < last_seq AND NOT has_cases"


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("chat", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("holder_kind", String(8), nullable=False),
    Column("holder_officer_id", String(32)),
    Column("epoch", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("seen_seq", Integer, nullable=False),
    Column("title", String(80), nullable=False),
    Column("preview", String(120), nullable=False),
    Column("category", String(32)),
    Column("crisis", String(4), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("waiting_since", Instant),
    Column("handoff_reason", String(64)),
    Column("unreachable", String(64)),
    Column("unit_id", String(32)),
    Column("has_cases", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("forgotten_seq", Integer, nullable=False),
    Column("unheard", Integer, nullable=False),
    Column("dialogue", Json, nullable=False),
    UniqueConstraint("channel", "chat"),
    Index("ix_conversations_queue", "holder_kind", "waiting_since"),
    Index("ix_conversations_holder", "holder_officer_id", "last_at"),
    Index("ix_conversations_last_at", "last_at"),
    _partial("ix_conversations_idle", "last_at", where=IDLE_TALK),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("speaker", String(8), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("external_id", String(128)),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("officer_id", String(32)),
    Column("extra", Json),
    Column("handled_at", Instant),
    Column("delivery", String(8)),
    Column("delivery_error", String(64)),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("channel", "external_id"),
    Index(
        "ix_turns_unhandled",
        "conversation_id",
        "seq",
        sqlite_where=text("handled_at IS NULL AND speaker = 'resident'"),
        postgresql_where=text("handled_at IS NULL AND speaker = 'resident'"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("chat", String(64), nullable=False),
    Column("conversation_id", String(32), ForeignKey("conversations.id")),
    Column("turn_id", String(32), ForeignKey("turns.id")),
    Column("epoch", Integer),
    Column("text", Text, nullable=False),
    Column("extra", Json),
    Column("status", String(8), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("part", Integer, nullable=False),
    Column("error", String(64)),
    Column("settled_at", Instant),
    Index(
        "ix_outbox_pending",
        "channel",
        "chat",
        "id",
        sqlite_where=text("status = 'pending'"),
        postgresql_where=text("status = 'pending'"),
    ),
)

events = Table(
    "events",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_kind", String(8), nullable=False),
    Column("actor_id", String(32)),
    Column("actor_name", String(80), nullable=False),
    Column("conversation_id", String(32)),
    Column("case_number", String(24)),
    Column("data", Json, nullable=False),
    Index("ix_events_case_number_seq", "case_number", "seq"),
    Index("ix_events_conversation_id_seq", "conversation_id", "seq"),
)

cases = Table(
    "cases",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("conversation_id", String(32), ForeignKey("conversations.id"), nullable=False),
    Column("category", String(32), nullable=False),
    Column("secondary", String(32)),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("crisis", String(4), nullable=False),
    Column("title", String(120), nullable=False),
    Column("slots", Json, nullable=False),
    Column("owner_id", String(32), ForeignKey("officers.id"), nullable=False),
    Column("unit_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("org_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("filed_at", Instant),
    Column("contact_by", Instant),
    Column("due_at", Instant),
    Column("contacted_at", Instant),
    Column("warned_at", Instant),
    Column("breached_at", Instant),
    Column("closed_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("result", Text),
    Column("rating", Integer),
    Column("rating_text", Text),
    Column("kind", String(32)),
    Column("joined", String(24), ForeignKey("cases.number")),
    Column("followed", Integer, nullable=False),
    Column("linked", Json, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("placed", Boolean, nullable=False),
    Column("forget", Boolean, nullable=False),
    Column("anonymised_at", Instant),
    Column("source", String(12), nullable=False),
    Column("sla", String(8), nullable=False),
    Column("began_at", Instant),
    Column("accept_by", Instant),
    Column("accept_late_at", Instant),
    Column("warn_at", Instant),
    Column("level_dues", Json, nullable=False),
    Column("paused_at", Instant),
    Column("resume_at", Instant),
    Column("lapse_at", Instant),
    Column("archive_at", Instant),
    # The earliest moment at which a clock has something to do with the case.
    Column("next_at", Instant),
    Column("returned", Boolean, nullable=False),
    Column("final", Boolean, nullable=False),
    Column("asked_info", Boolean, nullable=False),
    Column("extend_to", Instant),
    Column("extend_by", String(32), ForeignKey("officers.id")),
    Column("extended", Integer, nullable=False),
    Column("resolution", String(16)),
    Column("proof", Json, nullable=False),
    Column("resolved_by", String(32), ForeignKey("officers.id")),
    Column("supervision", String(12), nullable=False),
    Index("ix_cases_conversation_id", "conversation_id"),
    Index("ix_cases_status_changed_at", "status", "changed_at"),
    _partial("ix_cases_next_at", "next_at", where="next_at IS NOT NULL"),
    # What is open is a small part of what there is: pages of it read nothing else.
    _partial("ix_cases_open_due", "due_at", "number", where=OPEN_CASE),
    _partial("ix_cases_open_in", "unit_id", "due_at", where=OPEN_CASE),
    _partial("ix_cases_open_of", "org_id", "due_at", where=OPEN_CASE),
    Index("ix_cases_org_id_opened_at", "org_id", "opened_at"),
    Index("ix_cases_unit_id_opened_at", "unit_id", "opened_at"),
    Index("ix_cases_owner_id_status", "owner_id", "status"),
    Index("ix_cases_opened_at_number", "opened_at", "number"),
    Index("ix_cases_unit_id_category_opened_at", "unit_id", "category", "opened_at"),
    _partial("ix_cases_joined", "joined", where="joined IS NOT NULL"),
    _partial("ix_cases_following", "joined", where=FOLLOWING),
    Index(
        "ix_cases_unplaced",
        "status",
        sqlite_where=text("placed IS 0"),
        postgresql_where=text("NOT placed"),
    ),
    _partial("ix_cases_supervised", "supervision", "due_at", where=SUPERVISED),
    _partial("ix_cases_forget", "closed_at", where="forget AND anonymised_at IS NULL"),
    _partial("ix_cases_unfiled", "closed_at", where=f"{CLOSED_CASE} AND filed_at IS NULL"),
    _partial(
        "ix_cases_kept", "restricted", "closed_at", where=f"{CLOSED_CASE} AND filed_at IS NOT NULL"
    ),
)

counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

units = Table(
    "units",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("parent_id", String(32), ForeignKey("units.id")),
    Column("boundary", Json),
    Column("code", String(20), nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("successors", Json, nullable=False),
    # The ids from the top down, each followed by a slash: what lies below is what begins so.
    Column("path", Path, nullable=False),
    Index("ix_units_parent_id", "parent_id"),
    Index("ix_units_path", "path"),
    Index("ix_units_kind_name", "kind", "name"),
    Index(
        "uq_units_code",
        "code",
        unique=True,
        sqlite_where=text("code <> ''"),
        postgresql_where=text("code <> ''"),
    ),
)

officers = Table(
    "officers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("unit_id", String(32), ForeignKey("units.id")),
    Column("password_hash", String(255), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("employment", String(16), nullable=False),
    Column("posts", Json, nullable=False),
    Column("phone", String(40), nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Index("ix_officers_unit_id", "unit_id"),
    Index("ix_officers_role", "role"),
)

places = Table(
    "places",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("unit_id", String(32), ForeignKey("units.id"), nullable=False),
    Column("aliases", Json, nullable=False),
    Column("lat", Float),
    Column("lng", Float),
    Column("address", String(120), nullable=False),
    Column("hours", String(80), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("verified", Boolean, nullable=False),
    UniqueConstraint("name", "unit_id"),
)

files = Table(
    "files",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", String(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(120), nullable=False),
    Column("mime", String(80), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("erased_at", Instant),
    Index("ix_files_conversation_id", "conversation_id"),
    _partial("ix_files_erased", "id", where="erased_at IS NOT NULL"),
)
