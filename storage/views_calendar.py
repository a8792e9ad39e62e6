"""How many open cases are due from a day on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, text

from storage.tables import OPEN_CASE, cases
from storage.unit_of_work import SqlTransaction


def open_due_from(tx: SqlTransaction, moment: datetime) -> int:
    """Open cases whose answer is due at or after ``moment``."""
    query = select(func.count()).where(text(OPEN_CASE), cases.c.due_at >= moment)
    return int(tx.connection.execute(query.select_from(cases)).scalar_one())
