"""Who may see a restricted case: its owner, and named roles of its area.

Domestic violence, danger to children and complaints about an official's conduct (domain
reference §6.5 no. 11; 反家庭暴力法§14, 信访工作条例§30, §46).
"""

from __future__ import annotations

from collections.abc import Collection

from casework.organisation import Officer, Organisation, Role


def may_see(
    officer: Officer,
    organisation: Organisation,
    unit_id: str | None,
    owners: Collection[str],
    roles: Collection[Role],
) -> bool:
    """Whether this officer is one of the few."""
    if officer.id in owners:
        return True
    return officer.role in roles and organisation.covers(officer, unit_id)


def owner_above_grid(
    organisation: Organisation, unit_id: str | None, roles: Collection[Role]
) -> Officer | None:
    """The officer who gets a complaint about an official: of a named role, never the grid's or
    the community's own; the street's first, then an admin. None when there is nobody such."""
    ranked = {Role.STREET: 0, Role.ADMIN: 1}
    staff = [
        o
        for o in organisation.officers.values()
        if o.active and o.role in ranked and o.role in roles
    ]
    above = [o for o in staff if organisation.covers(o, unit_id)] or staff
    return min(above, key=lambda o: (ranked[o.role], o.username), default=None)
