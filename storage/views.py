"""Flat reads for the console's lists: plain selects, never a query per row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select

from casework.errors import NotFound
from casework.organisation import Officer, Role, Unit
from casework.turn import Turn
from storage.tables import cases, conversations, officers, turns, units
from storage.tables_crisis import tasks
from storage.turns import from_row as turn_from_row
from storage.unit_of_work import SqlTransaction
from storage.units import within

MOST_COUNTED = 10_000  # beyond this a count on screen helps nobody
IN_ONE_QUERY = 500
_crisis_rank = case(
    (conversations.c.crisis == "R3", 0),
    (conversations.c.crisis == "R2", 1),
    (conversations.c.crisis == "R1", 2),
    else_=3,
)
_ROW = (
    *(c for c in conversations.c if c.name not in ("dialogue", "chat")),
    officers.c.name.label("holder_name"),
)


CALLED = frozenset({Role.MEDIATOR, Role.VOLUNTEER})
"""Roles that see what they are called to: a helper's house lies in an area, their work does not
(civic mechanism S1-11)."""
PLACELESS = frozenset({Role.DEPARTMENT, Role.ADVISER})
"""Roles whose work does not begin with a place: they see what is given to them."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What an officer may see. ``root`` is the path of the officer's unit, with which that of all
    below begins; None is everything, blank is nothing. ``restricted``: the role sees the restricted
    cases of the area too. ``called``: they see what they are called to and nothing else, such as a
    mediator or a volunteer, who have no area. ``placeless``: their unit is no place, such as a
    department's, so that what lies nowhere yet is not theirs."""

    officer_id: str
    root: str | None
    restricted: bool = False
    called: bool = False
    placeless: bool = False

    @property
    def sees_unplaced(self) -> bool:
        """Whether what has no unit yet is theirs as well as everybody's."""
        return not (self.called or self.placeless)

    @property
    def area(self) -> Select[Any] | None:
        """The ids of the units in sight, for ``in_``; None is everything."""
        return None if self.root is None else area_below(self.root)

    def covers(self, path: str | None) -> bool:
        """Whether a unit of this path lies in the area; what has no unit yet is everybody's."""
        if self.root is None or path is None:
            return self.sees_unplaced
        return bool(self.root) and path.startswith(self.root)


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """A conversation as lists show it."""

    id: str
    channel: str
    title: str
    preview: str
    holder_kind: str
    holder_officer_id: str | None
    holder_name: str | None
    epoch: int
    category: str | None
    crisis: str
    urgent: bool
    waiting_since: datetime | None
    last_at: datetime
    last_seq: int
    seen_seq: int
    unit_id: str | None
    unreachable: str | None
    handoff_reason: str | None
    unheard: int
    language: str


def area_below(root: str) -> Select[Any]:
    """The ids of the units whose path begins with ``root``; a range of an index, however many."""
    wanted = within(units.c.path, root) if root else false()
    return select(units.c.id).where(wanted)


def sight_of(
    unit: Unit | None,
    officer: Officer,
    sees_restricted: Collection[Role] = (Role.STREET, Role.ADMIN),
) -> Sight:
    """What this officer, whose unit this is, may see now."""
    restricted = officer.role in sees_restricted
    if officer.role in CALLED:
        return Sight(officer.id, "", called=True)
    if officer.role is Role.ADMIN:
        return Sight(officer.id, None, restricted)
    root = unit.path if unit is not None else ""
    return Sight(officer.id, root, restricted, placeless=officer.role in PLACELESS)


def visible(sight: Sight) -> ColumnElement[bool]:
    """The condition on conversations: covered, held, or with a case that is covered or owned.

    A restricted one is seen by named roles of the area, and by whoever holds it, owns a
    restricted case of it or has a task about it.
    """
    open_to_area = _covered(sight)
    if not sight.restricted:
        open_to_area = and_(conversations.c.restricted.is_(False), open_to_area)
    named = or_(
        conversations.c.holder_officer_id == sight.officer_id,
        exists()
        .where(
            cases.c.conversation_id == conversations.c.id,
            cases.c.restricted.is_(True),
            cases.c.owner_id == sight.officer_id,
        )
        .correlate(conversations),
        exists()
        .where(
            tasks.c.conversation_id == conversations.c.id,
            tasks.c.officer_id == sight.officer_id,
        )
        .correlate(conversations),
    )
    return or_(open_to_area, and_(conversations.c.restricted.is_(True), named))


def _covered(sight: Sight) -> ColumnElement[bool]:
    if sight.area is None:
        return conversations.c.last_seq >= 0
    return or_(
        conversations.c.unit_id.is_(None) if sight.sees_unplaced else false(),
        conversations.c.unit_id.in_(sight.area),
        conversations.c.holder_officer_id == sight.officer_id,
        exists()
        .where(
            cases.c.conversation_id == conversations.c.id,
            or_(cases.c.owner_id == sight.officer_id, cases.c.unit_id.in_(sight.area)),
        )
        .correlate(conversations),
    )


def _in_view(sight: Sight, view: str) -> ColumnElement[bool]:
    if view == "queue":
        return and_(visible(sight), conversations.c.holder_kind == "queue")
    if view == "mine":
        return conversations.c.holder_officer_id == sight.officer_id
    # A page that was opened but never spoken on is nobody's work.
    return and_(visible(sight), conversations.c.last_seq > 0)


def _line(row: Row[Any]) -> ConversationLine:
    return ConversationLine(**{name: row._mapping[name] for name in ConversationLine.__slots__})


def _lines() -> Select[Any]:
    return select(*_ROW).outerjoin(officers, officers.c.id == conversations.c.holder_officer_id)


def queue_key(line: ConversationLine) -> list[Any]:
    """Where a line stands in the queue, as the cursor keeps it."""
    rank = {"R3": 0, "R2": 1, "R1": 2}.get(line.crisis, 3)
    waiting = line.waiting_since or line.last_at
    return [rank, waiting.isoformat(), line.id]


def list_queue(
    tx: SqlTransaction, sight: Sight, after: Sequence[Any] | None, limit: int
) -> list[ConversationLine]:
    """Waiting for a human: crisis first, then whoever has waited longest."""
    since = func.coalesce(conversations.c.waiting_since, conversations.c.last_at)
    query = _lines().where(_in_view(sight, "queue"))
    if after is not None:
        rank, moment, last_id = int(after[0]), datetime.fromisoformat(after[1]), str(after[2])
        later = or_(since > moment, and_(since == moment, conversations.c.id > last_id))
        query = query.where(or_(_crisis_rank > rank, and_(_crisis_rank == rank, later)))
    query = query.order_by(_crisis_rank, since, conversations.c.id).limit(limit)
    return [_line(row) for row in tx.connection.execute(query)]


def list_recent(
    tx: SqlTransaction, sight: Sight, view: str, after: Sequence[Any] | None, limit: int
) -> list[ConversationLine]:
    """``mine`` or ``all``, the newest line first."""
    query = _lines().where(_in_view(sight, view))
    if after is not None:
        moment, last_id = datetime.fromisoformat(after[0]), str(after[1])
        column = conversations.c.last_at
        query = query.where(
            or_(column < moment, and_(column == moment, conversations.c.id < last_id))
        )
    query = query.order_by(conversations.c.last_at.desc(), conversations.c.id.desc())
    return [_line(row) for row in tx.connection.execute(query.limit(limit))]


def count_views(tx: SqlTransaction, sight: Sight) -> dict[str, int]:
    """How many conversations each view holds, up to ``MOST_COUNTED``."""
    counts = {}
    for view in ("queue", "mine", "all"):
        some = select(conversations.c.id).where(_in_view(sight, view)).limit(MOST_COUNTED)
        found = tx.connection.execute(select(func.count()).select_from(some.subquery()))
        counts[view] = int(found.scalar_one())
    return counts


def get_line(tx: SqlTransaction, sight: Sight, conversation_id: str) -> ConversationLine:
    """One conversation. Raises NotFound when there is none this officer may see."""
    query = _lines().where(conversations.c.id == conversation_id, visible(sight))
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _line(row)


def chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    """The ids, each once, in pieces a query can take."""
    rest = list(dict.fromkeys(ids))
    return (rest[start : start + IN_ONE_QUERY] for start in range(0, len(rest), IN_ONE_QUERY))


def case_numbers(tx: SqlTransaction, ids: Collection[str]) -> dict[str, list[str]]:
    """The case numbers of each conversation."""
    found: dict[str, list[str]] = {}
    for some in chunks(ids):
        query = (
            select(cases.c.conversation_id, cases.c.number)
            .where(cases.c.conversation_id.in_(some))
            .order_by(cases.c.opened_at, cases.c.number)
        )
        for row in tx.connection.execute(query):
            found.setdefault(row.conversation_id, []).append(row.number)
    return found


def latest_turns(
    tx: SqlTransaction, conversation_id: str, limit: int, before: int | None = None
) -> list[Turn]:
    """The last turns (before a seq), in order."""
    query = select(turns).where(turns.c.conversation_id == conversation_id)
    if before is not None:
        query = query.where(turns.c.seq < before)
    rows = tx.connection.execute(query.order_by(turns.c.seq.desc()).limit(limit)).all()
    return [turn_from_row(row._asdict()) for row in reversed(rows)]


def turns_by_id(tx: SqlTransaction, ids: Collection[str]) -> dict[str, Turn]:
    """These turns, by id."""
    found = {}
    for some in chunks(ids):
        for row in tx.connection.execute(select(turns).where(turns.c.id.in_(some))):
            turn = turn_from_row(row._asdict())
            found[turn.id] = turn
    return found


class OfficerNames(Mapping[str, str]):
    """Every officer's name by id, former ones too; each is looked up when it is first asked for,
    within the transaction."""

    def __init__(self, tx: SqlTransaction) -> None:
        self._tx = tx
        self._known: dict[str, str | None] = {}

    def __getitem__(self, officer_id: str) -> str:
        """Raises KeyError."""
        if officer_id not in self._known:
            self._known[officer_id] = names_among(self._tx, [officer_id]).get(officer_id)
        name = self._known[officer_id]
        if name is None:
            raise KeyError(officer_id)
        return name

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> list[str]:
        return list(self._tx.connection.execute(select(officers.c.id)).scalars())


def officer_names(tx: SqlTransaction) -> Mapping[str, str]:
    """Every officer's name by id, former ones too; not to be used after the transaction."""
    return OfficerNames(tx)


def names_among(tx: SqlTransaction, ids: Iterable[str]) -> dict[str, str]:
    """The names of those of these ids that are officers'."""
    found: dict[str, str] = {}
    for some in chunks(ids):
        rows = tx.connection.execute(
            select(officers.c.id, officers.c.name).where(officers.c.id.in_(some))
        )
        found |= {row.id: row.name for row in rows}
    return found


def last_seqs(tx: SqlTransaction, ids: Collection[str]) -> dict[str, int]:
    """The last turn's seq of each conversation."""
    found = {}
    for some in chunks(ids):
        query = select(conversations.c.id, conversations.c.last_seq)
        for row in tx.connection.execute(query.where(conversations.c.id.in_(some))):
            found[row.id] = row.last_seq
    return found
