"""To whom a case goes, by where it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from casework.case import Case
from casework.events import Kind
from casework.organisation import Assignment
from casework.ports import Transaction


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What was made of the place: the unit that is known, and why no grid is (a ``Doubt``).

    With a doubt the case waits for somebody to say which grid it is (待划界).
    """

    unit_id: str | None = None
    doubt: str | None = None


def assigned(tx: Transaction, text: str, where: Whereabouts | None) -> Assignment:
    """The owner for a place that was looked up; for one that was not, the name alone decides."""
    organisation = tx.people.organisation()
    if where is None:
        return replace(organisation, places=tuple(tx.places.all())).assign(text)
    return organisation.assign_unit(where.unit_id, placed=where.doubt is None)


def placed_by_hand(tx: Transaction, number: str) -> bool:
    """Whether somebody has said which grid it is; that counts from then on."""
    return any(event.kind is Kind.CASE_PLACED for event in tx.events.of_case(number))


def reassigned(case: Case, assignment: Assignment) -> Case:
    """The case with another owner and unit."""
    return replace(
        case,
        owner_id=assignment.officer.id,
        unit_id=assignment.unit.id,
        placed=assignment.placed,
    )
