"""When somebody must have spoken to the resident, and when the answer is due.

Classes and their lengths are configuration (our proposal, domain reference §4.2); the clock
starts when the case is dispatched, never when it is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from casework.case import OPEN, Case


@dataclass(frozen=True, slots=True)
class DeadlineClass:
    """``contact`` and ``answer`` run from dispatch; ``warn_at`` is a share of ``answer``."""

    code: str
    contact: timedelta
    answer: timedelta
    warn_at: float = 0.7

    def __post_init__(self) -> None:
        if not timedelta() < self.contact <= self.answer or not 0 < self.warn_at < 1:
            raise ValueError(f"deadline class {self.code}: contact ≤ answer, 0 < warn_at < 1")


class Judgement(StrEnum):
    """What the clock finds."""

    PENDING = "pending"
    WARNED = "warned"
    BREACHED = "breached"
    MET = "met"


def due(filed_at: datetime, length: DeadlineClass) -> tuple[datetime, datetime]:
    """(contact by, answer due) for a case dispatched at ``filed_at``."""
    return filed_at + length.contact, filed_at + length.answer


def restarted(case: Case, began: datetime, now: datetime) -> Case:
    """A reopened case, which has as long again as it had from ``began``, and is judged anew."""
    if case.due_at is None:
        return case
    return replace(case, due_at=now + (case.due_at - began), warned_at=None, breached_at=None)


def hastened(case: Case, began: datetime, length: DeadlineClass, now: datetime) -> Case:
    """A case that belongs to another class since ``now``; its round began at ``began``.

    What was promised to the resident is never put off. A shorter class brings the dates forward,
    counted from when the round began; where its time is over already, it starts now, so that
    nobody has missed a deadline that did not exist until this moment.
    """
    if case.status not in OPEN or case.due_at is None:
        return case
    contact_by, due_at = due(began, length)
    if due_at <= now:
        contact_by, due_at = due(now, length)
    if due_at >= case.due_at:
        return case
    promised = case.contact_by
    spoken = case.contacted_at is not None or promised is None or contact_by >= promised
    return replace(
        case, due_at=due_at, contact_by=promised if spoken else contact_by, warned_at=None
    )


def judge(case: Case, length: DeadlineClass, now: datetime) -> Judgement:
    """Where the case stands against its deadline at ``now``."""
    if case.status not in OPEN or case.due_at is None:
        return Judgement.MET
    if now >= case.due_at:
        return Judgement.BREACHED
    if now >= case.due_at - length.answer * (1 - length.warn_at):
        return Judgement.WARNED
    return Judgement.PENDING
