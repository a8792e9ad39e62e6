"""Every moment at which somebody has to look at a case, and what is due then. Pure.

A case carries the moments themselves; one of them, the earliest not yet dealt with, is all a
clock asks a store for. Shares of a deadline are those of the domain reference §4.2 and §4.5: soon
due at 70 %, from the grid to the community after 50 %, to the street after 80 %.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from casework.case import OPEN, Case, Status, Supervision
from casework.copying import replace
from casework.deadlines import DeadlineClass, instants, put_off
from casework.working_calendar import WorkingCalendar

ARCHIVE_AFTER = timedelta(days=10)
_RUNNING = frozenset(
    {Status.TRIAGE, Status.DISPATCHED, Status.WORKING, Status.REWORK, Status.WHISTLE}
)
_PAUSED = frozenset({Status.AWAIT_INFO, Status.MEDIATION})
_ENDED = frozenset({Status.CONFIRMED, Status.WITHDRAWN, Status.REFERRED})
_CLIMBS = frozenset({Status.TRIAGE, Status.DISPATCHED, Status.WORKING, Status.REWORK})
_UNSIGNED = frozenset({Status.DISPATCHED, Status.REWORK})


class Due(StrEnum):
    """What is due, in the order in which it is done when several are due at one moment."""

    ACCEPT_LATE = "accept_late"
    WARN = "warn"
    ESCALATE = "escalate"
    BREACH = "breach"
    RESUME = "resume"
    LAPSE = "lapse"
    ARCHIVE = "archive"


_ORDER = tuple(Due)


def moments(case: Case) -> dict[Due, datetime]:
    """When each thing is due that has not been dealt with."""
    found: dict[Due, datetime | None] = {}
    if case.joined is not None and case.round == 1 and case.status in _RUNNING:
        # It follows another case, whose clock runs for both; only the promise is its own. Once its
        # resident has said no, so is everything else: the other case may be over.
        found[Due.BREACH] = case.due_at if case.breached_at is None else None
    elif case.status in _RUNNING:
        if case.status in _UNSIGNED and case.accept_late_at is None:
            found[Due.ACCEPT_LATE] = case.accept_by
        if case.warned_at is None and case.breached_at is None:
            found[Due.WARN] = case.warn_at
        if case.status in _CLIMBS and case.level_dues:
            found[Due.ESCALATE] = case.level_dues[0]
        if case.breached_at is None:
            found[Due.BREACH] = case.due_at
    elif case.status in _PAUSED:
        found[Due.RESUME] = case.resume_at
    elif case.status is Status.DONE_WAIT:
        found[Due.LAPSE] = case.lapse_at
    elif case.status in _ENDED:
        found[Due.ARCHIVE] = case.archive_at
    return {what: at for what, at in found.items() if at is not None}


def next_moment(case: Case) -> datetime | None:
    """When the clock has to look at the case; None when nothing of it is left to time."""
    return min(moments(case).values(), default=None)


def due(case: Case, now: datetime) -> Due | None:
    """The first thing that is due at ``now``. What is overdue is not called soon due any more."""
    late = {what: at for what, at in moments(case).items() if at <= now}
    if Due.BREACH in late:
        late.pop(Due.WARN, None)
    return min(late, key=lambda what: (late[what], _ORDER.index(what)), default=None)


def started(
    case: Case, cls: DeadlineClass, calendar: WorkingCalendar, rung: int, now: datetime
) -> Case:
    """The case with its clock started: at dispatch, not at 签收, and anew for each round.

    ``rung`` is the level that gets it (0 grid, 1 community, 2 street and above).
    """
    found = instants(cls, now, calendar)
    return replace(
        case,
        sla=cls.code,
        began_at=now,
        contact_by=found.contact_by if case.contacted_at is None else case.contact_by,
        accept_by=found.accept_by,
        warn_at=found.warn_at,
        level_dues=found.level_due_at[min(rung, 2) : 2],
        due_at=found.due_at,
        accept_late_at=None,
        warned_at=None,
        breached_at=None,
        paused_at=None,
        resume_at=None,
    )


def hastened(
    case: Case, cls: DeadlineClass, calendar: WorkingCalendar, rung: int, now: datetime
) -> Case:
    """A case that belongs to another class since ``now``.

    What was promised to the resident is never put off. A shorter class brings the moments
    forward, counted from when the round began; where its time is over already, it starts now, so
    that nobody has missed a deadline that did not exist until this moment.
    """
    if case.status not in OPEN or case.due_at is None:
        return case
    began = case.began_at or case.filed_at or case.opened_at
    if instants(cls, began, calendar).due_at <= now:
        began = now
    sooner = started(case, cls, calendar, rung, began)
    if sooner.due_at is None or sooner.due_at >= case.due_at:
        return case
    promised = case.contact_by
    later = promised is not None and sooner.contact_by is not None and sooner.contact_by >= promised
    return replace(
        sooner,
        contact_by=promised if later else sooner.contact_by,
        accept_by=sooner.accept_by if case.accept_by is not None else None,
        began_at=case.began_at or began,
        paused_at=case.paused_at,
        resume_at=case.resume_at,
    )


def resumed(case: Case, cls: DeadlineClass, calendar: WorkingCalendar, now: datetime) -> Case:
    """The case after a pause: what was still ahead is put off by as long as nothing ran."""
    began = case.paused_at
    if began is None:
        return replace(case, resume_at=None)
    by = now - began

    def put(moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        return put_off(moment, by, length=cls.answer, began=began, calendar=calendar)

    return replace(
        case,
        paused_at=None,
        resume_at=None,
        accept_by=put(case.accept_by),
        warn_at=put(case.warn_at),
        level_dues=tuple(moved for each in case.level_dues if (moved := put(each)) is not None),
        due_at=put(case.due_at),
    )


def extended(case: Case, cls: DeadlineClass) -> Case:
    """The case with the later date that was granted: soon due at its share of the whole time.

    It stays where it is until then: whoever granted it answers for the level above.
    """
    began = case.began_at or case.filed_at or case.opened_at
    if case.due_at is None:
        return case
    warn_at = began + (case.due_at - began) * cls.warn_at
    return replace(case, warn_at=warn_at, level_dues=())


def at_rung(case: Case, rung: int) -> Case:
    """The case in other hands: of the ladder is left what is above this rung. The new owner signs
    for it; nobody times that, for the clock of the case has been running all along."""
    left = case.level_dues[-max(2 - rung, 0) :] if rung < 2 else ()
    return replace(case, level_dues=left, accept_by=None)


def closed(case: Case) -> Case:
    """An ended case, which is put away some days later."""
    if case.status in _ENDED and case.closed_at is not None:
        return replace(case, archive_at=case.closed_at + ARCHIVE_AFTER)
    return case


def marked(case: Case, what: Due, now: datetime) -> Case:
    """What the clock itself writes on a case. Yellow is a notice, red is overdue (§4.5)."""
    if what is Due.ACCEPT_LATE:
        return replace(case, accept_late_at=now)
    if what is Due.WARN:
        return replace(case, warned_at=now, supervision=_raised(case, Supervision.YELLOW))
    if what is Due.BREACH:
        return replace(case, breached_at=now, supervision=_raised(case, Supervision.RED))
    return case


def _raised(case: Case, to: Supervision) -> Supervision:
    order = tuple(Supervision)
    return max(case.supervision, to, key=order.index)
