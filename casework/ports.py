"""What the rules need from a store. Storage implements these; nothing here knows how.

A transaction is a plain function ``work(tx)``: it cannot wait for anything, may be run again
from its start after a conflict, and commits as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from casework.alerts import Alerts
from casework.booking import Booking
from casework.capture import Captures
from casework.case import Case, Outline
from casework.collective import Collectives
from casework.confirmations import Confirmations
from casework.erasing import Erasing
from casework.events import Event
from casework.geometry import Boundary
from casework.groups import Binding, Group
from casework.links import Links
from casework.mediation import Mediations
from casework.moves import Moves
from casework.organisation import Place
from casework.people import People
from casework.ports_talk import Conversations, Outbox, Turns
from casework.promises import Promises
from casework.reclassification import Reclassification
from casework.reminders import Reminders
from casework.roster import Rosters
from casework.sponsors import Sponsors
from casework.supervision import Slips
from casework.tasks import Tasks
from casework.turn import Media
from casework.whistle import Whistles

T = TypeVar("T")


class Cases(Protocol):
    """Work orders, saved under the version they were read at."""

    def next_number(self, now: datetime) -> str: ...

    def add(self, case: Case) -> None: ...

    def get(self, number: str, *, lock: bool = False) -> Case: ...

    def conversation_of(self, number: str) -> str:
        """The id of the conversation it was told in. Raises NotFound."""
        ...

    def save(self, case: Case, at: datetime) -> Case:
        """Save under ``case.version``; returns it with the next one. Raises VersionConflict."""
        ...

    def of_conversation(self, conversation_id: str) -> list[Case]: ...

    def open_cases(self, limit: int = 1000) -> list[Case]: ...

    def stale_drafts(self, before: datetime, limit: int) -> list[Case]: ...

    def awaiting_answer(self, before: datetime, limit: int) -> list[Case]: ...

    def of_owner(self, owner_id: str) -> list[Case]:
        """The cases of this officer that are not closed, by number."""
        ...

    def nearby(
        self, category: str, unit_ids: Sequence[str], since: datetime, limit: int
    ) -> list[Outline]:
        """Cases of a category in these units being worked on, opened since; newest first."""
        ...

    def open_in(self, unit_id: str) -> list[Case]:
        """Cases that are not closed and lie in this very unit or are owned by it."""
        ...

    def joined_to(self, number: str) -> list[Case]:
        """The cases that follow this one, by number."""
        ...

    def lagging(self, limit: int) -> list[Case]:
        """Joined cases that can move and have not followed the latest change of their leader."""
        ...


class Events(Protocol):
    """The append-only record."""

    def append(self, event: Event) -> None: ...

    def after(self, seq: int, limit: int) -> list[Event]: ...

    def of_case(self, number: str) -> list[Event]: ...

    def last_seq(self) -> int: ...


class Places(Protocol):
    """Named places, and the boundaries of units."""

    def all(self) -> list[Place]: ...

    def has(self, name: str, unit_id: str) -> bool:
        """Whether the unit has a place of this name."""
        ...

    def save(self, given: Iterable[Place]) -> None:
        """Add them; one of the same name in the same unit is replaced and keeps its id."""
        ...

    def move(self, given: Iterable[Place], unit_id: str) -> None:
        """They lie in this unit from now on; what it has by the same name already stays alone."""
        ...

    def boundaries(self) -> dict[str, Boundary]:
        """Of the units that have no successors."""
        ...

    def draw(self, boundaries: Mapping[str, Boundary]) -> None:
        """Set the boundaries of these units."""
        ...

    def version(self) -> int:
        """Another number after every change of a place, a unit or a boundary."""
        ...


class Groups(Protocol):
    """Telegram groups that get a digest, and the one-time codes that bind them."""

    def add_code(self, code_hash: str, officer_id: str, expires_at: datetime) -> None: ...

    def take_code(self, code_hash: str, now: datetime) -> str | None:
        """The officer whose unexpired, unused code this is, using it up; else None."""
        ...

    def bind(self, binding: Binding) -> Group: ...

    def get(self, group_id: str) -> Group: ...

    def all(self) -> list[Group]: ...

    def claim_digest(self, group: Group, next_at: datetime) -> bool:
        """Move the next digest from ``group.next_at`` on; False when another did it first."""
        ...

    def move_chat(self, channel: str, old: str, new: str) -> None: ...

    def give_to(self, group_id: str, unit_id: str) -> None:
        """The group gets another unit's digest from now on."""
        ...


class Files(Protocol):
    """What is known about kept files; the bytes live elsewhere."""

    def add(self, media: Media, conversation_id: str, at: datetime) -> None: ...

    def get(self, file_id: str) -> tuple[Media, str]:
        """The file and its conversation's id. Raises NotFound."""
        ...


class Reclassifications(Protocol):
    """Officers' corrections, with the residents' words they were made of."""

    def add(self, made: Reclassification) -> None: ...

    def all(self) -> list[Reclassification]:
        """Every correction, oldest first."""
        ...

    def forget(self, conversation_id: str) -> int:
        """Erase those of a conversation; returns how many there were."""
        ...


class Transaction(Protocol):
    """One transaction's view of everything."""

    @property
    def conversations(self) -> Conversations: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def events(self) -> Events: ...
    @property
    def people(self) -> People: ...
    @property
    def places(self) -> Places: ...
    @property
    def groups(self) -> Groups: ...
    @property
    def files(self) -> Files: ...
    @property
    def erasing(self) -> Erasing: ...
    @property
    def moves(self) -> Moves: ...
    @property
    def reclassifications(self) -> Reclassifications: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def reminders(self) -> Reminders: ...
    @property
    def slips(self) -> Slips: ...
    @property
    def sponsors(self) -> Sponsors: ...
    @property
    def collectives(self) -> Collectives: ...
    @property
    def mediations(self) -> Mediations: ...
    @property
    def promises(self) -> Promises: ...
    @property
    def confirmations(self) -> Confirmations: ...
    @property
    def links(self) -> Links: ...
    @property
    def captures(self) -> Captures: ...
    @property
    def rosters(self) -> Rosters: ...
    @property
    def booking(self) -> Booking: ...
    @property
    def whistles(self) -> Whistles: ...

    def new_id(self) -> str:
        """A fresh opaque id."""
        ...


class Store(Protocol):
    """Where transactions run."""

    async def write(self, work: Callable[[Transaction], T]) -> T: ...

    async def read(self, work: Callable[[Transaction], T]) -> T: ...
