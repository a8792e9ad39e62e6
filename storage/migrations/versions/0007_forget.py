"""What is to be forgotten, and what has been."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_CLOSED = "anonymised_at IS NULL AND closed_at IS NOT NULL"
_CASE_INDEXES = (
    ("ix_cases_forget", ["closed_at"], "forget AND anonymised_at IS NULL"),
    ("ix_cases_unfiled", ["closed_at"], f"{_CLOSED} AND filed_at IS NULL"),
    ("ix_cases_kept", ["restricted", "closed_at"], f"{_CLOSED} AND filed_at IS NOT NULL"),
)
_IDLE = "forgotten_seq < last_seq AND NOT has_cases"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("forget", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("anonymised_at", storage.types.Instant(), nullable=True))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("forget", server_default=None)
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("forgotten_seq", sa.Integer(), nullable=False, server_default="0")
        )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.alter_column("forgotten_seq", server_default=None)
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", storage.types.Instant(), nullable=True))
    for name, columns, where in _CASE_INDEXES:
        _index(name, "cases", columns, where)
    _index("ix_conversations_idle", "conversations", ["last_at"], _IDLE)
    _index("ix_files_erased", "files", ["id"], "erased_at IS NOT NULL")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    clause = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=clause, postgresql_where=clause)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_files_erased", "files")
    op.drop_index("ix_conversations_idle", "conversations")
    for name, _, _ in _CASE_INDEXES:
        op.drop_index(name, "cases")
    for table, columns in (
        ("files", ("erased_at",)),
        ("conversations", ("forgotten_seq",)),
        ("cases", ("forget", "anonymised_at")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
