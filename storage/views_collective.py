"""Flat reads of group cases: the list, and the households of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from casework.case import CLOSED, Status
from casework.collective import GONE, Collective, Count, State, is_done
from storage.collective import done_here, from_row
from storage.tables import cases, conversations, units
from storage.tables_supervision import collective_members, collectives
from storage.unit_of_work import SqlTransaction
from storage.views import Sight
from storage.views_cases import visible

MOST = 100  # groups on a page
MOST_HOUSEHOLDS = 2000
_NONE = (0, 0, 0)  # everybody of it has gone


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group case as the list shows it."""

    number: str
    title: str
    unit_name: str
    state: State
    at: datetime
    count: Count


@dataclass(frozen=True, slots=True)
class Household:
    """One case of a group. ``may``: this officer may open it."""

    number: str
    status: str
    done: bool
    done_on: date | None
    what: str
    may: bool


def list_groups(tx: SqlTransaction, sight: Sight, states: Collection[State]) -> list[GroupLine]:
    """Groups whose leading case this officer may see and that is not closed, the newest first."""
    query = (
        select(collectives, cases.c.title, units.c.name.label("unit_name"))
        .join(cases, cases.c.number == collectives.c.leading)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .join(units, units.c.id == cases.c.unit_id)
        .where(
            visible(sight),
            collectives.c.state.in_([state.value for state in states]),
            cases.c.status.not_in([status.value for status in CLOSED]),
        )
        .order_by(collectives.c.at.desc(), collectives.c.id)
        .limit(MOST)
    )
    rows = tx.connection.execute(query).all()
    groups = [from_row({c.name: row._mapping[c] for c in collectives.c}) for row in rows]
    count = counts(tx, groups)
    return [
        GroupLine(
            group.leading,
            row.title,
            row.unit_name,
            group.state,
            group.made_at or group.at,
            count[group.leading],
        )
        for group, row in zip(groups, rows, strict=True)
    ]


def counts(tx: SqlTransaction, groups: Collection[Collective]) -> dict[str, Count]:
    """已办 x / n of each of these groups, by the leading case, in one query: as
    ``Collectives.count`` says of one."""
    leading = [each.leading for each in groups]
    of = case((cases.c.number.in_(leading), cases.c.number), else_=cases.c.joined)
    query = (
        select(
            of.label("leading"),
            func.count().label("households"),
            func.coalesce(func.sum(case((done_here(), 1), else_=0)), 0).label("done"),
            func.count(cases.c.conversation_id.distinct()).label("reporters"),
        )
        .outerjoin(collective_members, collective_members.c.case_number == cases.c.number)
        .where(
            or_(cases.c.number.in_(leading), cases.c.joined.in_(leading)),
            cases.c.status.not_in([status.value for status in GONE]),
        )
        .group_by(of)
    )
    found = {row.leading: row for row in tx.connection.execute(query)}
    counted = {}
    for each in groups:
        row = found.get(each.leading)
        households, done, people = (row.households, int(row.done), row.reporters) if row else _NONE
        counted[each.leading] = Count(households + each.others, done + each.others_done, people)
    return counted


def progress_among(tx: SqlTransaction, numbers: Collection[str]) -> dict[str, Count]:
    """How far the active groups are to which these cases belong, by the case's number."""
    query = (
        select(collectives, cases.c.number.label("asked"))
        .join(cases, collectives.c.leading == func.coalesce(cases.c.joined, cases.c.number))
        .where(cases.c.number.in_(numbers), collectives.c.state == State.ACTIVE.value)
    )
    rows = tx.connection.execute(query).all()
    groups = {row.asked: from_row({c.name: row._mapping[c] for c in collectives.c}) for row in rows}
    found = counts(tx, {each.leading: each for each in groups.values()}.values())
    return {number: found[each.leading] for number, each in groups.items()}


def _households(sight: Sight, group: Collective) -> Select[Any]:
    kept = and_(
        collective_members.c.case_number == cases.c.number,
        collective_members.c.collective_id == group.id,
    )
    return (
        select(
            cases.c.number,
            cases.c.status,
            cases.c.round,
            collective_members.c.done_on,
            collective_members.c.round.label("of_round"),
            collective_members.c.what,
            visible(sight).label("may"),
        )
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .outerjoin(collective_members, kept)
        .where(
            or_(cases.c.number == group.leading, cases.c.joined == group.leading),
            cases.c.status.not_in([status.value for status in GONE]),
            or_(cases.c.restricted.is_(False), visible(sight)),
        )
        .order_by(cases.c.number)
        .limit(MOST_HOUSEHOLDS)
    )


def households(tx: SqlTransaction, sight: Sight, group: Collective) -> list[Household]:
    """The cases of a group, by number; those not done first. Of those this officer may not open
    only the number is told, and of restricted ones nothing."""
    found = []
    for row in tx.connection.execute(_households(sight, group)):
        marked = row.done_on is not None and row.of_round == row.round
        found.append(
            Household(
                number=row.number,
                status=row.status,
                done=is_done(Status(row.status), marked=marked),
                done_on=row.done_on if marked else None,
                what=row.what if marked and row.may else "",
                may=bool(row.may),
            )
        )
    return sorted(found, key=lambda each: (each.done, each.number))
