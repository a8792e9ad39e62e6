"""Codes, validity, posts, duty and substitutes of units and officers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_UNITS = sa.table("units", *(sa.column(name) for name in ("id", "parent_id", "path")))
_CODED = sa.text("code <> ''")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("units", schema=None) as batch_op:
        for column in _unit_columns():
            batch_op.add_column(column)
    with op.batch_alter_table("units", schema=None) as batch_op:
        for name in ("code", "successors", "path"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("officers", schema=None) as batch_op:
        for column in _officer_columns():
            batch_op.add_column(column)
    with op.batch_alter_table("officers", schema=None) as batch_op:
        for name in ("employment", "posts", "phone"):
            batch_op.alter_column(name, server_default=None)
    _fill_paths()
    op.create_index("ix_units_parent_id", "units", ["parent_id"])
    op.create_index("ix_units_path", "units", ["path"])
    op.create_index("ix_units_kind_name", "units", ["kind", "name"])
    op.create_index(
        "uq_units_code",
        "units",
        ["code"],
        unique=True,
        sqlite_where=_CODED,
        postgresql_where=_CODED,
    )
    op.create_index("ix_officers_unit_id", "officers", ["unit_id"])
    op.create_index("ix_officers_role", "officers", ["role"])
    _add_tables()


def _unit_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("code", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successors", storage.types.Json(), nullable=False, server_default="[]"),
        sa.Column("path", storage.types.Path, nullable=False, server_default=""),
    ]


def _officer_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("employment", sa.String(length=16), nullable=False, server_default="full_time"),
        sa.Column("posts", storage.types.Json(), nullable=False, server_default="[]"),
        sa.Column("phone", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
    ]


def _fill_paths() -> None:
    """Each unit's ids from the top down. Whoever is in a circle stands at the top."""
    connection = op.get_bind()
    above = {row.id: row.parent_id for row in connection.execute(sa.select(_UNITS))}
    for unit in above:
        chain: list[str] = []
        each: str | None = unit
        while each is not None and each in above and each not in chain:
            chain.insert(0, each)
            each = above[each]
        path = "/" + "".join(f"{one}/" for one in chain)
        connection.execute(sa.update(_UNITS).where(_UNITS.c.id == unit).values(path=path))


def _add_tables() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_shifts_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_shifts_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index("ix_shifts_unit_id", "shifts", ["unit_id"])
    op.create_index("ix_shifts_officer_id", "shifts", ["officer_id"])
    op.create_table(
        "absences",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("officer_id", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_absences_officer_id_officers")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["officers.id"], name=op.f("fk_absences_substitute_id_officers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_officer_id", "absences", ["officer_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("absences")
    op.drop_table("shifts")
    for name, table in (
        ("ix_officers_role", "officers"),
        ("ix_officers_unit_id", "officers"),
        ("uq_units_code", "units"),
        ("ix_units_kind_name", "units"),
        ("ix_units_path", "units"),
        ("ix_units_parent_id", "units"),
    ):
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("officers", schema=None) as batch_op:
        for column in _officer_columns():
            batch_op.drop_column(column.name)
    with op.batch_alter_table("units", schema=None) as batch_op:
        for column in _unit_columns():
            batch_op.drop_column(column.name)
