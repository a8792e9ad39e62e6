"""The same store in memory: for pure, fast runs of everything above it.

A transaction works on shallow copies of the tables (all rows are frozen) that replace the originals
when it ends well. Held to the same contract tests as the databases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import TypeVar

from casework.capture import Captured
from casework.case import CLOSED, OPEN, UNFOLLOWING, Case, Outline, Status
from casework.conversation import Conversation
from casework.errors import NotFound, Superseded, VersionConflict
from casework.events import Event
from casework.geometry import Boundary
from casework.groups import Group
from casework.links import Link
from casework.moves import Move
from casework.organisation import Officer, Place, Unit
from casework.outbox import OutgoingMessage
from casework.reclassification import Reclassification
from casework.reminders import Reminder
from casework.roster import Absence, Shift
from casework.tasks import Task
from casework.turn import Media, Turn
from storage.alerts import AlertRows, MemoryAlerts
from storage.captures import MemoryCaptures
from storage.cases import ZONE
from storage.collective import CollectiveRows, MemoryCollectives
from storage.ids import new_id
from storage.links import MemoryLinks
from storage.memory_booking import BookingRows, MemoryBooking
from storage.memory_erasing import MemoryErasing
from storage.memory_mediation import (
    MediationRows,
    MemoryConfirmations,
    MemoryMediations,
    MemoryPromises,
)
from storage.memory_messages import MemoryOutbox, MemoryTurns
from storage.memory_people import Code, MemoryGroups, MemoryPeople
from storage.memory_places import MemoryPlaces
from storage.moves import MemoryMoves
from storage.reclassifications import MemoryReclassifications
from storage.reminders import MemoryReminders
from storage.rosters import MemoryRosters
from storage.sponsors import MemorySponsors
from storage.supervision import MemorySlips, SupervisionRows
from storage.tasks import MemoryTasks
from storage.unit_of_work import Committed
from storage.whistle import MemoryWhistles, WhistleRows

T = TypeVar("T")
_OUTLINE = tuple(each.name for each in fields(Outline))


@dataclass(slots=True)
class Tables:
    """All rows there are."""

    conversations: dict[str, Conversation] = field(default_factory=dict)
    turns: dict[str, Turn] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)
    outbox: dict[int, OutgoingMessage] = field(default_factory=dict)
    leases: dict[int, datetime] = field(default_factory=dict)
    cases: dict[str, tuple[Case, datetime]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    officers: dict[str, Officer] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    boundaries: dict[str, Boundary] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    files: dict[str, tuple[Media, str]] = field(default_factory=dict)
    file_times: dict[str, datetime] = field(default_factory=dict)
    doomed: dict[str, datetime] = field(default_factory=dict)
    reclassifications: dict[str, Reclassification] = field(default_factory=dict)
    moves: dict[str, tuple[Move, ...]] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    link_days: dict[tuple[str, date], int] = field(default_factory=dict)
    captures: dict[tuple[str, str], Captured] = field(default_factory=dict)
    alerts: AlertRows = field(default_factory=AlertRows)
    tasks: dict[str, Task] = field(default_factory=dict)
    reminders: dict[str, Reminder] = field(default_factory=dict)
    supervision: SupervisionRows = field(default_factory=SupervisionRows)
    collectives: CollectiveRows = field(default_factory=CollectiveRows)
    mediation: MediationRows = field(default_factory=MediationRows)
    booking: BookingRows = field(default_factory=BookingRows)
    shifts: dict[str, Shift] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    whistles: WhistleRows = field(default_factory=WhistleRows)

    def copied(self) -> Tables:
        """A copy whose tables can change without these changing."""
        return Tables(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})


class MemoryConversations:
    """casework.ports.Conversations."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.conversations

    def get(self, conversation_id: str, *, lock: bool = False) -> Conversation:  # noqa: ARG002
        """Raises NotFound."""
        if conversation_id not in self._rows:
            raise NotFound
        return self._rows[conversation_id]

    def of_chat(
        self,
        channel: str,
        chat: str,
        *,
        lock: bool = False,  # noqa: ARG002
    ) -> Conversation | None:
        """The chat's conversation."""
        found = (c for c in self._rows.values() if (c.channel, c.chat) == (channel, chat))
        return next(found, None)

    def held_by(self, officer_id: str) -> list[str]:
        """The ids of the conversations this officer holds, in order."""
        return sorted(c.id for c in self._rows.values() if c.holder.officer_id == officer_id)

    def add(self, conversation: Conversation) -> None:
        """Store a new one."""
        self._rows[conversation.id] = conversation

    def save(self, conversation: Conversation, expected_epoch: int) -> None:
        """Raises Superseded when the stored epoch is another."""
        stored = self.get(conversation.id)
        if stored.epoch != expected_epoch:
            raise Superseded(stored.holder, stored.epoch)
        self._rows[conversation.id] = conversation

    def move_chat(self, channel: str, old: str, new: str) -> int:
        """The platform gave the chat a new id."""
        moved = [c for c in self._rows.values() if (c.channel, c.chat) == (channel, old)]
        self._rows.update({c.id: replace(c, chat=new) for c in moved})
        return len(moved)


class MemoryCases:
    """casework.ports.Cases."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.cases
        self._counters = tables.counters

    def next_number(self, now: datetime) -> str:
        """As on SQL: JS, the local day, a running number."""
        day = now.astimezone(ZONE).strftime("%y%m%d")
        self._counters[day] = self._counters.get(day, 0) + 1
        return f"JS{day}-{self._counters[day]:04d}"

    def add(self, case: Case) -> None:
        """Store a new one."""
        self._rows[case.number] = (case, case.opened_at)

    def get(self, number: str, *, lock: bool = False) -> Case:  # noqa: ARG002
        """Raises NotFound."""
        if number not in self._rows:
            raise NotFound
        return self._rows[number][0]

    def conversation_of(self, number: str) -> str:
        """The id of the conversation it was told in. Raises NotFound."""
        return self.get(number).conversation_id

    def save(self, case: Case, at: datetime) -> Case:
        """Raises VersionConflict."""
        if self.get(case.number).version != case.version:
            raise VersionConflict
        saved = replace(case, version=case.version + 1)
        self._rows[case.number] = (saved, at)
        return saved

    def of_conversation(self, conversation_id: str) -> list[Case]:
        """All cases of one conversation, oldest first."""
        return self._list(lambda c, _: c.conversation_id == conversation_id)

    def open_cases(self, limit: int = 1000) -> list[Case]:
        """Cases somebody has to work on."""
        return self._list(lambda c, _: c.status in OPEN)[:limit]

    def open_in(self, unit_id: str) -> list[Case]:
        """Cases that are not closed and lie in this very unit or are owned by it."""
        return self._list(lambda c, _: c.status not in CLOSED and unit_id in {c.unit_id, c.org_id})

    def stale_drafts(self, before: datetime, limit: int) -> list[Case]:
        """Drafts nobody touched since ``before``."""
        return self._list(lambda c, at: c.status is Status.DRAFT and at < before)[:limit]

    def awaiting_answer(self, before: datetime, limit: int) -> list[Case]:
        """Cases reported done before ``before`` that the resident has not answered."""
        return self._list(lambda c, at: c.status is Status.DONE_WAIT and at < before)[:limit]

    def nearby(
        self, category: str, unit_ids: Sequence[str], since: datetime, limit: int
    ) -> list[Outline]:
        """Cases of a category in these units being worked on, opened since; newest first."""

        def wanted(case: Case, _: datetime) -> bool:
            here = case.category == category and case.unit_id in unit_ids
            return here and case.status in OPEN and case.opened_at >= since

        found = self._list(wanted)[::-1][:limit]
        return [Outline(*(getattr(case, name) for name in _OUTLINE)) for case in found]

    def joined_to(self, number: str) -> list[Case]:
        """The cases that follow this one, by number."""
        return sorted(self._list(lambda c, _: c.joined == number), key=lambda c: c.number)

    def of_owner(self, owner_id: str) -> list[Case]:
        """The cases of this officer that are not closed, by number."""
        mine = self._list(lambda c, _: c.owner_id == owner_id and c.closed_at is None)
        return sorted(mine, key=lambda c: c.number)

    def lagging(self, limit: int) -> list[Case]:
        """Joined cases that can move and have not followed the latest change of their leader."""
        behind = self._list(
            lambda c, _: (
                c.joined is not None
                and c.status not in UNFOLLOWING
                and c.followed < self.get(c.joined).version
            )
        )
        return sorted(behind, key=lambda c: c.number)[:limit]

    def _list(self, wanted: Callable[[Case, datetime], bool]) -> list[Case]:
        found = [case for case, at in self._rows.values() if wanted(case, at)]
        return sorted(found, key=lambda c: (c.opened_at, c.number))


class MemoryEvents:
    """casework.ports.Events."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.events
        self.pending: list[Event] = []

    def append(self, event: Event) -> None:
        """Number and keep an event."""
        event = replace(event, seq=len(self._rows) + 1)
        self._rows.append(event)
        self.pending.append(event)

    def after(self, seq: int, limit: int) -> list[Event]:
        """The events behind ``seq``, in order."""
        return self._rows[seq : seq + limit]

    def of_case(self, number: str) -> list[Event]:
        """A case's timeline."""
        return [event for event in self._rows if event.case_number == number]

    def last_seq(self) -> int:
        """The newest event's number."""
        return len(self._rows)


class MemoryFiles:
    """casework.ports.Files."""

    def __init__(self, tables: Tables) -> None:
        self._rows = tables.files
        self._times = tables.file_times
        self._doomed = tables.doomed

    def add(self, media: Media, conversation_id: str, at: datetime) -> None:
        """Remember a kept file."""
        self._rows[media.id] = (media, conversation_id)
        self._times[media.id] = at

    def get(self, file_id: str) -> tuple[Media, str]:
        """Raises NotFound."""
        if file_id not in self._rows or file_id in self._doomed:
            raise NotFound
        return self._rows[file_id]


class MemoryTransaction:
    """casework.ports.Transaction over copied tables."""

    def __init__(self, tables: Tables) -> None:
        self.conversations = MemoryConversations(tables)
        self.turns = MemoryTurns(tables)
        self.outbox = MemoryOutbox(tables)
        self.cases = MemoryCases(tables)
        self.events = MemoryEvents(tables)
        self.people = MemoryPeople(tables)
        self.places = MemoryPlaces(tables)
        self.groups = MemoryGroups(tables)
        self.files = MemoryFiles(tables)
        self.erasing = MemoryErasing(tables)
        self.moves = MemoryMoves(tables.moves)
        self.reclassifications = MemoryReclassifications(tables.reclassifications)
        self.alerts = MemoryAlerts(tables.alerts)
        self.tasks = MemoryTasks(tables.tasks)
        self.reminders = MemoryReminders(tables.reminders)
        self.slips = MemorySlips(tables)
        self.sponsors = MemorySponsors(tables)
        self.collectives = MemoryCollectives(tables)
        self.mediations = MemoryMediations(tables.mediation)
        self.promises = MemoryPromises(tables.mediation)
        self.confirmations = MemoryConfirmations(tables.mediation)
        self.booking = MemoryBooking(tables.booking)
        self.links = MemoryLinks(tables.links, tables.link_days)
        self.captures = MemoryCaptures(tables.captures)
        self.rosters = MemoryRosters(tables.shifts, tables.absences)
        self.whistles = MemoryWhistles(tables.whistles)

    def new_id(self) -> str:
        """A fresh opaque id."""
        return new_id()


class MemoryStore:
    """casework.ports.Store; nothing waits, so transactions never meet."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._listeners: list[Callable[[Committed], None]] = []

    def watch(self, listener: Callable[[Committed], None]) -> None:
        """Call ``listener`` after each transaction."""
        self._listeners.append(listener)

    async def write(self, work: Callable[[MemoryTransaction], T]) -> T:
        """Run one transaction on copies; keep them when it ends well."""
        tables = self._tables.copied()
        transaction = MemoryTransaction(tables)
        result = work(transaction)
        self._tables = tables
        pushed = frozenset(transaction.turns.pushed | transaction.outbox.pushed)
        committed = Committed(
            tuple(transaction.turns.added), tuple(transaction.events.pending), pushed
        )
        for listener in self._listeners if committed else ():
            listener(committed)
        return result

    async def read(self, work: Callable[[MemoryTransaction], T]) -> T:
        """Run a read; what it changes is not kept."""
        return work(MemoryTransaction(self._tables.copied()))

    async def close(self) -> None:
        """Nothing to let go of."""
