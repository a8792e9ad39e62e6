"""Whose mediation it is, on every store: whose mediator's, and of whoever has the case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from casework.desk import mediation as desk
from casework.desk import mediation_meetings as meetings
from casework.desk import promises
from casework.desk.mediation import Proposal
from casework.desk.moving import act
from casework.effects import Given
from casework.errors import InOtherHands, NotAllowed
from casework.mediation import Answer, Phase, Source
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from casework.promises import ask_at
from tests.storage.mediating import DAY, HE, MA, PAPER, PLEDGE, SUN, ZHOU, Room
from tests.storage.people import NOON


async def test_who_gave_the_case_up_does_not_bring_its_sides_together(room: Room) -> None:
    """ADR 0029: the grid worker still covers the place, and helps; the street has the case."""
    top = Officer("top", "top", "顾平", Role.ADMIN, None)
    await room.do(lambda tx: tx.people.add_officers([top]))
    await room.do(
        lambda tx: act(
            tx, room.number, "escalate", ZHOU, room.now, room.book, given=Given("调不动，请街道来")
        )
    )
    await room.do(lambda tx: act(tx, room.number, "accept", HE, room.now, room.book))
    assert (await room.case()).owner_id == HE.id
    with pytest.raises(InOtherHands) as refused:
        await room.propose()
    assert refused.value.owner == HE.name
    proposal = Proposal(Source.PROACTIVE)
    await room.do(lambda tx: desk.propose(tx, room.number, proposal, HE, room.book, room.now))
    await room.answers(Answer.YES)
    with pytest.raises(InOtherHands):
        await room.other(Answer.YES)
    with pytest.raises(InOtherHands):
        await room.do(lambda tx: desk.answer(tx, room.number, Answer.NO, room.now, officer=ZHOU))
    assert (await room.other(Answer.YES, HE)).phase is Phase.UNDER_WAY
    for refuses in (
        lambda tx: meetings.end(tx, room.number, Phase.STOPPED, "court", ZHOU, room.book, room.now),
        lambda tx: meetings.agree(tx, room.number, PAPER, [], ZHOU, room.book, room.now),
        lambda tx: desk.leave(tx, room.number, room.book, room.now, officer=ZHOU),
        lambda tx: desk.choose(tx, room.number, "ma", room.book.mediation, room.now, officer=ZHOU),
    ):
        with pytest.raises(InOtherHands):
            await room.do(refuses)
    assert (await room.mediation()).phase is Phase.UNDER_WAY
    # The level above answers for it, and may.
    await room.do(
        lambda tx: desk.choose(tx, room.number, "ma", room.book.mediation, room.now, officer=top)
    )


async def test_a_mediator_has_their_own_mediation_and_no_other(room: Room) -> None:
    far = Officer("far", "far", "远和", Role.MEDIATOR, "far")

    def another_room(tx: Transaction) -> None:
        tx.people.add_unit(Unit("s2", "street", "另一街道"))
        tx.people.add_unit(Unit("far", "mediation", "外街调解室", "s2"))
        tx.people.add_officers([far])

    await room.do(another_room)
    await room.propose(mediator_id="sun")

    def answered_by(officer: Officer, said: Answer) -> Callable[[Transaction], object]:
        return lambda tx: desk.answer(tx, room.number, said, room.now, officer=officer)

    # Nobody's yet: the resident has not said yes, and a mediator does not say it for them.
    for each in (SUN, MA, far):
        with pytest.raises(NotAllowed):
            await room.do(answered_by(each, Answer.YES))
    await room.answers(Answer.YES)
    for each in (MA, far):  # of the same room, and of another
        with pytest.raises(NotAllowed):
            await room.other(Answer.YES, each)
    assert (await room.other(Answer.YES, SUN)).phase is Phase.UNDER_WAY
    # Who has handed it on has no part in it any more.
    await room.do(
        lambda tx: desk.choose(tx, room.number, "ma", room.book.mediation, room.now, officer=SUN)
    )
    with pytest.raises(NotAllowed):
        await room.do(lambda tx: meetings.agree(tx, room.number, PAPER, [], SUN, room.book, NOON))
    over = await room.do(
        lambda tx: meetings.agree(tx, room.number, PAPER, [], MA, room.book, room.now)
    )
    assert over.phase is Phase.AGREED


async def test_who_was_told_to_find_out_may_say_what_they_found(room: Room) -> None:
    """Two promises of one day, both chased by the grid; one is broken and the case goes up."""
    other = replace(PLEDGE, what="赔墙面三百元")
    await room.agreed(PLEDGE, other)
    for promise in await room.store.read(lambda tx: tx.promises.of_case(room.number)):
        for at in (ask_at(promise), ask_at(promise) + 4 * DAY):
            await room.do(lambda tx, p=promise, at=at: promises.do_due(tx, p.id, room.book, at))  # type: ignore[misc]
    room.now = NOON + 20 * DAY
    first, second = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    said = await room.do(
        lambda tx: promises.answer(tx, first.id, False, room.book, room.now, officer=ZHOU)
    )
    assert (said.escalated, said.case.owner_id == ZHOU.id) == (True, False)
    kept = await room.do(
        lambda tx: promises.answer(tx, second.id, True, room.book, room.now, officer=ZHOU)
    )
    assert kept.promise.kept is True
    # Another promise, which they were not told to look at, is not theirs any more.
    pledge = (PLEDGE.party, "再刷一遍墙", date(2026, 12, 24))
    with pytest.raises(InOtherHands):
        await room.do(lambda tx: promises.add(tx, first.mediation_id or "", pledge, ZHOU, room.now))
