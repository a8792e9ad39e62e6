"""Every case has an owning organisation, clocks of its own and one moment the clock looks at."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENTS = (
    "began_at",
    "accept_by",
    "accept_late_at",
    "warn_at",
    "paused_at",
    "resume_at",
    "lapse_at",
    "archive_at",
    "next_at",
    "extend_to",
)
_GIVEN = (
    "source",
    "sla",
    "level_dues",
    "returned",
    "final",
    "asked_info",
    "extended",
    "proof",
    "supervision",
)
_POINTERS = (("org_id", "units"), ("extend_by", "officers"), ("resolved_by", "officers"))
_INDEXES = (
    "ix_cases_status_changed_at",
    "ix_cases_org_id_opened_at",
    "ix_cases_unit_id_opened_at",
)
_PARTIAL = (
    ("ix_cases_next_at", ("next_at",), "next_at IS NOT NULL"),
    ("ix_cases_joined", ("joined",), "joined IS NOT NULL"),
    ("ix_cases_following", ("joined",), "joined IS NOT NULL AND closed_at IS NULL"),
    ("ix_cases_open_due", ("due_at", "number"), "closed_at IS NULL"),
    ("ix_cases_open_in", ("unit_id", "due_at"), "closed_at IS NULL"),
    ("ix_cases_open_of", ("org_id", "due_at"), "closed_at IS NULL"),
)
_INSTANTS = ("filed_at", "due_at", "warned_at", "breached_at", "closed_at", "changed_at")
_TEXTS = ("status", "unit_id", "org_id", "joined")
_CASES = sa.table(
    "cases",
    *(sa.column(name, sa.String) for name in _TEXTS),
    *(sa.column(name, sa.BigInteger) for name in (*_INSTANTS, *_MOMENTS)),
)


def upgrade() -> None:
    """Apply. Cases there are belong to the unit they lie in; the clock finds them as before."""
    _columns()
    fill = op.get_bind().execute
    row, day = _CASES.c, 86_400_000_000  # microseconds
    at_work = row.status.in_(("dispatched", "working", "rework")) & row.breached_at.is_(None)
    ended = row.status.in_(("confirmed", "withdrawn"))
    answered = row.status == "done_wait"
    cases = _CASES.update()
    fill(cases.values(org_id=row.unit_id, began_at=row.filed_at))
    warn_at = row.filed_at + (row.due_at - row.filed_at) * 7 / 10
    fill(cases.where(row.due_at.is_not(None)).values(warn_at=sa.cast(warn_at, sa.BigInteger)))
    fill(cases.where(answered).values(lapse_at=row.changed_at + 7 * day))
    fill(cases.where(ended).values(archive_at=row.closed_at + 10 * day))
    fill(cases.where(answered).values(next_at=row.lapse_at))
    fill(cases.where(ended).values(next_at=row.archive_at))
    fill(cases.where(at_work).values(next_at=row.due_at))
    unwarned = at_work & row.warned_at.is_(None) & row.joined.is_(None)
    fill(cases.where(unwarned, row.warn_at.is_not(None)).values(next_at=row.warn_at))
    _tighten()
    _moves()


def _columns() -> None:
    json = storage.types.Json()
    with op.batch_alter_table("cases", schema=None) as cases:
        cases.add_column(sa.Column("org_id", sa.String(length=32), nullable=True))
        cases.add_column(_given("source", sa.String(length=12), "resident"))
        cases.add_column(_given("sla", sa.String(length=8), ""))
        for name in _MOMENTS:
            cases.add_column(sa.Column(name, storage.types.Instant(), nullable=True))
        cases.add_column(_given("level_dues", json, "[]"))
        cases.add_column(_given("returned", sa.Boolean(), sa.false()))
        cases.add_column(_given("final", sa.Boolean(), sa.false()))
        cases.add_column(_given("asked_info", sa.Boolean(), sa.false()))
        cases.add_column(sa.Column("extend_by", sa.String(length=32), nullable=True))
        cases.add_column(_given("extended", sa.Integer(), "0"))
        cases.add_column(sa.Column("resolution", sa.String(length=16), nullable=True))
        cases.add_column(_given("proof", json, "[]"))
        cases.add_column(sa.Column("resolved_by", sa.String(length=32), nullable=True))
        cases.add_column(_given("supervision", sa.String(length=12), "none"))


def _given(name: str, kind: Any, default: Any) -> sa.Column[Any]:
    """A column that every row has, also those there are."""
    return sa.Column(name, kind, nullable=False, server_default=default)


def _tighten() -> None:
    with op.batch_alter_table("cases", schema=None) as cases:
        cases.alter_column("org_id", existing_type=sa.String(length=32), nullable=False)
        for name in _GIVEN:
            cases.alter_column(name, server_default=None)
        for name, table in _POINTERS:
            cases.create_foreign_key(f"fk_cases_{name}_{table}", table, [name], ["id"])
        cases.drop_index("ix_cases_status_due_at")
        cases.drop_index("ix_cases_joined")
        cases.create_index("ix_cases_status_changed_at", ["status", "changed_at"])
        cases.create_index("ix_cases_org_id_opened_at", ["org_id", "opened_at"])
        cases.create_index("ix_cases_unit_id_opened_at", ["unit_id", "opened_at"])
    for name, columns, where in _PARTIAL:
        condition = sa.text(where)
        op.create_index(
            name, "cases", list(columns), sqlite_where=condition, postgresql_where=condition
        )


def _moves() -> None:
    def officer(name: str, *, nullable: bool = False) -> sa.Column[str]:
        return sa.Column(name, sa.String(length=32), nullable=nullable)

    op.create_table(
        "moves",
        sa.Column("case_number", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=24), nullable=False),
        sa.Column("at", storage.types.Instant(), nullable=False),
        sa.Column("actor", sa.String(length=8), nullable=False),
        officer("officer_id", nullable=True),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        officer("owner_before"),
        officer("owner_id"),
        officer("org_before"),
        officer("org_id"),
        sa.Column("code", sa.String(length=24), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", storage.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"])
            for name, table in (
                ("officer_id", "officers"),
                ("owner_before", "officers"),
                ("owner_id", "officers"),
                ("org_before", "units"),
                ("org_id", "units"),
            )
        ),
        sa.PrimaryKeyConstraint("case_number", "version"),
    )


def downgrade() -> None:
    """Undo; what was done with each case, and its own moments, are lost."""
    op.drop_table("moves")
    for name, _, _ in _PARTIAL:
        op.drop_index(name, table_name="cases")
    with op.batch_alter_table("cases", schema=None) as cases:
        for name in _INDEXES:
            cases.drop_index(name)
        cases.create_index("ix_cases_status_due_at", ["status", "due_at"])
        cases.create_index("ix_cases_joined", ["joined"])
        for name, table in _POINTERS:
            cases.drop_constraint(f"fk_cases_{name}_{table}", type_="foreignkey")
        for name in ("org_id", "extend_by", "resolved_by", "resolution", *_GIVEN, *_MOMENTS):
            cases.drop_column(name)
