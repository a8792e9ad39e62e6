"""Who could mediate a case, as far as the store knows: rooms at and above where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from casework import duty
from casework.case import Case
from casework.mediation import Mediation, Rule, long_running
from casework.mediators import liaison, suggested
from casework.organisation import Officer, Organisation
from casework.ports import Transaction
from casework.working_calendar import CHINA

ROOM = "mediation"


def covering(tx: Transaction, officer: Officer, case: Case) -> bool:
    """Whether the officer owns the case, or covers where it lies or who owns it."""
    if case.owner_id == officer.id or duty.covers(tx, officer, case.unit_id):
        return True
    return case.org_id != case.unit_id and duty.covers(tx, officer, case.org_id)


def rooms(tx: Transaction, case: Case) -> Organisation:
    """The units from where the case lies upwards, their mediation rooms, and the people there."""
    chain = tx.people.chain(case.unit_id)
    above = {unit.id for unit in chain}
    own = [room for room in tx.people.of_kind(ROOM) if room.parent_id in {*above, None}]
    units = {unit.id: unit for unit in [*chain, *own]}
    return Organisation(units, {each.id: each for each in tx.people.staff(units)})


def choices(
    tx: Transaction, case: Case, mediation: Mediation, rule: Rule, now: datetime
) -> Sequence[Officer]:
    """Mediators who may have it, best first."""
    today = now.astimezone(CHINA).date()
    organisation = rooms(tx, case)
    load = tx.mediations.load(organisation.officers)
    long = long_running(mediation, rule, now)
    return suggested(case, organisation, rule, today, long=long, load=load)


def liaison_of(tx: Transaction, case: Case, rule: Rule, now: datetime, fallback: str) -> str:
    """Who sees to the judicial confirmation of an agreement in this case."""
    today = now.astimezone(CHINA).date()
    return liaison(rooms(tx, case), case.unit_id, rule, today, fallback)
