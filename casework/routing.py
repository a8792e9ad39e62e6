"""Which level of the organisation a case starts at: its kind, its urgency, who it is about.

The ladder is grid, community, street, department (domain reference §4.5, mechanism S0-16); danger,
violence at home, an official's conduct and ten or more people skip the lower levels. Who is there
at this moment is the roster's matter (``casework.duty``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casework.case import Case
from casework.organisation import Unit

RUNGS: Mapping[str, int] = {
    "service_point": 0,
    "grid": 0,
    "community": 1,
    "mediation": 1,
    "area": 2,
    "street": 2,
    "department": 3,
    "county": 3,
}
"""How high each kind of unit stands on the ladder."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a case starts: the kind of unit; a department by its code where one is named."""

    level: str
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """For which cases an entry counts; what is empty counts for all."""

    entry: Entry
    categories: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Routing:
    """A city's routing. ``group_of`` people or more, ``classes`` of deadlines, crisis levels and
    restricted cases start at ``skip_to``; of the rest the first rule that fits decides."""

    rules: Sequence[Rule] = ()
    otherwise: Entry = field(default_factory=lambda: Entry("grid"))
    skip_to: str = "street"
    group_of: int = 10
    classes: frozenset[str] = frozenset()
    crisis: frozenset[str] = frozenset()

    def entry(self, case: Case, sla: str) -> tuple[Entry, str]:
        """Where this case starts, and why (a code)."""
        fits = next((rule.entry for rule in self.rules if _fits(rule, case)), None)
        found = fits or self.otherwise
        why = "rule" if fits else "grid"
        skip = self._skips(case, sla)
        if skip and RUNGS.get(found.level, 0) < RUNGS[self.skip_to]:
            return Entry(self.skip_to), skip
        return found, why

    def _skips(self, case: Case, sla: str) -> str | None:
        if case.crisis in self.crisis:
            return "danger"
        if sla in self.classes:
            return "urgent"
        if case.restricted:
            return "restricted"
        people = case.slots.get("people_n")
        if people is not None and isinstance(people.value, int) and people.value >= self.group_of:
            return "many"
        return None


def _fits(rule: Rule, case: Case) -> bool:
    if rule.categories and case.category not in rule.categories:
        return False
    return not rule.kinds or case.kind in rule.kinds


def rung(unit: Unit | None) -> int:
    """How high the unit stands."""
    return RUNGS.get(unit.kind, 0) if unit is not None else 0


def entered(chain: Sequence[Unit], level: str) -> Unit | None:
    """The first unit from where it lies upwards that stands as high as ``level``."""
    wanted = RUNGS.get(level, 0)
    return next((unit for unit in chain if RUNGS.get(unit.kind, 0) >= wanted), None)


def above(chain: Sequence[Unit], org_id: str) -> Sequence[Unit]:
    """The units above the one that owns it, lowest first."""
    ids = [unit.id for unit in chain]
    return chain[ids.index(org_id) + 1 :] if org_id in ids else chain
