"""Who is on duty where, and who stands in for whom (值班, 代班; domain S0-3).

Times are minutes of the day on the clock of Asia/Shanghai. All rules are functions of what they
are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from casework.hours import CHINA
from casework.organisation import GRID_CHIEF, OWNERS, Employment, Officer, Role, Unit

DAY = 24 * 60  # minutes
_OPENS, _CLOSES, _WORKDAYS = 9 * 60, 18 * 60, 5


@dataclass(frozen=True, slots=True)
class Shift:
    """One officer's duty in one unit: every week on ``weekday`` (Monday is 0), or on one ``day``.

    From minute ``starts`` to before minute ``ends``; at or before ``starts`` it ends the next day.
    """

    id: str
    unit_id: str
    officer_id: str
    starts: int
    ends: int
    weekday: int | None = None
    day: date | None = None

    def covers(self, now: datetime) -> bool:
        """Whether the moment lies in it."""
        local = now.astimezone(CHINA)
        minute, today = local.hour * 60 + local.minute, local.date()
        if self.starts < self.ends:
            return self._on(today) and self.starts <= minute < self.ends
        if self._on(today) and minute >= self.starts:
            return True
        return self._on(today - timedelta(days=1)) and minute < self.ends

    def _on(self, day: date) -> bool:
        return self.day == day if self.day is not None else self.weekday == day.weekday()


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from ``first_day`` to ``last_day``, both included; why is nobody's
    business. ``substitute_id`` stands in for them wherever they would have been turned to."""

    id: str
    officer_id: str
    first_day: date
    last_day: date
    substitute_id: str | None = None

    def covers(self, on: date) -> bool:
        """Whether they are away on this day."""
        return self.first_day <= on <= self.last_day


class Rosters(Protocol):
    """Shifts and absences."""

    def shifts_of(self, unit_ids: Sequence[str]) -> list[Shift]: ...

    def absences_of(self, officer_ids: Sequence[str], first: date, last: date) -> list[Absence]:
        """Those that touch a day from ``first`` to ``last``."""
        ...

    def shift(self, shift_id: str) -> Shift:
        """Raises NotFound."""
        ...

    def absence(self, absence_id: str) -> Absence:
        """Raises NotFound."""
        ...

    def add_shifts(self, shifts: Iterable[Shift]) -> None: ...

    def add_absences(self, absences: Iterable[Absence]) -> None: ...

    def remove_shift(self, shift_id: str) -> None: ...

    def remove_absence(self, absence_id: str) -> None: ...


def in_office_hours(now: datetime) -> bool:
    """Monday to Friday from nine to six, where no city has said anything else."""
    local = now.astimezone(CHINA)
    return local.weekday() < _WORKDAYS and _OPENS <= local.hour * 60 + local.minute < _CLOSES


@dataclass(frozen=True, slots=True)
class Duty:
    """What is known at one moment: those who may be meant, their shifts and absences.

    ``working`` says whether the moment lies in working hours.
    """

    officers: Mapping[str, Officer]
    shifts: Sequence[Shift]
    absences: Sequence[Absence]
    now: datetime
    working: Callable[[datetime], bool] = in_office_hours

    def at(self, unit: Unit) -> Officer | None:
        """The officer of this unit to turn to: whoever has a shift at this moment, else by
        employment: full-time in working hours, part-time first outside them, a deputy last.
        Who is away is replaced by the substitute, or passed over. None when nobody is left."""
        on_shift = self.on_shift(unit)
        if on_shift is not None:
            return on_shift
        staff = [o for o in self.officers.values() if o.unit_id == unit.id]
        if unit.kind in AREAS:
            staff = [o for o in staff if o.role not in BESIDE]
        ranked = sorted(staff, key=lambda o: self._rank(o, unit))
        return next(filter(None, map(self.present, ranked)), None)

    def on_shift(self, unit: Unit) -> Officer | None:
        """Whoever has a shift in this unit at this moment, or stands in for them; a shift of one
        day comes before those of every week."""
        shifts = [s for s in self.shifts if s.unit_id == unit.id and s.covers(self.now)]
        shifts.sort(key=lambda s: (s.day is None, s.starts, s.officer_id))
        known = [self.officers[s.officer_id] for s in shifts if s.officer_id in self.officers]
        return next(filter(None, map(self.present, known)), None)

    def away(self, officer_id: str) -> bool:
        """Whether they are absent today."""
        return self._absence(officer_id) is not None

    def present(self, officer: Officer) -> Officer | None:
        """The officer, or whoever stands in for them today; None when nobody does."""
        seen = set[str]()
        found: Officer | None = officer
        while found is not None and found.id not in seen:
            seen.add(found.id)
            if not self._may_own(found):
                return None
            absence = self._absence(found.id)
            if absence is None:
                return found
            found = self.officers.get(absence.substitute_id or "")
        return None

    def _absence(self, officer_id: str) -> Absence | None:
        today = self._today()
        away = [a for a in self.absences if a.officer_id == officer_id and a.covers(today)]
        return min(away, key=lambda a: (a.substitute_id is None, a.id), default=None)

    def _may_own(self, officer: Officer) -> bool:
        return officer.role in OWNERS and officer.serves(self._today())

    def _today(self) -> date:
        return self.now.astimezone(CHINA).date()

    def _rank(self, officer: Officer, unit: Unit) -> tuple[int, int, bool, str]:
        """The level's own role first, then those employed for this hour; a chief approves."""
        if officer.role is Role.ADMIN:
            fits = 2
        else:
            fits = 0 if officer.role.value == unit.kind or unit.kind not in _ROLES else 1
        hours = _WORKING if self.working(self.now) else _OUTSIDE
        chief = GRID_CHIEF in officer.posts
        return fits, hours.index(officer.employment), chief, officer.username


AREAS = frozenset({"county", "street", "area", "community", "grid", "service_point"})
BESIDE = frozenset({Role.MEDIATOR, Role.ADVISER, Role.SUPERVISOR})
"""Who is beside the cases of an area: they get one by a shift, or when nobody else is there."""
_ROLES = frozenset(role.value for role in Role)
_WORKING = (Employment.FULL_TIME, Employment.PART_TIME, Employment.DEPUTY)
_OUTSIDE = (Employment.PART_TIME, Employment.FULL_TIME, Employment.DEPUTY)
