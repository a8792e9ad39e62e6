"""What officers registered, on SQL and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework.capture import Captured, Consent
from storage.tables_links import captures


def _captured(row: Mapping[str, Any]) -> Captured:
    consent = Consent(row["consent"]) if row["consent"] is not None else None
    return Captured(**{**row, "consent": consent})


def _row(captured: Captured) -> dict[str, Any]:
    consent = captured.consent.value if captured.consent is not None else None
    return {**asdict(captured), "consent": consent}


class SqlCaptures:
    """casework.capture.Captures on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, captured: Captured) -> None:
        """Store a new one."""
        self._connection.execute(insert(captures), _row(captured))

    def find(self, officer_id: str, client_id: str) -> Captured | None:
        """What this officer's page sent under this id."""
        found = self._where(captures.c.officer_id == officer_id, captures.c.client_id == client_id)
        return found[0] if found else None

    def of_case(self, number: str) -> Captured | None:
        """Who registered the case, and when."""
        found = self._where(captures.c.case_number == number)
        return found[0] if found else None

    def of_outside(self, outside_number: str) -> list[Captured]:
        """What came under this number of another office, oldest first."""
        return self._where(captures.c.outside_number == outside_number)

    def forget(self, number: str) -> None:
        """Take away what leads from the case to the resident elsewhere."""
        own = update(captures).where(captures.c.case_number == number)
        self._connection.execute(own.values(outside_number=None))

    def _where(self, *conditions: Any) -> list[Captured]:
        query = select(captures).where(*conditions).order_by(captures.c.at, captures.c.client_id)
        return [_captured(row._asdict()) for row in self._connection.execute(query)]


class MemoryCaptures:
    """The same in memory."""

    def __init__(self, rows: dict[tuple[str, str], Captured]) -> None:
        self._rows = rows

    def add(self, captured: Captured) -> None:
        """Store a new one."""
        self._rows[captured.officer_id, captured.client_id] = captured

    def find(self, officer_id: str, client_id: str) -> Captured | None:
        """What this officer's page sent under this id."""
        return self._rows.get((officer_id, client_id))

    def of_case(self, number: str) -> Captured | None:
        """Who registered the case, and when."""
        return next((each for each in self._rows.values() if each.case_number == number), None)

    def of_outside(self, outside_number: str) -> list[Captured]:
        """What came under this number of another office, oldest first."""
        found = [each for each in self._rows.values() if each.outside_number == outside_number]
        return sorted(found, key=lambda each: (each.at, each.client_id))

    def forget(self, number: str) -> None:
        """Take away what leads from the case to the resident elsewhere."""
        for key, each in list(self._rows.items()):
            if each.case_number == number:
                self._rows[key] = replace(each, outside_number=None)
