"""集体事项: one matter of many households, with one answer to all and a count of who is done.

The leading case becomes the parent; each household keeps its own case, number, chat and rating
(domain reference S0-15, S0-20). A group is an issue and a place, never a list of persons: officers
see how many, named roles see which cases, residents see only the count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from casework.case import OPEN, Case, Status
from casework.clusters import Nearby, may_join, other_party
from casework.errors import Unfit
from casework.intake import has
from casework.organisation import Role

LARGE = 10
"""From so many people on a matter goes past the grid (domain reference §4.5); the street is asked
whether it is a group case."""
MAKERS = frozenset({Role.COMMUNITY, Role.STREET, Role.ADMIN})
KEEPERS = MAKERS | {Role.DEPARTMENT, Role.GRID}
"""Who may keep the count and the task sheet of a case they own or cover."""
NAMED = MAKERS | {Role.SUPERVISOR}
"""Who may see which cases belong to it, beside its owner."""
_SAID = ("people_n", "owners_count")
GONE = frozenset({Status.DRAFT, Status.WITHDRAWN, Status.REFERRED})
ANSWERED = frozenset({Status.DONE_WAIT, Status.CONFIRMED, Status.CONFIRMATION, Status.ARCHIVED})


_AT_WORK = frozenset({Status.DISPATCHED, Status.WORKING, Status.REWORK})


class State(StrEnum):
    """Whether a leading case is a group case."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Collective:
    """A leading case that is, or may become, a group case.

    ``others`` are households known of that have not come to us, ``others_done`` how many of them
    are done. ``summary`` is what all reporters were told last, the ``told``-th time, in the name
    of ``posted_by``; ``next_at`` is set while somebody has still to hear it.
    """

    id: str
    leading: str
    state: State
    at: datetime
    made_by: str | None = None
    made_at: datetime | None = None
    others: int = 0
    others_done: int = 0
    summary: str = ""
    told: int = 0
    posted_by: str | None = None
    next_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """What is kept of one household beside its case: that it is done (``what``, ``done_on``, in
    which ``round`` of its case), and up to which summary it was ``told``."""

    case_number: str
    collective_id: str
    done_on: date | None = None
    what: str = ""
    round: int = 0
    done_by: str | None = None
    told: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the task sheet: ``who`` in words, or a unit or officer of ours; ``money`` says
    where the money comes from."""

    id: str
    collective_id: str
    position: int
    what: str
    who: str = ""
    unit_id: str | None = None
    officer_id: str | None = None
    due_on: date | None = None
    money: str = ""
    done_on: date | None = None
    done_by: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """``done`` of ``households`` are done; ``reporters`` of them came to us."""

    households: int
    done: int
    reporters: int


def reporters(case: Case, children: Iterable[Case]) -> int:
    """How many residents have reported it: distinct conversations, those gone left out."""
    each = (case, *children)
    return len({one.conversation_id for one in each if one.status not in GONE})


def size(case: Case, children: Iterable[Case] = ()) -> int:
    """How many people it is about: those who reported it, or the most that one of them named."""
    group = (case, *children)
    said = [_named(one) for one in group if one.status not in GONE]
    return max([reporters(case, group[1:]), *said])


def _named(case: Case) -> int:
    found = [case.slots[slot].value for slot in _SAID if has(case.slots, slot)]
    return max((n for n in found if isinstance(n, int) and not isinstance(n, bool)), default=0)


def is_large(case: Case, children: Iterable[Case] = (), of: int = LARGE) -> bool:
    """Whether so many reported it that the street is asked whether it is a group case."""
    return case.joined is None and reporters(case, children) >= of


def is_done(status: Status, *, marked: bool) -> bool:
    """Whether a household is done: its case is answered, or it was ``marked`` while it is open."""
    return status in ANSWERED or (marked and status in OPEN)


def is_marked(case: Case, member: Member | None) -> bool:
    """Whether the household was marked as done in this round of its case."""
    return member is not None and member.done_on is not None and member.round == case.round


def count(each: Collective, cases: Sequence[Case], members: Mapping[str, Member]) -> Count:
    """已办 x / n over the leading case and those that follow it, and the others known of."""
    alive = [case for case in cases if case.status not in GONE]
    marks = {c.number: is_marked(c, members.get(c.number)) for c in alive}
    done = sum(is_done(case.status, marked=marks[case.number]) for case in alive)
    people = len({case.conversation_id for case in alive})
    return Count(len(alive) + each.others, done + each.others_done, people)


def require_leading(case: Case, rule: Nearby) -> None:
    """Raise Unfit unless this case may lead a group: open, leading itself, of a fitting kind."""
    if case.joined is not None:
        raise Unfit("follows")
    if case.status not in OPEN:
        raise Unfit("closed")
    if not may_join(case, rule):
        raise Unfit("kind")


def require_fit(leading: Case, case: Case, rule: Nearby) -> None:
    """Raise Unfit, with the reason's code, unless an officer may add this case to the group."""
    if case.number == leading.number or case.conversation_id == leading.conversation_id:
        raise Unfit("same_resident")
    if case.joined is not None:
        raise Unfit("follows")
    if case.status not in _AT_WORK:
        raise Unfit("closed")
    if case.restricted or case.crisis != "none" or case.category != leading.category:
        raise Unfit("kind")
    if not may_join(case, rule):
        raise Unfit("kind")
    if other_party(leading, case, rule):
        raise Unfit("respondent")


def marked(member: Member, case: Case, what: str, on: date, officer_id: str) -> Member:
    """The household is done. Raises Unfit when its case is not being worked on."""
    if case.status not in OPEN:
        raise Unfit("closed")
    return replace(member, done_on=on, what=what.strip(), round=case.round, done_by=officer_id)


def unmarked(member: Member) -> Member:
    """It was not done after all."""
    return replace(member, done_on=None, what="", round=0, done_by=None)


class Collectives(Protocol):
    """Group cases, their households and task sheets."""

    def add(self, each: Collective) -> None: ...

    def of(self, leading: str, *, lock: bool = False) -> Collective | None:
        """That of a leading case."""
        ...

    def save(self, each: Collective) -> Collective:
        """Save under ``each.version``; returns it with the next. Raises VersionConflict."""
        ...

    def drop(self, each: Collective) -> None:
        """Forget one that never was active."""
        ...

    def due(self, now: datetime, limit: int) -> list[Collective]:
        """Those of whose households some have still to be told."""
        ...

    def untold(self, each: Collective, limit: int) -> list[str]:
        """The cases of the group, by number, that have not heard the last summary."""
        ...

    def members(self, collective_id: str) -> dict[str, Member]:
        """What is kept of the households, by case number."""
        ...

    def member(self, case_number: str, collective_id: str) -> Member:
        """What is kept of one household; a blank one when there is nothing."""
        ...

    def keep(self, member: Member) -> None:
        """Store what is kept of a household."""
        ...

    def items(self, collective_id: str) -> list[Item]:
        """The task sheet, in order."""
        ...

    def keep_item(self, item: Item) -> None:
        """Store a line of the task sheet."""
        ...

    def drop_item(self, collective_id: str, item_id: str) -> bool:
        """Take a line off the sheet; False when it is not there."""
        ...

    def count(self, each: Collective) -> Count:
        """``collective.count`` without reading every case."""
        ...

    def blank(self, case_number: str) -> int:
        """Empty the words kept of a household; returns how many had some."""
        ...
