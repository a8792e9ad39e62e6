"""How an officer stands to whoever has a case: what each may do with it follows from that.

A case is one unit's at every moment (domain reference §4.5): escalation hands over ownership, and
the level that had it stays as a helper. It gives advice, passes on what the resident brings and
hears the resident's no; it no longer signs for the case, hands it on or answers it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from casework import duty
from casework.case import Case
from casework.organisation import Officer, Role, Unit
from casework.roster import AREAS
from casework.routing import RUNGS, rung

if TYPE_CHECKING:
    from casework.ports import Transaction


class Reach(StrEnum):
    """How near an officer is to a case.

    ``has``: its owner, a colleague of the unit that owns it, or who stands in there today.
    ``above``: in a unit above the one that owns it, and answers for it; an admin.
    ``directs``: from the street up, where a body beside the ladder owns it, such as a department:
    whoever gave it there may take it back, but does not do its work.
    ``helps``: everybody else who sees it, first of all the level that had it before.
    """

    HAS = "has"
    ABOVE = "above"
    DIRECTS = "directs"
    HELPS = "helps"


WORK = frozenset({Reach.HAS, Reach.ABOVE})
"""Who does the work: signs for it, asks, answers, gives back, takes it up."""
DIRECT = WORK | {Reach.DIRECTS}
"""Who says whose it is, gives more time, and looks at what was done."""
EVERYBODY = frozenset(Reach)


def reach_of(tx: Transaction, case: Case, officer: Officer, now: datetime) -> Reach:
    """How near this officer is to the case now."""
    if officer.id == case.owner_id or officer.unit_id == case.org_id:
        return Reach.HAS
    chain = tx.people.chain(case.org_id)
    if chain and stands_in(tx, chain[0], case.owner_id, officer, now):
        return Reach.HAS
    if officer.role is Role.ADMIN or officer.unit_id in {unit.id for unit in chain}:
        return Reach.ABOVE
    if chain and chain[0].kind not in AREAS and _directs(tx, case, chain[0], officer):
        return Reach.DIRECTS
    return Reach.HELPS


def stands_in(tx: Transaction, unit: Unit, owner_id: str, officer: Officer, now: datetime) -> bool:
    """Whether the officer is on duty in this unit by a shift, or in place of somebody of the unit
    or of the owner, who is away today."""
    known = duty.duty_of(tx, [unit], now)
    if known.on_shift(unit) == officer:
        return True
    away = [each for each in known.officers.values() if each.unit_id == unit.id]
    if any(known.present(each) == officer for each in away):
        return True
    owner = tx.people.officers([owner_id])
    return any(duty.present(tx, owner, now).present(each) == officer for each in owner)


def _directs(tx: Transaction, case: Case, org: Unit, officer: Officer) -> bool:
    least = min(rung(org), RUNGS[duty.STREET])
    near = {unit.id for unit in tx.people.chain(case.unit_id) if rung(unit) >= least}
    return officer.unit_id in near
