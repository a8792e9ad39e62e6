"""Meetings of a mediation, and what time makes of it: reminders, the end of the month. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from casework.errors import Incomplete
from casework.mediation import Mediation, NotNow, Phase, Session
from casework.working_calendar import CHINA

REMIND_AHEAD = timedelta(days=1)
"""So long before a meeting the resident is reminded of it."""
FARTHEST = timedelta(days=366)
"""Nobody plans a meeting further ahead."""


PRESENT = ("resident", "other", "mediator", "witness", "police", "lawyer")


def planned(mediation: Mediation, session: Session, now: datetime) -> Mediation:
    """With another meeting. Raises NotNow unless it is under way, or when both would meet though
    the resident did not agree to be named, or there is one at that time already; Incomplete for a
    time that is over or years ahead."""
    if mediation.phase is not Phase.UNDER_WAY:
        raise NotNow
    if not session.apart and mediation.named is not True:
        raise NotNow("unnamed")
    if not now < session.at <= now + FARTHEST:
        raise Incomplete("at")
    if any(each.at == session.at and each.held is None for each in mediation.sessions):
        raise NotNow
    if not session.online and not session.place.strip():
        raise Incomplete("place")
    # Told of it just now: a reminder that is due already would only say it twice.
    told = replace(session, reminded=session.at - REMIND_AHEAD <= now)
    return replace(mediation, sessions=(*mediation.sessions, told))


def noted(
    mediation: Mediation,
    index: int,
    *,
    held: bool,
    present: Sequence[str],
    minutes: str,
    now: datetime,
) -> Mediation:
    """What came of meeting number ``index`` (0 is the first); one of a later day can only be called
    off. Raises Incomplete."""
    if not 0 <= index < len(mediation.sessions):
        raise Incomplete("session")
    if (
        held
        and mediation.sessions[index].at.astimezone(CHINA).date() > now.astimezone(CHINA).date()
    ):
        raise Incomplete("held")
    if held and not minutes.strip():
        raise Incomplete("minutes")
    if set(present) - set(PRESENT):
        raise Incomplete("present")
    session = replace(
        mediation.sessions[index],
        held=held,
        present=tuple(each for each in PRESENT if each in present),
        minutes=minutes.strip(),
    )
    return _with_session(mediation, index, session)


def kept_apart(mediation: Mediation, now: datetime) -> Mediation:
    """With no meeting ahead at which both sides would see each other."""
    sessions = tuple(
        replace(each, apart=True) if each.held is None and each.at > now else each
        for each in mediation.sessions
    )
    return replace(mediation, sessions=sessions)


def _with_session(mediation: Mediation, index: int, session: Session) -> Mediation:
    sessions = list(mediation.sessions)
    sessions[index] = session
    return replace(mediation, sessions=tuple(sessions))


class Due(StrEnum):
    """What time makes of a mediation."""

    REMIND = "remind"
    OVER = "over"


def moments(mediation: Mediation) -> dict[Due, datetime]:
    """When the next meeting is to be reminded of, and when the month is over."""
    if mediation.phase is not Phase.UNDER_WAY:
        return {}
    ahead = [s.at - REMIND_AHEAD for s in mediation.sessions if _to_be_reminded(s)]
    found = {Due.REMIND: min(ahead)} if ahead else {}
    return {**found, Due.OVER: mediation.until} if mediation.until is not None else found


def next_moment(mediation: Mediation) -> datetime | None:
    """When the clock has to look at it; None when it need not."""
    return min(moments(mediation).values(), default=None)


def due(mediation: Mediation, now: datetime) -> Due | None:
    """What is due at ``now``, the earliest first."""
    late = {what: at for what, at in moments(mediation).items() if at <= now}
    return min(late, key=lambda what: (late[what], what is Due.OVER), default=None)


def reminded(mediation: Mediation, now: datetime) -> tuple[Mediation, Session | None]:
    """The mediation with its due reminders marked, and the meeting to be told of.

    Of one that has begun meanwhile nobody is reminded.
    """
    told = None
    for index, session in enumerate(mediation.sessions):
        if _to_be_reminded(session) and session.at - REMIND_AHEAD <= now:
            mediation = _with_session(mediation, index, replace(session, reminded=True))
            if session.at > now and told is None:
                told = session
    return mediation, told


def _to_be_reminded(session: Session) -> bool:
    return session.held is None and not session.reminded


def next_session(mediation: Mediation, now: datetime) -> Session | None:
    """The next meeting there will be."""
    ahead = [s for s in mediation.sessions if s.held is None and s.at >= now]
    return min(ahead, key=lambda session: session.at, default=None)
