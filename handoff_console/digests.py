"""A group's digest as its admins would get it at this moment."""

from __future__ import annotations

from datetime import datetime

from casework.digest import WINDOW, compose
from casework.groups import Group
from casework.organisation import Organisation
from config.digest_words import DigestWords, Rendered
from storage.engine import SqlStore
from storage.unit_of_work import SqlTransaction
from storage.views_digest import digest_facts


def _units(tx: SqlTransaction) -> Organisation:
    """All units, for the names of places; who works there is no matter of a digest."""
    return Organisation(tx.people.all_units(), {})


class DigestDesk:
    """Reads and words digests; sends nothing."""

    def __init__(self, store: SqlStore, words: DigestWords) -> None:
        self._store = store
        self._words = words

    async def preview(self, group_id: str, now: datetime) -> Rendered:
        """What the group's admins would get now. Raises NotFound."""
        group = await self._store.read(lambda tx: tx.groups.get(group_id))
        return await self.of(group, now)

    async def of(self, group: Group, now: datetime) -> Rendered:
        """The digest of a group; one that is late tells of the day it was due for, and since."""
        since = min(group.next_at - WINDOW, now)

        def work(tx: SqlTransaction) -> Rendered:
            facts = digest_facts(tx, now, since)
            digest = compose(facts, _units(tx), group.unit_id, self._words.rules)
            return self._words.render(digest)

        return await self._store.read(work)
