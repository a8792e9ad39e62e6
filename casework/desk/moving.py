"""The one verb behind all verbs of the lifecycle: lock, rule, save, record, tell.

Conversation before case: everybody who needs both rows locks them in this order. Two officers who
act on one case at once meet at these locks, one after the other; the second finds what the first
has done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework import clocks, duty, routing
from casework.case import CLOSED, Case
from casework.conversation import Conversation, Holder, HolderKind
from casework.copying import replace
from casework.deadlines import DeadlineClass, renewed
from casework.desk.assigning import Route
from casework.desk.conversations import actor_of
from casework.desk.extending import followed
from casework.desk.handing import route_of
from casework.desk.left_behind import left
from casework.desk.notifying import tell
from casework.desk.rulebook import Rulebook
from casework.effects import Given
from casework.errors import Incomplete, InOtherHands, NotAllowed, VersionConflict
from casework.events import Actor, Event, Kind
from casework.lifecycle import NOTHING, advance, allowed_verbs, out_of_reach
from casework.moves import recorded
from casework.organisation import Officer
from casework.ports import Transaction
from casework.reach import Reach, reach_of

_QUIETLY = frozenset(
    {"return", "assign", "hand_over", "escalate", "extend", "grant", "deny", "consult", "merge"}
)
"""Verbs that settle something among officers: the resident has not been spoken to by them."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a verb: by whom, and what it is given. ``officer`` is the actor where one acts;
    ``silent`` when somebody else tells the resident."""

    verb: str
    actor: Actor
    given: Given = NOTHING
    officer: Officer | None = None
    silent: bool = False


def move(
    tx: Transaction,
    number: str,
    verb: str,
    actor: Actor,
    rules: Rulebook,
    now: datetime,
    given: Given = NOTHING,
    *,
    silent: bool = False,
) -> Case:
    """Use a verb of the lifecycle table in nobody's office: the resident, the clock, or an officer
    whose right to it was looked at before.

    Raises ForbiddenTransition with what is allowed, Incomplete, NotAllowed, NotFound.
    """
    conversation, before = locked(tx, number)
    return apply(tx, conversation, before, Use(verb, actor, given, None, silent), rules, now)


def act(
    tx: Transaction,
    number: str,
    verb: str,
    officer: Officer,
    now: datetime,
    rules: Rulebook,
    *,
    given: Given = NOTHING,
    version: int | None = None,
) -> Case:
    """An officer's verb; the resident is told in the same transaction. ``version`` refuses when the
    case has changed since it was read. Raises as ``move`` does, and VersionConflict."""
    conversation, before = locked(tx, number)
    if version is not None and version != before.version:
        raise VersionConflict
    use = Use(verb, actor_of(officer), given, officer)
    return apply(tx, conversation, before, use, rules, now)


def locked(tx: Transaction, number: str) -> tuple[Conversation, Case]:
    """The case and its resident's conversation, both held until the transaction ends."""
    conversation = tx.conversations.get(tx.cases.conversation_of(number), lock=True)
    return conversation, tx.cases.get(number, lock=True)


def apply(
    tx: Transaction,
    conversation: Conversation,
    before: Case,
    use: Use,
    rules: Rulebook,
    now: datetime,
) -> Case:
    """As ``move``, on rows that are locked already."""
    verb, actor, given, officer = use.verb, use.actor, use.given, use.officer
    near = Reach.HAS
    if officer is not None:
        require_coverage(tx, before, conversation, officer)
        near = require_reach(tx, before, verb, officer, now)
    route = route_of(tx, before, verb, actor, given, rules, now)
    # Nobody gets it but whom the verb hands it to, whatever else a caller names.
    to, org = (route.officer.id, route.org_id) if route is not None else (None, None)
    given = replace(given, officer_id=to, unit_id=org)
    case, event = advance(before, verb, actor, now, given, near)
    case = _timed(tx, before, case, verb, route, rules, now)
    if officer is not None and case.contacted_at is None and verb not in _QUIETLY:
        case = replace(case, contacted_at=now)
    saved = tx.cases.save(case, now)
    tx.moves.add(recorded(before, saved, verb, actor, given, now))
    left(tx, before, saved, now)
    followed(tx, before, saved, verb, actor, rules, now)
    _note(tx, event, actor, before, saved, given, now)
    if not use.silent:
        said = given.text or _why_longer(tx, saved, event)
        tell(tx, conversation, saved, event, officer, rules, now, said=said)
    return saved


def _timed(
    tx: Transaction,
    before: Case,
    case: Case,
    verb: str,
    route: Route | None,
    rules: Rulebook,
    now: datetime,
) -> Case:
    """The case with the moments this verb changes."""
    cls = rules.deadline(case)
    if verb == "reopen":
        rung = routing.rung(tx.people.unit(case.org_id))
        return clocks.started(case, cls, rules.calendar, rung, now)
    if verb in {"inform", "end_mediation"}:
        return clocks.resumed(case, cls, rules.calendar, now)
    if verb == "extend":
        _no_longer(before, case, cls, rules)
    if verb == "grant":
        return clocks.extended(case, cls)
    if route is not None:
        return clocks.at_rung(case, route.rung)
    if case.status in CLOSED and before.status not in CLOSED:
        return clocks.closed(case)
    return case


def _no_longer(before: Case, case: Case, cls: DeadlineClass, rules: Rulebook) -> None:
    """Raise Incomplete for more time than the class gives (信访工作条例§34: 30 days more)."""
    if before.due_at is None or case.extend_to is None:
        return
    latest = renewed(before.due_at, cls, rules.calendar)
    if latest is not None and case.extend_to > latest:
        raise Incomplete("until")


def _note(
    tx: Transaction,
    event: Kind,
    actor: Actor,
    before: Case,
    saved: Case,
    given: Given,
    now: datetime,
) -> None:
    data: dict[str, object] = {"round": saved.round}
    if saved.rating is not None and event is Kind.CASE_CONFIRMED:
        data["rating"] = saved.rating
    if (saved.owner_id, saved.org_id) != (before.owner_id, before.org_id):
        data |= {"owner": saved.owner_id, "owner_before": before.owner_id}
        data |= {"org": saved.org_id, "org_before": before.org_id}
    if given.code:
        data["code"] = given.code
    if given.until:
        data["until"] = given.until.isoformat()
    if given.other:
        data["other"] = given.other
    tx.events.append(Event(event, now, actor, saved.conversation_id, saved.number, data))


def _why_longer(tx: Transaction, case: Case, event: Kind) -> str:
    """Why a case takes longer, in the words of whoever asked for it, where who granted it has
    added none."""
    if event is not Kind.EXTENSION_GRANTED:
        return ""
    asked = [move.text for move in tx.moves.of_case(case.number) if move.verb == "extend"]
    return asked[-1] if asked else ""


def require_coverage(
    tx: Transaction, case: Case, conversation: Conversation, officer: Officer
) -> None:
    """Raise NotAllowed unless the officer owns the case, covers where it lies or who owns it, or
    holds its resident."""
    holds = conversation.holder == Holder(HolderKind.OFFICER, officer.id)
    if holds or case.owner_id == officer.id or duty.covers(tx, officer, case.unit_id):
        return
    if case.org_id == case.unit_id or not duty.covers(tx, officer, case.org_id):
        raise NotAllowed


def require_reach(tx: Transaction, case: Case, verb: str, officer: Officer, now: datetime) -> Reach:
    """How near the officer is to the case. Raises InOtherHands, naming who has it, where this is
    all that stands against the verb."""
    near, actor = reach_of(tx, case, officer, now), actor_of(officer)
    if out_of_reach(case, verb, actor, now, near):
        raise in_other_hands(tx, case, verb, allowed_verbs(case, actor, now, near))
    return near


def in_other_hands(tx: Transaction, case: Case, verb: str, allowed: Sequence[str]) -> InOtherHands:
    """The refusal that names who has the case."""
    org, owner = tx.people.unit(case.org_id), tx.people.officer(case.owner_id)
    return InOtherHands(verb, case.status, allowed, owner.name, org.name if org else "")
