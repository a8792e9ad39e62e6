"""Shapes of the duty roster (值班)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from handoff_console.shapes import Day, OfficerShape, Shape, UnitShape

Minute = Annotated[int, Field(ge=0, le=1440)]
Id = Annotated[str, Field(min_length=1, max_length=32)]


class DutyPerson(Shape):
    """Somebody on the roster; ``instead_of`` is whom they stand in for."""

    id: str
    name: str
    phone: str
    instead_of: str | None = None


class ShiftShape(Shape):
    """One shift of one day. ``person`` is None when whoever has it is away and nobody stands in;
    ``weekly`` ones come back every week. Times are minutes of the day."""

    id: str
    starts: int
    ends: int
    weekly: bool
    officer_id: str
    officer_name: str
    person: DutyPerson | None


class DutyDay(Shape):
    """One day of the week shown."""

    day: date
    shifts: list[ShiftShape]


class AbsenceShape(Shape):
    """Who is away in the week shown, and who stands in."""

    id: str
    officer_id: str
    officer_name: str
    first_day: date
    last_day: date
    substitute_id: str | None
    substitute_name: str | None


class DutyShape(Shape):
    """A unit's week. ``now`` is whom a new case of this moment would go to; ``vacant`` are grids of
    the officer's area in which nobody works, for those who may change that."""

    unit: UnitShape
    units: list[UnitShape]
    first_day: date
    days: list[DutyDay]
    absences: list[AbsenceShape]
    staff: list[OfficerShape]
    substitutes: list[OfficerShape]
    now: DutyPerson | None
    vacant: list[UnitShape]
    may_change: bool


class ShiftBody(Shape):
    """A shift to set: on a ``weekday`` (Monday is 0) or on one ``day``."""

    unit: Id
    officer: Id
    starts: Minute
    ends: Minute
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    day: Day | None = None


class AbsenceBody(Shape):
    """An absence to note, both days included."""

    officer: Id
    first_day: Day
    last_day: Day
    substitute: Id | None = None
