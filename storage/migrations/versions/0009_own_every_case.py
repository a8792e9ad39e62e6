"""Every case has an owning organisation, clocks of its own and one moment the clock looks at."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
