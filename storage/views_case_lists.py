"""Lists of cases for one officer: a register, the newest first, or what is open, due first.

Among a million and a half cases a page must not be found by looking at all of them. What an officer
may see is therefore asked for in parts, each by an index of its own (their area, what their office
owns, what is theirs, whom they hold, what they have a task about), and the parts are put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    func,
    or_,
    select,
    text,
    true,
    type_coerce,
    union,
)

from casework.case import CLOSED, OPEN
from storage.tables import OPEN_CASE, cases, conversations, officers
from storage.tables_crisis import tasks
from storage.tables_mediation import mediations
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_cases import CaseLine, line_of, lines_of, visible

_OPEN = tuple(sorted(status.value for status in OPEN))
_CLOSED = tuple(sorted(status.value for status in CLOSED))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is looked for; empty means anything. ``units`` are the grids wanted, ``unplaced`` the
    open cases that still wait for their grid; ``mine`` only what the officer owns. ``by_due`` lists
    what is open, the next to be answered first (在办台账); else all, the newest first."""

    words: str = ""
    statuses: tuple[str, ...] = ()
    category: str | None = None
    units: Select[Any] | None = None
    unplaced: bool = False
    by_due: bool = False
    mine: bool = False


def list_cases(
    tx: SqlTransaction, sight: Sight, wanted: CaseFilter, after: Sequence[Any] | None, limit: int
) -> list[CaseLine]:
    """A page of cases this officer may see, behind the key ``after`` (a moment, a number)."""
    key = cases.c.due_at if wanted.by_due else cases.c.opened_at
    conditions = _matching(wanted)
    if after is not None:
        conditions.append(_behind(key, after, ascending=wanted.by_due))
    parts = [
        _ordered(select(cases.c.number, key.label("key")).where(part, *conditions), wanted.by_due)
        .limit(limit)
        .subquery()
        for part in _parts(sight, mine=wanted.mine)
    ]
    found = union(*(select(part) for part in parts)).subquery()
    page = select(found.c.number).order_by(*_order(found.c.key, found.c.number, wanted.by_due))
    numbers = [row.number for row in tx.connection.execute(page.limit(limit))]
    if not numbers:
        return []
    rows = tx.connection.execute(lines_of().where(cases.c.number.in_(numbers)))
    lines = {line.number: line for line in map(line_of, rows)}
    return [lines[number] for number in numbers if number in lines]


def _parts(sight: Sight, *, mine: bool) -> list[ColumnElement[bool]]:
    """The conditions whose union is what the officer may see; the same as ``visible``."""
    own = cases.c.owner_id == sight.officer_id
    if mine:
        return [own]
    if sight.area is None and sight.restricted:
        return [true()]
    held = select(conversations.c.id).where(conversations.c.holder_officer_id == sight.officer_id)
    mine_or_held = [own, cases.c.conversation_id.in_(held)]
    with_task = select(tasks.c.case_number).where(tasks.c.officer_id == sight.officer_id)
    if sight.called:
        mediated = select(mediations.c.case_number).where(
            mediations.c.mediator_id == sight.officer_id, mediations.c.resident == "yes"
        )
        theirs = and_(cases.c.restricted.is_(False), cases.c.number.in_(mediated))
        return [*mine_or_held, cases.c.number.in_(with_task), theirs]
    if sight.area is None:
        area: list[ColumnElement[bool]] = [true()]
    else:
        area = [cases.c.unit_id.in_(sight.area), cases.c.org_id.in_(sight.area)]
    if sight.restricted:
        return [*area, *mine_or_held]
    open_to_area = [and_(cases.c.restricted.is_(False), each) for each in area]
    return [*open_to_area, *mine_or_held, cases.c.number.in_(with_task)]


def _behind(key: Any, after: Sequence[Any], *, ascending: bool) -> ColumnElement[bool]:
    moment, number = datetime.fromisoformat(after[0]), str(after[1])
    if ascending:
        return or_(key > moment, and_(key == moment, cases.c.number > number))
    return or_(key < moment, and_(key == moment, cases.c.number < number))


def _order(key: Any, number: Any, by_due: bool) -> tuple[Any, Any]:
    return (key, number) if by_due else (key.desc(), number.desc())


def _ordered(query: Select[Any], by_due: bool) -> Select[Any]:
    key = cases.c.due_at if by_due else cases.c.opened_at
    return query.order_by(*_order(key, cases.c.number, by_due))


def _matching(wanted: CaseFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.by_due:
        conditions += [
            text(f"cases.{OPEN_CASE}"),
            cases.c.status.in_(_OPEN),
            cases.c.due_at.is_not(None),
        ]
    if wanted.statuses:
        conditions.append(cases.c.status.in_(wanted.statuses))
    if wanted.category:
        conditions.append(cases.c.category == wanted.category)
    if wanted.unplaced:
        conditions.extend(_unplaced())
    if wanted.units is not None:
        conditions.append(cases.c.unit_id.in_(wanted.units))
    # Chinese has no spaces to index by: a substring finds what was typed, wherever it stands.
    conditions.extend(
        or_(
            cases.c.number.icontains(word, autoescape=True),
            cases.c.title.icontains(word, autoescape=True),
            type_coerce(cases.c.slots, Text).icontains(word, autoescape=True),
            cases.c.owner_id.in_(
                select(officers.c.id).where(officers.c.name.icontains(word, autoescape=True))
            ),
        )
        for word in wanted.words.split()[:5]
    )
    return conditions


def count_unplaced(tx: SqlTransaction, sight: Sight) -> int:
    """How many open cases this officer may see wait for their grid."""
    query = (
        select(func.count())
        .select_from(cases)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .where(visible(sight), *_unplaced())
    )
    return int(tx.connection.execute(query).scalar_one())


def _unplaced() -> tuple[ColumnElement[bool], ...]:
    return cases.c.placed.is_(False), cases.c.status.not_in(_CLOSED)
