"""What happened, in the past tense. Events are appended and never changed.

The timeline, the live page, the digest and the audit all read the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ActorKind(StrEnum):
    """Who did it."""

    RESIDENT = "resident"
    BOT = "bot"
    OFFICER = "officer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it; ``id`` and ``name`` only for officers."""

    kind: ActorKind
    id: str | None = None
    name: str = ""


RESIDENT = Actor(ActorKind.RESIDENT)
BOT = Actor(ActorKind.BOT)
SYSTEM = Actor(ActorKind.SYSTEM)


class Kind(StrEnum):
    """Every event there is."""

    CONVERSATION_OPENED = "conversation_opened"
    TURN_RECEIVED = "turn_received"
    TURN_AMENDED = "turn_amended"
    TURN_SENT = "turn_sent"
    DELIVERED = "delivered"
    DELIVERY_FAILED = "delivery_failed"
    HANDED_OFF = "handed_off"
    TAKEN_OVER = "taken_over"
    RELEASED = "released"
    NOTE_ADDED = "note_added"
    VOICE_LEFT = "voice_left"
    VOICE_HEARD = "voice_heard"
    CONSENT_NOTED = "consent_noted"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    ERASURE_ASKED = "erasure_asked"
    RESIDENT_ERASED = "resident_erased"
    TALK_FORGOTTEN = "talk_forgotten"
    CRISIS_RAISED = "crisis_raised"
    ALERT_CALLED = "alert_called"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_EXHAUSTED = "alert_exhausted"
    ALERT_REMINDED = "alert_reminded"
    ALERT_FINE = "alert_fine"
    ALERT_QUIET = "alert_quiet"
    ALERT_CLOSED = "alert_closed"
    RESIDENT_OUT = "resident_out"
    TASK_SET = "task_set"
    TASK_DONE = "task_done"
    CASE_DRAFTED = "case_drafted"
    CASE_AMENDED = "case_amended"
    CASE_RECLASSIFIED = "case_reclassified"
    CASE_FILED = "case_filed"
    CASE_ACCEPTED = "case_accepted"
    CASE_RESOLVED = "case_resolved"
    CASE_CONFIRMED = "case_confirmed"
    CASE_LAPSED = "case_lapsed"
    CASE_REOPENED = "case_reopened"
    CASE_WITHDRAWN = "case_withdrawn"
    CASE_PLACED = "case_placed"
    CASE_URGED = "case_urged"
    CASE_JOINED = "case_joined"
    CASE_GREW = "case_grew"
    CASE_LOOSENED = "case_loosened"
    CASE_LINKED = "case_linked"
    CASE_ANONYMISED = "case_anonymised"
    CASE_WARNED = "case_warned"
    CASE_BREACHED = "case_breached"
    OFFICER_LINKED = "officer_linked"
    GROUP_BOUND = "group_bound"
    DIGEST_SENT = "digest_sent"
    DIGEST_UNSENT = "digest_unsent"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. ``seq`` is 0 until stored, then grows in commit order.

    ``data`` holds ids and numbers, never the words of a resident: those stay in turns and cases,
    which can be erased.
    """

    kind: Kind
    at: datetime
    actor: Actor = SYSTEM
    conversation_id: str | None = None
    case_number: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
