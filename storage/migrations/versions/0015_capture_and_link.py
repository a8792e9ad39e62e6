"""Signed links to places, and where a case came from."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _links()
    _link_days()
    _captures()


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("respondent", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("place_id", sa.String(length=32), nullable=True),
        sa.Column("made_at", storage.types.Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("valid_until", storage.types.Instant(), nullable=True),
        sa.Column("revoked_at", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_links_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["officers.id"], name=op.f("fk_links_made_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    op.create_index("ix_links_made_at", "links", ["made_at"])
    op.create_index("ix_links_unit_id", "links", ["unit_id"])


def _link_days() -> None:
    op.create_table(
        "link_days",
        sa.Column("link_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"],
            ["links.id"],
            name=op.f("fk_link_days_link_id_links"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("link_id", "day", name=op.f("pk_link_days")),
    )


def _captures() -> None:
    op.create_table(
        "captures",
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("at", storage.types.Instant(), nullable=False),
        sa.Column("consent", sa.String(length=16), nullable=True),
        sa.Column("outside_number", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_captures_officer_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["case_number"],
            ["cases.number"],
            name=op.f("fk_captures_case_number_cases"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("officer_id", "client_id", name=op.f("pk_captures")),
    )
    op.create_index("ix_captures_case_number", "captures", ["case_number"])
    op.create_index("ix_captures_outside_number", "captures", ["outside_number"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("captures")
    op.drop_table("link_days")
    op.drop_table("links")
