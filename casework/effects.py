"""What each verb of the lifecycle does to the case besides its status. Pure.

The moments a verb sets that need the city's calendar and classes are ``casework.clocks``' matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.case import Case, Supervision
from casework.copying import replace
from casework.errors import Incomplete
from casework.events import Actor

ANSWER_WAIT = timedelta(days=7)  # a resident has this long to say whether it is solved
INFO_WAIT = timedelta(days=5)  # the longest pause for what the resident was asked for (§4.2)
MEDIATION_WAIT = timedelta(days=30)  # 司法部令第75号§33: mostly within a month

RETURN_CODES = ("wrong_office", "not_here", "needs_higher")
RESOLUTIONS = ("fixed", "paid", "agreed", "explained", "referred", "unable", "answered")
PROVEN = frozenset({"fixed", "paid", "agreed"})
"""Resolutions that claim a fact: a photo, a receipt, an agreement must show it."""
REFERRALS = ("statutory_route", "beyond_duty", "handled_elsewhere", "court_matter")
"""Why a matter is told its lawful route instead (北京市接诉即办工作条例§11): never "no merit"."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a verb is given. ``text`` is the reason, the result, the list of what is needed, or the
    lawful route; ``code`` one of the verb's codes; ``proof`` ids of kept files; ``officer_id`` and
    ``unit_id`` who gets it; ``until`` a new date; ``other`` another case's number."""

    text: str = ""
    code: str | None = None
    proof: tuple[str, ...] = ()
    officer_id: str | None = None
    unit_id: str | None = None
    until: datetime | None = None
    other: str | None = None

    def stripped(self) -> Given:
        """Without blanks around the words."""
        text, code = self.text.strip(), (self.code or "").strip() or None
        if (text, code) == (self.text, self.code):
            return self
        return replace(self, text=text, code=code)


Effect = Callable[[Case, Actor, Given, datetime], Case]


def _known(code: str | None, codes: tuple[str, ...]) -> str:
    if code not in codes:
        raise Incomplete("code")
    return code


def _accept(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    return replace(case, accept_by=None)


def _handed(case: Case, given: Given) -> Case:
    """In other hands; an extension asked for by the last ones is asked for no more. What was final
    is so for the unit it was given to: another one may give it back once."""
    org_id = given.unit_id or case.org_id
    return replace(
        case,
        owner_id=given.officer_id or case.owner_id,
        org_id=org_id,
        final=case.final and org_id == case.org_id,
        extend_to=None,
        extend_by=None,
    )


def _return(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    _known(given.code, RETURN_CODES)
    return replace(_handed(case, given), returned=True)


def _assign(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    # 潍坊§22: whoever gets it by name after a return may not give it back any more.
    return replace(_handed(case, given), final=case.final or case.returned)


def _hand_over(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    elsewhere = given.unit_id not in {None, case.org_id}
    return replace(_handed(case, given), returned=case.returned and not elsewhere)


def _escalate(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    # Another level: it may give back once too.
    return replace(_handed(case, given), returned=False, final=False)


def _request_info(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    until = min(given.until or now + INFO_WAIT, now + INFO_WAIT)
    if until <= now:
        raise Incomplete("until")
    return replace(case, asked_info=True, paused_at=now, resume_at=until)


def _extend(case: Case, actor: Actor, given: Given, now: datetime) -> Case:
    if given.until is None or given.until <= max(now, case.due_at or now):
        raise Incomplete("until")
    return replace(case, extend_to=given.until, extend_by=actor.id)


def _grant(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    return replace(
        case,
        due_at=case.extend_to,
        extended=case.extended + 1,
        extend_to=None,
        extend_by=None,
        breached_at=None,
        warned_at=None,
        supervision=_calmed(case.supervision),
    )


def _deny(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    return replace(case, extend_to=None, extend_by=None)


def _mediate(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    return replace(case, paused_at=now, resume_at=given.until or now + MEDIATION_WAIT)


def _resolve(case: Case, actor: Actor, given: Given, now: datetime) -> Case:
    code = _known(given.code or "answered", RESOLUTIONS)
    if code in PROVEN and not given.proof:
        raise Incomplete("proof")
    return replace(
        case,
        result=given.text,
        resolution=code,
        proof=given.proof,
        resolved_by=actor.id,
        lapse_at=now + ANSWER_WAIT,
        paused_at=None,
        resume_at=None,
    )


def _reopen(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    """A new round, in the same hands or in others'. Whoever was named for it after a return stays
    named: the resident's no is no reason to pass it around again."""
    return replace(
        _handed(case, given),
        round=case.round + 1,
        rating=None,
        rating_text=None,
        returned=False,
        asked_info=False,
        extended=0,
        extend_to=None,
        extend_by=None,
        lapse_at=None,
        archive_at=None,
        supervision=_calmed(case.supervision),
    )


def _refer(case: Case, actor: Actor, given: Given, now: datetime) -> Case:  # noqa: ARG001
    _known(given.code, REFERRALS)
    return replace(case, result=given.text, resolution="referred", resolved_by=actor.id)


def _calmed(supervision: Supervision) -> Supervision:
    """What the clock said of the time before is over; what somebody asked for stands."""
    by_clock = supervision in {Supervision.YELLOW, Supervision.RED}
    return Supervision.NONE if by_clock else supervision


EFFECTS: dict[str, Effect] = {
    "accept": _accept,
    "return": _return,
    "assign": _assign,
    "escalate": _escalate,
    "hand_over": _hand_over,
    "request_info": _request_info,
    "extend": _extend,
    "grant": _grant,
    "deny": _deny,
    "mediate": _mediate,
    "resolve": _resolve,
    "reopen": _reopen,
    "refer": _refer,
}
