"""Who covers what: grid → community → street. No case is ever without an owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from casework.errors import Misconfigured


class Role(StrEnum):
    """What an officer is; an auditor only reads, a volunteer sees what they are called to."""

    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"
    DEPARTMENT = "department"
    MEDIATOR = "mediator"
    ADVISER = "adviser"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    VOLUNTEER = "volunteer"
    ADMIN = "admin"


OWNERS = (
    Role.STREET,
    Role.COMMUNITY,
    Role.ADMIN,
    Role.GRID,
    Role.DEPARTMENT,
    Role.MEDIATOR,
    Role.SUPERVISOR,
    Role.ADVISER,
)
"""Who may own a case, in the order they are turned to when nobody else is there: never an auditor,
who only reads, nor a volunteer."""


class Employment(StrEnum):
    """How somebody works in a grid: 专职, 兼职, or as the worker's deputy (domain S0-3)."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    DEPUTY = "deputy"


GRID_CHIEF = "grid_chief"
"""The post of the 网格长, who approves; the doing is the others' (domain S3-3)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An area of responsibility, or a body such as a department; ``kind`` is a level's key.

    ``code`` is the grid code (domain §2.5), never used again. From ``valid_from`` up to but not on
    ``valid_to`` it gets new cases; afterwards its ``successors`` do. ``path`` is given by the
    store: the ids from the top down to this one, each followed by a slash.
    """

    id: str
    kind: str
    name: str
    parent_id: str | None = None
    code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    path: str = field(default="", compare=False)

    def valid(self, on: date) -> bool:
        """Whether it gets new cases on this day."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who works in the console. ``posts`` are codes of what else they are; ``phone`` is
    the telephone at work, which residents may be told."""

    id: str
    username: str
    name: str
    role: Role
    unit_id: str | None
    password_hash: str = ""
    active: bool = True
    employment: Employment = Employment.FULL_TIME
    posts: tuple[str, ...] = ()
    phone: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def serves(self, on: date) -> bool:
        """Whether they work here on this day."""
        begun = self.valid_from is None or self.valid_from <= on
        return self.active and begun and (self.valid_to is None or on < self.valid_to)


class PlaceKind(StrEnum):
    """What a place is. A community here is an estate (小区), not the unit of administration."""

    COMMUNITY = "community"
    BUILDING = "building"
    ROAD = "road"
    VILLAGE = "village"
    LANDMARK = "landmark"
    SERVICE_POINT = "service_point"


@dataclass(frozen=True, slots=True)
class Place:
    """A named place of one grid, with the other names residents give it.

    ``lat`` and ``lng`` are degrees (WGS 84). ``address``, ``hours`` and ``phone`` are what a
    resident is told of a service point, as fact only when somebody has ``verified`` them. An
    empty ``id`` is given by the store.
    """

    name: str
    unit_id: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lng: float | None = None
    kind: PlaceKind = PlaceKind.LANDMARK
    address: str = ""
    hours: str = ""
    phone: str = ""
    verified: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who got it, and for which unit: ``unit`` is where it lies, ``org`` the one that owns it now
    and that the officer works in or stands in for. ``placed`` is False when the place named no
    known grid (待划界)."""

    officer: Officer
    unit: Unit
    placed: bool
    org: Unit


@dataclass(frozen=True, slots=True)
class Organisation:
    """All units, officers and places, as loaded at one moment."""

    units: Mapping[str, Unit]
    officers: Mapping[str, Officer]
    places: tuple[Place, ...] = field(default=())

    def chain(self, unit_id: str | None) -> Iterable[Unit]:
        """The unit and those above it, lowest first."""
        seen: set[str] = set()
        while unit_id is not None and unit_id in self.units and unit_id not in seen:
            seen.add(unit_id)
            unit = self.units[unit_id]
            yield unit
            unit_id = unit.parent_id

    def covers(self, officer: Officer, unit_id: str | None) -> bool:
        """Whether the unit lies in the officer's area; an admin covers everything.

        What has no unit yet is everybody's, so that it cannot be overlooked.
        """
        if officer.role is Role.ADMIN or unit_id is None:
            return True
        return any(unit.id == officer.unit_id for unit in self.chain(unit_id))

    def find_place(self, text: str) -> Place | None:
        """The place whose longest name or alias occurs in ``text``; None when there is none."""
        best: tuple[int, Place] | None = None
        for place in self.places:
            for name in (place.name, *place.aliases):
                if name and name in text and (best is None or len(name) > best[0]):
                    best = (len(name), place)
        return best[1] if best else None

    def assign_unit(self, unit_id: str | None, *, placed: bool = True) -> Assignment:
        """The named person for a unit: its own officer, else the next level up that has one.

        With no unit it is the street's, who says which it is; a unit with nobody above it that
        answers is the street's too, and stays where it is. Raises Misconfigured as ``assign``.
        """
        for unit in self.chain(unit_id):
            officer = self._officer_of(unit.id)
            if officer is not None:
                return Assignment(officer, self.units[unit_id or ""], placed, unit)
        found, known = self._fallback(), self.units.get(unit_id or "")
        return found if known is None else replace(found, unit=known, placed=placed)

    def assign(self, place_text: str) -> Assignment:
        """The named person for a place: its grid worker, else the next level up that has one.

        A place nobody knows goes to the street's officer, who draws the boundary. Raises
        Misconfigured only when there is not one active officer.
        """
        place = self.find_place(place_text)
        return self.assign_unit(place.unit_id if place is not None else None)

    def _officer_of(self, unit_id: str) -> Officer | None:
        staff = [o for o in self.officers.values() if o.unit_id == unit_id and o.active]
        staff = [o for o in staff if o.role in OWNERS]
        return min(staff, key=lambda o: (o.role is Role.ADMIN, o.username), default=None)

    def _fallback(self) -> Assignment:
        staff = sorted(
            (o for o in self.officers.values() if o.active and o.role in OWNERS),
            key=lambda o: (OWNERS.index(o.role), o.username),
        )
        for officer in staff:
            unit = self.units.get(officer.unit_id or "") or next(
                (u for u in self.units.values() if u.parent_id is None), None
            )
            if unit is not None:
                return Assignment(officer, unit, placed=False, org=unit)
        raise Misconfigured("no active officer with a unit: add one with `jiesu officer add`")
