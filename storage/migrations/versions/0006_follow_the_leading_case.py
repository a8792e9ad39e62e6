"""How far a joined case has followed the case it was joined to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("followed", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("followed", server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("followed")
