"""Records of residents received: by a leader, an adviser, a mediator, at a joint desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from casework.errors import Incomplete

MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Reception:
    """What came of receiving one party: the record of domain S2-9 and S3-24.

    One record is one party (批次); ``people`` are its heads (人次): the two are never added up.
    ``decision`` is the officers' words, ``due_at`` when it is to be carried out.
    """

    id: str
    unit_id: str
    leader_id: str
    day: date
    category: str
    people: int
    decision: str
    recorded_by: str
    recorded_at: datetime
    calendar_id: str | None = None
    appointment_id: str | None = None
    conversation_id: str | None = None
    case_number: str | None = None
    due_at: datetime | None = None
    task_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many parties (批次) and how many people (人次) were received."""

    parties: int = 0
    people: int = 0


def checked(reception: Reception) -> Reception:
    """The record, if it is whole. Raises Incomplete naming the field.

    What is decided and due needs a case: somebody has to be told when it is done.
    """
    wrong = {
        "people": not 1 <= reception.people <= MOST_PEOPLE,
        "decision": not reception.decision.strip(),
        "due_at": reception.due_at is not None and reception.due_at <= reception.recorded_at,
        "case_number": reception.due_at is not None and reception.case_number is None,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise Incomplete(field)
    return reception


def tallied(receptions: Iterable[Reception]) -> Tally:
    """Parties and people, counted apart."""
    found = list(receptions)
    return Tally(len(found), sum(each.people for each in found))
