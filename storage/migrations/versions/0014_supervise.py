"""Supervision slips, sponsors and their duties, group cases and their task sheets."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_cases_supervised",
        "cases",
        ["supervision", "due_at"],
        sqlite_where=sa.text("supervision <> 'none'"),
        postgresql_where=sa.text("supervision <> 'none'"),
    )
    op.create_table(
        "slips",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("org_id", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.String(length=32), nullable=False),
        sa.Column("issued_at", storage.types.Instant(), nullable=False),
        sa.Column("due_at", storage.types.Instant(), nullable=False),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.Column("answers", storage.types.Json(), nullable=False),
        sa.Column("reported_at", storage.types.Instant(), nullable=True),
        sa.Column("reported_to", sa.String(length=32), nullable=True),
        sa.Column("closed_at", storage.types.Instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_slips_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["officers.id"], name=op.f("fk_slips_closed_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["officers.id"], name=op.f("fk_slips_issued_by_officers")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["units.id"], name=op.f("fk_slips_org_id_units")),
        sa.ForeignKeyConstraint(
            ["reported_to"], ["officers.id"], name=op.f("fk_slips_reported_to_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips")),
        sa.UniqueConstraint("number", name=op.f("uq_slips_number")),
    )
    with op.batch_alter_table("slips") as batch_op:
        batch_op.create_index("ix_slips_case_number", ["case_number"])
        batch_op.create_index(
            "ix_slips_next_at",
            ["next_at"],
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index("ix_slips_org_id_closed_at", ["org_id", "closed_at"])
    op.create_table(
        "sponsorships",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", storage.types.Instant(), nullable=False),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("case_number", sa.String(length=24), nullable=True),
        sa.Column("through", sa.String(length=32), nullable=True),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("last_entry_at", storage.types.Instant(), nullable=True),
        sa.Column("reminded_at", storage.types.Instant(), nullable=True),
        sa.Column("ended_at", storage.types.Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_sponsorships_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["officers.id"], name=op.f("fk_sponsorships_made_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_sponsorships_officer_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["through"], ["sponsorships.id"], name=op.f("fk_sponsorships_through_sponsorships")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_sponsorships_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsorships")),
    )
    with op.batch_alter_table("sponsorships") as batch_op:
        batch_op.create_index("ix_sponsorships_case_number", ["case_number"])
        batch_op.create_index(
            "ix_sponsorships_next_at",
            ["next_at"],
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index("ix_sponsorships_officer_id_ended_at", ["officer_id", "ended_at"])
        batch_op.create_index("ix_sponsorships_through", ["through"])
        batch_op.create_index("ix_sponsorships_unit_id", ["unit_id"])
    op.create_table(
        "duties",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", storage.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_duties_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_duties_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
    )
    with op.batch_alter_table("duties") as batch_op:
        batch_op.create_index("ix_duties_case_number_at", ["case_number", "at"])
    op.create_table(
        "collectives",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("leading", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", storage.types.Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("made_at", storage.types.Instant(), nullable=True),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("others_done", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("posted_by", sa.String(length=32), nullable=True),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["leading"], ["cases.number"], name=op.f("fk_collectives_leading_cases")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["officers.id"], name=op.f("fk_collectives_made_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["posted_by"], ["officers.id"], name=op.f("fk_collectives_posted_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collectives")),
        sa.UniqueConstraint("leading", name=op.f("uq_collectives_leading")),
    )
    with op.batch_alter_table("collectives") as batch_op:
        batch_op.create_index(
            "ix_collectives_next_at",
            ["next_at"],
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index("ix_collectives_state_at", ["state", "at"])
    op.create_table(
        "collective_members",
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("collective_id", sa.String(length=32), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_collective_members_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["collective_id"],
            ["collectives.id"],
            name=op.f("fk_collective_members_collective_id_collectives"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["officers.id"], name=op.f("fk_collective_members_done_by_officers")
        ),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_collective_members")),
    )
    with op.batch_alter_table("collective_members") as batch_op:
        batch_op.create_index("ix_collective_members_collective_id", ["collective_id"])
    op.create_table(
        "collective_items",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("collective_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("officer_id", sa.String(length=32), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("money", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["collective_id"],
            ["collectives.id"],
            name=op.f("fk_collective_items_collective_id_collectives"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["officers.id"], name=op.f("fk_collective_items_done_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_collective_items_officer_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_collective_items_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collective_items")),
    )
    with op.batch_alter_table("collective_items") as batch_op:
        batch_op.create_index(
            "ix_collective_items_collective_id_position", ["collective_id", "position"]
        )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_cases_supervised", table_name="cases")
    op.drop_table("collective_items")
    op.drop_table("collective_members")
    op.drop_table("collectives")
    op.drop_table("duties")
    op.drop_table("sponsorships")
    op.drop_table("slips")
