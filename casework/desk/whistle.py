"""Verbs on notices that call departments: sign, acknowledge, come, speak, decline, end.

Locks go conversation, case, notice. What a department does locks the notice alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from casework import duty, geometry
from casework import whistle_rules as rules_of
from casework.case import Case
from casework.desk.conversations import actor_of
from casework.desk.moving import act, locked
from casework.desk.rulebook import Rulebook
from casework.desk.whistle_telling import (
    CALLED,
    Practice,
    acts_for,
    message,
    names_of,
    note,
    over,
    people_of,
    tell_department,
)
from casework.effects import Given
from casework.errors import Incomplete, NotAllowed
from casework.events import Kind
from casework.organisation import Officer, Unit
from casework.ports import Transaction
from casework.whistle import DEPARTMENT, Mark, Notice, Outcome, Rules, Whistle
from casework.whistle_time import timed
from casework.working_calendar import CHINA

NAME_LENGTH = 40  # characters
_CALLING = frozenset({"community", "street"})


def blow(
    tx: Transaction,
    number: str,
    notice: Notice,
    officer: Officer,
    practice: Practice,
    rulebook: Rulebook,
    now: datetime,
    *,
    version: int | None = None,
) -> Whistle:
    """Sign a notice: the next number of the calling unit's year, and the case waits for it.

    The resident is told who was asked. Raises NotAllowed for whoever may not sign and for
    restricted cases, which no department reads of by a notice; Incomplete naming what is wrong;
    else as ``moving.move``.
    """
    talk, case = locked(tx, number)
    if not practice.rules.may_sign(officer) or case.restricted:
        raise NotAllowed
    notice = rules_of.check(notice, practice.rules, now)
    names = _departments(tx, notice, now)
    if len(tx.people.officers(notice.helpers)) != len(notice.helpers):
        raise Incomplete("helpers")
    notice = replace(
        notice,
        place=rules_of.de_identified(notice.place, case, practice.record, talk.title),
        matter=rules_of.de_identified(notice.matter, case, practice.record, talk.title),
    )
    given = Given(text=practice.words.joined(list(names.values()), talk.language))
    case = act(tx, number, "whistle", officer, now, rulebook, given=given, version=version)
    made = _numbered(tx, case, notice, officer, practice.rules, now)
    tx.whistles.add(made)
    _call(tx, made, names, officer, practice, now)
    return made


@dataclass(frozen=True, slots=True)
class Hand:
    """Who did it for the department, and the officer who writes it down: often the same."""

    name: str
    officer: Officer

    def mark(self, now: datetime) -> Mark:
        """As it is kept."""
        return Mark(self.name.strip()[:NAME_LENGTH], now, self.officer.id)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a department cannot come, and what it does instead."""

    reason: str
    instead: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a whistle ended; ``result`` is told to the resident."""

    outcome: Outcome
    result: str


def acknowledge(
    tx: Transaction, whistle_id: str, unit_id: str, by: Hand, practice: Practice, now: datetime
) -> Whistle:
    """签收. Raises NotAllowed, Incomplete or Unchanged."""
    whistle = _held(tx, whistle_id, unit_id, by.officer, practice)
    changed = rules_of.acknowledged(whistle, unit_id, by.mark(now))
    return _kept(tx, changed, unit_id, Kind.WHISTLE_ACKNOWLEDGED, by.officer, practice, now)


def check_in(
    tx: Transaction,
    whistle_id: str,
    unit_id: str,
    by: Hand,
    practice: Practice,
    now: datetime,
    *,
    point: geometry.Point | None = None,
) -> Whistle:
    """报到. Of where the officer is, only how far from the place is kept. Raises as above."""
    whistle = _held(tx, whistle_id, unit_id, by.officer, practice)
    away = None
    if point is not None and whistle.lat is not None and whistle.lng is not None:
        away = geometry.distance((whistle.lat, whistle.lng), point)
    changed = rules_of.checked_in(whistle, unit_id, by.mark(now), distance=away)
    return _kept(tx, changed, unit_id, Kind.WHISTLE_ARRIVED, by.officer, practice, now)


def answer(
    tx: Transaction,
    whistle_id: str,
    unit_id: str,
    by: Hand,
    opinion: str,
    practice: Practice,
    now: datetime,
) -> Whistle:
    """处理意见. Raises as above."""
    whistle = _held(tx, whistle_id, unit_id, by.officer, practice)
    changed = rules_of.answered(whistle, unit_id, by.mark(now), opinion)
    return _kept(tx, changed, unit_id, Kind.WHISTLE_ANSWERED, by.officer, practice, now)


def decline(
    tx: Transaction,
    whistle_id: str,
    unit_id: str,
    by: Hand,
    refusal: Refusal,
    practice: Practice,
    now: datetime,
) -> Whistle:
    """A department cannot come. Raises as above."""
    whistle = _held(tx, whistle_id, unit_id, by.officer, practice)
    mark = by.mark(now)
    changed = rules_of.declined(whistle, unit_id, mark, refusal.reason, refusal.instead)
    return _kept(tx, changed, unit_id, Kind.WHISTLE_DECLINED, by.officer, practice, now)


def finish(
    tx: Transaction,
    whistle_id: str,
    ending: Ending,
    officer: Officer,
    practice: Practice,
    rulebook: Rulebook,
    now: datetime,
) -> Whistle:
    """End it: the case goes on with its owner, and the resident is told what came of it.

    Raises NotAllowed for whoever may not sign, Incomplete, Unchanged; else as ``moving.move``.
    """
    if not practice.rules.may_sign(officer):
        raise NotAllowed
    number = tx.whistles.get(whistle_id).case_number
    talk, _ = locked(tx, number)
    whistle = tx.whistles.get(whistle_id, lock=True)
    whistle = rules_of.ended(whistle, ending.outcome, ending.result, officer.id, now)
    words = practice.words.outcome(ending.outcome, whistle.result, talk.language)
    given = Given(words, code=ending.outcome.value)
    saved = over(tx, whistle, actor_of(officer), now)  # before the case goes on and leaves it
    act(tx, number, "end_whistle", officer, now, rulebook, given=given)
    return saved


def _departments(tx: Transaction, notice: Notice, now: datetime) -> dict[str, str]:
    """Their names in the order asked. Raises Incomplete for what is no department today."""
    today = now.astimezone(CHINA).date()
    known: Mapping[str, Unit] = {unit.id: unit for unit in tx.people.units(notice.departments)}
    for each in notice.departments:
        unit = known.get(each)
        if unit is None or unit.kind != DEPARTMENT or not unit.valid(today):
            raise Incomplete("departments")
    return {each: known[each].name for each in notice.departments}


def _numbered(
    tx: Transaction, case: Case, notice: Notice, signer: Officer, rules: Rules, now: datetime
) -> Whistle:
    chain = tx.people.chain(case.unit_id)
    own = next((at for at, unit in enumerate(chain) if unit.id == signer.unit_id), None)
    if own is not None and chain[own].kind in _CALLING:
        chain = chain[own:]
    chain = list(rules_of.calling_unit(chain))
    year = now.astimezone(CHINA).year
    serial = tx.whistles.next_serial(chain[0].id, year)
    number = rules_of.number(rules, chain, year, serial)
    return timed(rules_of.signed(tx.new_id(), number, case, notice, signer, now), rules)


def _call(
    tx: Transaction,
    whistle: Whistle,
    names: Mapping[str, str],
    signer: Officer,
    practice: Practice,
    now: datetime,
) -> None:
    text = practice.words.for_officers(CALLED, whistle, list(names.values()))
    for unit_id in names:
        tell_department(tx, whistle, unit_id, CALLED, now, actor_of(signer))
        message(tx, people_of(tx, unit_id, now), text, now)
    message(tx, tx.people.officers(whistle.helpers), text, now)


def _held(
    tx: Transaction, whistle_id: str, unit_id: str, officer: Officer, practice: Practice
) -> Whistle:
    """The notice, locked. Whoever may sign may write down what a department without a console did;
    anybody else only for their own department. Raises NotAllowed."""
    whistle = tx.whistles.get(whistle_id, lock=True)
    signs = practice.rules.may_sign(officer) and duty.covers(tx, officer, whistle.unit_id)
    if not signs and not acts_for(tx, officer, unit_id):
        raise NotAllowed
    return whistle


def _kept(
    tx: Transaction,
    whistle: Whistle,
    unit_id: str,
    kind: Kind,
    officer: Officer,
    practice: Practice,
    now: datetime,
) -> Whistle:
    saved = tx.whistles.save(timed(whistle, practice.rules))
    actor, names = actor_of(officer), names_of(tx, saved)
    data = {"department": unit_id, "department_name": names[unit_id], "complete": saved.complete}
    note(tx, kind, saved, now, actor, **data)
    tell_department(tx, saved, unit_id, "changed", now, actor)
    return saved
