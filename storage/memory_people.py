"""Officers, units, places and groups in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casework.errors import NotFound
from casework.groups import Binding, Group
from casework.organisation import Officer, Organisation, Place, Unit
from storage.ids import new_id
from storage.memory_places import MemoryPlaces

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

    def add_officer(self, officer: Officer) -> None:
        """Store a new one."""
        self._tables.officers[officer.id] = officer

    def add_unit(self, unit: Unit) -> None:
        """Store a new one."""
        self._tables.units[unit.id] = unit
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

    def move_chat(self, channel: str, old: str, new: str) -> None:
        """A group became a supergroup."""
        for group in self.all():
            if (group.channel, group.chat) == (channel, old):
                self._groups[group.id] = replace(group, chat=new)
