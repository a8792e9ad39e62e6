"""Residents' groups whose unit is divided or merged: none goes without its digest."""

from __future__ import annotations

from collections.abc import Sequence

from casework.organisation import Organisation, Unit
from casework.ports import Transaction


def carry_groups(tx: Transaction, old: Sequence[Unit], made: Sequence[Unit]) -> None:
    """A group gets the digest of the one new unit; of several, of the one in which the place lies
    that it is named after, else of the unit above. Places have moved already."""
    ids, new = {unit.id for unit in old}, {unit.id for unit in made}
    groups = [group for group in tx.groups.all() if group.unit_id in ids]
    if not groups:
        return
    otherwise = made[0].id if len(made) == 1 else old[0].parent_id or made[0].id
    near = tuple(place for place in tx.places.all() if place.unit_id in new)
    known = Organisation({}, {}, near)
    for group in groups:
        place = known.find_place(group.title)
        tx.groups.give_to(group.id, place.unit_id if place is not None else otherwise)
