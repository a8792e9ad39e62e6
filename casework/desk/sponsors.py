"""Verbs of sponsors: name one, write what was done, list what drags on, remind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from casework import duty
from casework import sponsors as rules
from casework.case import CLOSED, Case
from casework.desk.conversations import actor_of
from casework.errors import Incomplete, NotAllowed, NotFound, Unfit
from casework.events import SYSTEM, Actor, Event, Kind
from casework.organisation import Officer
from casework.ports import Transaction
from casework.sponsors import Duty, Entry, Rules, Sponsorship
from casework.working_calendar import CHINA

MOST_LISTED = 2000  # cases of one area
LONG_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Done:
    """What a sponsor writes: what they did, on which day, and a few words."""

    duty: Duty
    day: date
    note: str = ""


def sponsor_area(
    tx: Transaction, leader_id: str, unit_id: str, officer: Officer, now: datetime
) -> Sponsorship:
    """A leader answers for an area; the clock lists its backlog at once, and every day.

    Raises NotAllowed when the officer may not name sponsors there or the leader is none, NotFound.
    """
    if tx.people.unit(unit_id) is None:
        raise NotFound
    leader = _leader(tx, leader_id, officer, [unit_id])
    for each in tx.sponsors.of_units([unit_id]):
        if each.officer_id == leader.id:
            return each
    made = Sponsorship(tx.new_id(), leader.id, now, now, unit_id=unit_id, made_by=officer.id)
    tx.sponsors.add(made)
    data = {"officer": leader.id, "unit": unit_id}
    tx.events.append(Event(Kind.SPONSOR_NAMED, now, actor_of(officer), data=data))
    return made


def sponsor_case(
    tx: Transaction, leader_id: str, number: str, officer: Officer, watch: Rules, now: datetime
) -> Sponsorship:
    """A leader answers for one case. Raises as ``sponsor_area`` does, and Unfit for a restricted
    case, which is for named roles only, and for a closed one."""
    case = tx.cases.get(number, lock=True)
    if case.restricted:
        raise Unfit("kind")
    if case.status in CLOSED:
        raise Unfit("closed")
    leader = _leader(tx, leader_id, officer, [case.unit_id, case.org_id])
    for each in tx.sponsors.of_case(number):
        if each.officer_id == leader.id:
            return each
    made = _listed(tx, case, leader.id, watch, now, made_by=officer.id)
    _note(tx, Kind.SPONSOR_NAMED, case, actor_of(officer), now, officer=leader.id)
    return made


def end(tx: Transaction, sponsorship_id: str, officer: Officer, now: datetime) -> None:
    """Somebody answers for it no longer; what was listed for an area goes with it. Raises
    NotAllowed."""
    each = tx.sponsors.get(sponsorship_id, lock=True)
    case = tx.cases.get(each.case_number) if each.case_number else None
    where = [case.unit_id, case.org_id] if case is not None else [each.unit_id or ""]
    _require_appointer(tx, officer, where)
    if each.ended_at is not None:
        return
    for one in tx.sponsors.listed_through(each.id):
        tx.sponsors.save(rules.ended(one, now))
    _ended(tx, each, case, actor_of(officer), now)


def left(tx: Transaction, officer_id: str, now: datetime) -> None:
    """An officer has left: they answer for nothing any more, and nobody is reminded in the void."""
    for each in tx.sponsors.of_officer(officer_id):
        case = tx.cases.get(each.case_number) if each.case_number else None
        _ended(tx, each, case, SYSTEM, now)


def _ended(
    tx: Transaction, each: Sponsorship, case: Case | None, actor: Actor, now: datetime
) -> None:
    tx.sponsors.save(rules.ended(each, now))
    data: dict[str, object] = {"officer": each.officer_id, "unit": each.unit_id}
    number, within = (case.number, case.conversation_id) if case else (None, None)
    tx.events.append(Event(Kind.SPONSOR_ENDED, now, actor, within, number, data))


def enter(
    tx: Transaction, number: str, done: Done, officer: Officer, watch: Rules, now: datetime
) -> Entry:
    """A sponsor writes what they did about a case. Raises NotAllowed for anybody else, Incomplete
    for a day that is still to come or long over."""
    case = tx.cases.get(number, lock=True)
    mine = [each for each in tx.sponsors.of_case(number) if each.officer_id == officer.id]
    if case.restricted or not (mine or _sponsors_area(tx, case, officer)):
        raise NotAllowed
    today = now.astimezone(CHINA).date()
    if not today - LONG_AGO <= done.day <= today:
        raise Incomplete("day")
    entry = Entry(tx.new_id(), number, officer.id, done.duty, done.day, done.note.strip(), now)
    for known in tx.sponsors.entries(number):
        if replace(known, id=entry.id, at=now) == entry:
            return known  # sent twice
    tx.sponsors.log(entry)
    for each in mine:
        tx.sponsors.save(rules.entered(each, now, watch))
    _note(tx, Kind.SPONSOR_ACTED, case, actor_of(officer), now, code=done.duty.value)
    return entry


def look(tx: Transaction, sponsorship_id: str, version: int, watch: Rules, now: datetime) -> bool:
    """What is due: the backlog of an area is listed, a sponsor without an entry is reminded, and
    what is closed leaves the list. False when it is not to be done (any more)."""
    each = tx.sponsors.get(sponsorship_id, lock=True)
    if each.version != version or each.next_at is None or each.next_at > now:
        return False
    if each.case_number is None:
        _look_through(tx, each, watch, now)
        return True
    case = tx.cases.get(each.case_number)
    if case.status in CLOSED or case.restricted:
        _delist(tx, each, case, now)
        return True
    tx.sponsors.save(rules.reminded(each, now, watch))
    _note(tx, Kind.SPONSOR_REMINDED, case, SYSTEM, now, officer=each.officer_id)
    return True


def sponsors_of(tx: Transaction, case: Case) -> list[Sponsorship]:
    """Who answers for the case: by name, else for the area it lies in, the smallest first."""
    by_name = tx.sponsors.of_case(case.number)
    chain = [unit.id for unit in tx.people.chain(case.unit_id)]
    areas = sorted(tx.sponsors.of_units(chain), key=lambda e: chain.index(e.unit_id or ""))
    known = {each.officer_id for each in by_name}
    return [*by_name, *(each for each in areas if each.officer_id not in known)]


def _look_through(tx: Transaction, area: Sponsorship, watch: Rules, now: datetime) -> None:
    rest = []
    for each in tx.sponsors.listed_through(area.id):
        case = tx.cases.get(each.case_number or "")
        if case.status in CLOSED or case.restricted:
            _delist(tx, each, case, now)
        else:
            rest.append(case.number)
    named = [e.case_number or "" for e in tx.sponsors.of_officer(area.officer_id)]
    before, rounds = now - watch.backlog_after, watch.backlog_reopened
    found = tx.sponsors.backlog(area.unit_id or "", before, rounds, MOST_LISTED)
    wanted = set(rules.to_list(found, [*rest, *named], watch, now))
    for case in found:
        if case.number in wanted:
            _listed(tx, case, area.officer_id, watch, now, through=area.id)
            _note(tx, Kind.CASE_LISTED, case, SYSTEM, now, officer=area.officer_id)
    tx.sponsors.save(rules.looked(area, now, watch))


def _listed(
    tx: Transaction,
    case: Case,
    officer_id: str,
    watch: Rules,
    now: datetime,
    *,
    through: str | None = None,
    made_by: str | None = None,
) -> Sponsorship:
    made = Sponsorship(
        id=tx.new_id(),
        officer_id=officer_id,
        made_at=now,
        next_at=now + watch.remind_after,
        case_number=case.number,
        through=through,
        made_by=made_by,
    )
    tx.sponsors.add(made)
    return made


def _delist(tx: Transaction, each: Sponsorship, case: Case, now: datetime) -> None:
    tx.sponsors.save(rules.ended(each, now))
    _note(tx, Kind.CASE_DELISTED, case, SYSTEM, now, owner=each.officer_id)


def _sponsors_area(tx: Transaction, case: Case, officer: Officer) -> bool:
    chain = [unit.id for unit in tx.people.chain(case.unit_id)]
    return any(each.officer_id == officer.id for each in tx.sponsors.of_units(chain))


def _leader(tx: Transaction, leader_id: str, officer: Officer, where: Collection[str]) -> Officer:
    """The leader, who must cover it as the officer who names them does."""
    _require_appointer(tx, officer, where)
    leader = tx.people.officer(leader_id)
    covered = any(duty.covers(tx, leader, each) for each in where)
    if not rules.may_sponsor(leader) or not covered:
        raise NotAllowed
    return leader


def _require_appointer(tx: Transaction, officer: Officer, where: Collection[str]) -> None:
    covered = any(duty.covers(tx, officer, each) for each in where)
    if officer.role not in rules.APPOINTERS or not covered:
        raise NotAllowed


def _note(
    tx: Transaction, kind: Kind, case: Case, actor: Actor, now: datetime, **data: object
) -> None:
    tx.events.append(Event(kind, now, actor, case.conversation_id, case.number, dict(data)))
