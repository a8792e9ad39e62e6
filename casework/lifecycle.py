"""The lifecycle of a case: one table of transitions, and nothing is possible that is not in it.

The flow is that of civic hotlines (domain reference §4.5). Only the resident's answer, seven days
without one, or a colleague who asked the resident and is not the one who did the work, closes a
case; nobody closes it as solved against the resident's word. Refusing is an officer's verb and
names a lawful route; no clock refuses, and a referred case may be reopened by the resident.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from casework.case import CLOSED, OPEN, Case, Status
from casework.copying import replace
from casework.effects import EFFECTS, Given
from casework.errors import ForbiddenTransition, Incomplete
from casework.events import RESIDENT, Actor, ActorKind, Kind
from casework.organisation import Role
from casework.reach import DIRECT, EVERYBODY, Reach
from casework.transitions import Transition
from casework.transitions import row as _row

REOPEN_WITHIN = timedelta(days=90)
"""An archived case keeps its number when it comes back within this time (§4.5)."""
NOTHING = Given()


_S, _A, _R, _K = Status, ActorKind, Role, Kind
DISPATCHERS = frozenset({_R.COMMUNITY, _R.STREET, _R.ADMIN})
WORKERS = DISPATCHERS | {_R.GRID, _R.DEPARTMENT}
MEDIATORS = WORKERS | {_R.MEDIATOR}
REVIEWERS = DISPATCHERS | {_R.SUPERVISOR}
NOBODY: frozenset[Role] = frozenset()
_AT_WORK = {_S.DISPATCHED, _S.WORKING, _S.REWORK}
_ENDED = {_S.CONFIRMED, _S.WITHDRAWN, _S.REFERRED}


LIFECYCLE: tuple[Transition, ...] = (
    _row(
        "file",
        {_S.DRAFT},
        _S.DISPATCHED,
        {_A.BOT, _A.SYSTEM},
        WORKERS,
        _K.CASE_FILED,
        reach=EVERYBODY,
    ),
    _row("accept", {_S.DISPATCHED, _S.REWORK}, _S.WORKING, set(), WORKERS, _K.CASE_ACCEPTED),
    _row(
        "return",
        {_S.DISPATCHED},
        _S.TRIAGE,
        set(),
        WORKERS,
        _K.CASE_RETURNED,
        "code",
        "officer_id",
    ),
    _row(
        "assign",
        {_S.TRIAGE, *_AT_WORK},
        _S.DISPATCHED,
        set(),
        DISPATCHERS,
        _K.CASE_ASSIGNED,
        "officer_id",
        reach=DIRECT,
    ),
    _row(
        "escalate",
        {_S.TRIAGE, *_AT_WORK},
        _S.DISPATCHED,
        {_A.RESIDENT, _A.SYSTEM},
        WORKERS,
        _K.CASE_ESCALATED,
        "officer_id",
    ),
    _row(
        "request_info",
        {_S.WORKING},
        _S.AWAIT_INFO,
        set(),
        WORKERS,
        _K.CASE_INFO_ASKED,
        "text",
    ),
    _row(
        "inform",
        {_S.AWAIT_INFO},
        _S.WORKING,
        {_A.RESIDENT, _A.SYSTEM},
        WORKERS,
        _K.CASE_INFORMED,
        reach=EVERYBODY,
    ),
    # 移交: whoever had it is gone, or somebody else takes their turn; it stays as it stands.
    _row(
        "hand_over",
        {_S.DRAFT, *OPEN, _S.DONE_WAIT},
        None,
        {_A.SYSTEM},
        DISPATCHERS,
        _K.CASE_HANDED_OVER,
        "officer_id",
        reach=DIRECT,
    ),
    _row("consult", {_S.WORKING}, None, set(), WORKERS, _K.CASE_CONSULTED, "text", reach=EVERYBODY),
    _row("extend", _AT_WORK, None, set(), WORKERS, _K.EXTENSION_ASKED, "text", "until"),
    _row("grant", _AT_WORK, None, set(), REVIEWERS, _K.EXTENSION_GRANTED, reach=DIRECT),
    _row("deny", _AT_WORK, None, set(), REVIEWERS, _K.EXTENSION_DENIED, "text", reach=DIRECT),
    _row("mediate", {_S.WORKING}, _S.MEDIATION, set(), MEDIATORS, _K.CASE_IN_MEDIATION),
    _row(
        "end_mediation",
        {_S.MEDIATION},
        _S.WORKING,
        {_A.SYSTEM},
        MEDIATORS,
        _K.CASE_OUT_OF_MEDIATION,
    ),
    _row("whistle", {_S.WORKING}, _S.WHISTLE, set(), DISPATCHERS, _K.CASE_WHISTLED, reach=DIRECT),
    _row(
        "end_whistle",
        {_S.WHISTLE},
        _S.WORKING,
        {_A.SYSTEM},
        DISPATCHERS,
        _K.CASE_WHISTLE_ENDED,
        reach=DIRECT,
    ),
    _row(
        "resolve",
        {*_AT_WORK, _S.MEDIATION, _S.WHISTLE},
        _S.DONE_WAIT,
        set(),
        MEDIATORS,
        _K.CASE_RESOLVED,
        "text",
    ),
    _row("confirm", {_S.DONE_WAIT}, _S.CONFIRMED, {_A.RESIDENT}, NOBODY, _K.CASE_CONFIRMED),
    _row("lapse", {_S.DONE_WAIT}, _S.CONFIRMED, {_A.SYSTEM}, NOBODY, _K.CASE_LAPSED),
    _row(
        "call_back",
        {_S.DONE_WAIT},
        _S.CONFIRMED,
        set(),
        REVIEWERS,
        _K.CASE_CALLED_BACK,
        "text",
        reach=DIRECT,
    ),
    _row(
        "reopen",
        {_S.DONE_WAIT, _S.CONFIRMED, _S.REFERRED, _S.ARCHIVED},
        _S.REWORK,
        {_A.RESIDENT},
        MEDIATORS | REVIEWERS,
        _K.CASE_REOPENED,
        "text",
        reach=EVERYBODY,
    ),
    _row(
        "refer",
        {_S.TRIAGE, _S.DISPATCHED, _S.WORKING},
        _S.REFERRED,
        set(),
        DISPATCHERS,
        _K.CASE_REFERRED,
        "code",
        "text",
        reach=DIRECT,
    ),
    _row("merge", _AT_WORK, None, set(), WORKERS, _K.CASE_MERGED, "other"),
    _row(
        "seek_confirmation",
        {_S.CONFIRMED},
        _S.CONFIRMATION,
        set(),
        MEDIATORS,
        _K.CONFIRMATION_SOUGHT,
    ),
    _row(
        "end_confirmation",
        {_S.CONFIRMATION},
        _S.CONFIRMED,
        {_A.SYSTEM},
        MEDIATORS,
        _K.CONFIRMATION_ENDED,
    ),
    _row(
        "withdraw",
        {_S.DRAFT, *OPEN, _S.DONE_WAIT},
        _S.WITHDRAWN,
        {_A.RESIDENT},
        NOBODY,
        _K.CASE_WITHDRAWN,
    ),
    _row("archive", _ENDED, _S.ARCHIVED, {_A.SYSTEM}, NOBODY, _K.CASE_ARCHIVED),
)
VERBS = {row.verb: row for row in LIFECYCLE}

Condition = Callable[[Case, Actor, datetime], bool]
CONDITIONS: dict[str, Condition] = {
    # 退单: once per level; what was assigned after that is not given back again.
    "return": lambda case, _actor, _now: not case.returned and not case.final,
    # 补充材料: asked once.
    "request_info": lambda case, _actor, _now: not case.asked_info,
    "extend": lambda case, _actor, _now: case.extend_to is None and case.extended == 0,
    # Nobody grants what they asked for, nor a date that is past by now.
    "grant": lambda case, actor, now: (
        case.extend_to is not None and case.extend_to > now and actor.id != case.extend_by
    ),
    "deny": lambda case, actor, _now: case.extend_to is not None and actor.id != case.extend_by,
    # 回访: by somebody else than those who did the work.
    "call_back": lambda case, actor, _now: actor.id not in {case.owner_id, case.resolved_by},
    # A court confirms what two sides have agreed on, and nothing else (人民调解法§33).
    "seek_confirmation": lambda case, _actor, _now: case.resolution == "agreed",
    "reopen": lambda case, _actor, now: (
        case.status is not Status.ARCHIVED
        or (case.closed_at is not None and now - case.closed_at <= REOPEN_WITHIN)
    ),
}
"""What must be true besides the table's row."""


def may(row: Transition, case: Case, actor: Actor, now: datetime, reach: Reach = Reach.HAS) -> bool:
    """Whether this actor may use this row on the case now; ``reach`` is an officer's."""
    if case.status not in row.sources or actor.kind not in row.actors:
        return False
    officer = actor.kind is ActorKind.OFFICER
    if officer and (actor.role not in row.roles or reach not in row.reach):
        return False
    condition = CONDITIONS.get(row.verb)
    return condition is None or condition(case, actor, now)


def allowed_verbs(
    case: Case, actor: Actor, now: datetime, reach: Reach = Reach.HAS
) -> tuple[str, ...]:
    """The verbs this actor may use on the case now, in table order."""
    return tuple(row.verb for row in LIFECYCLE if may(row, case, actor, now, reach))


def out_of_reach(case: Case, verb: str, actor: Actor, now: datetime, reach: Reach) -> bool:
    """Whether nothing stands against the verb but that somebody else has the case."""
    row = VERBS.get(verb)
    if row is None or not may(row, case, actor, now):
        return False
    return actor.kind is ActorKind.OFFICER and reach not in row.reach


def may_reopen(case: Case, now: datetime) -> bool:
    """Whether the resident may have it taken up again, under its own number."""
    return may(VERBS["reopen"], case, RESIDENT, now)


def advance(
    case: Case,
    verb: str,
    actor: Actor,
    now: datetime,
    given: Given = NOTHING,
    reach: Reach = Reach.HAS,
) -> tuple[Case, Kind]:
    """The case after ``verb``, and the event it makes. Its clocks are ``casework.clocks``' matter.

    Raises ForbiddenTransition with the allowed verbs, or Incomplete naming what is needed.
    """
    row = VERBS.get(verb)
    if row is None or not may(row, case, actor, now, reach):
        raise ForbiddenTransition(verb, case.status, allowed_verbs(case, actor, now, reach))
    given = given.stripped()
    for name in row.needs if actor.kind is not ActorKind.RESIDENT else _of_resident(row):
        if not getattr(given, name):
            raise Incomplete(FIELDS.get((verb, name), name))
    effect = EFFECTS.get(verb)
    changed = case if effect is None else effect(case, actor, given, now)
    status = row.target or changed.status
    was, closed = case.status in CLOSED, status in CLOSED
    over = closed or status is Status.DONE_WAIT  # nothing is late any more
    ended = now if closed else None
    changed = replace(
        changed,
        status=status,
        extend_to=None if over else changed.extend_to,
        extend_by=None if over else changed.extend_by,
        closed_at=ended if closed != was else changed.closed_at,
    )
    return changed, row.event


FIELDS = {("resolve", "text"): "result", ("reopen", "text"): "reason"}
"""What callers name a field of Given."""


def _of_resident(row: Transition) -> tuple[str, ...]:
    """What a resident must give: nobody asks them for codes."""
    return tuple(name for name in row.needs if name in {"text", "officer_id"})
