"""Work orders, saved under the version they were read at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    insert,
    literal_column,
    or_,
    select,
    text,
    update,
)

from casework.case import (
    CLOSED,
    OPEN,
    UNFOLLOWING,
    Case,
    Outline,
    SlotValue,
    Source,
    Status,
    Supervision,
)
from casework.clocks import next_moment
from casework.copying import replace
from casework.errors import NotFound, VersionConflict
from storage.counters import advance
from storage.prepared import Prepared, Row
from storage.tables import FOLLOWING, cases

# Case numbers carry the local day; the service works in one country with one zone.
ZONE = ZoneInfo("Asia/Shanghai")
_SLOT = tuple(f.name for f in fields(SlotValue))
_NAMES = tuple(f.name for f in fields(Case))
_fields = attrgetter(*_NAMES)
_COMPARED = [cases.c[each.name] for each in fields(Outline)]
_BESIDE = tuple({c.name for c in cases.c} - {f.name for f in fields(Case)})
_SELECT = select(cases).where(cases.c.number == bindparam("wanted"))
_GET = Prepared(_SELECT, cases)
_GET_LOCKED = Prepared(_SELECT.with_for_update(), cases)
_CONVERSATION_OF = Prepared(
    select(cases.c.conversation_id).where(cases.c.number == bindparam("wanted")),
    [cases.c.conversation_id],
)
_OF = Prepared(
    select(cases)
    .where(cases.c.conversation_id == bindparam("within"))
    .order_by(cases.c.opened_at, cases.c.number),
    cases,
)
_JOINED_TO = Prepared(
    select(cases).where(cases.c.joined == bindparam("leading")).order_by(cases.c.number), cases
)
_INSERT = Prepared(insert(cases))


@lru_cache(maxsize=64)  # an area has so many units for days on end
def _nearby(units: int) -> Prepared:
    within: list[BindParameter[str]] = [bindparam(f"unit_{at}") for at in range(units)]
    query = (
        select(*_COMPARED)
        .where(
            cases.c.unit_id.in_(within),
            cases.c.category == bindparam("of_category"),
            cases.c.opened_at >= bindparam("opened"),
            cases.c.status.in_([literal_column(f"'{status.value}'") for status in sorted(OPEN)]),
        )
        .order_by(cases.c.opened_at.desc(), cases.c.number.desc())
        .limit(bindparam("most"))
    )
    return Prepared(query, _COMPARED)


def from_row(data: Row) -> Case:
    """A table row as a case."""
    given = dict(data)
    for name in _BESIDE:
        del given[name]
    given["status"] = Status(data["status"])
    given["slots"] = _slots(data)
    given["linked"], given["proof"] = tuple(data["linked"]), tuple(data["proof"])
    given["level_dues"] = tuple(map(datetime.fromisoformat, data["level_dues"]))
    given["source"], given["supervision"] = Source(data["source"]), Supervision(data["supervision"])
    return Case(**given)


def _outline(data: Row) -> Outline:
    return Outline(**{**data, "status": Status(data["status"]), "slots": _slots(data)})


def _slots(data: Row) -> dict[str, SlotValue]:
    return {name: SlotValue(**value) for name, value in data["slots"].items()}


def _slot(slot: SlotValue) -> dict[str, Any]:
    """As ``asdict``, without its deep copies: this runs for every save."""
    return {name: getattr(slot, name) for name in _SLOT}


_SHAPES: dict[str, Callable[[Case], Any]] = {
    "status": lambda case: case.status.value,
    "slots": lambda case: {name: _slot(value) for name, value in case.slots.items()},
    "linked": lambda case: list(case.linked),
    "level_dues": lambda case: [moment.isoformat() for moment in case.level_dues],
    "proof": lambda case: list(case.proof),
    "source": lambda case: case.source.value,
    "supervision": lambda case: case.supervision.value,
}


def _values(case: Case, changed_at: datetime, names: Iterable[str] = _NAMES) -> dict[str, Any]:
    """These of a case's fields as columns, and what is kept beside them."""
    values = {
        name: getattr(case, name) if (shape := _SHAPES.get(name)) is None else shape(case)
        for name in names
    }
    return {**values, "next_at": next_moment(case), "changed_at": changed_at}


@lru_cache(maxsize=512)  # each verb changes the same few columns every time
def _saving(names: tuple[str, ...]) -> Prepared:
    """The update of these columns. What did not change stays out of it: SQLite would take it out
    of every index it stands in and put it back."""
    return Prepared(
        update(cases)
        .where(cases.c.number == bindparam("wanted"), cases.c.version == bindparam("known"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )


class SqlCases:
    """casework.ports.Cases on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read: dict[str, Case] = {}
        """Cases as they were last read or saved here."""
        self._ours: set[str] = set()
        """Those nobody else can change before this transaction ends."""
        self._all_ours = connection.dialect.name == "sqlite"  # one writer, readers on a snapshot

    def next_number(self, now: datetime) -> str:
        """JS, the local day, and the day's running number: ``JS261122-0007``."""
        day = now.astimezone(ZONE).strftime("%y%m%d")
        return f"JS{day}-{advance(self._connection, f'case:{day}'):04d}"

    def _noted(self, case: Case, *, ours: bool = True) -> Case:
        self._read[case.number] = case
        if ours or self._all_ours:
            self._ours.add(case.number)
        return case

    def add(self, case: Case) -> None:
        """Store a new one."""
        _INSERT.run(self._connection, _values(case, case.opened_at))
        self._noted(case)

    def get(self, number: str, *, lock: bool = False) -> Case:
        """Raises NotFound. Once it is locked, nobody else changes it and it is not read again."""
        if number in self._ours:
            return self._read[number]
        query = _GET_LOCKED if lock else _GET
        found = query.rows(self._connection, {"wanted": number})
        if not found:
            raise NotFound
        return self._noted(from_row(found[0]), ours=lock)

    def conversation_of(self, number: str) -> str:
        """The id of the conversation it was told in. Raises NotFound."""
        if number in self._read:
            return self._read[number].conversation_id
        found = _CONVERSATION_OF.rows(self._connection, {"wanted": number})
        if not found:
            raise NotFound
        conversation_id: str = found[0]["conversation_id"]
        return conversation_id

    def save(self, case: Case, at: datetime) -> Case:
        """Save under ``case.version``; raises VersionConflict. Only what changed is written."""
        saved = replace(case, version=case.version + 1)
        known, names = self._read.get(case.number), _NAMES
        if known is not None and known.version == case.version:
            both = zip(_NAMES, _fields(saved), _fields(known), strict=True)
            names = tuple(name for name, new, old in both if new != old)
        new = _values(saved, at, names)
        named = {f"new_{name}": value for name, value in new.items()}
        given = {"wanted": case.number, "known": case.version, **named}
        if _saving(tuple(new)).run(self._connection, given) != 1:
            raise VersionConflict
        return self._noted(saved)

    def of_conversation(self, conversation_id: str) -> list[Case]:
        """All cases of one conversation, oldest first."""
        found = _OF.rows(self._connection, {"within": conversation_id})
        return [from_row(row) for row in found]

    def of_owner(self, owner_id: str) -> list[Case]:
        """The cases of this officer that are not closed, by number."""
        mine = cases.c.owner_id == owner_id, cases.c.closed_at.is_(None)
        query = select(cases).where(*mine).order_by(cases.c.number)
        return [from_row(row._asdict()) for row in self._connection.execute(query)]

    def nearby(
        self, category: str, unit_ids: Sequence[str], since: datetime, limit: int
    ) -> list[Outline]:
        """Cases of a category in these units being worked on, opened since; newest first."""
        named = {f"unit_{at}": unit_id for at, unit_id in enumerate(unit_ids)}
        wanted = {**named, "of_category": category, "opened": since, "most": limit}
        return [_outline(row) for row in _nearby(len(named)).rows(self._connection, wanted)]

    def joined_to(self, number: str) -> list[Case]:
        """The cases that follow this one, by number."""
        return [from_row(row) for row in _JOINED_TO.rows(self._connection, {"leading": number})]

    def lagging(self, limit: int) -> list[Case]:
        """Joined cases that can move and have not followed the latest change of their leader."""
        leading = cases.alias("leading")
        query = (
            select(cases)
            .join(leading, leading.c.number == cases.c.joined)
            .where(
                text(f"cases.{FOLLOWING.replace(' AND ', ' AND cases.')}"),
                cases.c.followed < leading.c.version,
                cases.c.status.not_in([s.value for s in UNFOLLOWING]),
            )
            .order_by(cases.c.number)
            .limit(limit)
        )
        return [from_row(row._asdict()) for row in self._connection.execute(query)]

    def _list(self, *conditions: Any, limit: int) -> list[Case]:
        query = select(cases).where(*conditions).order_by(cases.c.opened_at).limit(limit)
        return [from_row(row._asdict()) for row in self._connection.execute(query)]

    def open_cases(self, limit: int = 1000) -> list[Case]:
        """Cases somebody has to work on."""
        return self._list(cases.c.status.in_([s.value for s in OPEN]), limit=limit)

    def open_in(self, unit_id: str) -> list[Case]:
        """Cases that are not closed and lie in this very unit or are owned by it."""
        here = or_(cases.c.unit_id == unit_id, cases.c.org_id == unit_id)
        alive = cases.c.status.not_in([status.value for status in CLOSED])
        query = select(cases).where(here, alive).order_by(cases.c.opened_at, cases.c.number)
        return [from_row(row._asdict()) for row in self._connection.execute(query)]

    def stale_drafts(self, before: datetime, limit: int) -> list[Case]:
        """Drafts nobody touched since ``before``."""
        drafts = cases.c.status == Status.DRAFT.value
        return self._list(drafts, cases.c.changed_at < before, limit=limit)

    def awaiting_answer(self, before: datetime, limit: int) -> list[Case]:
        """Cases reported done before ``before`` that the resident has not answered."""
        waiting = cases.c.status == Status.DONE_WAIT.value
        return self._list(waiting, cases.c.changed_at < before, limit=limit)
