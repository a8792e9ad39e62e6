"""Verbs of promises: make, ask on the day, chase, answer. A broken one escalates its case once.

A promise outlives the case it was made in: where that is closed it is opened again first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from casework import promises as rules
from casework.case import CLOSED, Case, Status
from casework.conversation import bot_may_speak
from casework.desk.conversations import actor_of
from casework.desk.mediating import Mediating, Value, back, remind, require_handling, speak
from casework.desk.moving import locked, move
from casework.effects import Given
from casework.errors import ForbiddenTransition, Misconfigured
from casework.events import RESIDENT, SYSTEM, Actor, Event, Kind
from casework.mediation import Mediation, NotNow
from casework.organisation import Officer
from casework.ports import Transaction
from casework.promises import Due, Party, Promise
from casework.tasks import CHASE_PROMISE, Task, closed
from casework.working_calendar import CHINA

CHASED_WITHIN = timedelta(days=2)
"""An officer has this long to find out what came of a promise nobody answered about."""
_CLIMBS = frozenset({Status.TRIAGE, Status.DISPATCHED, Status.WORKING, Status.REWORK})


def make(
    tx: Transaction,
    mediation: Mediation,
    party: Party,
    what: str,
    due_on: date,
    officer: Officer,
    now: datetime,
) -> Promise:
    """A promise of a mediation. Raises Incomplete."""
    fresh = Promise(
        id=tx.new_id(),
        case_number=mediation.case_number,
        conversation_id=mediation.conversation_id,
        party=party,
        what=what,
        due_on=due_on,
        made_at=now,
        mediation_id=mediation.id,
        made_by=officer.id,
    )
    promise = rules.made(fresh, now.astimezone(CHINA).date())
    tx.promises.add(promise)
    data = {"party": party.value, "due_on": due_on.isoformat()}
    _note(tx, Kind.PROMISE_MADE, promise, actor_of(officer), now, **data)
    return promise


def add(
    tx: Transaction,
    mediation_id: str,
    pledge: tuple[Party, str, date],
    officer: Officer,
    now: datetime,
) -> Promise:
    """One more promise, made after the agreement or apart from it. Raises NotNow for one that is
    written down already, Incomplete, NotAllowed."""
    number = tx.mediations.get(mediation_id).case_number
    _, case = locked(tx, number)
    mediation = tx.mediations.get(mediation_id, lock=True)
    require_handling(tx, officer, case, mediation, now)
    known = {(each.party, each.what, each.due_on) for each in tx.promises.of_case(number)}
    if (pledge[0], pledge[1].strip(), pledge[2]) in known:
        raise NotNow
    return make(tx, mediation, *pledge, officer, now)


def do_due(tx: Transaction, promise_id: str, book: Mediating, now: datetime) -> bool:
    """Ask on the day, and let an officer find out where nobody answers or can be asked; False when
    another clock did it."""
    conversation, case = locked(tx, tx.promises.get(promise_id).case_number)
    promise = tx.promises.get(promise_id, lock=True)
    what = rules.due(promise, now)
    if what is None:
        return False
    changed = rules.marked(promise, what, now)
    if what is Due.ASK and (seq := _ask(tx, promise, case, conversation.language, book, now)):
        mine = promise.party is Party.RESIDENT
        tx.promises.save(replace(changed, asked_seq=0 if mine else seq))
        _note(tx, Kind.PROMISE_ASKED, changed, SYSTEM, now)
        return True
    changed = rules.marked(changed, Due.CHASE, now)  # there is nobody to wait for
    if promise.what:
        changed = replace(changed, task_id=_chase(tx, changed, case, now))
        _note(tx, Kind.PROMISE_CHASED, changed, SYSTEM, now, officer=case.owner_id)
    tx.promises.save(changed)
    return True


def _ask(
    tx: Transaction, promise: Promise, case: Case, language: str, book: Mediating, now: datetime
) -> int:
    """Ask the resident, or remind them of what they promised themselves; 0 when they cannot be:
    there is no chat, they wanted to be forgotten, or an officer speaks with them. Who is not asked
    then is asked by the officer who has the task; their own day would be over by then, and they are
    reminded of it in the owner's name."""
    if not promise.what or case.anonymised_at is not None:
        return 0
    params: dict[str, Value] = {"number": case.number, "what": promise.what, "due": promise.due_on}
    if promise.party is Party.RESIDENT:
        line = book.told("promise_reminder", language, now, params)
        return remind(tx, case, line, case.owner_id, book, now)
    if not bot_may_speak(tx.conversations.get(case.conversation_id, lock=True)):
        return 0
    buttons = [
        ("promise_kept", f"promise:yes:{promise.id}"),
        ("promise_broken", f"promise:no:{promise.id}"),
    ]
    line = book.told("promise_ask", language, now, params, buttons)
    return remind(tx, case, line, case.owner_id, book, now)


def _chase(tx: Transaction, promise: Promise, case: Case, now: datetime) -> str:
    task = Task(
        id=tx.new_id(),
        kind=CHASE_PROMISE,
        conversation_id=promise.conversation_id,
        officer_id=case.owner_id,
        created_at=now,
        due_at=now + CHASED_WITHIN,
        case_number=case.number,
    )
    tx.tasks.add(task)
    return task.id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer brought about: the promise, its case, and whether that went one level up."""

    promise: Promise
    case: Case
    escalated: bool = False


def answer(
    tx: Transaction,
    promise_id: str,
    kept: bool,
    book: Mediating,
    now: datetime,
    *,
    officer: Officer | None = None,
) -> Outcome:
    """Kept or not, as the resident or an officer says. The caller tells the resident.

    A broken one escalates the case one level with its history, once, in the same transaction;
    at the top of the ladder it stays where it is. Raises NotAllowed, InOtherHands.
    """
    _, case = locked(tx, tx.promises.get(promise_id).case_number)
    promise = tx.promises.get(promise_id, lock=True)
    if officer is not None and not chases(tx, promise, officer):
        mediation = tx.mediations.get(promise.mediation_id) if promise.mediation_id else None
        require_handling(tx, officer, case, mediation, now)
    actor = actor_of(officer) if officer else RESIDENT
    changed = rules.answered(promise, kept, officer.id if officer else None, now)
    escalated = False
    if rules.escalates(changed):
        case, escalated = _one_level_up(tx, case, changed, actor, book, now)
        changed = replace(changed, escalated_at=now if escalated else None)
    tx.promises.save(changed)
    if changed.task_id is not None:
        _finish(tx, changed.task_id, officer, now, kept=kept)
    kind = Kind.PROMISE_KEPT if kept else Kind.PROMISE_BROKEN
    _note(tx, kind, changed, actor, now, escalated=escalated)
    return Outcome(changed, case, escalated)


def chases(tx: Transaction, promise: Promise, officer: Officer) -> bool:
    """Whether the officer was told to find out about this promise: they may say what they found,
    also when the case has gone up meanwhile because another was broken."""
    return promise.task_id is not None and tx.tasks.get(promise.task_id).officer_id == officer.id


def told(
    tx: Transaction, outcome: Outcome, officer: Officer, book: Mediating, now: datetime
) -> None:
    """Tell the resident what an officer wrote down."""
    conversation = tx.conversations.get(outcome.case.conversation_id, lock=True)
    key, params = words(tx, outcome)
    line = book.told(key, conversation.language, now, params)
    speak(tx, outcome.case, line, book, now, officer)


def words(tx: Transaction, outcome: Outcome) -> tuple[str, dict[str, Value]]:
    """The text about an answer, and what it needs."""
    owner = tx.people.officer(outcome.case.owner_id).name
    params: dict[str, Value] = {
        "number": outcome.case.number,
        "owner": owner,
        "what": outcome.promise.what,
    }
    if outcome.promise.kept:
        return "promise_thanks", params
    return ("promise_escalated" if outcome.escalated else "promise_noted"), params


def _one_level_up(
    tx: Transaction, case: Case, promise: Promise, actor: Actor, book: Mediating, now: datetime
) -> tuple[Case, bool]:
    """The case with whoever works one level above; False where there is nobody above, several
    departments are called about it just now, or it was put away too long ago.

    A case that comes back for the second time goes up by coming back, and no further.
    """
    reason = Given(text=book.told("promise_reason", "", now, {"what": promise.what}).text)
    try:
        if case.status is Status.CONFIRMATION:
            case = move(tx, case.number, "end_confirmation", SYSTEM, book, now, silent=True)
        case = back(tx, case.number, book, now)
        if case.status is Status.AWAIT_INFO:  # what was asked can wait, this cannot
            case = move(tx, case.number, "inform", SYSTEM, book, now, silent=True)
        if case.status in CLOSED or case.status is Status.DONE_WAIT:
            org = case.org_id
            case = move(tx, case.number, "reopen", actor, book, now, reason, silent=True)
            if case.org_id != org:
                return case, True
        if case.status not in _CLIMBS:
            return case, False
        return move(tx, case.number, "escalate", SYSTEM, book, now, reason, silent=True), True
    except (ForbiddenTransition, Misconfigured):
        return tx.cases.get(case.number), False


def _finish(
    tx: Transaction, task_id: str, officer: Officer | None, now: datetime, *, kept: bool
) -> None:
    task = tx.tasks.get(task_id, lock=True)
    if task.done_at is None:
        by = officer.id if officer else task.officer_id
        tx.tasks.save(closed(task, by, "kept" if kept else "broken", now))


def _note(
    tx: Transaction, kind: Kind, promise: Promise, actor: Actor, now: datetime, **data: object
) -> None:
    told_of = {"promise": promise.id, **data}
    tx.events.append(Event(kind, now, actor, promise.conversation_id, promise.case_number, told_of))
