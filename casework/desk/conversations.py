"""Verbs on conversations: receive, speak, hand off, take over, reply, release, note."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from casework import conversation as rules
from casework.channels import is_push
from casework.conversation import Conversation, Holder, HolderKind
from casework.copying import replace
from casework.desk import albums
from casework.errors import Incomplete, NotAllowed, StillSpeaking
from casework.events import BOT, RESIDENT, Actor, ActorKind, Event, Kind
from casework.organisation import Officer, Role
from casework.ports import Transaction
from casework.turn import Inbound, Line, Speaker, Turn

PREVIEW_LENGTH = 60
NEVER_HOLD = frozenset({Role.AUDITOR, Role.VOLUNTEER})
MAY_FORCE = frozenset({Role.COMMUNITY, Role.STREET, Role.ADMIN})


def actor_of(officer: Officer) -> Actor:
    """The officer as an event's actor."""
    return Actor(ActorKind.OFFICER, officer.id, officer.name, officer.role)


def _note(
    tx: Transaction, kind: Kind, at: datetime, actor: Actor, conversation: Conversation, **data: Any
) -> None:
    tx.events.append(Event(kind, at, actor, conversation.id, data=data))


def open_conversation(
    tx: Transaction, channel: str, chat: str, title: str, now: datetime
) -> Conversation:
    """A chat's conversation, opened when it is the chat's first line."""
    known = tx.conversations.of_chat(channel, chat, lock=True)
    if known is not None:
        return known
    opened = Conversation(
        id=tx.new_id(), channel=channel, chat=chat, created_at=now, last_at=now, title=title[:80]
    )
    tx.conversations.add(opened)
    _note(tx, Kind.CONVERSATION_OPENED, now, RESIDENT, opened, channel=channel)
    return opened


def receive(tx: Transaction, inbound: Inbound) -> tuple[Conversation, Turn, bool]:
    """Store a resident's line once; the third value tells whether it is new.

    The unique (channel, external id) decides, not timing: the conversation's row is locked first,
    so two deliveries of one update meet here one after the other.
    """
    if inbound.conversation_id is not None:
        conversation = tx.conversations.get(inbound.conversation_id, lock=True)
    else:
        conversation = open_conversation(
            tx, inbound.channel, inbound.chat, inbound.sender_name, inbound.at
        )
    if inbound.album is not None:
        line = albums.joined(tx, conversation, inbound)
        if line is not None:
            return conversation, line, False
        if tx.turns.by_external(inbound.channel, inbound.album) is None:
            inbound = albums.as_first(inbound)
    known = tx.turns.by_external(inbound.channel, inbound.external_id)
    if known is not None:
        return conversation, known, False
    epoch = conversation.epoch
    conversation, turn = tx.turns.add_received(conversation, inbound)
    for media in inbound.media:
        tx.files.add(media, conversation.id, inbound.at)
    preview = inbound.text.strip()[:PREVIEW_LENGTH] or conversation.preview
    waiting = conversation.holder.kind is HolderKind.QUEUE
    conversation = replace(
        conversation,
        preview=preview,
        unreachable=None,
        title=conversation.title or inbound.sender_name[:80],
        waiting_since=(conversation.waiting_since or inbound.at) if waiting else None,
    )
    tx.conversations.save(conversation, epoch)
    _note(
        tx, Kind.TURN_RECEIVED, inbound.at, RESIDENT, conversation, turn=turn.id, turn_seq=turn.seq
    )
    return conversation, turn, True


def say(
    tx: Transaction,
    conversation: Conversation,
    lines: Sequence[Line],
    now: datetime,
    *,
    officer: Officer | None = None,
    external_id: str | None = None,
    hold_until: datetime | None = None,
) -> tuple[Conversation, tuple[Turn, ...]]:
    """Add outgoing lines under the conversation's epoch. The caller saves the conversation.

    With ``hold_until`` a push channel sends them then, or with the next line that is sent at once:
    whoever is answered is awake, and lines keep their order.
    """
    speaker = Speaker.OFFICER if officer else Speaker.BOT
    conversation, turns = tx.turns.add_spoken(
        conversation,
        lines,
        speaker,
        now,
        officer_id=officer.id if officer else None,
        external_id=external_id,
        push=is_push(conversation.channel),
        hold_until=hold_until,
    )
    actor = actor_of(officer) if officer else BOT
    for turn in turns:
        _note(tx, Kind.TURN_SENT, now, actor, conversation, turn=turn.id, turn_seq=turn.seq)
    return conversation, turns


def hand_off(
    tx: Transaction, conversation: Conversation, reason: str, now: datetime
) -> Conversation:
    """The bot asks for a human. The caller saves the conversation."""
    handed = rules.hand_off(conversation, reason, now)
    if handed.epoch != conversation.epoch:
        _note(tx, Kind.HANDED_OFF, now, BOT, handed, reason=reason, epoch=handed.epoch)
    return handed


def take_over(
    tx: Transaction,
    conversation_id: str,
    officer: Officer,
    now: datetime,
    *,
    force: bool = False,
    insist: bool = False,
) -> Conversation:
    """The officer takes the conversation; exactly one of many wins. Raises Superseded.

    ``force`` takes it from a colleague, for those who answer for more than one grid. Raises
    StillSpeaking while a line of the bot is on its way, unless ``insist``: casework.desk.silence
    waits for it, so that nothing of the bot's arrives after the take-over.
    """
    if force and officer.role not in MAY_FORCE:
        raise NotAllowed
    before = tx.conversations.get(conversation_id, lock=True)
    taken = rules.take_over(before, officer.id, force=force)
    if taken.epoch == before.epoch:
        return taken
    speaking = tx.outbox.in_flight(before, now)
    if speaking and not insist:
        raise StillSpeaking
    tx.conversations.save(taken, before.epoch)
    data = {"epoch": taken.epoch, **({"spoken_into": True} if speaking else {})}
    _note(tx, Kind.TAKEN_OVER, now, actor_of(officer), taken, **data)
    return taken


def reply(
    tx: Transaction,
    conversation_id: str,
    officer: Officer,
    epoch: int,
    line: Line,
    external_id: str,
    now: datetime,
) -> tuple[Conversation, Turn]:
    """The holder speaks. The same ``external_id`` again gives the same turn.

    Raises Superseded for everyone else, and Incomplete for an empty line.
    """
    if not line.text.strip() and not line.media:
        raise Incomplete("text")
    before = tx.conversations.get(conversation_id, lock=True)
    known = tx.turns.by_external(before.channel, external_id)
    if known is not None and known.conversation_id == before.id:
        return before, known
    rules.require_holder(before, officer.id, epoch)
    after, turns = say(tx, before, [line], now, officer=officer, external_id=external_id)
    after = replace(after, seen_seq=after.last_seq)
    tx.conversations.save(after, before.epoch)
    _mark_contacted(tx, after, now)
    return after, turns[0]


def _mark_contacted(tx: Transaction, conversation: Conversation, now: datetime) -> None:
    if not conversation.has_cases:
        return
    for case in tx.cases.of_conversation(conversation.id):
        if case.filed_at is not None and case.contacted_at is None:
            tx.cases.save(replace(case, contacted_at=now), now)


def release(
    tx: Transaction,
    conversation_id: str,
    officer: Officer,
    epoch: int,
    to: Holder,
    now: datetime,
    *,
    sees_restricted: Collection[Role] = (Role.STREET, Role.ADMIN),
) -> Conversation:
    """The holder gives the conversation back. Raises Superseded, NotFound, or NotAllowed for a
    colleague who only reads, is gone, or may not see a restricted conversation."""
    before = tx.conversations.get(conversation_id, lock=True)
    if to.officer_id is not None:
        _require_fit(tx, before, tx.people.officer(to.officer_id), sees_restricted)
    after = rules.release(before, officer.id, epoch, to, now)
    tx.conversations.save(after, before.epoch)
    _note(
        tx,
        Kind.RELEASED,
        now,
        actor_of(officer),
        after,
        epoch=after.epoch,
        to=to.kind.value,
        to_officer=to.officer_id,
    )
    return after


def _require_fit(
    tx: Transaction, conversation: Conversation, to: Officer, sees_restricted: Collection[Role]
) -> None:
    """Who holds a conversation sees it and answers in it, so not everybody may be given one."""
    if not to.active or to.role in NEVER_HOLD:
        raise NotAllowed
    if not conversation.restricted or to.role in sees_restricted:
        return
    cases = tx.cases.of_conversation(conversation.id)
    if not any(each.restricted and each.owner_id == to.id for each in cases):
        raise NotAllowed


def mark_seen(tx: Transaction, conversation_id: str, seq: int) -> None:
    """An officer has had the turns up to ``seq`` on screen."""
    conversation = tx.conversations.get(conversation_id, lock=True)
    if seq > conversation.seen_seq:
        seen = replace(conversation, seen_seq=min(seq, conversation.last_seq))
        tx.conversations.save(seen, conversation.epoch)
