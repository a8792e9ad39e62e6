"""Whom an event concerns: the facts about its conversation, read for many events at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from storage.tables import cases, conversations
from storage.unit_of_work import SqlTransaction
from storage.views import Sight, chunks


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see a conversation. ``everybody``: it lies in no unit yet. ``officers`` hold it or
    own a case of it; ``units`` are where it and its cases lie."""

    everybody: bool = False
    officers: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def admits(self, sight: Sight) -> bool:
        """Whether this officer may see it."""
        return self.everybody or self.knows(sight)

    def knows(self, sight: Sight) -> bool:
        """Whether it is this officer's business, so that telephone numbers may be read."""
        if sight.area is None or sight.officer_id in self.officers:
            return True
        return not self.units.isdisjoint(sight.area)

    def joined(self, other: Audience) -> Audience:
        """Everybody either admits."""
        return Audience(
            self.everybody or other.everybody,
            self.officers | other.officers,
            self.units | other.units,
        )

    def with_officers(self, ids: Collection[str]) -> Audience:
        """These officers too."""
        return Audience(self.everybody, self.officers | frozenset(ids), self.units)


def audiences(tx: SqlTransaction, ids: Collection[str]) -> dict[str, Audience]:
    """The audience of each of these conversations."""
    found: dict[str, Audience] = {}
    for some in chunks(ids):
        query = select(
            conversations.c.id, conversations.c.unit_id, conversations.c.holder_officer_id
        ).where(conversations.c.id.in_(some))
        for row in tx.connection.execute(query):
            found[row.id] = Audience(
                row.unit_id is None,
                frozenset({row.holder_officer_id} - {None}),
                frozenset({row.unit_id} - {None}),
            )
        owned = select(cases.c.conversation_id, cases.c.owner_id, cases.c.unit_id)
        for row in tx.connection.execute(owned.where(cases.c.conversation_id.in_(some))):
            known = found[row.conversation_id]
            found[row.conversation_id] = Audience(
                known.everybody, known.officers | {row.owner_id}, known.units | {row.unit_id}
            )
    return found


def audience(tx: SqlTransaction, conversation_id: str) -> Audience:
    """The audience of one conversation; nobody's when there is none."""
    return audiences(tx, [conversation_id]).get(conversation_id, Audience())
