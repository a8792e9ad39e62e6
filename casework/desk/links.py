"""Verbs on links: put up, take down."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework import duty
from casework import links as rules
from casework.desk.conversations import actor_of
from casework.errors import NotAllowed, NotFound
from casework.events import SYSTEM, Event, Kind
from casework.links import Link
from casework.organisation import Officer
from casework.ports import Transaction


def put_up(tx: Transaction, link: Link, officer: Officer | None, now: datetime) -> Link:
    """A new link. ``officer`` is None at the command line, where nobody is logged in.

    Raises NotFound for an unknown unit, NotAllowed outside the officer's area, Incomplete.
    """
    if tx.people.unit(link.unit_id) is None:
        raise NotFound
    _require(tx, link.unit_id, officer)
    made = rules.checked(replace(link, made_at=now, made_by=officer.id if officer else None))
    tx.links.add(made)
    _note(tx, Kind.LINK_MADE, made, officer, now)
    return made


def take_down(tx: Transaction, link_id: str, officer: Officer | None, now: datetime) -> Link:
    """The link no longer counts; taking it down again changes nothing. Raises NotFound, NotAllowed.

    Cases it led to stay as they are.
    """
    link = tx.links.get(link_id, lock=True)
    _require(tx, link.unit_id, officer)
    if link.revoked_at is not None:
        return link
    revoked = replace(link, revoked_at=now)
    tx.links.save(revoked)
    _note(tx, Kind.LINK_REVOKED, revoked, officer, now)
    return revoked


def _require(tx: Transaction, unit_id: str, officer: Officer | None) -> None:
    if officer is None:
        return
    if not rules.may_make(officer) or not duty.covers(tx, officer, unit_id):
        raise NotAllowed


def _note(tx: Transaction, kind: Kind, link: Link, officer: Officer | None, now: datetime) -> None:
    actor = actor_of(officer) if officer is not None else SYSTEM
    tx.events.append(Event(kind, now, actor, data={"link": link.id, "unit": link.unit_id}))
