"""同类排查: one lid was mended within half an hour, and then all others on the road were looked at.

Domain S4-6. Offered when a facility was mended, never demanded; once for each case.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.case import Case, Status
from casework.desk.conversations import actor_of
from casework.desk.moving import require_coverage
from casework.errors import NotAllowed
from casework.events import Event, Kind
from casework.organisation import Officer
from casework.ports import Transaction
from casework.tasks import SWEEP, Task

FACILITY = "public_facility"
WITHIN = timedelta(days=3)
_MENDED = frozenset({Status.DONE_WAIT, Status.CONFIRMED, Status.ARCHIVED})


def offered(tx: Transaction, case: Case) -> bool:
    """Whether one makes sense: a facility that was mended, and nobody has been sent yet."""
    if case.category != FACILITY or case.status not in _MENDED:
        return False
    return not any(
        event.kind is Kind.TASK_SET and event.data.get("task_kind") == SWEEP
        for event in tx.events.of_case(case.number)
    )


def ask(tx: Transaction, number: str, officer: Officer, now: datetime) -> Task:
    """Give it to the case's owner. Raises NotAllowed where none is offered, or outside the
    officer's area."""
    case = tx.cases.get(number, lock=True)
    require_coverage(tx, case, tx.conversations.get(case.conversation_id), officer)
    if not offered(tx, case):
        raise NotAllowed
    task = Task(
        id=tx.new_id(),
        kind=SWEEP,
        conversation_id=case.conversation_id,
        officer_id=case.owner_id,
        created_at=now,
        due_at=now + WITHIN,
        case_number=case.number,
    )
    tx.tasks.add(task)
    data = {"task": task.id, "task_kind": SWEEP, "officer": task.officer_id}
    tx.events.append(
        Event(Kind.TASK_SET, now, actor_of(officer), case.conversation_id, case.number, data)
    )
    return task
