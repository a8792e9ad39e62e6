"""What became of messages that were sent, written down in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from casework.events import Event, Kind
from casework.outbox import Delivery, DeliveryError, OutgoingMessage, retry_at
from casework.ports import Transaction


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt. ``jitter`` in [0, 1) is drawn once, so that a transaction can be repeated."""

    message: OutgoingMessage
    at: datetime
    more: bool = False
    error: DeliveryError | None = None
    not_before: datetime | None = None
    jitter: float = 0.0

    @property
    def done(self) -> bool:
        """The whole message has left."""
        return self.error is None and not self.more and self.not_before is None


def record(tx: Transaction, outcomes: Sequence[Outcome]) -> None:
    """Settle, postpone or end each message, with the events that tell of it."""
    if not outcomes:
        return
    done = [outcome for outcome in outcomes if outcome.done]
    for outcome in outcomes:
        if outcome.error is not None:
            _failed(tx, outcome, outcome.error)
        elif outcome.not_before is not None:
            message = outcome.message
            tx.outbox.postpone(
                message.id,
                outcome.not_before,
                message.error,
                attempts=message.attempts,
                part=message.part,
            )
        elif outcome.more:
            message = outcome.message
            tx.outbox.postpone(message.id, outcome.at, None, attempts=0, part=message.part + 1)
    if done:
        sent = [outcome.message for outcome in done]
        tx.outbox.settle(sent, Delivery.SENT, max(outcome.at for outcome in done))
        for outcome in done:
            _tell(tx, Kind.DELIVERED, outcome.message, outcome.at)


def record_refused(
    tx: Transaction, messages: Sequence[OutgoingMessage], at: datetime
) -> list[OutgoingMessage]:
    """Tell of those the lease refused; returns the others."""
    for message in messages:
        if message.status is Delivery.REFUSED:
            _tell(tx, Kind.DELIVERY_FAILED, message, at, "superseded")
    return [message for message in messages if message.status is not Delivery.REFUSED]


def move_chat(tx: Transaction, channel: str, old: str, new: str) -> None:
    """The platform gave a chat another id; repeating it changes nothing."""
    if any(group.channel == channel and group.chat == new for group in tx.groups.all()):
        return
    tx.conversations.move_chat(channel, old, new)
    tx.outbox.move_chat(channel, old, new)
    tx.groups.move_chat(channel, old, new)


def _failed(tx: Transaction, outcome: Outcome, error: DeliveryError) -> None:
    message = outcome.message
    if error.moved_to is not None and error.moved_to != message.chat:
        move_chat(tx, message.channel, message.chat, error.moved_to)
        tx.outbox.move_chat(message.channel, message.chat, error.moved_to)
        tx.outbox.postpone(
            message.id, outcome.at, error.reason, attempts=message.attempts, part=message.part
        )
        return
    counted = message.attempts + (error.retry_after is None)
    again = retry_at(counted, error, outcome.at, outcome.jitter)
    if again is not None:
        tx.outbox.postpone(message.id, again, error.reason, attempts=counted, part=message.part)
        return
    if error.unreachable and message.conversation_id is not None:
        conversation = tx.conversations.get(message.conversation_id, lock=True)
        if conversation.unreachable != error.reason:
            lost = replace(conversation, unreachable=error.reason)
            tx.conversations.save(lost, conversation.epoch)
    tx.outbox.settle([message], Delivery.FAILED, outcome.at, error.reason)
    _tell(tx, Kind.DELIVERY_FAILED, message, outcome.at, error.reason)


def _tell(
    tx: Transaction, kind: Kind, message: OutgoingMessage, at: datetime, error: str | None = None
) -> None:
    data: dict[str, str | int] = {"message": message.id}
    if message.turn_id is not None:
        data["turn"] = message.turn_id
    if error is not None:
        data["error"] = error
    tx.events.append(Event(kind, at, conversation_id=message.conversation_id, data=data))
