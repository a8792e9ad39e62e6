"""What a store must be able to take away: what residents said, sent and are called by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a conversation when its words go: the turns and files a case stands on.

    ``current`` is the line being decided now, which goes although nobody has decided about it;
    other lines not yet decided stay. Only what is older than ``before`` goes, when it is given.
    """

    turns: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    current: str | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """How much went."""

    turns: int = 0
    files: int = 0
    notes: int = 0
    messages: int = 0

    @property
    def anything(self) -> bool:
        """Whether anything did."""
        return bool(self.turns or self.files or self.notes or self.messages)


@dataclass(frozen=True, slots=True)
class Limits:
    """Cases closed before these moments lose what is personal: those never filed, ordinary ones
    and restricted ones."""

    unfiled: datetime
    ordinary: datetime
    restricted: datetime


class Erasing(Protocol):
    """Takes words away; rows stay, so that nothing points into the void."""

    def blank(self, conversation_id: str, kept: Kept, at: datetime) -> Taken:
        """Empty the conversation's turns, outgoing messages and notes, and give up its files.

        What is still to be sent is refused. A file's bytes go after the commit
        (``doomed_files``). Done again, it finds nothing to do.
        """
        ...

    def due_cases(self, limits: Limits, limit: int) -> list[str]:
        """Closed cases that are to be anonymised: by their age, or because the resident asked."""
        ...

    def due_talks(self, before: datetime, limit: int) -> list[str]:
        """Conversations of the bot, without cases, silent since ``before``, with words left."""
        ...

    def doomed_files(self, limit: int) -> list[str]:
        """Files that were given up and whose bytes may still be there."""
        ...

    def drop_files(self, file_ids: Collection[str]) -> None:
        """Forget files whose bytes are gone."""
        ...
