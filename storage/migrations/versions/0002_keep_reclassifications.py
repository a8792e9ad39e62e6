"""Keep officers' corrections of categories."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reclassifications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("from_category", sa.String(length=32), nullable=False),
        sa.Column("to_category", sa.String(length=32), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.Column("lines", storage.types.Json(), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("at", storage.types.Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("model", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"],
            ["cases.number"],
            name=op.f("fk_reclassifications_case_number_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_reclassifications_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_reclassifications_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reclassifications")),
    )
    with op.batch_alter_table("reclassifications", schema=None) as batch_op:
        batch_op.create_index("ix_reclassifications_at_id", ["at", "id"], unique=False)
        batch_op.create_index("ix_reclassifications_case_number", ["case_number"], unique=False)
        batch_op.create_index(
            "ix_reclassifications_conversation_id", ["conversation_id"], unique=False
        )


def downgrade() -> None:
    """Undo."""
    op.drop_table("reclassifications")
