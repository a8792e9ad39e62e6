"""What mediation has to say while an officer speaks with the resident: kept, or said at once."""

from casework.case import Status
from casework.conversation import BOT, Conversation, bot_may_speak
from casework.desk import cases, confirmations, leaving, promises
from casework.desk import mediation_meetings as meetings
from casework.desk.conversations import release, take_over
from casework.desk.mediation_meetings import Pledge
from casework.desk.moving import act
from casework.desk.notifying import caught_up
from casework.events import Event, Kind
from casework.mediation import Phase, Session
from casework.ports import Transaction
from casework.promises import Party, ask_at
from casework.turn import Speaker, Turn
from tests.storage.mediating import DAY, HE, HOUR, MA, PLEDGE, SUN, ZHOU, Room
from tests.storage.people import NOON


async def held(room: Room) -> Conversation:
    """The street speaks with the resident."""
    talk = (await room.case()).conversation_id
    return await room.do(lambda tx: take_over(tx, talk, HE, room.now, insist=True))


async def given_back(room: Room, talk: Conversation) -> int:
    def work(tx: Transaction) -> int:
        release(tx, talk.id, HE, talk.epoch, BOT, room.now)
        return caught_up(tx, talk.id, room.book, room.now)

    return await room.do(work)


async def last(room: Room) -> Turn:
    case = await room.case()
    turns = await room.store.read(lambda tx: tx.turns.after(case.conversation_id, 0))
    return turns[-1]


async def kept(room: Room) -> list[str]:
    events: list[Event] = await room.store.read(lambda tx: tx.events.of_case(room.number))
    return [event.data["of"] for event in events if event.kind is Kind.NOTICE_HELD]


async def test_a_meeting_is_not_missed_because_somebody_speaks(room: Room) -> None:
    begun = await room.under_way()
    session = Session(NOON + 2 * DAY, "青禾调解室")
    await room.do(lambda tx: meetings.plan(tx, room.number, session, SUN, room.book, room.now))
    await held(room)
    told = await room.said()
    room.now = NOON + DAY + HOUR
    assert await room.do(lambda tx: meetings.do_due(tx, begun.id, room.book, room.now))
    turn = await last(room)
    assert len(await room.said()) == len(told) + 1
    assert "提醒您" in turn.text
    assert (turn.speaker, turn.officer_id) == (Speaker.OFFICER, SUN.id)
    assert Kind.SESSION_REMINDED in await room.kinds()


async def test_that_the_month_is_over_is_told_when_the_conversation_is_given_back(
    room: Room,
) -> None:
    begun = await room.under_way()
    talk = await held(room)
    told = await room.said()
    room.now = NOON + 30 * DAY
    assert await room.do(lambda tx: meetings.do_due(tx, begun.id, room.book, room.now))
    assert ((await room.mediation()).phase, await room.said()) == (Phase.NO_AGREEMENT, told)
    assert await kept(room) == ["case_out_of_mediation"]
    assert await given_back(room, talk) == 1
    turn = await last(room)
    assert "调解告一段落" in turn.text
    assert ZHOU.name in turn.text
    assert turn.speaker is Speaker.BOT


async def test_that_the_month_is_over_is_told_at_once_when_nobody_speaks(room: Room) -> None:
    begun = await room.under_way()
    told = await room.said()
    room.now = NOON + 30 * DAY
    assert await room.do(lambda tx: meetings.do_due(tx, begun.id, room.book, room.now))
    (line,) = (await room.said())[len(told) :]
    assert "调解告一段落" in line
    assert (await room.case()).status is Status.WORKING


async def test_who_mediates_now_is_told_when_the_conversation_is_given_back(room: Room) -> None:
    await room.under_way()
    talk = await held(room)
    told = await room.said()
    await room.do(lambda tx: leaving.leave(tx, SUN.id, room.book, room.now))
    assert await room.said() == told
    assert await given_back(room, talk) == 1
    assert f"换{MA.name}来调解" in (await last(room)).text


async def test_and_not_when_the_mediation_is_over_by_then(room: Room) -> None:
    await room.under_way()
    talk = await held(room)
    await room.do(lambda tx: leaving.leave(tx, SUN.id, room.book, room.now))
    await room.do(
        lambda tx: meetings.end(
            tx, room.number, Phase.NO_AGREEMENT, "too_far_apart", MA, room.book, room.now
        )
    )
    told = await room.said()
    assert await given_back(room, talk) == 0
    assert await room.said() == told


async def test_the_court_s_days_that_ran_out_are_told_though_the_case_is_closed(
    room: Room,
) -> None:
    agreed = await room.agreed()
    given = await room.signed()
    await room.do(
        lambda tx: act(tx, room.number, "resolve", ZHOU, room.now, room.book, given=given)
    )
    await room.do(lambda tx: cases.act_as_resident(tx, room.number, "confirm", room.book, NOON))
    assert (await room.case()).status is Status.CONFIRMED
    talk = await held(room)
    told = await room.said()
    room.now = NOON + 40 * DAY
    while await room.do(lambda tx: confirmations.do_due(tx, agreed.id, room.book, room.now)):
        pass
    assert await room.said() == told
    assert "judicial_lapsed" in await kept(room)
    assert await given_back(room, talk) >= 1
    said = await room.said()
    assert any("申请法院确认的日子过了" in line for line in said[len(told) :])


async def test_what_the_resident_promised_is_said_on_its_day(room: Room) -> None:
    mine = Pledge(Party.RESIDENT, "把阳台清空", PLEDGE.due_on)
    await room.agreed(mine)
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    room.now = ask_at(promise)
    await held(room)
    assert await room.do(lambda tx: promises.do_due(tx, promise.id, room.book, room.now))
    turn = await last(room)
    assert "把阳台清空" in turn.text
    assert (turn.speaker, turn.officer_id) == (Speaker.OFFICER, ZHOU.id)
    kinds = await room.kinds()
    assert (Kind.PROMISE_ASKED in kinds, Kind.PROMISE_CHASED in kinds) == (True, False)


async def test_what_the_other_side_promised_is_asked_by_the_officer_who_has_the_task(
    room: Room,
) -> None:
    await room.agreed(PLEDGE)
    (promise,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    room.now = ask_at(promise)
    talk = await held(room)
    assert not bot_may_speak(talk)
    told = await room.said()
    assert await room.do(lambda tx: promises.do_due(tx, promise.id, room.book, room.now))
    assert await room.said() == told
    (after,) = await room.store.read(lambda tx: tx.promises.of_case(room.number))
    task = await room.store.read(lambda tx: tx.tasks.get(after.task_id or ""))
    assert task.officer_id == ZHOU.id
