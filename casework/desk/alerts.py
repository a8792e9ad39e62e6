"""Verbs on danger: call, call the next, acknowledge, remind, close.

Each is decided under the conversation's lock and the alert's version, so any number of clocks,
consoles and bots may run: of two that would call the next officer one finds it done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from casework import alerts as rules
from casework.alerts import Alert, AlertWords, Checklist, Procedure
from casework.call_chain import chain
from casework.conversation import Conversation, HolderKind
from casework.desk import tasks
from casework.desk.conversations import actor_of, say
from casework.duty import around, duty_of
from casework.events import RESIDENT, SYSTEM, Actor, Event, Kind
from casework.organisation import Officer
from casework.outbox import OutgoingMessage
from casework.ports import Transaction
from casework.restricted import may_see
from casework.turn import Line

SAFE_CONTACT = "safe_to_contact"
"""The slot that tells how the resident may be contacted without danger."""


@dataclass(frozen=True, slots=True)
class Response:
    """How a city answers danger: its procedure, and its fixed words by language."""

    procedure: Procedure
    words: Callable[[str], AlertWords]


@dataclass(frozen=True, slots=True)
class Danger:
    """What was heard. ``child``: a child may be in danger, which the community must report."""

    level: str
    kind: str
    case_number: str | None = None
    child: bool = False


def raise_alert(
    tx: Transaction, conversation: Conversation, danger: Danger, how: Response, now: datetime
) -> Alert:
    """Call the first officer, and set the follow-ups. While one is open, danger heard again only
    makes it worse. The caller holds the conversation's lock."""
    known = tx.alerts.open_of(conversation.id)
    if known is not None:
        worse = rules.worsened(known, danger.level, danger.kind, now, how.procedure.silence)
        if worse.acknowledged_at is not None:
            worse = replace(worse, remind_at=known.remind_at)
        worse = replace(worse, case_number=known.case_number or danger.case_number)
        if worse.acknowledged_at is None and worse.next_at is None and not worse.exhausted_at:
            worse = replace(worse, next_at=now)  # it had been taken for a false alarm
        saved = tx.alerts.save(worse)
        if danger.child:
            tasks.report_child(tx, saved, how.procedure, now)
        return saved
    alert = Alert(
        id=tx.new_id(),
        conversation_id=conversation.id,
        level=danger.level,
        kind=danger.kind,
        raised_at=now,
        case_number=danger.case_number,
        remind_at=now + how.procedure.silence,
    )
    tx.alerts.add(alert)
    alert = tx.alerts.save(_called_next(tx, conversation, alert, how, now))
    tasks.after_alert(tx, alert, how.procedure, now, child=danger.child)
    return alert


def call_next(tx: Transaction, alert_id: str, version: int, how: Response, now: datetime) -> bool:
    """Nobody has acknowledged in time: call the next officer, or tell the resident honestly that
    nobody has answered. False when another clock did it, or it is not to be done any more."""
    found = _as_found(tx, alert_id, version)
    if found is None:
        return False
    conversation, alert = found
    if alert.next_at is None or alert.next_at > now or alert.acknowledged_at is not None:
        return False
    alert = tx.alerts.save(_called_next(tx, conversation, alert, how, now))
    untold = alert.exhausted_at is not None and not (alert.fine_at or alert.quiet_at)
    if untold and conversation.holder.kind is not HolderKind.OFFICER:
        _speak(tx, conversation, how.words(conversation.language).nobody(alert), now)
    return True


def acknowledge(
    tx: Transaction, alert_id: str, officer: Officer, how: Response, now: datetime
) -> Alert:
    """已收到: from now on the alert has a name, and the resident is told it.

    Whoever comes second changes nothing. The route has checked that the officer may see it.
    """
    conversation = tx.conversations.get(tx.alerts.get(alert_id).conversation_id, lock=True)
    alert = tx.alerts.get(alert_id, lock=True)
    if alert.acknowledged_at is not None or alert.closed_at is not None:
        return alert
    alert = _seen(tx, alert, officer, now)
    quiet = alert.fine_at is not None or alert.quiet_at is not None
    if conversation.holder.kind is not HolderKind.OFFICER and not quiet:
        words = how.words(conversation.language)
        may_call = _may_call(tx, alert, how.procedure)
        _speak(tx, conversation, words.seen(alert, officer.name, may_call=may_call), now)
    return alert


def taken_over(
    tx: Transaction, conversation: Conversation, officer: Officer, now: datetime
) -> None:
    """An officer took the conversation: whoever speaks to the resident has seen the alert.

    The officer's own words come now, so the bot says nothing.
    """
    alert = tx.alerts.open_of(conversation.id)
    if alert is None:
        return
    if alert.remind_at is not None:
        alert = tx.alerts.save(replace(alert, remind_at=None))
    if alert.acknowledged_at is None:
        _seen(tx, alert, officer, now)


def remind(tx: Transaction, alert_id: str, version: int, how: Response, now: datetime) -> bool:
    """The resident is silent and no human has spoken: say once more that the line is open.

    At most ``Procedure.reminders`` times, and not again before the resident has spoken.
    """
    found = _as_found(tx, alert_id, version)
    if found is None:
        return False
    conversation, alert = found
    if alert.remind_at is None or alert.remind_at > now:
        return False
    if tx.turns.oldest_unhandled(conversation.id) is not None:
        return False
    count = alert.reminders + 1
    held = conversation.holder.kind is HolderKind.OFFICER
    if held or alert.fine_at is not None or count > how.procedure.reminders:
        tx.alerts.save(replace(alert, remind_at=None))
        return True
    saved = tx.alerts.save(replace(alert, remind_at=None, reminders=count))
    _speak(tx, conversation, how.words(conversation.language).still_there(), now)
    _note(tx, Kind.ALERT_REMINDED, saved, now, count=count)
    return True


def heard(tx: Transaction, conversation: Conversation, how: Response, now: datetime) -> None:
    """The resident spoke: the next silence begins now."""
    alert = tx.alerts.open_of(conversation.id)
    if alert is None or alert.fine_at is not None or alert.quiet_at == now:
        return
    remind_at = None
    if alert.reminders < how.procedure.reminders:
        remind_at = now + how.procedure.silence
    if conversation.holder.kind is not HolderKind.OFFICER:
        tx.alerts.save(replace(alert, quiet_at=None, remind_at=remind_at))


def fine(tx: Transaction, conversation: Conversation, now: datetime) -> None:
    """The resident said it was not meant: marked on the alert, never on the person."""
    alert = tx.alerts.open_of(conversation.id)
    if alert is not None and alert.fine_at is None:
        saved = tx.alerts.save(rules.is_fine(alert, now))
        _note(tx, Kind.ALERT_FINE, saved, now, RESIDENT)


def fall_silent(tx: Transaction, conversation: Conversation, now: datetime) -> None:
    """Somebody came into the room: nothing more is said by itself until the resident writes."""
    alert = tx.alerts.open_of(conversation.id)
    if alert is not None:
        saved = tx.alerts.save(replace(alert, quiet_at=now, remind_at=None))
        _note(tx, Kind.ALERT_QUIET, saved, now, RESIDENT)


def close(
    tx: Transaction, alert_id: str, officer: Officer, given: Checklist, now: datetime
) -> Alert:
    """Deal with an alert by its checklist. Raises NotAllowed or Incomplete as the rule does.

    The conversation is no longer marked: danger is something that happened, not what somebody is.
    """
    conversation = tx.conversations.get(tx.alerts.get(alert_id).conversation_id, lock=True)
    alert = tx.alerts.get(alert_id, lock=True)
    if alert.closed_at is not None:
        return alert
    saved = tx.alerts.save(rules.closed(alert, officer.id, given, now))
    tx.conversations.save(replace(conversation, crisis="none"), conversation.epoch)
    _note(tx, Kind.ALERT_CLOSED, saved, now, actor_of(officer), safe=saved.safe)
    tasks.next_contact(tx, saved, now)
    return saved


def _called_next(
    tx: Transaction, conversation: Conversation, alert: Alert, how: Response, now: datetime
) -> Alert:
    """The alert after the next call; the unit is read anew, since the place may be known by now."""
    known = {call.officer_id for call in alert.called}
    order = _order(tx, conversation, alert, how.procedure, now)
    following = next(((lv, o) for lv, o in order if o.id not in known), None)
    if following is None:
        _note(tx, Kind.ALERT_EXHAUSTED, alert, now, step=len(alert.called))
        return rules.exhausted(alert, now)
    level, officer = following
    alert = rules.called(alert, officer.id, level, now, how.procedure.answer_within)
    step = len(alert.called)
    _note(tx, Kind.ALERT_CALLED, alert, now, officer=officer.id, called_as=level, step=step)
    text = how.words("").for_officer(alert)
    for channel, chat in tx.alerts.chats_of(officer.id):
        tx.outbox.add(OutgoingMessage(0, channel, chat, text, created_at=now, due_at=now))
    return alert


def _order(
    tx: Transaction,
    conversation: Conversation,
    alert: Alert,
    procedure: Procedure,
    now: datetime,
) -> list[tuple[str, Officer]]:
    """Whoever holds the conversation, then the chain of the place as it is known now, by the
    roster of this moment."""
    case = tx.cases.get(alert.case_number) if alert.case_number else None
    unit_id = case.unit_id if case and case.placed else conversation.unit_id
    holder_id = conversation.holder.officer_id
    organisation = around(tx, unit_id, [holder_id] if holder_id else [])
    duty = duty_of(tx, list(organisation.units.values()), now)
    organisation = replace(organisation, officers={**duty.officers, **organisation.officers})
    owners = frozenset({case.owner_id}) if case else frozenset[str]()

    def may(officer: Officer) -> bool:
        if not conversation.restricted:
            return True
        return may_see(officer, organisation, unit_id, owners, procedure.sees_restricted)

    holder = organisation.officers.get(conversation.holder.officer_id or "")
    first = [(rules.HOLDER, holder)] if holder is not None and holder.active else []
    return [*first, *chain(organisation, unit_id, procedure, may, duty)]


def _as_found(tx: Transaction, alert_id: str, version: int) -> tuple[Conversation, Alert] | None:
    """Both rows locked, if the alert is as it was found."""
    conversation = tx.conversations.get(tx.alerts.get(alert_id).conversation_id, lock=True)
    alert = tx.alerts.get(alert_id, lock=True)
    if alert.version != version or alert.closed_at is not None:
        return None
    return conversation, alert


def _seen(tx: Transaction, alert: Alert, officer: Officer, now: datetime) -> Alert:
    saved = tx.alerts.save(rules.acknowledged(alert, officer.id, now))
    _note(tx, Kind.ALERT_ACKNOWLEDGED, saved, now, actor_of(officer), officer=officer.id)
    tasks.hand_to(tx, saved, officer)
    return saved


def _may_call(tx: Transaction, alert: Alert, procedure: Procedure) -> bool:
    """Whether telephoning is known to be safe, or nothing speaks against it."""
    case = tx.cases.get(alert.case_number) if alert.case_number else None
    answer = case.slots.get(SAFE_CONTACT) if case is not None else None
    if answer is not None:
        return bool(answer.value == procedure.call_value)
    return alert.kind != "violence"


def _speak(tx: Transaction, conversation: Conversation, line: Line, now: datetime) -> None:
    """The bot says a fixed line under the conversation's epoch."""
    spoken, _ = say(tx, conversation, [line], now)
    tx.conversations.save(spoken, conversation.epoch)


def _note(
    tx: Transaction, kind: Kind, alert: Alert, now: datetime, actor: Actor = SYSTEM, **data: object
) -> None:
    facts = {"alert": alert.id, **data}
    tx.events.append(Event(kind, now, actor, alert.conversation_id, alert.case_number, facts))
