"""A case's sub-kind, its ties to other cases, who may see it; a conversation's language."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("joined", sa.String(length=24), nullable=True))
        batch_op.add_column(
            sa.Column("linked", storage.types.Json(), nullable=False, server_default="[]")
        )
        batch_op.add_column(
            sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("placed", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_cases_joined_cases"), "cases", ["joined"], ["number"]
        )
        batch_op.create_index("ix_cases_joined", ["joined"], unique=False)
        batch_op.create_index(
            "ix_cases_unit_id_category_opened_at",
            ["unit_id", "category", "opened_at"],
            unique=False,
        )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for name in ("linked", "restricted", "placed"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("language", sa.String(length=8), nullable=False, server_default="zh")
        )
        batch_op.add_column(
            sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        for name in ("language", "restricted"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("restricted")
        batch_op.drop_column("language")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_unit_id_category_opened_at")
        batch_op.drop_index("ix_cases_joined")
        batch_op.drop_constraint(batch_op.f("fk_cases_joined_cases"), type_="foreignkey")
        for name in ("placed", "restricted", "linked", "joined", "kind"):
            batch_op.drop_column(name)
