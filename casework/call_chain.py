"""Who is called about danger, in which order: one named officer a level."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from casework.alerts import DEPUTY, RANK, Procedure
from casework.organisation import Officer, Organisation, Role


def chain(
    organisation: Organisation,
    unit_id: str | None,
    procedure: Procedure,
    may: Callable[[Officer], bool] = lambda _: True,
) -> tuple[tuple[str, Officer], ...]:
    """Who is called in which order: one officer a level, nobody twice, empty levels left out.

    ``may`` leaves out who may not see the conversation. While the unit is unknown there is no
    community and no grid to call. Empty only where no active officer may be called at all.
    """
    staff = _Staff(organisation, unit_id, procedure.on_duty, may)
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

    def at(self, level: str, taken: Collection[str]) -> Officer | None:
        """The level's officer on duty, by the units above the place."""
        units = [unit.id for unit in self._units() if unit.kind == level]
        return self._first(
            o for o in self._active(taken) if o.unit_id in units and o.role.value == level
        )

    def deputy(self, taken: Collection[str]) -> Officer | None:
        """Whoever is left of the area, the street's first; then an admin, then anybody."""
        units = {unit.id for unit in self._units()}
        left = list(self._active(taken))
        near = [o for o in left if o.unit_id in units and o.role is not Role.ADMIN]
        highest = max((RANK[o.role] for o in near), default=0)
        return (
            self._first(o for o in near if RANK[o.role] == highest)
            or self._first(o for o in left if o.role is Role.ADMIN)
            or self._first(o for o in left if not taken)
        )

    def _units(self) -> list[_Unit]:
        known = list(self.organisation.chain(self.unit_id))
        if any(unit.kind == "street" for unit in known):
            return list(known)
        streets = [unit for unit in self.organisation.units.values() if unit.kind == "street"]
        return [*known, *streets]

    def _active(self, taken: Collection[str]) -> Iterable[Officer]:
        everybody = self.organisation.officers.values()
        return [o for o in everybody if o.active and o.id not in taken and self.may(o)]

    def _first(self, officers: Iterable[Officer]) -> Officer | None:
        return min(
            officers, key=lambda o: (o.username not in self.on_duty, o.username), default=None
        )


class _Unit(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
