"""What the rules need of units and officers. Storage implements it; nothing here knows how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from casework.organisation import Officer, Organisation, Place, Role, Unit


class People(Protocol):
    """Officers and units; a place can be added here."""

    def organisation(self) -> Organisation: ...

    def officer(self, officer_id: str) -> Officer: ...

    def unit(self, unit_id: str) -> Unit | None: ...

    def officer_by_username(self, username: str) -> Officer | None: ...

    def units(self, unit_ids: Iterable[str]) -> list[Unit]:
        """Those of these ids that there are."""
        ...

    def officers(self, officer_ids: Iterable[str]) -> list[Officer]:
        """Those of these ids that there are."""
        ...

    def all_units(self) -> dict[str, Unit]:
        """Every unit by id; never for one resident's line."""
        ...

    def chain(self, unit_id: str) -> list[Unit]:
        """The unit and those above it, lowest first; empty for an unknown one."""
        ...

    def below(self, unit_id: str) -> list[Unit]:
        """The unit and everything under it, by path."""
        ...

    def staff(self, unit_ids: Iterable[str]) -> list[Officer]:
        """The active officers of these units, by username."""
        ...

    def staff_of_role(
        self, roles: Iterable[Role], unit_ids: Iterable[str] | None = None
    ) -> list[Officer]:
        """The active officers of these roles (in these units), by username."""
        ...

    def turn_to(self, limit: int = 20) -> list[Officer]:
        """Active officers who may own a case, in the order of ``OWNERS``."""
        ...

    def unit_by_code(self, code: str) -> Unit | None: ...

    def of_kind(self, kind: str, root: str = "/") -> list[Unit]:
        """The units of a kind whose path begins with ``root``, by name."""
        ...

    def departments(self) -> list[Unit]:
        """All departments, by name."""
        ...

    def top(self) -> Unit | None:
        """The first unit that has none above it."""
        ...

    def add_officer(self, officer: Officer) -> None: ...

    def add_officers(self, officers: Iterable[Officer]) -> None: ...

    def save_officer(self, officer: Officer) -> None:
        """Replace all but the password."""
        ...

    def add_unit(self, unit: Unit) -> None: ...

    def add_units(self, units: Iterable[Unit]) -> None:
        """Store new ones, whatever their order; their parents are among them or there."""
        ...

    def save_unit(self, unit: Unit) -> None:
        """Replace all but id, parent and boundary."""
        ...

    def add_place(self, place: Place) -> None: ...
