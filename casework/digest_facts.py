"""What a digest is made from: no resident's name, number or words come this far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.case import Status
from casework.events import Kind


@dataclass(frozen=True, slots=True)
class CaseFact:
    """One filed case, without any of the resident's words. ``place`` is a place of ours;
    ``restricted`` ones are counted at street level and above, and told nowhere."""

    number: str
    conversation_id: str
    category: str
    status: Status
    unit_id: str
    place: str | None
    urgent: bool
    crisis: str
    filed_at: datetime
    due_at: datetime | None
    closed_at: datetime | None = None
    rating: int | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class TalkFact:
    """One conversation that waits for a human or has been in danger.

    ``alarmed`` tells that a human has it, or that danger was raised since the last digest.
    """

    conversation_id: str
    unit_id: str | None
    crisis: str
    alarmed: bool
    waiting_since: datetime | None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a case since the last digest."""

    kind: Kind
    number: str
    unit_id: str
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a digest is made from, for all units; ``since`` is where its day starts."""

    now: datetime
    since: datetime
    cases: tuple[CaseFact, ...] = ()
    talks: tuple[TalkFact, ...] = ()
    happened: tuple[Happened, ...] = ()
