"""What is on its way to a chat, and when a failed delivery is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.turn import Button, Media


class Delivery(StrEnum):
    """Where an outgoing message stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"  # permanently: blocked, chat gone, too many attempts
    REFUSED = "refused"  # written under an epoch that is over


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message for one chat of a push channel.

    ``epoch`` is None for what belongs to no conversation (a digest); such a message is not
    fenced. ``part`` counts the pieces already sent of a text that had to be split.
    """

    id: int
    channel: str
    chat: str
    text: str
    created_at: datetime
    due_at: datetime
    conversation_id: str | None = None
    turn_id: str | None = None
    epoch: int | None = None
    buttons: tuple[Button, ...] = ()
    media: tuple[Media, ...] = ()
    attempts: int = 0
    part: int = 0
    status: Delivery = Delivery.PENDING
    error: str | None = None


class DeliveryError(Exception):
    """A platform did not take a message.

    ``permanent``: trying again is pointless. ``retry_after``: the platform said when.
    ``moved_to``: the chat has a new id. ``reason`` is a short code without personal data.
    ``unreachable``: it is the chat, not this message, that takes nothing any more.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
        moved_to: str | None = None,
        unreachable: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.moved_to = moved_to
        self.unreachable = unreachable


FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=10)
MOST_ATTEMPTS = 60  # about nine hours of outage


def retry_at(attempts: int, error: DeliveryError, now: datetime, jitter: float) -> datetime | None:
    """When to try again after the ``attempts``-th failure; None when it is final.

    ``jitter`` in [0, 1) spreads many chats' retries; the platform's own ``retry_after`` is
    obeyed as given and never counts against the limit of attempts.
    """
    if error.retry_after is not None:
        return now + error.retry_after
    if error.permanent or attempts >= MOST_ATTEMPTS:
        return None
    wait = min(FIRST_WAIT * float(2 ** min(attempts - 1, 20)), LONGEST_WAIT)
    return now + wait * (0.5 + jitter / 2)
