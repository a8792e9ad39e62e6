"""Verbs on digests: queue one for a group's admins, give one up, vouch for a group."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time

from casework.desk.conversations import actor_of
from casework.digest import next_due
from casework.errors import NotAllowed
from casework.events import SYSTEM, Event, Kind
from casework.groups import CODE_LIFE, Binding, Group, code_hash
from casework.organisation import Officer
from casework.outbox import OutgoingMessage
from casework.ports import Transaction

TITLE_LENGTH = 120  # characters


def send(
    tx: Transaction,
    group: Group,
    admins: Iterable[str],
    text: str,
    now: datetime,
    next_at: datetime,
) -> bool:
    """Queue the group's digest for each admin's own chat; False when another clock did."""
    if not tx.groups.claim_digest(group, next_at):
        return False
    chats = sorted(set(admins))
    for chat in chats:
        tx.outbox.add(
            OutgoingMessage(
                id=0, channel=group.channel, chat=chat, text=text, created_at=now, due_at=now
            )
        )
    data = {"group": group.id, "unit": group.unit_id, "admins": len(chats)}
    tx.events.append(Event(Kind.DIGEST_SENT, now, SYSTEM, data=data))
    return True


def give_up(tx: Transaction, group: Group, reason: str, now: datetime, next_at: datetime) -> bool:
    """Nobody could be told; the officer who bound the group is shown so. ``reason`` is a code."""
    if not tx.groups.claim_digest(group, next_at):
        return False
    data = {
        "group": group.id,
        "unit": group.unit_id,
        "officer": group.bound_by,
        "reason": reason,
    }
    tx.events.append(Event(Kind.DIGEST_UNSENT, now, SYSTEM, data=data))
    return True


def vouch(tx: Transaction, officer: Officer, code: str, now: datetime) -> datetime:
    """Keep a fresh one-time code with which a group binds to the officer's unit; gives its end."""
    if not officer.active:
        raise NotAllowed
    expires_at = now + CODE_LIFE
    tx.groups.add_code(code_hash(code), officer.id, expires_at)
    return expires_at


def link_officer(tx: Transaction, code: str, channel: str, chat: str, now: datetime) -> bool:
    """The officer whose code this is will be told of danger in this chat; False for no valid one.

    The code is used up, and only once.
    """
    officer_id = tx.groups.take_code(code_hash(code), now)
    officer = tx.people.officer(officer_id) if officer_id is not None else None
    if officer is None or not officer.active:
        return False
    tx.alerts.link_chat(officer.id, channel, chat, now)
    tx.events.append(Event(Kind.OFFICER_LINKED, now, actor_of(officer), data={"channel": channel}))
    return True


def bind(
    tx: Transaction, code: str, channel: str, chat: str, title: str, now: datetime, at: time
) -> Group | None:
    """Bind a group to the unit of the officer whose code this is; None when it is not valid.

    ``at`` is the local time of the digest. The code is used up, and only once.
    """
    officer_id = tx.groups.take_code(code_hash(code), now)
    officer = tx.people.officer(officer_id) if officer_id is not None else None
    if officer is None or not officer.active:
        return None
    group = tx.groups.bind(
        Binding(
            channel=channel,
            chat=chat,
            title=title[:TITLE_LENGTH],
            unit_id=officer.unit_id,
            officer_id=officer.id,
            at=now,
            next_at=next_due(now, at),
        )
    )
    data = {"group": group.id, "unit": group.unit_id}
    tx.events.append(Event(Kind.GROUP_BOUND, now, actor_of(officer), data=data))
    return group
