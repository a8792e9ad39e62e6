"""Whom an event concerns: the facts about its conversation, read for many events at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select

from storage.tables import cases, conversations, units
from storage.tables_crisis import tasks
from storage.unit_of_work import SqlTransaction
from storage.views import Sight, chunks


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see a conversation. ``everybody``: it lies in no unit yet. ``officers`` hold it or
    own a case of it; ``units`` are the paths of where it and its cases lie. A ``restricted`` one
    is for those officers, and for the roles of these units that see such cases."""

    everybody: bool = False
    officers: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    restricted: bool = False

    def admits(self, sight: Sight) -> bool:
        """Whether this officer may see it."""
        open_to_all = self.everybody and not self.restricted and sight.sees_unplaced
        return open_to_all or self.knows(sight)

    def knows(self, sight: Sight) -> bool:
        """Whether it is this officer's business, so that telephone numbers may be read."""
        if sight.officer_id in self.officers:
            return True
        if self.restricted and not sight.restricted:
            return False
        if self.restricted and self.everybody:
            return True
        return any(sight.covers(path) for path in self.units) or sight.root is None

    def joined(self, other: Audience) -> Audience:
        """Everybody either admits."""
        return Audience(
            self.everybody or other.everybody,
            self.officers | other.officers,
            self.units | other.units,
            self.restricted or other.restricted,
        )

    def with_officers(self, ids: Collection[str]) -> Audience:
        """These officers too."""
        return replace(self, officers=self.officers | frozenset(ids))


def audiences(tx: SqlTransaction, ids: Collection[str]) -> dict[str, Audience]:
    """The audience of each of these conversations."""
    found: dict[str, Audience] = {}
    for some in chunks(ids):
        query = select(
            conversations.c.id,
            conversations.c.unit_id,
            conversations.c.holder_officer_id,
            conversations.c.restricted,
            units.c.path,
        ).outerjoin(units, units.c.id == conversations.c.unit_id)
        query = query.where(conversations.c.id.in_(some))
        for row in tx.connection.execute(query):
            found[row.id] = Audience(
                row.unit_id is None,
                frozenset({row.holder_officer_id} - {None}),
                frozenset({row.path} - {None}),
                row.restricted,
            )
        owned = select(
            cases.c.conversation_id, cases.c.owner_id, units.c.path, cases.c.restricted
        ).join(units, units.c.id == cases.c.unit_id)
        for case in tx.connection.execute(owned.where(cases.c.conversation_id.in_(some))):
            known = found[case.conversation_id]
            lying = known.units | {case.path}
            owners = {case.owner_id} if case.restricted or not known.restricted else set[str]()
            found[case.conversation_id] = replace(
                known, officers=known.officers | owners, units=lying
            )
        given = select(tasks.c.conversation_id, tasks.c.officer_id).distinct()
        for task in tx.connection.execute(given.where(tasks.c.conversation_id.in_(some))):
            known = found[task.conversation_id]
            if known.restricted:
                found[task.conversation_id] = known.with_officers([task.officer_id])
    return found


def audience(tx: SqlTransaction, conversation_id: str) -> Audience:
    """The audience of one conversation; nobody's when there is none."""
    return audiences(tx, [conversation_id]).get(conversation_id, Audience())
