"""A mediator leaves in the middle: the mediation, the court's thirty days and the task go on."""

import pytest

from casework.desk import confirmations, leaving
from casework.desk import mediation as desk
from casework.events import Kind
from casework.mediation import Answer, Phase
from casework.organisation import Officer, Role
from tests.storage.mediating import DAY, SUN, Room

OTHER = Officer("zhong", "zhong", "钱和平", Role.MEDIATOR, "r", posts=("mediator_neighbour",))


@pytest.fixture
async def room(room: Room) -> Room:
    await room.do(lambda tx: tx.people.add_officer(OTHER))
    return room


async def _sun_leaves(room: Room) -> None:
    await room.do(lambda tx: leaving.leave(tx, "sun", room.book, room.now))


async def test_another_mediator_has_it_and_the_resident_hears_who(room: Room) -> None:
    await room.propose(mediator_id="sun")
    await room.answers(Answer.YES)
    await room.do(lambda tx: desk.name(tx, room.number, True, room.now))
    begun = await room.other(Answer.YES)
    assert (begun.phase, begun.mediator_id) == (Phase.UNDER_WAY, "sun")
    await _sun_leaves(room)
    after = await room.mediation()
    assert (after.phase, after.mediator_id) == (Phase.UNDER_WAY, "zhong")
    assert OTHER.name in (await room.said())[-1]
    assert Kind.MEDIATOR_CHOSEN in await room.kinds()


async def test_who_has_not_answered_yet_is_told_nothing(room: Room) -> None:
    await room.propose(mediator_id="sun")
    told = await room.said()
    await _sun_leaves(room)
    assert (await room.mediation()).mediator_id == "zhong"
    assert await room.said() == told


async def test_the_court_s_thirty_days_have_another_liaison(room: Room) -> None:
    agreed = await room.agreed()
    found = await room.store.read(lambda tx: tx.confirmations.get(agreed.id))
    assert found is not None
    assert found.liaison_id == SUN.id  # nobody has the post here: the mediator sees to it
    await _sun_leaves(room)
    after = await room.store.read(lambda tx: tx.confirmations.get(agreed.id))
    assert after is not None
    case = await room.case()
    assert after.liaison_id == case.owner_id
    task = await room.store.read(lambda tx: tx.tasks.get(after.task_id or ""))
    assert (task.officer_id, task.done_at) == (case.owner_id, None)
    room.now += 12 * DAY
    assert await room.do(lambda tx: confirmations.do_due(tx, agreed.id, room.book, room.now))
    events = await room.store.read(lambda tx: tx.events.of_case(room.number))
    assert events[-1].data["officer"] == case.owner_id


async def test_what_is_over_stays_theirs(room: Room) -> None:
    await room.propose(mediator_id="sun")
    await room.answers(Answer.NO)
    await _sun_leaves(room)
    assert (await room.mediation()).mediator_id == "sun"
