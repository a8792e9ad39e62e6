"""Officers, units, places and groups in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.errors import NotFound
from casework.groups import Binding, Group
from casework.organisation import OWNERS, Officer, Organisation, Place, Role, Unit
from storage.ids import new_id
from storage.memory_places import MemoryPlaces
from storage.units import paths_of

if TYPE_CHECKING:
    from storage.memory import Tables


@dataclass(slots=True)
class Code:
    """A one-time code."""

    officer_id: str
    expires_at: datetime
    used: bool = False


class MemoryPeople:
    """casework.ports.People."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def organisation(self) -> Organisation:
        """Units and officers as they are now."""
        return Organisation(dict(self._tables.units), dict(self._tables.officers))

    def officer(self, officer_id: str) -> Officer:
        """Raises NotFound."""
        if officer_id not in self._tables.officers:
            raise NotFound
        return self._tables.officers[officer_id]

    def unit(self, unit_id: str) -> Unit | None:
        """None when there is no such unit."""
        return self._tables.units.get(unit_id)

    def officer_by_username(self, username: str) -> Officer | None:
        """None when there is no such officer."""
        found = (o for o in self._tables.officers.values() if o.username == username)
        return next(found, None)

    def units(self, unit_ids: Iterable[str]) -> list[Unit]:
        """Those of these ids that there are."""
        wanted = set(unit_ids)
        return self._by_path(lambda unit: unit.id in wanted)

    def officers(self, officer_ids: Iterable[str]) -> list[Officer]:
        """Those of these ids that there are."""
        wanted = set(officer_ids)
        return self._by_name(lambda officer: officer.id in wanted)

    def all_units(self) -> dict[str, Unit]:
        """Every unit by id."""
        return dict(self._tables.units)

    def chain(self, unit_id: str) -> list[Unit]:
        """The unit and those above it, lowest first."""
        return list(Organisation(self._tables.units, {}).chain(unit_id))

    def below(self, unit_id: str) -> list[Unit]:
        """The unit and everything under it, by path."""
        unit = self.unit(unit_id)
        return [] if unit is None else self._by_path(lambda u: u.path.startswith(unit.path))

    def staff(self, unit_ids: Iterable[str]) -> list[Officer]:
        """The active officers of these units, by username."""
        wanted = set(unit_ids)
        return self._by_name(lambda o: o.active and o.unit_id in wanted)

    def staff_of_role(
        self, roles: Iterable[Role], unit_ids: Iterable[str] | None = None
    ) -> list[Officer]:
        """The active officers of these roles (in these units), by username."""
        wanted, inside = set(roles), None if unit_ids is None else set(unit_ids)
        return self._by_name(
            lambda o: o.active and o.role in wanted and (inside is None or o.unit_id in inside)
        )

    def turn_to(self, limit: int = 20) -> list[Officer]:
        """Active officers who may own a case, in the order of ``OWNERS``."""
        staff = self._by_name(lambda o: o.active and o.role in OWNERS)
        return sorted(staff, key=lambda o: OWNERS.index(o.role))[:limit]

    def unit_by_code(self, code: str) -> Unit | None:
        """None when no unit has or had this code."""
        found = self._by_path(lambda unit: bool(code) and unit.code == code)
        return found[0] if found else None

    def of_kind(self, kind: str, root: str = "/") -> list[Unit]:
        """The units of a kind whose path begins with ``root``, by name."""
        found = self._by_path(lambda unit: unit.kind == kind and unit.path.startswith(root))
        return sorted(found, key=lambda unit: (unit.name, unit.id))

    def departments(self) -> list[Unit]:
        """All departments, by name."""
        return self.of_kind("department")

    def top(self) -> Unit | None:
        """The first unit that has none above it."""
        found = self._by_path(lambda unit: unit.parent_id is None)
        return found[0] if found else None

    def _by_path(self, wanted: Callable[[Unit], bool]) -> list[Unit]:
        found = [unit for unit in self._tables.units.values() if wanted(unit)]
        return sorted(found, key=lambda unit: unit.path)

    def _by_name(self, wanted: Callable[[Officer], bool]) -> list[Officer]:
        found = [officer for officer in self._tables.officers.values() if wanted(officer)]
        return sorted(found, key=lambda officer: officer.username)

    def add_officer(self, officer: Officer) -> None:
        """Store a new one."""
        self._tables.officers[officer.id] = officer

    def add_officers(self, officers: Iterable[Officer]) -> None:
        """Store new ones."""
        self._tables.officers.update({officer.id: officer for officer in officers})

    def save_officer(self, officer: Officer) -> None:
        """Replace all but the password."""
        kept = self._tables.officers[officer.id].password_hash
        self._tables.officers[officer.id] = replace(officer, password_hash=kept)

    def add_unit(self, unit: Unit) -> None:
        """Store a new one."""
        self.add_units([unit])

    def add_units(self, units: Iterable[Unit]) -> None:
        """Store new ones, whatever their order."""
        fresh = list(units)
        known = {unit.id: unit.path for unit in self._tables.units.values()}
        paths = paths_of(fresh, known)
        self._tables.units.update({u.id: replace(u, path=paths[u.id]) for u in fresh})
        MemoryPlaces(self._tables).changed()

    def save_unit(self, unit: Unit) -> None:
        """Replace all but id, parent and boundary."""
        before = self._tables.units[unit.id]
        kept = replace(unit, parent_id=before.parent_id, path=before.path)
        self._tables.units[unit.id] = kept
        MemoryPlaces(self._tables).changed()

    def add_place(self, place: Place) -> None:
        """Store a new one."""
        MemoryPlaces(self._tables).save([place])


class MemoryGroups:
    """casework.ports.Groups."""

    def __init__(self, tables: Tables) -> None:
        self._groups = tables.groups
        self._codes = tables.codes

    def add_code(self, code_hash: str, officer_id: str, expires_at: datetime) -> None:
        """Keep a code's hash."""
        self._codes[code_hash] = Code(officer_id, expires_at)

    def take_code(self, code_hash: str, now: datetime) -> str | None:
        """Use a code up."""
        code = self._codes.get(code_hash)
        if code is None or code.used or code.expires_at <= now:
            return None
        self._codes[code_hash] = Code(code.officer_id, code.expires_at, used=True)
        return code.officer_id

    def bind(self, binding: Binding) -> Group:
        """Bind the chat, or bind it anew."""
        same = (binding.channel, binding.chat)
        known = next((g for g in self._groups.values() if (g.channel, g.chat) == same), None)
        group = Group(
            id=known.id if known else new_id(),
            channel=binding.channel,
            chat=binding.chat,
            title=binding.title,
            unit_id=binding.unit_id,
            bound_by=binding.officer_id,
            bound_at=binding.at,
            next_at=binding.next_at,
        )
        self._groups[group.id] = group
        return group

    def get(self, group_id: str) -> Group:
        """Raises NotFound."""
        if group_id not in self._groups:
            raise NotFound
        return self._groups[group_id]

    def all(self) -> list[Group]:
        """Every bound group, oldest first."""
        return sorted(self._groups.values(), key=lambda g: g.bound_at)

    def claim_digest(self, group: Group, next_at: datetime) -> bool:
        """Compare and swap."""
        stored = self._groups.get(group.id)
        if stored is None or stored.next_at != group.next_at:
            return False
        self._groups[group.id] = replace(stored, next_at=next_at)
        return True

    def give_to(self, group_id: str, unit_id: str) -> None:
        """The group gets another unit's digest from now on."""
        self._groups[group_id] = replace(self._groups[group_id], unit_id=unit_id)

    def move_chat(self, channel: str, old: str, new: str) -> None:
        """A group became a supergroup."""
        for group in self.all():
            if (group.channel, group.chat) == (channel, old):
                self._groups[group.id] = replace(group, chat=new)
