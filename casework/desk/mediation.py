"""Verbs of consent to a mediation: propose, answer, name, choose who mediates, begin, leave.

A proposal moves nothing: the case stays with its owner and its clocks run until both have said
yes. Conversation before case before mediation, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from casework import mediation as rules
from casework import mediation_sessions as meetings
from casework.case import Case, Status
from casework.conversation import Conversation
from casework.desk.conversations import actor_of
from casework.desk.mediating import (
    Mediating,
    Value,
    back,
    excluded,
    note,
    open_one,
    require_handling,
    require_mediable,
    require_work,
    speak,
)
from casework.desk.mediators import choices
from casework.desk.moving import locked, move
from casework.effects import Given
from casework.events import RESIDENT, Kind
from casework.mediation import Answer, Mediation, Phase, Rule, Source
from casework.organisation import Officer
from casework.ports import Transaction
from casework.turn import Line


@dataclass(frozen=True, slots=True)
class Proposal:
    """``since_year``: when the trouble began. Without ``mediator_id`` the best is suggested."""

    source: Source
    mediator_id: str | None = None
    since_year: int | None = None


def propose(
    tx: Transaction,
    number: str,
    proposal: Proposal,
    officer: Officer,
    book: Mediating,
    now: datetime,
) -> Mediation:
    """An officer proposes; the resident is asked once, in plain words.

    What the resident said when the complaint was taken counts and is not asked again. Raises
    Excluded, AlreadyAnswered, NotAllowed or InOtherHands.
    """
    conversation, case = locked(tx, number)
    require_work(tx, officer, case, now)
    made = _made(tx, case, proposal, officer, book, now)
    note(tx, Kind.MEDIATION_PROPOSED, made, actor_of(officer), now, source=made.source.value)
    seq = speak(
        tx, case, question(made, case, conversation, book, now, officer.name), book, now, officer
    )
    made = replace(made, asked_seq=seq)
    tx.mediations.add(made)
    return made


def _made(
    tx: Transaction,
    case: Case,
    proposal: Proposal,
    officer: Officer | None,
    book: Mediating,
    now: datetime,
) -> Mediation:
    """The new mediation. Raises unless one may be proposed."""
    known = tx.mediations.of_case(case.number, lock=True)
    danger = tx.alerts.open_of(case.conversation_id) is not None
    rule = book.mediation
    rules.may_propose(case, known, rule, by_resident=officer is None, danger=danger)
    said = Answer.YES if officer is None else rule.told_before(case)
    if said is Answer.NO:
        raise rules.AlreadyAnswered
    fresh = Mediation(
        id=tx.new_id(),
        case_number=case.number,
        conversation_id=case.conversation_id,
        source=proposal.source,
        proposed_at=now,
        proposed_by=officer.id if officer else None,
        since_year=proposal.since_year,
        resident=said,
        resident_at=now if said else None,
    )
    who = _mediator(tx, case, fresh, proposal.mediator_id, rule, now)
    return replace(fresh, mediator_id=who)


def _mediator(
    tx: Transaction,
    case: Case,
    mediation: Mediation,
    wanted: str | None,
    rule: Rule,
    now: datetime,
) -> str | None:
    known = choices(tx, case, mediation, rule, now)
    if wanted is None:
        return known[0].id if known else None
    if wanted not in {each.id for each in known}:
        raise rules.NotNow("elsewhere")
    return wanted


def question(
    mediation: Mediation,
    case: Case,
    conversation: Conversation,
    book: Mediating,
    now: datetime,
    asker: str,
) -> Line:
    """What the resident is asked now: whether they want it, else whether they may be named."""
    number = case.number
    params: dict[str, Value] = {"number": number, "owner": asker}
    if mediation.resident is Answer.YES:
        key = "mediation_named_first"
        return book.told(key, conversation.language, now, params, naming(number))
    buttons = [(f"mediation_{a.value}", f"mediate:{a.value}:{number}") for a in Answer]
    return book.told("mediation_ask", conversation.language, now, params, buttons)


def apply_for(tx: Transaction, number: str, book: Mediating, now: datetime) -> Mediation:
    """The resident asks for it in their own words; nobody has to ask them.

    Raises Excluded or NotAllowed. The caller says what follows.
    """
    _, case = locked(tx, number)
    made = _made(tx, case, Proposal(Source.APPLICATION), None, book, now)
    tx.mediations.add(made)
    note(tx, Kind.MEDIATION_PROPOSED, made, RESIDENT, now, source=made.source.value)
    return made


def answer(
    tx: Transaction, number: str, said: Answer, now: datetime, *, officer: Officer | None = None
) -> Mediation:
    """The resident's answer, by a button, in words, or to an officer who writes it down."""
    _, case = locked(tx, number)
    mediation = open_one(tx, number)
    if officer is not None:
        require_handling(tx, officer, case, mediation, now)
    changed = rules.resident_answers(mediation, said, now)
    tx.mediations.save(changed)
    actor = actor_of(officer) if officer else RESIDENT
    note(tx, Kind.MEDIATION_ANSWERED, changed, actor, now, party="resident", answer=said.value)
    return changed


def name(
    tx: Transaction, number: str, named: bool, now: datetime, *, officer: Officer | None = None
) -> Mediation:
    """Whether the other side may know who complained."""
    _, case = locked(tx, number)
    mediation = open_one(tx, number)
    if officer is not None:
        require_handling(tx, officer, case, mediation, now)
    changed = rules.resident_names(mediation, named, now)
    if not named:  # a meeting that is fixed already would show who it is
        changed = meetings.kept_apart(changed, now)
    tx.mediations.save(changed)
    actor = actor_of(officer) if officer else RESIDENT
    note(tx, Kind.MEDIATION_NAMED, changed, actor, now, named=named)
    return changed


def naming(number: str) -> list[tuple[str, str]]:
    """The buttons of whether the other side may know who it is."""
    return [("named_yes", f"meet:yes:{number}"), ("named_no", f"meet:no:{number}")]


def choose(
    tx: Transaction,
    number: str,
    mediator_id: str,
    rule: Rule,
    now: datetime,
    *,
    officer: Officer | None = None,
) -> Mediation:
    """Another mediator: the resident named one (点名调解), or an officer gives it to one."""
    _, case = locked(tx, number)
    mediation = open_one(tx, number)
    if officer is not None:
        require_handling(tx, officer, case, mediation, now)
    who = _mediator(tx, case, mediation, mediator_id, rule, now)
    changed = replace(mediation, mediator_id=who)
    tx.mediations.save(changed)
    actor = actor_of(officer) if officer else RESIDENT
    note(tx, Kind.MEDIATOR_CHOSEN, changed, actor, now, officer=who)
    return changed


@dataclass(frozen=True, slots=True)
class OtherSide:
    """What the other side said when ``how`` they were asked at ``asked_at``."""

    answer: Answer
    how: str
    asked_at: datetime


def other_side(
    tx: Transaction,
    number: str,
    said: OtherSide,
    officer: Officer,
    book: Mediating,
    now: datetime,
) -> Mediation:
    """An officer asked the other side and writes down what they said. With both yes it begins;
    with a no the resident is told kindly and the case goes on. Raises NotAllowed, Incomplete."""
    conversation, case = locked(tx, number)
    mediation = open_one(tx, number)
    require_handling(tx, officer, case, mediation, now)
    asked_at = min(said.asked_at, now)
    changed = rules.other_answers(mediation, said.answer, said.how, officer.id, asked_at)
    tx.mediations.save(changed)
    data = {"party": "other", "answer": said.answer.value, "how": said.how}
    note(tx, Kind.MEDIATION_ANSWERED, changed, actor_of(officer), now, **data)
    if changed.phase is Phase.DECLINED:
        owner = tx.people.officer(case.owner_id).name
        params = {"number": number, "owner": owner}
        line = book.told("mediation_refused", conversation.language, now, params)
        speak(tx, case, line, book, now, officer)
        return changed
    able = case.status is Status.WORKING and excluded(tx, case, book.mediation) is None
    if changed.phase is Phase.READY and changed.mediator_id and able:
        return start(tx, number, officer, book, now)
    return changed


def start(
    tx: Transaction, number: str, officer: Officer, book: Mediating, now: datetime
) -> Mediation:
    """Both have agreed: the case goes into mediation. Raises ForbiddenTransition while it is not
    being worked on, Excluded for what is known by now, NotAllowed, Incomplete."""
    _, case = locked(tx, number)
    mediation = open_one(tx, number)
    require_handling(tx, officer, case, mediation, now)
    require_mediable(tx, case, book.mediation)
    begun = rules.started(mediation, book.mediation, now)
    move(tx, number, "mediate", actor_of(officer), book, now, Given(until=begun.until))
    tx.mediations.save(begun)
    return begun


def leave(
    tx: Transaction, number: str, book: Mediating, now: datetime, *, officer: Officer | None = None
) -> Mediation:
    """The resident wants no more of it, at any time. The case goes on with its owner."""
    _, case = locked(tx, number)
    mediation = open_one(tx, number)
    if mediation.phase is not Phase.UNDER_WAY:
        return answer(tx, number, Answer.NO, now, officer=officer)
    if officer is not None:
        require_handling(tx, officer, case, mediation, now)
    by = officer.id if officer else None
    over = rules.ended(mediation, Phase.STOPPED, "resident_withdrew", by, now)
    tx.mediations.save(over)
    back(tx, number, book, now)
    actor = actor_of(officer) if officer else RESIDENT
    note(tx, Kind.MEDIATION_ENDED, over, actor, now, phase=over.phase.value, reason=over.reason)
    return over
