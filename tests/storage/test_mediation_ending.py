"""How mediations end without an agreement, on every store: by a word, by time, with the case."""

import pytest

from casework.case import Status
from casework.desk import cases
from casework.desk import mediation as desk
from casework.desk import mediation_meetings as meetings
from casework.desk.mediating import open_one
from casework.desk.moving import move
from casework.errors import NotAllowed
from casework.events import SYSTEM
from casework.mediation import (
    AlreadyAnswered,
    Phase,
    Session,
)
from tests.storage.mediating import DAY, SUN, Room
from tests.storage.people import NOON


async def test_the_resident_leaves_at_any_time(room: Room) -> None:
    await room.under_way()
    left = await room.do(lambda tx: desk.leave(tx, room.number, room.book, room.now))
    assert (left.phase, left.reason) == (Phase.STOPPED, "resident_withdrew")
    assert (await room.case()).status is Status.WORKING
    with pytest.raises(AlreadyAnswered):
        await room.propose()


async def test_no_agreement_leads_back(room: Room) -> None:
    await room.under_way()
    await room.do(
        lambda tx: meetings.end(
            tx, room.number, Phase.NO_AGREEMENT, "too_far_apart", SUN, room.book, room.now
        )
    )
    assert (await room.case()).status is Status.WORKING
    assert "没有谈拢" in (await room.said())[-1]
    with pytest.raises(NotAllowed):
        await room.do(lambda tx: open_one(tx, room.number))


async def test_the_month_is_over_once(room: Room) -> None:
    begun = await room.under_way()
    at = NOON + 30 * DAY
    assert await room.store.read(lambda tx: tx.mediations.due(at, 9)) == [begun.id]
    for expected in (True, False):
        assert await room.do(lambda tx: meetings.do_due(tx, begun.id, room.book, at)) is expected
    over = await room.mediation()
    assert (over.phase, over.reason) == (Phase.NO_AGREEMENT, "time_over")
    assert (await room.case()).status is Status.WORKING


@pytest.mark.parametrize("how", ["withdraw", "clock"])
async def test_a_case_that_is_out_of_mediation_is_not_spoken_of(room: Room, how: str) -> None:
    begun = await room.under_way()
    session = Session(NOON + 2 * DAY, "青禾调解室")
    await room.do(lambda tx: meetings.plan(tx, room.number, session, SUN, room.book, room.now))
    if how == "withdraw":
        await room.do(
            lambda tx: cases.act_as_resident(tx, room.number, "withdraw", room.book, NOON)
        )
    else:
        await room.do(
            lambda tx: move(tx, room.number, "end_mediation", SYSTEM, room.book, room.now)
        )
    told = len(await room.said())
    assert not await room.do(lambda tx: meetings.do_due(tx, begun.id, room.book, NOON + DAY))
    over = await room.mediation()
    assert (over.phase, over.reason) == (Phase.STOPPED, "moved_on")
    assert len(await room.said()) == told
