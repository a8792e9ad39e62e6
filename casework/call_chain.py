"""Who is called about danger, in which order: one named officer a level."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from casework.alerts import DEPUTY, RANK, Procedure
from casework.organisation import OWNERS, Officer, Organisation, Role, Unit
from casework.roster import Duty

LADDER = frozenset({Role.GRID, Role.COMMUNITY, Role.STREET})
"""Who works on the cases of an area, and so is called before somebody from elsewhere."""


def chain(
    organisation: Organisation,
    unit_id: str | None,
    procedure: Procedure,
    may: Callable[[Officer], bool] = lambda _: True,
    duty: Duty | None = None,
) -> tuple[tuple[str, Officer], ...]:
    """Who is called in which order: one officer a level, nobody twice, empty levels left out.

    ``may`` leaves out who may not see the conversation. While the unit is unknown there is no
    community and no grid to call. Empty only where no active officer may be called at all.
    Whoever the roster has on ``duty`` comes first at their level, then those the procedure names;
    who is away is passed over while another is there, and never left out for good.
    """
    staff = _Staff(organisation, unit_id, procedure.on_duty, may, duty)
    found: list[tuple[str, Officer]] = []
    for level in procedure.chain:
        taken = {officer.id for _, officer in found}
        officer = staff.deputy(taken) if level == DEPUTY else staff.at(level, taken)
        if officer is not None:
            found.append((level, officer))
    if not found:
        anyone = staff.deputy(set())
        return ((DEPUTY, anyone),) if anyone else ()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Staff:
    organisation: Organisation
    unit_id: str | None
    on_duty: Sequence[str]
    may: Callable[[Officer], bool]
    duty: Duty | None

    def at(self, level: str, taken: Collection[str]) -> Officer | None:
        """The level's officer on duty, by the units above the place."""
        units = [unit for unit in self._units() if unit.kind == level]
        rostered = self._rostered(units, taken)
        if rostered is not None:
            return rostered
        ids = {unit.id for unit in units}
        return self._first(
            o for o in self._active(taken) if o.unit_id in ids and o.role.value == level
        )

    def _rostered(self, units: Iterable[Unit], taken: Collection[str]) -> Officer | None:
        """Whoever has a shift there at this moment, or stands in for them."""
        if self.duty is None:
            return None
        for unit in units:
            found = self.duty.on_shift(unit)
            if found is not None and found.id not in taken and self.may(found):
                return found
        return None

    def deputy(self, taken: Collection[str]) -> Officer | None:
        """Whoever is left of the area, the street's first; then an admin, then anybody."""
        units = {unit.id for unit in self._units()}
        left = list(self._active(taken))
        near = [o for o in left if o.unit_id in units and o.role in LADDER]
        highest = max((RANK[o.role] for o in near), default=0)
        return (
            self._first(o for o in near if RANK[o.role] == highest)
            or self._first(o for o in left if o.role is Role.ADMIN)
            or self._first(o for o in left if not taken)
        )

    def _units(self) -> list[Unit]:
        known = list(self.organisation.chain(self.unit_id))
        if any(unit.kind == "street" for unit in known):
            return list(known)
        streets = [unit for unit in self.organisation.units.values() if unit.kind == "street"]
        return [*known, *streets]

    def _active(self, taken: Collection[str]) -> Iterable[Officer]:
        everybody = self.organisation.officers.values()
        return [
            o
            for o in everybody
            if o.active and o.role in OWNERS and o.id not in taken and self.may(o)
        ]

    def _first(self, officers: Iterable[Officer]) -> Officer | None:
        return min(
            officers,
            key=lambda o: (self._away(o), o.username not in self.on_duty, o.username),
            default=None,
        )

    def _away(self, officer: Officer) -> bool:
        return self.duty is not None and self.duty.away(officer.id)
