"""The outbox through the relay and aiogram to a Telegram that fails in every way it can."""

from pathlib import Path

import pytest

from bot.pacing import Pacing, telegram_limits
from bot.relay import LEASE
from casework.events import Kind
from casework.outbox import MOST_ATTEMPTS
from casework.turn import Button, Media, Speaker
from storage.engine import open_store
from tests.bot.telegram_street import Street, build_street
from tests.bot_api.faults import Fault


async def opened(street: Street) -> int:
    """A resident the bot may write to; time stands still but where a test moves it."""
    street.clock.stop()
    resident = street.api.world.person()
    street.api.world.text(resident, "你好")
    await street.introduced()
    await street.channel.poller.poll_once(0)
    await street.inbox.idle()
    assert await street.relay.deliver_one("telegram")
    return resident


def texts(street: Street, resident: int) -> list[str]:
    """What arrived, without the answer to the first line."""
    return [said.text for said in street.api.world.sent(resident)][1:]


async def kinds(street: Street) -> list[Kind]:
    """The events so far."""
    return [event.kind for event in await street.store.read(lambda tx: tx.events.after(0, 1000))]


async def test_lines_go_out_in_order_with_their_buttons(street_on_any: Street) -> None:
    street = street_on_any
    resident = await opened(street)
    street.echo.buttons = (Button("对，提交", "ok"), Button("要改", "no"))
    await street.say(resident, "一", "二", "三")
    for _ in range(3):
        assert await street.relay.deliver_one("telegram")
    assert not await street.relay.deliver_one("telegram")
    assert texts(street, resident) == ["一", "二", "三"]
    (row,) = street.api.world.sent(resident)[-1].buttons
    assert [(b["text"], b["callback_data"]) for b in row] == [("对，提交", "ok"), ("要改", "no")]
    turns = await street.turns(resident, Speaker.BOT)
    assert {turn.delivery for turn in turns} == {"sent"}
    assert (await kinds(street)).count(Kind.DELIVERED) == 4


@pytest.mark.parametrize(
    "kind", ["server", "restart", "gateway", "garbage", "drop", "unauthorized"]
)
async def test_passing_trouble_is_tried_again(street: Street, kind: str) -> None:
    resident = await opened(street)
    street.api.faults.append(Fault(kind, method="sendMessage", times=3))
    await street.say(resident, "一", "二")
    for _ in range(3):
        assert await street.relay.deliver_one("telegram")
        # Neither it nor what is behind it, before its time.
        assert not await street.relay.deliver_one("telegram")
        street.clock.advance(600)
    assert await street.relay.deliver_one("telegram")
    assert await street.relay.deliver_one("telegram")
    assert texts(street, resident) == ["一", "二"]


async def test_trouble_without_end_is_given_up_and_shown(street: Street) -> None:
    resident = await opened(street)
    street.api.faults.append(Fault("server", method="sendMessage", times=MOST_ATTEMPTS))
    await street.say(resident, "一")
    for _ in range(MOST_ATTEMPTS):
        assert await street.relay.deliver_one("telegram")
        street.clock.advance(600)
    assert not await street.relay.deliver_one("telegram")
    turn = (await street.turns(resident, Speaker.BOT))[-1]
    assert (turn.delivery, turn.delivery_error) == ("failed", "server")
    assert (await kinds(street))[-1] is Kind.DELIVERY_FAILED
    assert (await street.conversation(resident)).unreachable is None


async def test_retry_after_is_obeyed_to_the_second(street_on_any: Street) -> None:
    street = street_on_any
    resident = await opened(street)
    street.api.faults.append(Fault("flood", method="sendMessage", retry_after=35))
    await street.say(resident, "一")
    assert await street.relay.deliver_one("telegram")
    street.clock.advance(34)
    assert not await street.relay.deliver_one("telegram")
    street.clock.advance(1)
    assert await street.relay.deliver_one("telegram")
    assert texts(street, resident) == ["一"]
    assert (await street.turns(resident, Speaker.BOT))[-1].delivery == "sent"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("blocked", "blocked"), ("deactivated", "deactivated"), ("no_chat", "chat_not_found")],
)
async def test_a_resident_who_is_gone_shows_in_the_case(
    street_on_any: Street, fault: str, reason: str
) -> None:
    street = street_on_any
    resident = await opened(street)
    street.api.faults.append(Fault(fault, method="sendMessage"))
    await street.say(resident, "一")
    assert await street.relay.deliver_one("telegram")
    assert (await street.conversation(resident)).unreachable == reason
    turn = (await street.turns(resident, Speaker.BOT))[-1]
    assert (turn.delivery, turn.delivery_error) == ("failed", reason)
    assert (await kinds(street))[-1] is Kind.DELIVERY_FAILED
    assert not await street.relay.deliver_one("telegram")


async def test_a_message_nobody_can_take_does_not_make_the_resident_unreachable(
    street: Street,
) -> None:
    resident = await opened(street)
    street.api.faults.append(Fault("too_long", method="sendMessage"))
    await street.say(resident, "一", "二")
    assert await street.relay.deliver_one("telegram")
    assert await street.relay.deliver_one("telegram")
    assert (await street.conversation(resident)).unreachable is None
    assert texts(street, resident) == ["二"]


async def test_a_long_text_arrives_whole_and_in_pieces(street: Street) -> None:
    resident = await opened(street)
    street.echo.buttons = (Button("好", "ok"),)
    long = "".join(f"这是第{n}句话，说的是小区里的事情。" for n in range(700))
    await street.say(resident, long)
    street.api.faults.append(Fault("server", method="sendMessage", skip=1))
    while await street.relay.deliver_one("telegram"):
        street.clock.advance(5)
    arrived = street.api.world.sent(resident)[1:]
    assert len(arrived) == 4
    assert "".join(said.text for said in arrived) == long
    assert all(said.text.endswith("。") for said in arrived)
    assert [bool(said.buttons) for said in arrived] == [False, False, False, True]


async def test_files_of_an_officer_go_before_their_text(street: Street) -> None:
    resident = await opened(street)
    png = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")
    photo = await street.files.keep("图.png", png)
    lost = Media("0" * 32, "file", "x.pdf", "application/pdf", 1)
    await street.say_with(resident, "请看图", photo)
    await street.say_with(resident, "再看", lost)
    while await street.relay.deliver_one("telegram"):
        pass
    arrived = street.api.world.sent(resident)[1:]
    assert [(said.method, said.text) for said in arrived] == [
        ("sendPhoto", ""),
        ("sendMessage", "请看图"),
    ]
    stored = street.api.world.files[arrived[0].file["file_id"]]  # type: ignore[index]
    assert stored["data"] == png
    assert (await street.turns(resident, Speaker.BOT))[-1].delivery_error == "file_lost"


async def test_a_migrated_group_is_written_to_at_its_new_number(street_on_any: Street) -> None:
    street = street_on_any
    world = street.api.world
    admin = world.person("群主")
    group = world.group("幸福里", admins=[admin])
    await street.introduced()
    world.text(group, "/help", sender=admin)
    await street.channel.poller.poll_once(0)
    new = world.migrate(group)  # the answer is still in the outbox
    assert await street.relay.deliver_one("telegram")
    assert world.sent(group) == []
    assert await street.relay.deliver_one("telegram")
    assert len(world.sent(new)) == 1


async def test_a_relay_killed_between_sending_and_recording_sends_again(
    street_on_any: Street,
) -> None:
    """At least once, in order: the lease runs out and the message goes out a second time."""
    street = street_on_any
    resident = await opened(street)
    await street.say(resident, "一", "二")
    street.api.faults.append(Fault("hang", method="sendMessage", after=True))
    street.run(channel=False)
    await street.api.world.until(lambda: texts(street, resident) == ["一"])
    await street.kill()
    street.api.released.set()

    again = build_street(street.api, street.store, street.files.directory)
    again.clock.stopped = street.clock.stopped
    assert not await again.relay.deliver_one("telegram")
    again.clock.advance(LEASE.total_seconds())
    while await again.relay.deliver_one("telegram"):
        pass
    await again.stop()
    assert texts(street, resident) == ["一", "一", "二"]


async def test_pacing_puts_off_what_is_too_much(street: Street) -> None:
    street.relay._lanes["telegram"].pacing = Pacing(telegram_limits(30))
    resident = await opened(street)
    await street.say(resident, *"一二三四五")
    while await street.relay.deliver_one("telegram"):
        pass
    assert len(texts(street, resident)) == 2  # three at once, with the answer to the first line
    for count in (3, 4, 5):
        street.clock.advance(1.01)  # a wait is rounded up
        while await street.relay.deliver_one("telegram"):
            pass
        assert len(texts(street, resident)) == count


async def test_the_running_relay_wakes_by_commits(street_on_any: Street) -> None:
    street = street_on_any
    world = street.api.world
    residents = [world.person(f"居民{n}") for n in range(20)]
    street.run()
    for resident in residents:
        world.text(resident, "一\n二\n三")
    await street.hears(60)
    for resident in residents:
        assert [said.text for said in world.sent(resident)] == ["一", "二", "三"]
    assert world.updates == world.updates


async def test_what_another_process_commits_is_found_too(
    street_on_any: Street, tmp_path: Path
) -> None:
    """Nobody wakes the relay: it looks again by itself."""
    street = street_on_any
    resident = await opened(street)
    street.clock.stopped = None
    street.run(channel=False)
    store = open_store(street.store.url.render_as_string(hide_password=False))
    await build_street(street.api, store, tmp_path).say(resident, "来自另一个进程")
    await street.hears(2, resident)
    await store.close()
    assert texts(street, resident) == ["来自另一个进程"]
