"""Calendars of slots and the appointments booked in them."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendars",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("spans", storage.types.Json(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=32), nullable=False),
        sa.Column("opened_at", storage.types.Instant(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("day_cap", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("weekdays", storage.types.Json(), nullable=False),
        sa.Column("days", storage.types.Json(), nullable=False),
        sa.Column("closed_days", storage.types.Json(), nullable=False),
        sa.Column("host_id", sa.String(length=32), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("materials", storage.types.Json(), nullable=False),
        sa.Column("categories", storage.types.Json(), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=True),
        sa.Column("closed_at", storage.types.Instant(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_calendars_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["officers.id"], name=op.f("fk_calendars_host_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["officers.id"], name=op.f("fk_calendars_opened_by_officers")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_calendars_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
    )
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.create_index("ix_calendars_case_number", ["case_number"], unique=False)
        batch_op.create_index("ix_calendars_host_id", ["host_id"], unique=False)
        batch_op.create_index("ix_calendars_kind_closed_at", ["kind", "closed_at"], unique=False)
        batch_op.create_index("ix_calendars_unit_id", ["unit_id"], unique=False)
        batch_op.create_index(
            "ix_calendars_waiting",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "appointments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("calendar_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", storage.types.Instant(), nullable=False),
        sa.Column("ends_at", storage.types.Instant(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("booked_at", storage.types.Instant(), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("settled_at", storage.types.Instant(), nullable=True),
        sa.Column("settled_by", sa.String(length=32), nullable=True),
        sa.Column("next_at", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_appointments_calendar_id_calendars")
        ),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_appointments_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_appointments_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["officers.id"], name=op.f("fk_appointments_settled_by_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_appointments_calendar_id_starts_at", ["calendar_id", "starts_at"], unique=False
        )
        batch_op.create_index("ix_appointments_case_number", ["case_number"], unique=False)
        batch_op.create_index("ix_appointments_conversation_id", ["conversation_id"], unique=False)
        batch_op.create_index(
            "ix_appointments_waiting",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_appointments_expected",
            ["conversation_id", "kind"],
            unique=True,
            sqlite_where=sa.text("standing = 'booked'"),
            postgresql_where=sa.text("standing = 'booked'"),
        )

    op.create_table(
        "desk_invitations",
        sa.Column("calendar_id", sa.String(length=32), nullable=False),
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("at", storage.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["calendars.id"],
            name=op.f("fk_desk_invitations_calendar_id_calendars"),
        ),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_desk_invitations_case_number_cases")
        ),
        sa.PrimaryKeyConstraint("calendar_id", "case_number", name=op.f("pk_desk_invitations")),
    )
    op.create_table(
        "receptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("leader_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", storage.types.Instant(), nullable=False),
        sa.Column("calendar_id", sa.String(length=32), nullable=True),
        sa.Column("appointment_id", sa.String(length=32), nullable=True),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("case_number", sa.String(length=24), nullable=True),
        sa.Column("due_at", storage.types.Instant(), nullable=True),
        sa.Column("task_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_receptions_appointment_id_appointments"),
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendars.id"], name=op.f("fk_receptions_calendar_id_calendars")
        ),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_receptions_case_number_cases")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_receptions_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["officers.id"], name=op.f("fk_receptions_leader_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["officers.id"], name=op.f("fk_receptions_recorded_by_officers")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["tasks.id"], name=op.f("fk_receptions_task_id_tasks")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_receptions_unit_id_units")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receptions")),
    )
    with op.batch_alter_table("receptions", schema=None) as batch_op:
        batch_op.create_index("ix_receptions_case_number", ["case_number"], unique=False)
        batch_op.create_index("ix_receptions_unit_id_day", ["unit_id", "day"], unique=False)
        batch_op.create_index("uq_receptions_appointment_id", ["appointment_id"], unique=True)


def downgrade() -> None:
    """Undo."""
    for table in ("receptions", "desk_invitations", "appointments", "calendars"):
        op.drop_table(table)
