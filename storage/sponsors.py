"""Sponsors and their log, on SQL and in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, func, insert, or_, select, text, update

from casework.case import CLOSED, Case, Status
from casework.errors import NotFound, VersionConflict
from casework.sponsors import Duty, Entry, Sponsorship
from storage.cases import from_row as case_from_row
from storage.tables import cases, units
from storage.tables_supervision import LOOKED_AT, duties, sponsorships
from storage.units import within

if TYPE_CHECKING:
    from storage.memory import Tables

_LOOKED_AT = text(LOOKED_AT)  # word for word what the partial indexes say
_OPEN = [status.value for status in Status if status not in CLOSED | {Status.DRAFT}]


class SqlSponsors:
    """casework.sponsors.Sponsors on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, each: Sponsorship) -> None:
        """Store a new one."""
        self._connection.execute(insert(sponsorships), asdict(each))

    def get(self, sponsorship_id: str, *, lock: bool = False) -> Sponsorship:
        """Raises NotFound."""
        query = select(sponsorships).where(sponsorships.c.id == sponsorship_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound
        return Sponsorship(**row._asdict())

    def save(self, each: Sponsorship) -> Sponsorship:
        """Raises VersionConflict."""
        saved = replace(each, version=each.version + 1)
        which = and_(sponsorships.c.id == each.id, sponsorships.c.version == each.version)
        done = self._connection.execute(update(sponsorships).where(which).values(asdict(saved)))
        if done.rowcount != 1:
            raise VersionConflict
        return saved

    def of_case(self, case_number: str) -> list[Sponsorship]:
        """Oldest first."""
        return self._now(sponsorships.c.case_number == case_number)

    def of_officer(self, officer_id: str) -> list[Sponsorship]:
        """Areas first."""
        found = self._now(sponsorships.c.officer_id == officer_id)
        return sorted(found, key=lambda each: each.unit_id is None)

    def listed_through(self, sponsorship_id: str) -> list[Sponsorship]:
        """Oldest first."""
        return self._now(sponsorships.c.through == sponsorship_id)

    def of_units(self, unit_ids: Iterable[str]) -> list[Sponsorship]:
        """Oldest first."""
        return self._now(sponsorships.c.unit_id.in_(list(unit_ids)))

    def _now(self, wanted: Any) -> list[Sponsorship]:
        query = select(sponsorships).where(wanted, sponsorships.c.ended_at.is_(None))
        rows = self._connection.execute(query.order_by(sponsorships.c.made_at, sponsorships.c.id))
        return [Sponsorship(**row._asdict()) for row in rows]

    def due(self, now: datetime, limit: int) -> list[Sponsorship]:
        """The earliest first."""
        query = select(sponsorships).where(_LOOKED_AT, sponsorships.c.next_at <= now)
        query = query.order_by(sponsorships.c.next_at, sponsorships.c.id).limit(limit)
        return [Sponsorship(**row._asdict()) for row in self._connection.execute(query)]

    def backlog(
        self, unit_id: str, opened_before: datetime, over_rounds: int, limit: int
    ) -> list[Case]:
        """The oldest first."""
        root = self._connection.execute(select(units.c.path).where(units.c.id == unit_id)).scalar()
        if root is None:
            return []
        since = func.coalesce(cases.c.filed_at, cases.c.opened_at)
        query = (
            select(cases)
            .where(
                cases.c.unit_id.in_(select(units.c.id).where(within(units.c.path, root))),
                cases.c.status.in_(_OPEN),
                cases.c.restricted.is_(False),
                or_(since < opened_before, cases.c.round > over_rounds),
            )
            .order_by(cases.c.opened_at, cases.c.number)
            .limit(limit)
        )
        return [case_from_row(row._asdict()) for row in self._connection.execute(query)]

    def log(self, entry: Entry) -> None:
        """Store a new one."""
        self._connection.execute(insert(duties), {**asdict(entry), "duty": entry.duty.value})

    def entries(self, case_number: str) -> list[Entry]:
        """Oldest first."""
        query = select(duties).where(duties.c.case_number == case_number)
        rows = self._connection.execute(query.order_by(duties.c.at, duties.c.id))
        return [Entry(**{**row._asdict(), "duty": Duty(row.duty)}) for row in rows]

    def blank(self, case_number: str) -> int:
        """Empty the notes."""
        mine = and_(duties.c.case_number == case_number, duties.c.note != "")
        return self._connection.execute(update(duties).where(mine).values(note="")).rowcount


class MemorySponsors:
    """The same in memory."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows = tables.supervision.sponsorships
        self._log = tables.supervision.duties

    def add(self, each: Sponsorship) -> None:
        """Store a new one."""
        self._rows[each.id] = each

    def get(self, sponsorship_id: str, *, lock: bool = False) -> Sponsorship:  # noqa: ARG002
        """Raises NotFound."""
        if sponsorship_id not in self._rows:
            raise NotFound
        return self._rows[sponsorship_id]

    def save(self, each: Sponsorship) -> Sponsorship:
        """Raises VersionConflict."""
        if self.get(each.id).version != each.version:
            raise VersionConflict
        self._rows[each.id] = saved = replace(each, version=each.version + 1)
        return saved

    def of_case(self, case_number: str) -> list[Sponsorship]:
        """Oldest first."""
        return [each for each in self._now() if each.case_number == case_number]

    def of_officer(self, officer_id: str) -> list[Sponsorship]:
        """Areas first."""
        found = [each for each in self._now() if each.officer_id == officer_id]
        return sorted(found, key=lambda each: each.unit_id is None)

    def listed_through(self, sponsorship_id: str) -> list[Sponsorship]:
        """Oldest first."""
        return [each for each in self._now() if each.through == sponsorship_id]

    def of_units(self, unit_ids: Iterable[str]) -> list[Sponsorship]:
        """Oldest first."""
        wanted = set(unit_ids)
        return [each for each in self._now() if each.unit_id in wanted]

    def _now(self) -> list[Sponsorship]:
        found = [each for each in self._rows.values() if each.ended_at is None]
        return sorted(found, key=lambda each: (each.made_at, each.id))

    def due(self, now: datetime, limit: int) -> list[Sponsorship]:
        """The earliest first."""
        found = [(each.next_at, each.id) for each in self._rows.values() if each.next_at]
        return [self._rows[each_id] for at, each_id in sorted(found) if at <= now][:limit]

    def backlog(
        self, unit_id: str, opened_before: datetime, over_rounds: int, limit: int
    ) -> list[Case]:
        """The oldest first."""
        area = self._tables.units[unit_id].path if unit_id in self._tables.units else None
        found = [
            each
            for each, _ in self._tables.cases.values()
            if area is not None
            and self._tables.units[each.unit_id].path.startswith(area)
            and each.status.value in _OPEN
            and not each.restricted
            and ((each.filed_at or each.opened_at) < opened_before or each.round > over_rounds)
        ]
        return sorted(found, key=lambda each: (each.opened_at, each.number))[:limit]

    def log(self, entry: Entry) -> None:
        """Store a new one."""
        self._log[entry.id] = entry

    def entries(self, case_number: str) -> list[Entry]:
        """Oldest first."""
        found = [each for each in self._log.values() if each.case_number == case_number]
        return sorted(found, key=lambda each: (each.at, each.id))

    def blank(self, case_number: str) -> int:
        """Empty the notes."""
        found = [each for each in self.entries(case_number) if each.note]
        self._log.update({each.id: replace(each, note="") for each in found})
        return len(found)
