"""Whistles: numbered notices that call departments."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OPEN = "ended_at IS NULL"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "whistle_serials",
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_whistle_serials_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("unit_id", "year", name=op.f("pk_whistle_serials")),
    )
    _add_whistles()
    _add_calls()


def _add_whistles() -> None:
    op.create_table(
        "whistles",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("signed_by", sa.String(length=32), nullable=False),
        sa.Column("signed_at", storage.types.Instant(), nullable=False),
        sa.Column("arrive_by", storage.types.Instant(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("helpers", storage.types.Json(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("nudged_at", storage.types.Instant(), nullable=True),
        sa.Column("ended_at", storage.types.Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_whistles_case_number_cases")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_whistles_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["officers.id"], name=op.f("fk_whistles_signed_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["officers.id"], name=op.f("fk_whistles_ended_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whistles")),
        sa.UniqueConstraint(
            "unit_id", "year", "serial", name=op.f("uq_whistles_unit_id_year_serial")
        ),
    )
    op.create_index("ix_whistles_case_number", "whistles", ["case_number"])
    op.create_index("ix_whistles_ended_at", "whistles", ["ended_at"])
    op.create_index("ix_whistles_unit_id_signed_at", "whistles", ["unit_id", "signed_at"])
    op.create_index(
        "ix_whistles_next_at",
        "whistles",
        ["next_at"],
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )


def _add_calls() -> None:
    op.create_table(
        "whistle_calls",
        sa.Column("whistle_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *_mark("acknowledged"),
        *_mark("arrived"),
        sa.Column("distance", sa.Integer(), nullable=True),
        *_mark("answered"),
        sa.Column("opinion", sa.Text(), nullable=False),
        *_mark("declined"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("reminded_at", storage.types.Instant(), nullable=True),
        sa.Column("reported_at", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["whistle_id"], ["whistles.id"], name=op.f("fk_whistle_calls_whistle_id_whistles")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_whistle_calls_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("whistle_id", "unit_id", name=op.f("pk_whistle_calls")),
    )
    op.create_index("ix_whistle_calls_unit_id", "whistle_calls", ["unit_id"])


def _mark(name: str) -> list["sa.Column[Any]"]:
    return [
        sa.Column(f"{name}_at", storage.types.Instant(), nullable=True),
        sa.Column(f"{name}_name", sa.String(length=40), nullable=True),
        sa.Column(f"{name}_by", sa.String(length=32), nullable=True),
    ]


def downgrade() -> None:
    """Undo."""
    op.drop_table("whistle_calls")
    op.drop_table("whistles")
    op.drop_table("whistle_serials")
