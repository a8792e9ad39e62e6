"""Supervision slips, on SQL and in memory; all that is kept in memory of supervising."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, insert, select, text, update

from casework.case import Supervision
from casework.errors import NotFound, VersionConflict
from casework.sponsors import Entry, Sponsorship
from casework.supervision import Answer, Slip
from storage.counters import advance
from storage.tables_supervision import LOOKED_AT, slips

if TYPE_CHECKING:
    from storage.memory import Tables

_PLAIN = tuple(each.name for each in fields(Slip) if each.name not in {"answers", "level"})
_LOOKED_AT = text(LOOKED_AT)  # word for word what the partial indexes say


def slip_from_row(data: Mapping[str, Any]) -> Slip:
    """A table row as a slip."""
    answers = tuple(
        Answer(**{**each, "at": datetime.fromisoformat(each["at"])}) for each in data["answers"]
    )
    level = Supervision(data["level"])
    return Slip(level=level, answers=answers, **{name: data[name] for name in _PLAIN})


def _values(slip: Slip) -> dict[str, Any]:
    answers = [{**asdict(each), "at": each.at.isoformat()} for each in slip.answers]
    plain = {name: getattr(slip, name) for name in _PLAIN}
    return {**plain, "level": slip.level.value, "answers": answers}


def _emptied(slip: Slip) -> Slip:
    return replace(slip, action="", answers=tuple(replace(a, text="") for a in slip.answers))


class SqlSlips:
    """casework.supervision.Slips on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_serial(self, year: int) -> int:
        """Concurrent callers wait for one another."""
        return advance(self._connection, f"slip:{year}")

    def add(self, slip: Slip) -> None:
        """Store a new one."""
        self._connection.execute(insert(slips), _values(slip))

    def get(self, slip_id: str, *, lock: bool = False) -> Slip:
        """Raises NotFound."""
        query = select(slips).where(slips.c.id == slip_id)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound
        return slip_from_row(row._asdict())

    def save(self, slip: Slip) -> Slip:
        """Raises VersionConflict."""
        saved = replace(slip, version=slip.version + 1)
        which = and_(slips.c.id == slip.id, slips.c.version == slip.version)
        if (
            self._connection.execute(update(slips).where(which).values(_values(saved))).rowcount
            != 1
        ):
            raise VersionConflict
        return saved

    def of_case(self, case_number: str) -> list[Slip]:
        """Oldest first."""
        query = select(slips).where(slips.c.case_number == case_number)
        rows = self._connection.execute(query.order_by(slips.c.issued_at, slips.c.id))
        return [slip_from_row(row._asdict()) for row in rows]

    def due(self, now: datetime, limit: int) -> list[Slip]:
        """The earliest first."""
        query = select(slips).where(_LOOKED_AT, slips.c.next_at <= now)
        rows = self._connection.execute(query.order_by(slips.c.next_at, slips.c.id).limit(limit))
        return [slip_from_row(row._asdict()) for row in rows]

    def blank(self, case_number: str) -> int:
        """Empty their words."""
        found = [each for each in self.of_case(case_number) if each != _emptied(each)]
        for each in found:
            self.save(_emptied(each))
        return len(found)


@dataclass(slots=True)
class SupervisionRows:
    """All rows there are."""

    slips: dict[str, Slip] = field(default_factory=dict)
    sponsorships: dict[str, Sponsorship] = field(default_factory=dict)
    duties: dict[str, Entry] = field(default_factory=dict)

    def __copy__(self) -> SupervisionRows:
        return SupervisionRows(dict(self.slips), dict(self.sponsorships), dict(self.duties))


class MemorySlips:
    """The same in memory."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.supervision.slips
        self._counters = tables.counters

    def next_serial(self, year: int) -> int:
        """From 1."""
        name = f"slip:{year}"
        self._counters[name] = self._counters.get(name, 0) + 1
        return self._counters[name]

    def add(self, slip: Slip) -> None:
        """Store a new one."""
        self._rows[slip.id] = slip

    def get(self, slip_id: str, *, lock: bool = False) -> Slip:  # noqa: ARG002
        """Raises NotFound."""
        if slip_id not in self._rows:
            raise NotFound
        return self._rows[slip_id]

    def save(self, slip: Slip) -> Slip:
        """Raises VersionConflict."""
        if self.get(slip.id).version != slip.version:
            raise VersionConflict
        self._rows[slip.id] = saved = replace(slip, version=slip.version + 1)
        return saved

    def of_case(self, case_number: str) -> list[Slip]:
        """Oldest first."""
        found = [each for each in self._rows.values() if each.case_number == case_number]
        return sorted(found, key=lambda each: (each.issued_at, each.id))

    def due(self, now: datetime, limit: int) -> list[Slip]:
        """The earliest first."""
        found = [(each.next_at, each.id) for each in self._rows.values() if each.next_at]
        return [self._rows[slip_id] for at, slip_id in sorted(found) if at <= now][:limit]

    def blank(self, case_number: str) -> int:
        """Empty their words."""
        found = [each for each in self.of_case(case_number) if each != _emptied(each)]
        for each in found:
            self.save(_emptied(each))
        return len(found)
