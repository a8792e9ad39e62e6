"""Taking over while Telegram has not yet answered: nothing of the bot's arrives afterwards."""

import asyncio

from casework.desk.silence import take_over_in_silence
from casework.organisation import Officer, Role
from casework.turn import Speaker
from tests.bot.telegram_street import Street
from tests.bot_api.faults import Fault


async def an_officer(street: Street) -> Officer:
    """Somebody who can take over."""
    officer = Officer("zhou", "zhou", "周小兰", Role.GRID, None)
    await street.store.write(lambda tx: tx.people.add_officer(officer))
    return officer


async def test_a_take_over_waits_for_telegrams_answer(street_on_any: Street) -> None:
    """The bot says three things; the first hangs at Telegram when the officer takes over."""
    street = street_on_any
    world = street.api.world
    officer = await an_officer(street)
    resident = world.person()
    street.api.faults.append(Fault("hang", method="sendMessage"))
    world.text(resident, "一\n二\n三")
    street.run()
    await world.until(lambda: ("sendMessage", resident) in street.api.arrived)
    conversation = await street.conversation(resident)
    taking = asyncio.create_task(
        take_over_in_silence(street.store, conversation.id, officer, street.clock, patience=30)
    )
    # Others are not held up by it, neither residents nor officers.
    other = world.person()
    world.text(other, "我家停电了")
    await street.hears(1, other)
    theirs = await street.conversation(other)
    await street.settled(other, 1)
    await take_over_in_silence(street.store, theirs.id, officer, street.clock, patience=30)

    assert not taking.done()
    street.api.released.set()
    taken = await taking
    arrived = [said.text for said in world.sent(resident)]
    assert taken.epoch == conversation.epoch + 1
    refused = await street.settled(resident, 3 - len(arrived), status="refused")
    assert [turn.text for turn in refused] == ["一", "二", "三"][len(arrived) :]
    assert [said.text for said in world.sent(resident)] == arrived
    assert arrived[0] == "一"


async def test_a_line_on_its_way_when_telegram_hangs_is_owned_up_to(street: Street) -> None:
    world = street.api.world
    officer = await an_officer(street)
    resident = world.person()
    street.api.faults.append(Fault("hang", method="sendMessage"))
    world.text(resident, "一")
    street.run()
    await world.until(lambda: ("sendMessage", resident) in street.api.arrived)
    conversation = await street.conversation(resident)
    taken = await take_over_in_silence(
        street.store, conversation.id, officer, street.clock, patience=0.05
    )
    events = await street.store.read(lambda tx: tx.events.after(0, 99))
    assert events[-1].data == {"epoch": taken.epoch, "spoken_into": True}
    street.api.released.set()
    (turn,) = await street.settled(resident, 1)
    assert turn.speaker is Speaker.BOT
