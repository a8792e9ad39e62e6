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
    """Who did it; ``id``, ``name`` and ``role`` only for officers.

    The role is what they were when they did it; it decides, and is not kept with the event.
    """

    kind: ActorKind
    id: str | None = None
    name: str = ""
    role: str | None = field(default=None, compare=False)


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
    CALENDAR_OPENED = "calendar_opened"
    CALENDAR_CLOSED = "calendar_closed"
    CALENDAR_DAY_CLOSED = "calendar_day_closed"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_MOVED = "appointment_moved"
    APPOINTMENT_LINKED = "appointment_linked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_CALLED_OFF = "appointment_called_off"
    APPOINTMENT_REMINDED = "appointment_reminded"
    APPOINTMENT_PASSED = "appointment_passed"
    APPOINTMENT_ATTENDED = "appointment_attended"
    APPOINTMENT_ABSENT = "appointment_absent"
    RECEPTION_RECORDED = "reception_recorded"
    JOINT_DESK_TOLD = "joint_desk_told"
    NOTICE_HELD = "notice_held"
    NOTICE_TOLD = "notice_told"
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
    CASE_RETURNED = "case_returned"
    CASE_ASSIGNED = "case_assigned"
    CASE_HANDED_OVER = "case_handed_over"
    OFFICER_LEFT = "officer_left"
    CASE_ESCALATED = "case_escalated"
    CASE_INFO_ASKED = "case_info_asked"
    CASE_INFORMED = "case_informed"
    CASE_CONSULTED = "case_consulted"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_DENIED = "extension_denied"
    CASE_IN_MEDIATION = "case_in_mediation"
    CASE_OUT_OF_MEDIATION = "case_out_of_mediation"
    CASE_WHISTLED = "case_whistled"
    CASE_WHISTLE_ENDED = "case_whistle_ended"
    CASE_CALLED_BACK = "case_called_back"
    CASE_REFERRED = "case_referred"
    CASE_MERGED = "case_merged"
    CONFIRMATION_SOUGHT = "confirmation_sought"
    CONFIRMATION_ENDED = "confirmation_ended"
    CASE_ARCHIVED = "case_archived"
    CASE_ACCEPT_LATE = "case_accept_late"
    CASE_PLACED = "case_placed"
    CASE_MOVED = "case_moved"
    UNIT_SPLIT = "unit_split"
    UNIT_MERGED = "unit_merged"
    SHIFT_SET = "shift_set"
    SHIFT_REMOVED = "shift_removed"
    ABSENCE_SET = "absence_set"
    ABSENCE_REMOVED = "absence_removed"
    CASE_URGED = "case_urged"
    CASE_JOINED = "case_joined"
    CASE_GREW = "case_grew"
    CASE_LOOSENED = "case_loosened"
    CASE_LINKED = "case_linked"
    CASE_ANONYMISED = "case_anonymised"
    GROUP_PROPOSED = "group_proposed"
    GROUP_MADE = "group_made"
    GROUP_DECLINED = "group_declined"
    GROUP_POSTED = "group_posted"
    GROUP_SHEET_CHANGED = "group_sheet_changed"
    HOUSEHOLD_DONE = "household_done"
    HOUSEHOLD_UNDONE = "household_undone"
    CASE_SUPERVISED = "case_supervised"
    CASE_UNSUPERVISED = "case_unsupervised"
    SLIP_ISSUED = "slip_issued"
    SLIP_ANSWERED = "slip_answered"
    SLIP_SENT_BACK = "slip_sent_back"
    SLIP_CLOSED = "slip_closed"
    SLIP_OVERDUE = "slip_overdue"
    SPONSOR_NAMED = "sponsor_named"
    SPONSOR_ENDED = "sponsor_ended"
    CASE_LISTED = "case_listed"
    CASE_DELISTED = "case_delisted"
    SPONSOR_REMINDED = "sponsor_reminded"
    SPONSOR_ACTED = "sponsor_acted"
    MEDIATION_PROPOSED = "mediation_proposed"
    MEDIATION_ANSWERED = "mediation_answered"
    MEDIATION_NAMED = "mediation_named"
    MEDIATOR_CHOSEN = "mediator_chosen"
    SESSION_PLANNED = "session_planned"
    SESSION_REMINDED = "session_reminded"
    SESSION_NOTED = "session_noted"
    MEDIATION_AGREED = "mediation_agreed"
    MEDIATION_ENDED = "mediation_ended"
    PROMISE_MADE = "promise_made"
    PROMISE_ASKED = "promise_asked"
    PROMISE_CHASED = "promise_chased"
    PROMISE_KEPT = "promise_kept"
    PROMISE_BROKEN = "promise_broken"
    JUDICIAL_OPENED = "judicial_opened"
    JUDICIAL_WISHED = "judicial_wished"
    JUDICIAL_REMINDED = "judicial_reminded"
    JUDICIAL_HANDED_ON = "judicial_handed_on"
    JUDICIAL_FILED = "judicial_filed"
    JUDICIAL_LATE = "judicial_late"
    JUDICIAL_RULED = "judicial_ruled"
    JUDICIAL_DECLINED = "judicial_declined"
    JUDICIAL_LAPSED = "judicial_lapsed"
    COUNTDOWN_TOLD = "countdown_told"
    COUNTDOWN_ENDED = "countdown_ended"
    CASE_WARNED = "case_warned"
    CASE_BREACHED = "case_breached"
    CASE_CAPTURED = "case_captured"
    LINK_MADE = "link_made"
    LINK_REVOKED = "link_revoked"
    WHISTLE_TOLD = "whistle_told"
    WHISTLE_ACKNOWLEDGED = "whistle_acknowledged"
    WHISTLE_ARRIVED = "whistle_arrived"
    WHISTLE_ANSWERED = "whistle_answered"
    WHISTLE_DECLINED = "whistle_declined"
    WHISTLE_REMINDED = "whistle_reminded"
    WHISTLE_NO_SHOW = "whistle_no_show"
    WHISTLE_NUDGED = "whistle_nudged"
    WHISTLE_LEFT = "whistle_left"
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
