"""What a row of the lifecycle table is made of."""

from __future__ import annotations

from dataclasses import dataclass

from casework.case import Status
from casework.events import ActorKind, Kind
from casework.organisation import Role
from casework.reach import WORK, Reach


@dataclass(frozen=True, slots=True)
class Transition:
    """A verb: where it may start, where it leads (None: it stays), who may do it, what it needs.

    ``roles`` are those of officers, ``reach`` how near to the case they must be; ``needs`` names
    fields of Given that may not be empty.
    """

    verb: str
    sources: frozenset[Status]
    target: Status | None
    actors: frozenset[ActorKind]
    roles: frozenset[Role]
    reach: frozenset[Reach]
    event: Kind
    needs: tuple[str, ...] = ()


def row(
    verb: str,
    sources: set[Status],
    target: Status | None,
    who: set[ActorKind],
    roles: frozenset[Role],
    event: Kind,
    *needs: str,
    reach: frozenset[Reach] = WORK,
) -> Transition:
    """A row of the table. Where ``roles`` are named, officers are among who may."""
    actors = frozenset(who | ({ActorKind.OFFICER} if roles else set()))
    return Transition(verb, frozenset(sources), target, actors, roles, reach, event, needs)
