"""The moments of a case that followed another and goes on by itself. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from casework.case import Case, Status
from casework.deadlines import DeadlineClass

_LEVELS = 2  # of the ladder: from the grid to the community, and on to the street


def on_its_own(case: Case, cls: DeadlineClass, rung: int, now: datetime) -> Case:
    """The case with moments of its own ahead. What the resident was promised stands (``due_at``,
    ``contact_by``); the steps on the way to it, which another case's clock took meanwhile, are
    shares of what is left of the time. Where nothing is left there is only the answer to give.

    ``rung`` is the level that has it now (0 grid, 1 community, 2 street and above).
    """
    if case.due_at is None or case.due_at <= now:
        return replace(case, accept_by=None, warn_at=None, level_dues=())
    left = case.due_at - now
    first, second, _ = cls.levels
    levels = (now + left * first, now + left * (first + second))
    unsigned = case.status in {Status.DISPATCHED, Status.REWORK}
    warn = case.warn_at if case.warn_at is not None and case.warn_at > now else None
    return replace(
        case,
        accept_by=now + left * cls.accept_at if unsigned else None,
        accept_late_at=None,
        warn_at=warn or now + left * cls.warn_at,
        level_dues=levels[min(rung, _LEVELS) :] if case.extended == 0 else (),
    )
