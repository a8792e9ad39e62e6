"""What hangs at a grid beside its cases goes on where the grid does: sponsors, times at which
residents are received, codes on walls. Without it nobody would answer for the new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from casework import sponsors as sponsor_rules
from casework.organisation import Unit
from casework.ports import Transaction
from casework.sponsors import Sponsorship


def carry(tx: Transaction, old: Sequence[Unit], made: Sequence[Unit], now: datetime) -> None:
    """Whoever answered for the old units answers for all of the new ones. Times of receiving go
    to the new unit, of several to the one above, where the residents of all find them. A code lies
    where its place lies now; where nobody can tell it stays, and what is told there waits to be
    placed. People and places have moved already.
    """
    ids = {unit.id for unit in old}
    _sponsors(tx, sorted(ids), made, now)
    alone = made[0].id if len(made) == 1 else None
    for calendar in tx.booking.calendars(unit_ids=ids):
        kept = tx.booking.calendar(calendar.id, lock=True)
        home = alone or old[0].parent_id or made[0].id
        tx.booking.save_calendar(replace(kept, unit_id=home))
    places = {place.id: place.unit_id for place in tx.places.all()}
    for link in tx.links.all():
        if link.unit_id in ids:
            home = alone or places.get(link.place_id or "") or link.unit_id
            tx.links.save(replace(tx.links.get(link.id, lock=True), unit_id=home))


def _sponsors(tx: Transaction, ids: Sequence[str], made: Sequence[Unit], now: datetime) -> None:
    """The cases that are listed stay listed: they are the leader's, whatever the grid is called."""
    named = set[str]()
    for each in tx.sponsors.of_units(ids):
        tx.sponsors.save(sponsor_rules.ended(each, now))
        if each.officer_id in named:
            continue
        named.add(each.officer_id)
        for unit in made:
            fresh = Sponsorship(
                tx.new_id(), each.officer_id, now, now, unit_id=unit.id, made_by=each.made_by
            )
            tx.sponsors.add(fresh)
