"""What a digest says, part by part; the words for it are configuration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class State(StrEnum):
    """Why a case is named."""

    LATE = "late"
    TODAY = "today"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case to look at first; ``place`` is an estate or a unit."""

    number: str
    category: str
    place: str
    state: State


@dataclass(frozen=True, slots=True)
class Danger:
    """Conversations with a life in danger, and other urgent cases still open."""

    crises: int
    urgent: int
    first: tuple[NamedCase, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """Open cases by when their answer is due; ``first`` are the most pressing ones."""

    overdue: int
    today: int
    tomorrow: int
    first: tuple[NamedCase, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Residents who wait for a human, and how long the first of them has."""

    residents: int
    longest: timedelta


@dataclass(frozen=True, slots=True)
class New:
    """Cases filed since the last digest, by category; ``rest`` are those not listed."""

    total: int
    by_category: tuple[tuple[str, int], ...]
    rest: int


@dataclass(frozen=True, slots=True)
class SameIssue:
    """Several residents, one place, one category."""

    place: str
    category: str
    residents: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Issues several residents have."""

    issues: tuple[SameIssue, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of cases since the last digest. ``average`` is None with too few answers."""

    resolved: int
    confirmed: int
    lapsed: int
    reopened: int
    average: float | None
    answers: int


Part = Danger | Due | Waiting | New | Shared | Outcome


@dataclass(frozen=True, slots=True)
class Digest:
    """What is to be told, the most pressing first. No part: a quiet day."""

    day: date
    unit: str | None
    parts: tuple[Part, ...]
