"""Shifts and absences, on SQL and in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, Table, bindparam, delete, insert, select

from casework.errors import NotFound
from casework.roster import Absence, Shift
from storage.prepared import PreparedIn
from storage.steady import Steady
from storage.tables_people import absences, shifts

_SHIFTS = PreparedIn(
    lambda ids: select(shifts).where(shifts.c.unit_id.in_(ids)).order_by(shifts.c.id), shifts
)
_ABSENCES = PreparedIn(
    lambda ids: (
        select(absences)
        .where(
            absences.c.officer_id.in_(ids),
            absences.c.first_day <= bindparam("last"),
            absences.c.last_day >= bindparam("first"),
        )
        .order_by(absences.c.first_day, absences.c.id)
    ),
    absences,
)


class SqlRosters:
    """casework.roster.Rosters on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._steady = Steady(connection)

    def shifts_of(self, unit_ids: Sequence[str]) -> list[Shift]:
        """The shifts in these units."""
        ids = tuple(unit_ids)

        def read() -> tuple[Shift, ...]:
            return tuple(Shift(**row) for row in _SHIFTS.rows(self._connection, ids))

        return list(self._steady.get(("shifts", ids), read))

    def absences_of(self, officer_ids: Sequence[str], first: date, last: date) -> list[Absence]:
        """Those that touch a day from ``first`` to ``last``."""
        ids, between = tuple(officer_ids), {"first": first, "last": last}

        def read() -> tuple[Absence, ...]:
            return tuple(Absence(**row) for row in _ABSENCES.rows(self._connection, ids, between))

        return list(self._steady.get(("absences", ids, first, last), read))

    def shift(self, shift_id: str) -> Shift:
        """Raises NotFound."""
        query = select(shifts).where(shifts.c.id == shift_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound
        return Shift(**row._asdict())

    def absence(self, absence_id: str) -> Absence:
        """Raises NotFound."""
        query = select(absences).where(absences.c.id == absence_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound
        return Absence(**row._asdict())

    def add_shifts(self, given: Iterable[Shift]) -> None:
        """Store new ones."""
        self._steady.forget()
        rows = [asdict(each) for each in given]
        if rows:
            self._connection.execute(insert(shifts), rows)

    def add_absences(self, given: Iterable[Absence]) -> None:
        """Store new ones."""
        self._steady.forget()
        rows = [asdict(each) for each in given]
        if rows:
            self._connection.execute(insert(absences), rows)

    def remove_shift(self, shift_id: str) -> None:
        """Take it away."""
        self._remove(shifts, shift_id)

    def remove_absence(self, absence_id: str) -> None:
        """Take it away."""
        self._remove(absences, absence_id)

    def _remove(self, table: Table, row_id: str) -> None:
        self._steady.forget()
        self._connection.execute(delete(table).where(table.c.id == row_id))


class MemoryRosters:
    """The same in memory."""

    def __init__(self, shifts_: dict[str, Shift], absences_: dict[str, Absence]) -> None:
        self._shifts = shifts_
        self._absences = absences_

    def shifts_of(self, unit_ids: Sequence[str]) -> list[Shift]:
        """The shifts in these units."""
        found = [shift for shift in self._shifts.values() if shift.unit_id in unit_ids]
        return sorted(found, key=lambda shift: shift.id)

    def absences_of(self, officer_ids: Sequence[str], first: date, last: date) -> list[Absence]:
        """Those that touch a day from ``first`` to ``last``."""
        found = [
            each
            for each in self._absences.values()
            if each.officer_id in officer_ids and each.first_day <= last and each.last_day >= first
        ]
        return sorted(found, key=lambda each: (each.first_day, each.id))

    def shift(self, shift_id: str) -> Shift:
        """Raises NotFound."""
        if shift_id not in self._shifts:
            raise NotFound
        return self._shifts[shift_id]

    def absence(self, absence_id: str) -> Absence:
        """Raises NotFound."""
        if absence_id not in self._absences:
            raise NotFound
        return self._absences[absence_id]

    def add_shifts(self, given: Iterable[Shift]) -> None:
        """Store new ones."""
        self._shifts.update({each.id: each for each in given})

    def add_absences(self, given: Iterable[Absence]) -> None:
        """Store new ones."""
        self._absences.update({each.id: each for each in given})

    def remove_shift(self, shift_id: str) -> None:
        """Take it away."""
        self._shifts.pop(shift_id, None)

    def remove_absence(self, absence_id: str) -> None:
        """Take it away."""
        self._absences.pop(absence_id, None)
