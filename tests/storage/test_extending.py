"""An extension that is asked for is somebody's task until it is decided or over, on every store."""

from datetime import timedelta

import pytest

from casework import tasks
from casework.case import Case
from casework.desk import joining
from casework.effects import Given
from casework.events import Kind
from casework.ports import Transaction
from casework.tasks import Task
from tests.storage.people import NOON
from tests.storage.street import DAY, STAFF, Desk

LATER = Given("等配件", until=NOON + 12 * DAY)


@pytest.fixture
async def street(street: Desk) -> Desk:
    await street.act("zhou", "accept")
    return street


async def waiting(street: Desk) -> list[Task]:
    case = await street.case()
    return await street.store.read(lambda tx: tx.tasks.open_of_conversation(case.conversation_id))


async def test_whoever_is_above_has_it_to_decide(street: Desk) -> None:
    await street.act("zhou", "extend", LATER)
    (task,) = await waiting(street)
    assert (task.kind, task.officer_id, task.case_number) == ("extension", "cao", street.number)
    assert task.due_at == NOON + timedelta(days=1)
    assert not tasks.outcomes(task.kind)  # it is decided by a verb
    await street.act("cao", "grant")
    assert not await waiting(street)
    done = await street.store.read(lambda tx: tx.tasks.get(task.id))
    assert (done.done_by, done.outcome, done.done_at) == ("cao", "granted", NOON)
    kinds = await street.kinds()
    assert (kinds.count(Kind.TASK_SET), kinds.count(Kind.TASK_DONE)) == (1, 1)


async def test_at_the_top_a_colleague_decides_and_for_a_department_the_street(
    street: Desk,
) -> None:
    await street.act("he", "assign", Given(officer_id="hu"))
    await street.act("hu", "accept")
    await street.act("hu", "extend", LATER)
    assert [each.officer_id for each in await waiting(street)] == ["su"]
    await street.act("su", "deny", Given("先修一部"))
    await street.act("he", "assign", Given(officer_id="kong"))
    assert not await waiting(street)
    await street.act("kong", "extend", LATER)
    assert [each.officer_id for each in await waiting(street)] == ["he"]


@pytest.mark.parametrize("verb", ["resolve", "escalate", "refer", "withdraw", "place", "merge"])
async def test_nobody_has_to_decide_what_is_over(street: Desk, verb: str) -> None:
    await street.act("zhou", "extend", LATER)
    (task,) = await waiting(street)
    if verb == "withdraw":
        await street.resident(verb)
    elif verb == "merge":
        other = (await street.filed("8")).number
        mine, zhou = street.number, STAFF["zhou"]

        def tie(tx: Transaction) -> Case:
            return joining.merge(tx, mine, other, zhou, street.book, NOON)

        await street.store.write(tie)
    elif verb == "place":
        await street.place("h")
    else:
        await street.act("he", verb, Given("请走诉讼", "court_matter" if verb == "refer" else None))
    assert not await waiting(street)
    assert (await street.case()).extend_to is None
    done = await street.store.read(lambda tx: tx.tasks.get(task.id))
    assert done.outcome == "dropped"
