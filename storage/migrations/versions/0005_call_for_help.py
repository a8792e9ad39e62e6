"""Alerts with their call chain, tasks with a due time, officers' own chats."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=True),
        sa.Column("level", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("raised_at", storage.types.Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("called", storage.types.Json(), nullable=False),
        sa.Column("called_at", storage.types.Instant(), nullable=True),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.Column("exhausted_at", storage.types.Instant(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=32), nullable=True),
        sa.Column("acknowledged_at", storage.types.Instant(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("remind_at", storage.types.Instant(), nullable=True),
        sa.Column("fine_at", storage.types.Instant(), nullable=True),
        sa.Column("quiet_at", storage.types.Instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("closed_at", storage.types.Instant(), nullable=True),
        sa.Column("safe", sa.String(length=16), nullable=True),
        sa.Column("with_whom", sa.String(length=16), nullable=True),
        sa.Column("next_contact_at", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["officers.id"], name=op.f("fk_alerts_acknowledged_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_alerts_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["officers.id"], name=op.f("fk_alerts_closed_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_alerts_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index("ix_alerts_closed_at_raised_at", ["closed_at", "raised_at"])
        batch_op.create_index("ix_alerts_conversation_id", ["conversation_id"])
        batch_op.create_index("ix_alerts_next_at", ["next_at"])
        batch_op.create_index("ix_alerts_remind_at", ["remind_at"])
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=True),
        sa.Column("alert_id", sa.String(length=32), nullable=True),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", storage.types.Instant(), nullable=False),
        sa.Column("due_at", storage.types.Instant(), nullable=False),
        sa.Column("done_at", storage.types.Instant(), nullable=True),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_tasks_alert_id_alerts")),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_tasks_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_tasks_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["officers.id"], name=op.f("fk_tasks_done_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_tasks_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_alert_id", ["alert_id"])
        batch_op.create_index("ix_tasks_conversation_id", ["conversation_id"])
        batch_op.create_index("ix_tasks_done_at_due_at", ["done_at", "due_at"])
    op.create_table(
        "officer_chats",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("chat", sa.String(length=64), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("at", storage.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_officer_chats_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("channel", "chat", name=op.f("pk_officer_chats")),
    )
    with op.batch_alter_table("officer_chats", schema=None) as batch_op:
        batch_op.create_index("ix_officer_chats_officer_id", ["officer_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("officer_chats")
    op.drop_table("tasks")
    op.drop_table("alerts")
