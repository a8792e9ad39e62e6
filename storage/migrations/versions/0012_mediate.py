"""Mediations, promises, judicial confirmation."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _mediations()
    _promises()
    _confirmations()


def _mediations() -> None:
    op.create_table(
        "mediations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("proposed_at", storage.types.Instant(), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=True),
        sa.Column("mediator_id", sa.String(length=32), nullable=True),
        sa.Column("since_year", sa.Integer(), nullable=True),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("resident", sa.String(length=8), nullable=True),
        sa.Column("resident_at", storage.types.Instant(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=True),
        sa.Column("named_at", storage.types.Instant(), nullable=True),
        sa.Column("other", sa.String(length=8), nullable=True),
        sa.Column("other_by", sa.String(length=32), nullable=True),
        sa.Column("other_at", storage.types.Instant(), nullable=True),
        sa.Column("other_how", sa.String(length=16), nullable=True),
        sa.Column("started_at", storage.types.Instant(), nullable=True),
        sa.Column("until", storage.types.Instant(), nullable=True),
        sa.Column("sessions", storage.types.Json(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("agreement", storage.types.Json(), nullable=True),
        sa.Column("ended_at", storage.types.Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_mediations_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_mediations_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["officers.id"], name=op.f("fk_mediations_ended_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["mediator_id"], ["officers.id"], name=op.f("fk_mediations_mediator_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["other_by"], ["officers.id"], name=op.f("fk_mediations_other_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["officers.id"], name=op.f("fk_mediations_proposed_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mediations")),
    )
    op.create_index("ix_mediations_case_number", "mediations", ["case_number"])
    op.create_index(
        "ix_mediations_due",
        "mediations",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_mediations_live",
        "mediations",
        ["conversation_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_mediations_mediator_id", "mediations", ["mediator_id"])
    op.create_index("ix_mediations_proposed_at", "mediations", ["proposed_at"])


def _promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=16), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", storage.types.Instant(), nullable=False),
        sa.Column("mediation_id", sa.String(length=32), nullable=True),
        sa.Column("made_by", sa.String(length=32), nullable=True),
        sa.Column("asked_at", storage.types.Instant(), nullable=True),
        sa.Column("chased_at", storage.types.Instant(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=True),
        sa.Column("answered_at", storage.types.Instant(), nullable=True),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("escalated_at", storage.types.Instant(), nullable=True),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["officers.id"], name=op.f("fk_promises_answered_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_promises_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_promises_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["officers.id"], name=op.f("fk_promises_made_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["mediation_id"], ["mediations.id"], name=op.f("fk_promises_mediation_id_mediations")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_promises_task_id_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(
        "ix_promises_asked",
        "promises",
        ["conversation_id"],
        sqlite_where=sa.text("asked_at IS NOT NULL AND kept IS NULL"),
        postgresql_where=sa.text("asked_at IS NOT NULL AND kept IS NULL"),
    )
    op.create_index("ix_promises_case_number", "promises", ["case_number"])
    op.create_index(
        "ix_promises_due",
        "promises",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )


def _confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("mediation_id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("liaison_id", sa.String(length=32), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("apply_by", storage.types.Instant(), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("court", sa.String(length=80), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("court_by", storage.types.Instant(), nullable=True),
        sa.Column("late_at", storage.types.Instant(), nullable=True),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("ruled_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.String(length=32), nullable=True),
        sa.Column("ended_at", storage.types.Instant(), nullable=True),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_confirmations_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_confirmations_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["liaison_id"], ["officers.id"], name=op.f("fk_confirmations_liaison_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["mediation_id"],
            ["mediations.id"],
            name=op.f("fk_confirmations_mediation_id_mediations"),
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_confirmations_task_id_tasks")
        ),
        sa.PrimaryKeyConstraint("mediation_id", name=op.f("pk_confirmations")),
    )
    op.create_index(
        "ix_confirmations_due",
        "confirmations",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index("ix_confirmations_liaison_id", "confirmations", ["liaison_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("confirmations")
    op.drop_table("promises")
    op.drop_table("mediations")
