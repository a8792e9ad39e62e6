"""The register of what was done with a case, by whom, from whom to whom and why (§4.5).

An event tells that something happened, without a word of anybody's; a move keeps the officer's
reason beside it, so that history goes up the ladder with the case. Its words are erased with the
case's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.case import Case, Status
from casework.effects import Given
from casework.events import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class Move:
    """One use of a verb. ``version`` is the case's afterwards."""

    case_number: str
    version: int
    verb: str
    at: datetime
    actor: ActorKind
    officer_id: str | None
    before: Status
    after: Status
    owner_before: str
    owner_id: str
    org_before: str
    org_id: str
    code: str | None = None
    text: str = ""
    until: datetime | None = None


class Moves(Protocol):
    """All moves; never changed, only emptied of their words."""

    def add(self, move: Move) -> None: ...

    def of_case(self, number: str, after: int = 0) -> list[Move]:
        """The case's moves that led beyond version ``after``, oldest first."""
        ...

    def forget(self, number: str) -> None:
        """Take the words away."""
        ...


def recorded(
    before: Case, saved: Case, verb: str, actor: Actor, given: Given, now: datetime
) -> Move:
    """The move that led from one to the other."""
    return Move(
        case_number=saved.number,
        version=saved.version,
        verb=verb,
        at=now,
        actor=actor.kind,
        officer_id=actor.id,
        before=before.status,
        after=saved.status,
        owner_before=before.owner_id,
        owner_id=saved.owner_id,
        org_before=before.org_id,
        org_id=saved.org_id,
        code=given.code,
        text=given.text,
        until=given.until,
    )
