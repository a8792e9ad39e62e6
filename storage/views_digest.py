"""Flat reads for the digest: ids, categories, places of ours and numbers, no resident's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from casework.case import OPEN, SlotValue, Status
from casework.desk.cases import place_text
from casework.digest import HISTORY, SERIOUS
from casework.digest_facts import CaseFact, Facts, Happened, TalkFact
from casework.events import Kind
from casework.naming import longest_name
from casework.organisation import Place
from storage.tables import cases, conversations, events
from storage.unit_of_work import SqlTransaction

OUTCOMES = (Kind.CASE_RESOLVED, Kind.CASE_CONFIRMED, Kind.CASE_LAPSED, Kind.CASE_REOPENED)


def digest_facts(tx: SqlTransaction, now: datetime, since: datetime) -> Facts:
    """What all digests of this moment are made from; the day they tell of began at ``since``."""
    return Facts(
        now=now,
        since=since,
        cases=_cases(tx.connection, tx.places.all(), now),
        talks=_talks(tx.connection, since),
        happened=_happened(tx.connection, since),
    )


def _cases(connection: Connection, places: list[Place], now: datetime) -> tuple[CaseFact, ...]:
    """Open ones, and those filed or closed not long ago."""
    recent = now - HISTORY
    query = select(
        cases.c.number,
        cases.c.conversation_id,
        cases.c.category,
        cases.c.status,
        cases.c.unit_id,
        cases.c.urgent,
        cases.c.crisis,
        cases.c.filed_at,
        cases.c.due_at,
        cases.c.closed_at,
        cases.c.rating,
        cases.c.slots,
        cases.c.restricted,
    ).where(
        cases.c.filed_at.is_not(None),
        or_(
            cases.c.status.in_([each.value for each in OPEN]),
            cases.c.filed_at >= recent,
            cases.c.closed_at >= recent,
        ),
    )
    named = {name: each.name for each in places for name in (each.name, *each.aliases)}
    return tuple(_case(row, named) for row in connection.execute(query))


def _case(found: Any, named: Mapping[str, str]) -> CaseFact:
    row = found._mapping
    values = {name: row[name] for name in CaseFact.__slots__ if name not in ("status", "place")}
    slots = {name: SlotValue(value.get("value")) for name, value in row["slots"].items()}
    place = longest_name(place_text(slots), named)
    return CaseFact(status=Status(row["status"]), place=named.get(place or ""), **values)


def _talks(connection: Connection, since: datetime) -> tuple[TalkFact, ...]:
    serious = conversations.c.crisis.in_(sorted(SERIOUS))
    raised = set(
        connection.execute(
            select(events.c.conversation_id).where(
                events.c.conversation_id.in_(select(conversations.c.id).where(serious)),
                events.c.kind == Kind.CRISIS_RAISED.value,
                events.c.at >= since,
            )
        ).scalars()
    )
    query = select(
        conversations.c.id,
        conversations.c.unit_id,
        conversations.c.crisis,
        conversations.c.holder_kind,
        conversations.c.waiting_since,
        conversations.c.restricted,
    ).where(or_(serious, conversations.c.holder_kind == "queue"))
    return tuple(
        TalkFact(
            conversation_id=row.id,
            unit_id=row.unit_id,
            crisis=row.crisis,
            alarmed=row.holder_kind != "bot" or row.id in raised,
            waiting_since=row.waiting_since if row.holder_kind == "queue" else None,
            restricted=row.restricted,
        )
        for row in connection.execute(query)
    )


def _happened(connection: Connection, since: datetime) -> tuple[Happened, ...]:
    """By way of the cases that changed: a case's events are found by its number, not by time."""
    query = (
        select(events.c.kind, events.c.case_number, cases.c.unit_id, cases.c.restricted)
        .join(cases, cases.c.number == events.c.case_number)
        .where(
            cases.c.changed_at >= since,
            events.c.at >= since,
            events.c.kind.in_([kind.value for kind in OUTCOMES]),
        )
    )
    return tuple(
        Happened(Kind(row.kind), row.case_number, row.unit_id, row.restricted)
        for row in connection.execute(query)
    )
