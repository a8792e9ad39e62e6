"""Group cases, their households and task sheets, on SQL and in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from casework import collective as rules
from casework.case import OPEN, Case
from casework.collective import ANSWERED, GONE, Collective, Count, Item, Member, State
from casework.errors import VersionConflict
from storage.prepared import Prepared
from storage.tables import cases
from storage.tables_supervision import (
    LOOKED_AT,
    collective_items,
    collective_members,
    collectives,
)

if TYPE_CHECKING:
    from storage.memory import Tables

_LOOKED_AT = text(LOOKED_AT)  # word for word what the partial index says
_OF = select(collectives).where(collectives.c.leading == bindparam("of_case"))
_FOUND = Prepared(_OF, collectives)
_LOCKED = Prepared(_OF.with_for_update(), collectives)
_GONE = [status.value for status in sorted(GONE)]


def _alive(leading: str) -> ColumnElement[bool]:
    """The leading case and those that follow it, those gone left out."""
    within = or_(cases.c.number == leading, cases.c.joined == leading)
    return and_(within, cases.c.status.not_in(_GONE))


def done_here() -> ColumnElement[bool]:
    """``casework.collective.is_done`` as a condition on cases joined with members."""
    marked = and_(
        cases.c.status.in_([status.value for status in sorted(OPEN)]),
        collective_members.c.done_on.is_not(None),
        collective_members.c.round == cases.c.round,
    )
    return or_(cases.c.status.in_([status.value for status in sorted(ANSWERED)]), marked)


class SqlCollectives:
    """casework.collective.Collectives on a SQL connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, each: Collective) -> None:
        """Store a new one."""
        self._connection.execute(insert(collectives), _values(each))

    def of(self, leading: str, *, lock: bool = False) -> Collective | None:
        """That of a leading case."""
        query = _LOCKED if lock else _FOUND
        found = query.rows(self._connection, {"of_case": leading})
        return from_row(found[0]) if found else None

    def save(self, each: Collective) -> Collective:
        """Raises VersionConflict."""
        saved = replace(each, version=each.version + 1)
        which = and_(collectives.c.id == each.id, collectives.c.version == each.version)
        done = self._connection.execute(update(collectives).where(which).values(_values(saved)))
        if done.rowcount != 1:
            raise VersionConflict
        return saved

    def drop(self, each: Collective) -> None:
        """It has no members and no sheet."""
        self._connection.execute(delete(collectives).where(collectives.c.id == each.id))

    def due(self, now: datetime, limit: int) -> list[Collective]:
        """The earliest first."""
        query = select(collectives).where(_LOOKED_AT, collectives.c.next_at <= now)
        query = query.order_by(collectives.c.next_at, collectives.c.id).limit(limit)
        return [from_row(row._asdict()) for row in self._connection.execute(query)]

    def untold(self, each: Collective, limit: int) -> list[str]:
        """By number."""
        heard = func.coalesce(collective_members.c.told, 0)
        query = (
            select(cases.c.number)
            .outerjoin(collective_members, collective_members.c.case_number == cases.c.number)
            .where(_alive(each.leading), heard < each.told)
            .order_by(cases.c.number)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def members(self, collective_id: str) -> dict[str, Member]:
        """By case number."""
        query = select(collective_members)
        rows = self._connection.execute(
            query.where(collective_members.c.collective_id == collective_id)
        )
        return {row.case_number: Member(**row._asdict()) for row in rows}

    def member(self, case_number: str, collective_id: str) -> Member:
        """A blank one when there is nothing."""
        query = select(collective_members)
        row = self._connection.execute(
            query.where(collective_members.c.case_number == case_number)
        ).one_or_none()
        if row is None or row.collective_id != collective_id:
            return Member(case_number, collective_id)
        return Member(**row._asdict())

    def keep(self, member: Member) -> None:
        """Replace what is kept of it."""
        mine = collective_members.c.case_number == member.case_number
        values = asdict(member)
        done = self._connection.execute(update(collective_members).where(mine).values(values))
        if done.rowcount == 0:
            self._connection.execute(insert(collective_members), values)

    def items(self, collective_id: str) -> list[Item]:
        """In order."""
        query = select(collective_items)
        query = query.where(collective_items.c.collective_id == collective_id)
        query = query.order_by(collective_items.c.position, collective_items.c.id)
        return [Item(**row._asdict()) for row in self._connection.execute(query)]

    def keep_item(self, item: Item) -> None:
        """Replace it, or store a new one."""
        mine = collective_items.c.id == item.id
        values = asdict(item)
        done = self._connection.execute(update(collective_items).where(mine).values(values))
        if done.rowcount == 0:
            self._connection.execute(insert(collective_items), values)

    def drop_item(self, collective_id: str, item_id: str) -> bool:
        """False when it is not there."""
        mine = collective_items.c.id == item_id
        within = collective_items.c.collective_id == collective_id
        done = self._connection.execute(delete(collective_items).where(mine, within))
        return done.rowcount == 1

    def count(self, each: Collective) -> Count:
        """In one query."""
        query = (
            select(
                func.count(),
                func.coalesce(func.sum(case((done_here(), 1), else_=0)), 0),
                func.count(cases.c.conversation_id.distinct()),
            )
            .select_from(cases)
            .outerjoin(collective_members, collective_members.c.case_number == cases.c.number)
            .where(_alive(each.leading))
        )
        households, done, people = self._connection.execute(query).one()
        return Count(households + each.others, int(done) + each.others_done, people)

    def blank(self, case_number: str) -> int:
        """Empty the words."""
        mine = and_(
            collective_members.c.case_number == case_number, collective_members.c.what != ""
        )
        done = self._connection.execute(update(collective_members).where(mine).values(what=""))
        return done.rowcount


def from_row(data: Mapping[str, Any]) -> Collective:
    """A table row as a group."""
    return Collective(**{**data, "state": State(data["state"])})


def _values(each: Collective) -> dict[str, Any]:
    return {**asdict(each), "state": each.state.value}


@dataclass(slots=True)
class CollectiveRows:
    """All rows there are."""

    collectives: dict[str, Collective] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)

    def __copy__(self) -> CollectiveRows:
        return CollectiveRows(dict(self.collectives), dict(self.members), dict(self.items))


class MemoryCollectives:
    """The same in memory."""

    def __init__(self, tables: Tables) -> None:
        self._cases = tables.cases
        self._rows = tables.collectives.collectives
        self._members = tables.collectives.members
        self._items = tables.collectives.items

    def add(self, each: Collective) -> None:
        """Store a new one."""
        self._rows[each.id] = each

    def of(self, leading: str, *, lock: bool = False) -> Collective | None:  # noqa: ARG002
        """That of a leading case."""
        return next((each for each in self._rows.values() if each.leading == leading), None)

    def save(self, each: Collective) -> Collective:
        """Raises VersionConflict."""
        if self._rows[each.id].version != each.version:
            raise VersionConflict
        self._rows[each.id] = saved = replace(each, version=each.version + 1)
        return saved

    def drop(self, each: Collective) -> None:
        """It has no members and no sheet."""
        del self._rows[each.id]

    def due(self, now: datetime, limit: int) -> list[Collective]:
        """The earliest first."""
        found = [(each.next_at, each.id) for each in self._rows.values() if each.next_at]
        return [self._rows[each_id] for at, each_id in sorted(found) if at <= now][:limit]

    def untold(self, each: Collective, limit: int) -> list[str]:
        """By number."""
        numbers = sorted(found.number for found in self._group(each.leading))
        return [n for n in numbers if self.member(n, each.id).told < each.told][:limit]

    def members(self, collective_id: str) -> dict[str, Member]:
        """By case number."""
        found = self._members.values()
        return {each.case_number: each for each in found if each.collective_id == collective_id}

    def member(self, case_number: str, collective_id: str) -> Member:
        """A blank one when there is nothing."""
        found = self._members.get(case_number)
        if found is None or found.collective_id != collective_id:
            return Member(case_number, collective_id)
        return found

    def keep(self, member: Member) -> None:
        """Replace what is kept of it."""
        self._members[member.case_number] = member

    def items(self, collective_id: str) -> list[Item]:
        """In order."""
        found = [each for each in self._items.values() if each.collective_id == collective_id]
        return sorted(found, key=lambda each: (each.position, each.id))

    def keep_item(self, item: Item) -> None:
        """Replace it, or store a new one."""
        self._items[item.id] = item

    def drop_item(self, collective_id: str, item_id: str) -> bool:
        """False when it is not there."""
        found = self._items.get(item_id)
        if found is None or found.collective_id != collective_id:
            return False
        del self._items[item_id]
        return True

    def count(self, each: Collective) -> Count:
        """By the rule."""
        return rules.count(each, self._group(each.leading), self.members(each.id))

    def blank(self, case_number: str) -> int:
        """Empty the words."""
        found = self._members.get(case_number)
        if found is None or not found.what:
            return 0
        self._members[case_number] = replace(found, what="")
        return 1

    def _group(self, leading: str) -> list[Case]:
        found = [c for c, _ in self._cases.values() if leading in (c.number, c.joined)]
        return [each for each in found if each.status not in GONE]
