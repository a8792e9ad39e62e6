"""The one verb behind all verbs of the lifecycle: lock, rule, save, record, tell.

Conversation before case: everybody who needs both rows locks them in this order. Two officers who
act on one case at once meet at these locks, one after the other; the second finds what the first
has done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework import clocks, duty, routing
from casework.case import CLOSED, Case
from casework.channels import DESK
from casework.conversation import Conversation, Holder, HolderKind
from casework.deadlines import DeadlineClass, renewed
from casework.desk.assigning import Route
from casework.desk.conversations import actor_of, say
from casework.desk.extending import followed
from casework.desk.handing import route_of
from casework.desk.left_behind import left
from casework.desk.rulebook import Notices, Rulebook
from casework.desk.speaking import held_until
from casework.effects import Given
from casework.errors import Incomplete, InOtherHands, NotAllowed, VersionConflict
from casework.events import SYSTEM, Actor, Event, Kind
from casework.lifecycle import NOTHING, advance, allowed_verbs, out_of_reach
from casework.moves import recorded
from casework.organisation import Officer
from casework.ports import Transaction
from casework.reach import Reach, reach_of
from casework.turn import Media

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
        org = tx.people.unit(case.org_id)
        allowed = allowed_verbs(case, actor, now, near)
        owner = tx.people.officer(case.owner_id).name
        raise InOtherHands(verb, case.status, allowed, owner, org.name if org else "")
    return near


def tell(
    tx: Transaction,
    conversation: Conversation,
    case: Case,
    event: Kind,
    officer: Officer | None,
    notices: Notices,
    now: datetime,
    *,
    said: str = "",
) -> None:
    """Tell the resident, in the officer's name, else the bot's. Not while an officer holds the
    conversation and time alone has done it: that officer sees it and speaks. In quiet hours it
    is sent when they end. After a result the bot holds again, to ask. Where an officer registered
    it there is no chat to tell anything in: who has it calls, or nobody is to be told."""
    if conversation.channel == DESK:
        return
    if officer is None and conversation.holder.kind is HolderKind.OFFICER:
        return
    line = notices.notice(
        event, case, _named(tx, case, event, officer), conversation.language, said
    )
    if line is not None and event is Kind.CASE_RESOLVED:
        line = replace(line, media=_shown(tx, case))
    before = conversation
    mine = officer is not None and conversation.holder == Holder(HolderKind.OFFICER, officer.id)
    if line is not None:
        hold = held_until(tx, conversation, case, notices, now)
        conversation, _ = say(tx, conversation, [line], now, officer=officer, hold_until=hold)
    if event is Kind.CASE_RESOLVED and (mine or conversation.holder.kind is HolderKind.QUEUE):
        conversation = _given_back(tx, conversation, officer, now)
    if conversation is not before:
        tx.conversations.save(conversation, before.epoch)


def _given_back(
    tx: Transaction, conversation: Conversation, officer: Officer | None, now: datetime
) -> Conversation:
    """The bot has the conversation again, to ask whether it is solved."""
    conversation = replace(
        conversation,
        holder=Holder(HolderKind.BOT),
        epoch=conversation.epoch + 1,
        waiting_since=None,
        handoff_reason=None,
    )
    actor = actor_of(officer) if officer is not None else SYSTEM
    data = {"epoch": conversation.epoch, "to": "bot", "to_officer": None}
    tx.events.append(Event(Kind.RELEASED, now, actor, conversation.id, data=data))
    return conversation


def _shown(tx: Transaction, case: Case) -> tuple[Media, ...]:
    """The photos that show what was done (S4-5); a file of somebody else's case stays there."""
    kept = [tx.files.get(file_id) for file_id in case.proof]
    own = [media for media, conversation_id in kept if conversation_id == case.conversation_id]
    return tuple(media for media in own if media.kind == "photo")


_OF_OWNER = frozenset(
    {
        Kind.CASE_FILED,
        Kind.CASE_PLACED,
        Kind.CASE_ASSIGNED,
        Kind.CASE_ESCALATED,
        Kind.CASE_HANDED_OVER,
    }
)


def _named(tx: Transaction, case: Case, event: Kind, officer: Officer | None) -> str:
    """Whom the notice names: who has the case from now on, with the office where that is new."""
    if event not in _OF_OWNER and officer is not None:
        return officer.name
    owner = tx.people.officer(case.owner_id).name
    unit = (
        tx.people.unit(case.org_id) if event in {Kind.CASE_ASSIGNED, Kind.CASE_ESCALATED} else None
    )
    return f"{unit.name}{owner}" if unit is not None else owner
