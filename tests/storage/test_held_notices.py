"""What time does with a case while an officer is speaking is told afterwards, on every store."""

import pytest

from casework.case import Status
from casework.conversation import BOT, QUEUE, Conversation, Holder
from casework.desk import leaving
from casework.desk.conversations import release, take_over
from casework.desk.notifying import caught_up
from casework.effects import Given
from casework.events import Event, Kind
from casework.ports import Transaction
from casework.turn import Speaker
from tests.storage.people import NOON
from tests.storage.street import DAY, STAFF, Desk


async def held(street: Desk, by: str = "hu") -> Conversation:
    talk = (await street.case()).conversation_id
    return await street.store.write(
        lambda tx: take_over(tx, talk, STAFF[by], street.now, insist=True)
    )


async def given_back(street: Desk, talk: Conversation, to: Holder, by: str = "hu") -> int:
    def work(tx: Transaction) -> int:
        release(tx, talk.id, STAFF[by], talk.epoch, to, street.now)
        return caught_up(tx, talk.id, street.book, street.now)

    return await street.store.write(work)


async def of_kind(street: Desk, kind: Kind) -> list[Event]:
    events = await street.store.read(lambda tx: tx.events.of_case(street.number))
    return [event for event in events if event.kind is kind]


@pytest.mark.parametrize("to", [BOT, QUEUE])
async def test_what_time_did_meanwhile_is_told_once_when_it_is_given_back(
    street: Desk, to: Holder
) -> None:
    talk = await held(street)
    before = await street.said()
    for days in (3.5, 5.6):  # up to the community, and on to the street
        street.now = NOON + days * DAY
        await street.clock()
    assert await street.said() == before
    assert [event.data["of"] for event in await of_kind(street, Kind.NOTICE_HELD)] == [
        "case_escalated"
    ] * 2
    assert await given_back(street, talk, to) == 1
    (told,) = (await street.said())[len(before) :]
    owner = STAFF[(await street.case()).owner_id].name
    assert "往上报了一级" in told
    assert owner in told
    case = await street.case()
    turns = await street.store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
    assert turns[-1].speaker is Speaker.BOT
    # The next time there is nothing left to say.
    talk = await held(street)
    assert await given_back(street, talk, BOT) == 0
    assert len(await of_kind(street, Kind.NOTICE_TOLD)) == 1


async def test_a_colleague_goes_on_with_it_and_hears_nothing_of_the_bot(street: Desk) -> None:
    talk = await held(street)
    street.now = NOON + 3.5 * DAY
    await street.clock()
    before = await street.said()
    assert await given_back(street, talk, Holder(talk.holder.kind, "he")) == 0
    assert await street.said() == before
    talk = await street.store.read(lambda tx: tx.conversations.get(talk.id))
    assert await given_back(street, talk, BOT, "he") == 1


async def test_what_is_over_by_then_is_not_told(street: Desk) -> None:
    talk = await held(street, "cao")
    street.now = NOON + 3.5 * DAY
    await street.clock()
    before = await street.said()
    # The holder answers it: the bot has the conversation back, to ask whether it is solved.
    done = await street.act("cao", "resolve", Given("修好了"))
    assert done.status is Status.DONE_WAIT
    (told,) = (await street.said())[len(before) :]
    assert "修好了" in told
    assert [event.data["of"] for event in await of_kind(street, Kind.NOTICE_TOLD)] == [[]]
    assert talk.id == done.conversation_id


async def test_who_leaves_leaves_nothing_untold(street: Desk) -> None:
    await street.act("he", "assign", Given(officer_id="wu"))
    await held(street)
    street.now = NOON + 3.5 * DAY
    await street.clock()
    before = await street.said()
    await street.store.write(lambda tx: leaving.leave(tx, "hu", street.book, street.now))
    (told,) = (await street.said())[len(before) :]
    assert "往上报了一级" in told
