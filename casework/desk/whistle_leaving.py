"""A case that goes on without its whistle leaves it behind: over, and nobody else is told."""

from __future__ import annotations

from datetime import datetime

from casework import whistle_rules
from casework.case import Case, Status
from casework.desk.whistle_telling import note, over
from casework.events import SYSTEM, Kind
from casework.ports import Transaction
from casework.whistle import Outcome


def left(tx: Transaction, before: Case, after: Case, now: datetime) -> None:
    """End what still calls departments about a case that no longer waits for them.

    The caller holds the locks of conversation and case.
    """
    if before.status is not Status.WHISTLE or after.status is Status.WHISTLE:
        return
    for each in tx.whistles.of_case(after.number):
        if each.ended_at is None:
            leave(tx, each.id, now)


def leave(tx: Transaction, whistle_id: str, now: datetime) -> bool:
    """End one that was left behind; the caller holds the same locks. False when it is over."""
    whistle = tx.whistles.get(whistle_id, lock=True)
    if whistle.ended_at is not None:
        return False
    ended = whistle_rules.ended(whistle, Outcome.OVERTAKEN, "", None, now)
    note(tx, Kind.WHISTLE_LEFT, over(tx, ended, SYSTEM, now), now, SYSTEM)
    return True
