"""Verbs on cases that are the same issue of several residents: find, join, loosen, follow.

A joined case stays a case: its number, its chat, its rating and its reopening are its own. What an
officer does with the leading case is done with each that follows it, one resident after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from casework import clocks, clusters, lifecycle, routing
from casework.alone import on_its_own
from casework.case import CLOSED, OPEN, UNFOLLOWING, Case, Status
from casework.clusters import Found, Nearby
from casework.collective import Collective, State, is_large
from casework.desk import extending
from casework.desk.conversations import actor_of
from casework.desk.left_behind import left
from casework.desk.moving import require_coverage, require_reach
from casework.desk.notifying import tell
from casework.desk.rulebook import Rulebook
from casework.effects import Given
from casework.errors import NotFound, Unfit
from casework.events import RESIDENT, SYSTEM, Actor, ActorKind, Event, Kind
from casework.masking import masked
from casework.moves import recorded
from casework.organisation import Officer, Organisation
from casework.ports import Transaction

_VERBS = {
    Kind.CASE_ACCEPTED: "accept",
    Kind.CASE_RESOLVED: "resolve",
    Kind.CASE_REOPENED: "reopen",
}
_NO_MORE = frozenset({Status.WITHDRAWN, Status.REFERRED})
"""Nothing comes from a leading case that was taken back, or whose resident was told another way:
each of the others has to hear that way, if it is theirs, from whoever refers it."""
_OWN = frozenset({*_VERBS, Kind.CASE_JOINED, Kind.CASE_FILED})


def find(tx: Transaction, number: str, rule: Nearby, now: datetime) -> Found | None:
    """Another resident's open case that is probably the same issue; None when there is none."""
    mine = tx.cases.get(number)
    if not clusters.may_join(mine, rule) or mine.joined is not None:
        return None
    near = tx.people.chain(mine.unit_id)
    top = clusters.top(near)
    below = tx.people.below(top.id) if top is not None else []
    organisation = Organisation({unit.id: unit for unit in (*near, *below)}, {})
    units = clusters.area(mine.unit_id, organisation)
    since = now - rule.look_back
    others = tx.cases.nearby(mine.category, units, since, rule.look_at)
    found = clusters.same_issue(mine, others, organisation, rule)
    if found is None:
        return None
    leading = tx.cases.get(found.joined or found.number)
    joined = [each for each in tx.cases.joined_to(leading.number) if each.status not in CLOSED]
    theirs = {leading.conversation_id, *(each.conversation_id for each in joined)}
    if leading.status not in OPEN or mine.conversation_id in theirs:
        return None
    return clusters.told(leading, joined, rule, mine.category)


def join(
    tx: Transaction, number: str, leading_number: str, rule: Nearby, now: datetime
) -> Case | None:
    """The resident says it is the same issue. None when the other case is past joining by now.

    Whoever locks several cases locks them by number; the resident's conversation is locked before.
    """
    locked = {each: tx.cases.get(each, lock=True) for each in sorted((number, leading_number))}
    mine, leading = locked[number], locked[leading_number]
    if mine.joined == leading_number:
        return mine
    fit = all(each.status in OPEN and clusters.may_join(each, rule) for each in (mine, leading))
    if not fit or leading.joined or mine.conversation_id == leading.conversation_id:
        return None
    if not _stands_back(tx, mine):
        return None
    for each in tx.cases.joined_to(number):
        _tie(tx, tx.cases.get(each.number, lock=True), leading, SYSTEM, now)
    saved = _tie(tx, mine, leading, RESIDENT, now)
    if leading.status is Status.WORKING and saved.status is not Status.WORKING:
        worker = actor_of(tx.people.officer(leading.owner_id))
        working, event = lifecycle.advance(saved, "accept", worker, now)
        tied, saved = saved, tx.cases.save(working, now)
        tx.moves.add(recorded(tied, saved, "accept", worker, lifecycle.NOTHING, now))
        _note(tx, event, saved, SYSTEM, now, leading=leading_number)
    residents = len({each.conversation_id for each in tx.cases.joined_to(leading_number)})
    _note(tx, Kind.CASE_GREW, leading, RESIDENT, now, joined=number, residents=residents)
    _propose(tx, leading, now)
    return saved


def _stands_back(tx: Transaction, case: Case) -> bool:
    """Whether a case may follow another: not while it leads a group case (集体事项) of its own.

    What was only proposed for it is forgotten; it would be proposed for the leading one.
    """
    own = tx.collectives.of(case.number, lock=True)
    if own is not None and own.state is State.ACTIVE:
        return False
    if own is not None:
        tx.collectives.drop(own)
    return True


def _propose(tx: Transaction, leading: Case, now: datetime) -> None:
    """So many have reported it that the street is asked, once, whether it is a group case."""
    if tx.collectives.of(leading.number) is not None:
        return
    if is_large(leading, tx.cases.joined_to(leading.number)):
        tx.collectives.add(Collective(tx.new_id(), leading.number, State.PROPOSED, now))
        _note(tx, Kind.GROUP_PROPOSED, leading, SYSTEM, now)


def _tie(tx: Transaction, mine: Case, leading: Case, actor: Actor, now: datetime) -> Case:
    tied = replace(
        _in_the_hands_of(leading, mine),
        joined=leading.number,
        followed=leading.version,
        extend_to=None,
        extend_by=None,
    )
    saved = tx.cases.save(tied, now)
    extending.ended(tx, saved, actor, now)
    _note(tx, Kind.CASE_JOINED, saved, actor, now, leading=leading.number, owner=saved.owner_id)
    return saved


def _in_the_hands_of(leading: Case, mine: Case) -> Case:
    """Whoever has the leading case has ours; what they may give back they may give back once."""
    return replace(
        mine,
        owner_id=leading.owner_id,
        org_id=leading.org_id,
        returned=leading.returned,
        final=leading.final,
    )


def merge(
    tx: Transaction,
    number: str,
    leading_number: str,
    officer: Officer,
    rules: Rulebook,
    now: datetime,
) -> Case:
    """并单: an officer sees that two cases are one matter. The case follows the other from now on;
    its number, its chat and its rating stay its own, and its resident, who is told, may loosen it.

    Raises ForbiddenTransition, NotAllowed for an officer who covers only one of them, or NotFound
    for cases that may never be tied: restricted, in danger, of different subjects.
    """
    conversation = tx.conversations.get(tx.cases.get(number).conversation_id, lock=True)
    locked = {each: tx.cases.get(each, lock=True) for each in sorted({number, leading_number})}
    mine, leading = locked[number], locked[leading_number]
    for each in (mine, leading):
        require_coverage(tx, each, tx.conversations.get(each.conversation_id), officer)
    actor, given = actor_of(officer), Given(other=leading_number)
    near = require_reach(tx, mine, "merge", officer, now)
    case, event = lifecycle.advance(mine, "merge", actor, now, given, near)
    guarded = any(each.restricted or each.crisis != "none" for each in (mine, leading))
    apart = mine.category != leading.category or mine.conversation_id == leading.conversation_id
    if guarded or apart or leading.joined or leading.status not in OPEN:
        raise NotFound
    if not _stands_back(tx, mine):
        raise Unfit("leads")
    for each in tx.cases.joined_to(number):
        _tie(tx, tx.cases.get(each.number, lock=True), leading, SYSTEM, now)
    saved = _tie(tx, case, leading, actor, now)
    tx.moves.add(recorded(mine, saved, "merge", actor, given, now))
    _note(tx, event, saved, actor, now, leading=leading_number)
    tell(tx, conversation, saved, event, officer, rules, now)
    _propose(tx, leading, now)
    return saved


def loosen(
    tx: Transaction, number: str, rules: Rulebook, now: datetime, *, actor: Actor = RESIDENT
) -> Case:
    """The resident, or an officer, says it is another matter after all: it goes on by itself, with
    moments of its own ahead."""
    mine = tx.cases.get(number, lock=True)
    if mine.joined is None:
        return mine
    return _loose(tx, mine, actor, rules, now)


def _loose(tx: Transaction, mine: Case, actor: Actor, rules: Rulebook, now: datetime) -> Case:
    rung = routing.rung(tx.people.unit(mine.org_id))
    alone = on_its_own(replace(mine, joined=None, followed=0), rules.deadline(mine), rung, now)
    saved = tx.cases.save(alone, now)
    _note(tx, Kind.CASE_LOOSENED, saved, actor, now, leading=mine.joined)
    return saved


def follow(tx: Transaction, numbers: Sequence[str], rules: Rulebook, now: datetime) -> int:
    """Bring these joined cases up to date with their leading ones; returns how many moved on.

    All conversations are locked before all cases, both in order, so that neither residents nor
    other clocks can stand in the way. Safe to run again: what has followed does not follow twice.
    """
    found = [tx.cases.get(number) for number in numbers]
    for conversation_id in sorted({each.conversation_id for each in found}):
        tx.conversations.get(conversation_id, lock=True)
    for number in sorted(numbers):
        tx.cases.get(number, lock=True)
    told: dict[str, Event | None] = {}
    return sum(_follow_one(tx, number, told, rules, now) for number in sorted(numbers))


def _follow_one(
    tx: Transaction, number: str, told: dict[str, Event | None], rules: Rulebook, now: datetime
) -> bool:
    mine = tx.cases.get(number)
    if mine.joined is None or mine.status in UNFOLLOWING:
        return False
    leading = tx.cases.get(mine.joined)
    if mine.followed >= leading.version:
        return False
    if leading.status in _NO_MORE or leading.restricted:
        _pass_on(tx, leading, rules, now)
        return True
    news = _news(tx, mine, leading, told)
    kept = replace(mine, followed=leading.version)
    if mine.round == 1 or leading.status in OPEN:  # what came back alone has an owner of its own
        kept = _in_the_hands_of(leading, kept)
    if news is None or mine.status not in lifecycle.VERBS[_VERBS[news.kind]].sources:
        tx.cases.save(kept, now)
        return True
    officer = tx.people.officer(news.actor.id or "")
    given = Given(leading.number)
    if news.kind is Kind.CASE_RESOLVED:
        called = tx.conversations.get(leading.conversation_id).title
        words = masked(rules.for_neighbours(leading.result or "", leading, called))
        given = Given(words, leading.resolution, leading.proof)
    verb = _VERBS[news.kind]
    moved, event = lifecycle.advance(kept, verb, actor_of(officer), now, given)
    if event is Kind.CASE_REOPENED:
        moved = clocks.started(moved, rules.deadline(moved), rules.calendar, 2, now)
        moved = replace(moved, accept_by=None, warn_at=None)  # the leading case is timed for both
    saved = tx.cases.save(replace(moved, contacted_at=moved.contacted_at or now), now)
    tx.moves.add(recorded(mine, saved, verb, news.actor, given, now))
    left(tx, mine, saved, now)
    _note(tx, event, saved, news.actor, now, round=saved.round, leading=leading.number)
    conversation = tx.conversations.get(saved.conversation_id)
    tell(tx, conversation, saved, event, officer, rules, now, said=given.text)
    return True


def _news(
    tx: Transaction, mine: Case, leading: Case, told: dict[str, Event | None]
) -> Event | None:
    """What an officer did last with the leading case, if nothing has happened to ours since.

    ``told`` keeps what was read of it for the others: hundreds may follow one case.
    """
    if leading.number not in told:
        events = [each for each in tx.events.of_case(leading.number) if each.kind in _VERBS]
        told[leading.number] = max(events, key=lambda each: each.seq, default=None)
    last = told[leading.number]
    if last is None or last.actor.kind is not ActorKind.OFFICER:
        return None
    own = [each.seq for each in tx.events.of_case(mine.number) if each.kind in _OWN]
    return last if last.seq > max(own, default=0) else None


def _pass_on(tx: Transaction, leading: Case, rules: Rulebook, now: datetime) -> None:
    """The leading case is gone: the oldest that followed it leads the others, and theirs is the
    group case and the joint desk."""
    numbers = [each.number for each in tx.cases.joined_to(leading.number)]
    rest = [tx.cases.get(number, lock=True) for number in numbers]
    alive = [each for each in rest if each.status not in CLOSED]
    heir = _loose(tx, alive[0], SYSTEM, rules, now)
    group = tx.collectives.of(leading.number, lock=True)
    if group is not None:
        tx.collectives.save(replace(group, leading=heir.number))
    for calendar in sorted(tx.booking.calendars(case_number=leading.number), key=lambda c: c.id):
        desk = tx.booking.calendar(calendar.id, lock=True)
        tx.booking.save_calendar(replace(desk, case_number=heir.number))
    for each in alive[1:]:
        _tie(tx, each, heir, SYSTEM, now)


def _note(
    tx: Transaction, kind: Kind, case: Case, actor: Actor, now: datetime, **data: object
) -> None:
    tx.events.append(Event(kind, now, actor, case.conversation_id, case.number, dict(data)))
