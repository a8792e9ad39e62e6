"""Places of several kinds with an id of their own, service points, and boundaries of units."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OLD = sa.table(
    "places",
    sa.column("name", sa.String),
    sa.column("unit_id", sa.String),
    sa.column("aliases", storage.types.Json()),
    sa.column("lat", sa.Float),
    sa.column("lng", sa.Float),
)


def upgrade() -> None:
    """Apply. A name is no longer a key: two communities may each have a 锦绣家园."""
    known = [dict(row) for row in op.get_bind().execute(sa.select(_OLD)).mappings()]
    op.drop_table("places")
    places = op.create_table(
        "places",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("aliases", storage.types.Json(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("hours", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_places_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("name", "unit_id", name=op.f("uq_places_name_unit_id")),
    )
    blank = {"kind": "landmark", "address": "", "hours": "", "phone": "", "verified": False}
    if known:
        op.bulk_insert(places, [{"id": uuid4().hex, **blank, **row} for row in known])
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.add_column(sa.Column("boundary", storage.types.Json(), nullable=True))
    op.create_index(
        "ix_cases_unplaced",
        "cases",
        ["status"],
        unique=False,
        sqlite_where=sa.text("placed IS 0"),
        postgresql_where=sa.text("NOT placed"),
    )


def downgrade() -> None:
    """Undo; of places with one name the first is kept."""
    found = op.get_bind().execute(sa.select(_OLD)).mappings()
    known = {row["name"]: dict(row) for row in reversed(found.all())}
    op.drop_index("ix_cases_unplaced", table_name="cases")
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.drop_column("boundary")
    op.drop_table("places")
    places = op.create_table(
        "places",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("aliases", storage.types.Json(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_places_unit_id_units")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_places")),
    )
    if known:
        op.bulk_insert(places, list(known.values()))
