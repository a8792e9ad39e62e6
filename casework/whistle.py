"""吹哨报到: a numbered notice calls departments to a place by a certain moment.

A community may summon, not command (domain S4-16): a department signs for the notice (签收), comes
(报到), says what is to be done (处理意见), or why it cannot come and what it does instead. Half
of the time without a signature is answered by one reminder, nobody there at the moment by one
report to the level above (S4-13; 北京市接诉即办工作条例§16). Whoever called and whoever was called
are both rated (§33), as organisations. What calls, and what it leads to, never names the resident.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from casework.organisation import Officer, Role

DEPARTMENT = "department"
"""The kind of a unit that can be called."""
PLACE_LENGTH, MATTER_LENGTH, OPINION_LENGTH = 80, 500, 1000  # characters


class Outcome(StrEnum):
    """With what a whistle ended. The last two are the clock's: the case went on without it, or
    nobody ended it."""

    SETTLED = "settled"
    PLANNED = "planned"
    REFERRED = "referred"
    UNSETTLED = "unsettled"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"
    LAPSED = "lapsed"


BY_SIGNER = tuple(Outcome)[:5]


class Stand(StrEnum):
    """Where a called department stands."""

    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    ANSWERED = "answered"
    DECLINED = "declined"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Mark:
    """A person did something for a department; ``officer_id`` wrote it down."""

    name: str
    at: datetime
    officer_id: str


@dataclass(frozen=True, slots=True)
class Call:
    """One department of a whistle. ``distance`` is how far from the place the check-in was made, in
    metres; where exactly is not kept. ``instead`` is what a department that cannot come does."""

    unit_id: str
    acknowledged: Mark | None = None
    arrived: Mark | None = None
    distance: int | None = None
    answered: Mark | None = None
    opinion: str = ""
    declined: Mark | None = None
    reason: str = ""
    instead: str = ""
    reminded_at: datetime | None = None
    reported_at: datetime | None = None

    @property
    def stand(self) -> Stand:
        """Where the department stands."""
        if self.answered is not None:
            return Stand.ANSWERED
        if self.arrived is not None:
            return Stand.ARRIVED
        if self.declined is not None:
            return Stand.DECLINED
        if self.reported_at is not None:
            return Stand.ABSENT
        return Stand.ASKED if self.acknowledged is None else Stand.ACKNOWLEDGED

    @property
    def done(self) -> bool:
        """Whether nothing more is waited for: it has spoken, or is known not to come."""
        return self.stand in {Stand.ANSWERED, Stand.DECLINED, Stand.ABSENT}


@dataclass(frozen=True, slots=True)
class Whistle:
    """One notice. ``unit_id`` is the unit that calls, in whose name and year it is numbered.

    ``helpers`` are officers who are there too. ``lat`` and ``lng`` are of the place where they are
    known, in degrees. ``next_at`` is the earliest moment the clock has something to do.
    """

    id: str
    number: str
    case_number: str
    conversation_id: str
    unit_id: str
    year: int
    serial: int
    signed_by: str
    signed_at: datetime
    arrive_by: datetime
    place: str
    matter: str
    calls: tuple[Call, ...]
    helpers: tuple[str, ...] = ()
    lat: float | None = None
    lng: float | None = None
    nudged_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    outcome: Outcome | None = None
    result: str = ""
    next_at: datetime | None = None
    version: int = 1

    def call(self, unit_id: str) -> Call | None:
        """The department's part; None when it is not called."""
        return next((each for each in self.calls if each.unit_id == unit_id), None)

    @property
    def complete(self) -> bool:
        """Whether every department has spoken or is known not to come."""
        return all(each.done for each in self.calls)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a city decides. ``signers`` maps a role to the posts that may sign, none for everybody
    of the role; ``upward`` are the roles a no-show is reported to, the first that is there and did
    not call itself. ``near`` is in metres. ``pattern`` numbers with ``{above} {unit} {year}
    {serial}``, ``pattern_top`` where nothing is above; ``endings`` are left off units' names."""

    signers: Mapping[Role, tuple[str, ...]]
    upward: tuple[Role, ...]
    pattern: str
    pattern_top: str
    endings: tuple[str, ...]
    least: timedelta
    most: timedelta
    near: int
    nudge_after: timedelta
    ends_after: timedelta

    def may_sign(self, officer: Officer) -> bool:
        """Whether this officer is authorised to sign notices."""
        posts = self.signers.get(officer.role)
        return posts is not None and (not posts or not set(posts).isdisjoint(officer.posts))


@dataclass(frozen=True, slots=True)
class Notice:
    """What a signer writes."""

    departments: tuple[str, ...]
    place: str
    matter: str
    arrive_by: datetime
    helpers: tuple[str, ...] = ()
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A notice's number and what it was made of."""

    text: str
    unit_id: str
    year: int
    serial: int


@dataclass(frozen=True, slots=True)
class Due:
    """What the clock finds: departments to remind and to report, and whether the signer is to be
    told to end it, or it ends by itself."""

    remind: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    nudge: bool = False
    lapse: bool = False

    def __bool__(self) -> bool:
        return bool(self.remind or self.report or self.nudge or self.lapse)


@dataclass(frozen=True, slots=True)
class Called:
    """How a department answered to whistles that were due. ``no_show`` came never, ``late`` after
    the moment, ``excused`` said before it why not."""

    unit_id: str
    asked: int = 0
    on_time: int = 0
    late: int = 0
    excused: int = 0
    no_show: int = 0
    reminded: int = 0


@dataclass(frozen=True, slots=True)
class Calling:
    """How a unit called: whistles signed, open, and ended by outcome."""

    unit_id: str
    signed: int = 0
    open: int = 0
    ended: Mapping[str, int] = field(default_factory=dict)


class Whistles(Protocol):
    """Notices, saved under the version they were read at."""

    def next_serial(self, unit_id: str, year: int) -> int:
        """The unit's next number of this year, from 1, without gaps: callers wait for each other,
        and a transaction that fails gives its number back."""
        ...

    def add(self, whistle: Whistle) -> None: ...

    def get(self, whistle_id: str, *, lock: bool = False) -> Whistle:
        """Raises NotFound."""
        ...

    def save(self, whistle: Whistle) -> Whistle:
        """Save under ``whistle.version``; returns it with the next one. Raises VersionConflict."""
        ...

    def of_case(self, number: str) -> list[Whistle]:
        """All of a case, the newest first."""
        ...

    def calling(self, unit_ids: Collection[str], since: datetime, limit: int) -> list[Whistle]:
        """Those that call one of these departments: open ones and those ended since, the earliest
        to come first."""
        ...

    def due(self, now: datetime, limit: int) -> list[Whistle]:
        """Open ones the clock has something to do with, the earliest first."""
        ...

    def next_due(self) -> datetime | None: ...

    def forget(self, numbers: Collection[str]) -> None:
        """Empty the words of these cases' notices; numbers, moments and outcomes stay."""
        ...
