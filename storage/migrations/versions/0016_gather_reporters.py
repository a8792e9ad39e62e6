"""Remind residents of the periods that are their own."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reminders",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("due_at", storage.types.Instant(), nullable=False),
        sa.Column("created_at", storage.types.Instant(), nullable=False),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.Column("told_at", storage.types.Instant(), nullable=True),
        sa.Column("said", sa.Integer(), nullable=False),
        sa.Column("ended", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_reminders_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_reminders_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    op.create_index("uq_reminders_case_rule", "reminders", ["case_number", "rule"], unique=True)
    op.create_index("ix_reminders_conversation_id", "reminders", ["conversation_id"])
    op.create_index(
        "ix_reminders_next_at",
        "reminders",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("reminders")
