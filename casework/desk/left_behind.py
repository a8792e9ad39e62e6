"""A case that goes on without its whistle or its mediation leaves them behind: they are over."""

from __future__ import annotations

from datetime import datetime

from casework import mediation, whistle_rules
from casework.case import Case, Status
from casework.desk.whistle_telling import note, over
from casework.events import SYSTEM, Event, Kind
from casework.mediation import Mediation, Phase
from casework.ports import Transaction
from casework.whistle import Outcome


def left(tx: Transaction, before: Case, after: Case, now: datetime) -> None:
    """End what still calls departments, or brings two sides together, about a case that no longer
    waits for them. Whoever ends it in words of their own has done so before.

    The caller holds the locks of conversation and case.
    """
    if before.status is after.status:
        return
    if before.status is Status.WHISTLE:
        for whistle in tx.whistles.of_case(after.number):
            if whistle.ended_at is None:
                leave(tx, whistle.id, now)
    if before.status is Status.MEDIATION:
        for each in tx.mediations.of_case(after.number, lock=True):
            if each.phase is Phase.UNDER_WAY:
                late = each.until is not None and each.until <= now
                stop(tx, each, "time_over" if late else "moved_on", now)


def leave(tx: Transaction, whistle_id: str, now: datetime) -> bool:
    """End a whistle that was left behind; the caller holds the same locks. False when it is over
    already."""
    whistle = tx.whistles.get(whistle_id, lock=True)
    if whistle.ended_at is not None:
        return False
    ended = whistle_rules.ended(whistle, Outcome.OVERTAKEN, "", None, now)
    note(tx, Kind.WHISTLE_LEFT, over(tx, ended, SYSTEM, now), now, SYSTEM)
    return True


def stop(tx: Transaction, each: Mediation, reason: str, now: datetime) -> Mediation:
    """End a mediation under way that nobody has ended: its month is over (``time_over``), or the
    case went on without it (``moved_on``). The caller holds the same locks and the mediation's."""
    phase = Phase.NO_AGREEMENT if reason == "time_over" else Phase.STOPPED
    over = mediation.ended(each, phase, reason, None, now)
    tx.mediations.save(over)
    facts = {"mediation": over.id, "officer": over.mediator_id}
    facts |= {"phase": phase.value, "reason": reason}
    tx.events.append(
        Event(Kind.MEDIATION_ENDED, now, SYSTEM, over.conversation_id, over.case_number, facts)
    )
    return over
