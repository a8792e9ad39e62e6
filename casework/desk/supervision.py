"""Verbs of supervision: watch a case, ask an organisation by slip, judge its answer.

Nothing here reaches the resident. Who watches must cover the case and the organisation asked:
nobody is supervised from below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from casework import duty
from casework import supervision as rules
from casework.case import CLOSED, Case, Status, Supervision
from casework.desk.conversations import actor_of
from casework.desk.rulebook import Rulebook
from casework.errors import Incomplete, NotAllowed, NotFound
from casework.events import SYSTEM, Actor, Event, Kind
from casework.organisation import Officer, Role
from casework.ports import Transaction
from casework.supervision import Rules, Slip, State
from casework.working_calendar import CHINA


@dataclass(frozen=True, slots=True)
class Order:
    """What a slip asks: of which organisation, why, what, and in how many workdays (None: as many
    as the level gives)."""

    org_id: str
    reason: str
    action: str
    level: Supervision = Supervision.ORDINARY
    workdays: int | None = None


def supervise(
    tx: Transaction,
    number: str,
    level: Supervision,
    reason: str,
    officer: Officer,
    watch: Rules,
    now: datetime,
) -> Case:
    """Watch a case more closely, for a reason of the city's list. Raises NotAllowed, Incomplete."""
    case = _watched(tx, number, officer)
    _require_reason(reason, watch)
    if case.status in CLOSED or case.status is Status.DRAFT:
        raise NotAllowed
    lifted = rules.lifted(case.supervision, level)
    saved = tx.cases.save(replace(case, supervision=lifted), now)
    data: dict[str, object] = {"level": lifted.value, "code": reason, "org": saved.org_id}
    _note(tx, Kind.CASE_SUPERVISED, saved, actor_of(officer), now, data)
    return saved


def call_off(tx: Transaction, number: str, officer: Officer, now: datetime) -> Case:
    """Watch the case no more. Raises NotAllowed when nobody does."""
    case = _watched(tx, number, officer)
    if case.supervision is Supervision.NONE:
        raise NotAllowed
    saved = tx.cases.save(replace(case, supervision=Supervision.NONE), now)
    data: dict[str, object] = {"level": case.supervision.value}
    _note(tx, Kind.CASE_UNSUPERVISED, saved, actor_of(officer), now, data)
    return saved


def issue(
    tx: Transaction,
    number: str,
    order: Order,
    officer: Officer,
    watch: Rules,
    rulebook: Rulebook,
    now: datetime,
) -> Slip:
    """Ask an organisation for something about a case; the case is supervised from then on. The
    same again, while it still waits for its first answer, is the same slip.

    Raises NotAllowed for a case or an organisation the officer does not cover, for a closed case,
    and for a restricted case that another organisation than its owner would hear of; Incomplete.
    """
    case = _watched(tx, number, officer)
    _require_order(tx, case, order, officer, watch)
    twice = _asked(tx, case, order, officer)
    if twice is not None:
        return twice
    due_at = _due(order.level, order.workdays, watch, rulebook, now)
    year = now.astimezone(CHINA).year
    slip = Slip(
        id=tx.new_id(),
        number=rules.number(watch, year, tx.slips.next_serial(year)),
        case_number=number,
        org_id=order.org_id,
        level=order.level,
        reason=order.reason,
        action=order.action.strip(),
        issued_by=officer.id,
        issued_at=now,
        due_at=due_at,
        next_at=due_at,
    )
    tx.slips.add(slip)
    if rules.rises(case.supervision, order.level):
        case = tx.cases.save(replace(case, supervision=order.level), now)
    _of_slip(tx, Kind.SLIP_ISSUED, slip, case, actor_of(officer), now)
    return slip


def answer(tx: Transaction, slip_id: str, text: str, officer: Officer, now: datetime) -> Slip:
    """The organisation answers. Raises NotAllowed for anybody else, and Incomplete."""
    slip, case = _locked(tx, slip_id)
    if not rules.may_answer(officer, slip, case.owner_id):
        raise NotAllowed
    saved = tx.slips.save(rules.answered(slip, officer.id, text, now))
    _of_slip(tx, Kind.SLIP_ANSWERED, saved, case, actor_of(officer), now)
    return saved


def accept(tx: Transaction, slip_id: str, officer: Officer, now: datetime) -> Slip:
    """The answer is enough, and the slip is closed. Raises NotAllowed."""
    slip, case = _judge(tx, slip_id, officer)
    saved = tx.slips.save(rules.accepted(slip, officer.id, now))
    _of_slip(tx, Kind.SLIP_CLOSED, saved, case, actor_of(officer), now)
    return saved


def send_back(
    tx: Transaction,
    slip_id: str,
    action: str,
    workdays: int | None,
    officer: Officer,
    watch: Rules,
    rulebook: Rulebook,
    now: datetime,
) -> Slip:
    """The answer is not enough: asked again, by another day. Raises NotAllowed, Incomplete."""
    slip, case = _judge(tx, slip_id, officer)
    due_at = _due(slip.level, workdays, watch, rulebook, now)
    saved = tx.slips.save(rules.again(slip, due_at, action))
    _of_slip(tx, Kind.SLIP_SENT_BACK, saved, case, actor_of(officer), now)
    return saved


def close(tx: Transaction, slip_id: str, officer: Officer, now: datetime) -> Slip:
    """Nothing more is asked. Raises NotAllowed."""
    slip, case = _judge(tx, slip_id, officer)
    saved = tx.slips.save(rules.closed(slip, officer.id, now))
    _of_slip(tx, Kind.SLIP_CLOSED, saved, case, actor_of(officer), now)
    return saved


def report(tx: Transaction, slip_id: str, version: int, rulebook: Rulebook, now: datetime) -> bool:
    """Nobody answered in time: somebody above who is there hears it, once. A slip whose case is
    over is closed instead. False when it is not to be done (any more)."""
    slip, case = _locked(tx, slip_id)
    if slip.version != version or slip.next_at is None or slip.next_at > now:
        return False
    if case.status in CLOSED:
        saved = tx.slips.save(rules.closed(slip, None, now))
        _of_slip(tx, Kind.SLIP_CLOSED, saved, case, SYSTEM, now)
        return True
    chain = tx.people.chain(slip.org_id)
    higher = tx.people.staff([unit.id for unit in chain[1:]])
    staff = [*higher, *tx.people.staff_of_role([Role.ADMIN])]
    if case.restricted:
        staff = [each for each in staff if each.role in rulebook.sees_restricted]
    found = rules.above(chain, _there(tx, staff, now)) or rules.above(chain, staff)
    saved = tx.slips.save(rules.reported(slip, found.id if found else None, now))
    _of_slip(tx, Kind.SLIP_OVERDUE, saved, case, SYSTEM, now, officer=saved.reported_to)
    return True


def _there(tx: Transaction, staff: Iterable[Officer], now: datetime) -> list[Officer]:
    """Those of them who work here today and are not away."""
    known = list(staff)
    today = duty.present(tx, known, now)
    return [each for each in known if today.present(each) is each]


def may_watch(tx: Transaction, officer: Officer, case: Case) -> bool:
    """Whether the officer may supervise this case."""
    if officer.role not in rules.SUPERVISORS:
        return False
    return duty.covers(tx, officer, case.unit_id) or duty.covers(tx, officer, case.org_id)


def may_judge(tx: Transaction, officer: Officer, slip: Slip, case: Case) -> bool:
    """Whether the officer may judge the answer: who asked, or who may ask of this organisation
    from outside it, for nobody takes back what another asked of them."""
    if officer.id == slip.issued_by:
        return True
    if officer.unit_id == slip.org_id:
        return False
    return may_watch(tx, officer, case) and duty.covers(tx, officer, slip.org_id)


def _watched(tx: Transaction, number: str, officer: Officer) -> Case:
    case = tx.cases.get(number, lock=True)
    if not may_watch(tx, officer, case):
        raise NotAllowed
    return case


def _locked(tx: Transaction, slip_id: str) -> tuple[Slip, Case]:
    """Case before slip, as everywhere."""
    case = tx.cases.get(tx.slips.get(slip_id).case_number, lock=True)
    return tx.slips.get(slip_id, lock=True), case


def _judge(tx: Transaction, slip_id: str, officer: Officer) -> tuple[Slip, Case]:
    slip, case = _locked(tx, slip_id)
    if not may_judge(tx, officer, slip, case):
        raise NotAllowed
    return slip, case


def _due(
    level: Supervision, workdays: int | None, watch: Rules, rulebook: Rulebook, now: datetime
) -> datetime:
    days = watch.workdays[level] if workdays is None else workdays
    if not 1 <= days <= watch.longest:
        raise Incomplete("workdays")
    return rules.due(now, days, rulebook.calendar)


def _require_order(
    tx: Transaction, case: Case, order: Order, officer: Officer, watch: Rules
) -> None:
    if tx.people.unit(order.org_id) is None:
        raise NotFound
    strange = case.restricted and order.org_id != case.org_id
    idle = case.status in CLOSED or case.status is Status.DRAFT
    if idle or strange or not duty.covers(tx, officer, order.org_id):
        raise NotAllowed
    _require_reason(order.reason, watch)
    if not order.action.strip():
        raise Incomplete("action")
    if order.level not in rules.BY_HAND:
        raise Incomplete("level")


def _asked(tx: Transaction, case: Case, order: Order, officer: Officer) -> Slip | None:
    wanted = (officer.id, order.org_id, order.level, order.reason, order.action.strip())
    for each in tx.slips.of_case(case.number):
        same = (each.issued_by, each.org_id, each.level, each.reason, each.action) == wanted
        if same and each.state is not State.CLOSED and not each.answers:
            return each
    return None


def _require_reason(reason: str, watch: Rules) -> None:
    if reason not in watch.reasons:
        raise Incomplete("reason")


def _of_slip(
    tx: Transaction,
    kind: Kind,
    slip: Slip,
    case: Case,
    actor: Actor,
    now: datetime,
    **data: object,
) -> None:
    about = {"slip": slip.id, "slip_number": slip.number, "org": slip.org_id, "code": slip.reason}
    _note(tx, kind, case, actor, now, {**about, "round": len(slip.answers), **data})


def _note(
    tx: Transaction, kind: Kind, case: Case, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    tx.events.append(Event(kind, now, actor, case.conversation_id, case.number, data))
