"""Count the voice messages of a conversation that nobody has listened to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unheard", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.alter_column("unheard", server_default=None)


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("unheard")
