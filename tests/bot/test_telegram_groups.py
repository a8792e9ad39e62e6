"""What the bot does in residents' groups, and what it leaves alone."""

import pytest

from bot.groups import QUIET
from casework.desk.digests import vouch
from casework.events import Kind
from casework.groups import Group
from casework.organisation import Officer, Role, Unit
from casework.outbox import DeliveryError
from casework.ports import Transaction
from tests.bot.telegram_street import Street
from tests.bot_api.faults import Fault

CODE = "ABCD2345"


async def vouched(street: Street, code: str = CODE) -> None:
    """An officer has given somebody a one-time code."""

    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("g", "grid", "第一网格"))
        tx.people.add_officer(Officer("zhou", "zhou", "周小兰", Role.GRID, "g"))
        vouch(tx, tx.people.officer("zhou"), code, street.clock())

    await street.store.write(work)


async def groups(street: Street) -> list[Group]:
    """The bound groups."""
    return await street.store.read(lambda tx: tx.groups.all())


async def answers(street: Street, chat: int, count: int) -> list[str]:
    """What the bot said in the group, once it said that much."""
    return [said.text for said in await street.hears(count, chat)]


async def test_an_admin_binds_the_group_with_an_officers_code(street_on_any: Street) -> None:
    street = street_on_any
    world = street.api.world
    admin, member = world.person("群主"), world.person("邻居")
    group = world.group("幸福里业主群", admins=[admin], members=[member])
    await vouched(street)
    world.text(group, f"/bind {CODE.lower()}", sender=admin)
    street.run()
    (answer,) = await answers(street, group, 1)
    assert "https://t.me/jiesu_test_bot?start=digest" in answer
    (bound,) = await groups(street)
    assert (bound.chat, bound.title, bound.unit_id) == (str(group), "幸福里业主群", "g")
    events = await street.store.read(lambda tx: tx.events.after(0, 50))
    assert [event.kind for event in events if event.kind is Kind.GROUP_BOUND] == [Kind.GROUP_BOUND]
    assert await street.channel.admins(str(group)) == [str(admin)]


async def test_the_code_works_once_and_only_for_admins(street: Street) -> None:
    world = street.api.world
    admin, member = world.person("群主"), world.person("邻居")
    group = world.group("幸福里", admins=[admin], members=[member])
    other = world.group("另一个群", admins=[admin])
    await vouched(street)
    street.run()
    world.text(group, f"/bind {CODE}", sender=member)
    assert "只有群管理员" in (await answers(street, group, 1))[-1]
    # Anybody writing in the group's own name might be an admin; Telegram does not say which.
    world.text(group, f"/bind {CODE}", sender=admin, sender_chat={"id": group, "type": "group"})
    assert "只有群管理员" in (await answers(street, group, 2))[-1]
    world.text(group, "/bind", sender=admin)
    assert "绑定码" in (await answers(street, group, 3))[-1]
    world.text(group, "/bind WRONG", sender=admin)
    assert "不对" in (await answers(street, group, 4))[-1]
    assert await groups(street) == []
    world.text(group, f"/bind@jiesu_test_bot {CODE}", sender=admin)
    assert "已绑定" in (await answers(street, group, 5))[-1]
    world.text(other, f"/bind {CODE}", sender=admin)
    assert "已用过" in (await answers(street, other, 1))[-1]
    assert [each.chat for each in await groups(street)] == [str(group)]


async def test_the_same_bind_delivered_twice_calls_nothing_wrong(street: Street) -> None:
    world = street.api.world
    admin = world.person("群主")
    group = world.group("幸福里", admins=[admin])
    await vouched(street)
    update = world.text(group, f"/bind {CODE}", sender=admin)
    street.run()
    await answers(street, group, 1)
    world.redeliver(update)
    assert "已经绑定" in (await answers(street, group, 2))[-1]
    assert len(await groups(street)) == 1


async def test_when_telegram_cannot_say_who_is_admin_nothing_is_used_up(street: Street) -> None:
    world = street.api.world
    admin = world.person("群主")
    group = world.group("幸福里", admins=[admin])
    await vouched(street)
    street.api.faults.append(Fault("server", method="getChatMember"))
    world.text(group, f"/bind {CODE}", sender=admin)
    street.run()
    assert "过一会儿" in (await answers(street, group, 1))[-1]
    world.text(group, f"/bind {CODE}", sender=admin)
    assert "已绑定" in (await answers(street, group, 2))[-1]


async def test_chatter_is_not_stored_and_not_answered(street: Street) -> None:
    world = street.api.world
    one, other = world.person("甲"), world.person("乙")
    group = world.group("幸福里", admins=[one], members=[other])
    street.run()
    world.text(group, "物业又涨价了", sender=one)
    world.text(group, "/weather@other_bot", sender=other)
    world.text(group, "@somebody 你说呢", sender=one)
    world.media(group, "photo", b"x", sender=other)
    world.location(group, 30.25, 120.125, sender=other)
    world.text(one, "你好")
    await street.hears(1, one)
    await street.acknowledged()
    assert world.sent(group) == []
    stored = await street.store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT count(*) FROM turns").scalar_one()
    )
    assert stored == 2  # the private line and its answer


@pytest.mark.parametrize("how", ["mention", "reply", "command"])
async def test_who_speaks_to_the_bot_in_a_group_is_asked_to_write_privately(
    street: Street, how: str
) -> None:
    world = street.api.world
    resident = world.person("王大姐")
    group = world.group("幸福里", admins=[], members=[resident])
    street.run()
    more = {}
    if how == "reply":
        more["reply_to_message"] = world.bot_says(group, "sendMessage", "大家好").raw
    words = {"mention": "@Jiesu_Test_Bot 我家漏水", "reply": "我家漏水", "command": "/start"}
    before = len(world.sent(group))
    world.text(group, words[how], sender=resident, **more)
    answer = (await answers(street, group, before + 1))[-1]
    assert "https://t.me/jiesu_test_bot?start=group" in answer
    assert "漏水" not in answer
    world.text(group, "@jiesu_test_bot 在吗", sender=resident)  # too soon to say it again
    world.text(resident, "我家漏水")
    await street.hears(1, resident)
    await street.acknowledged()
    assert len(world.sent(group)) == before + 1
    street.clock.advance(QUIET.total_seconds())
    world.text(group, "@jiesu_test_bot 在吗", sender=resident)
    await answers(street, group, before + 2)


async def test_a_new_group_is_told_what_the_bot_does(street: Street) -> None:
    world = street.api.world
    admin = world.person("群主")
    group = world.group("幸福里", admins=[admin])
    world.chats[group].bot_status = "left"
    street.run()
    world.membership(group, "member", sender=admin)
    assert "/bind" in (await answers(street, group, 1))[0]
    world.membership(group, "kicked", sender=admin)
    await street.acknowledged()
    assert len(world.sent(group)) == 1


async def test_an_admin_who_opens_the_digest_is_no_complainant(street: Street) -> None:
    world = street.api.world
    admin = world.person("群主")
    world.text(admin, "/start digest")
    street.run()
    (answer,) = await answers(street, admin, 1)
    assert "摘要" in answer
    found = await street.store.read(lambda tx: tx.conversations.of_chat("telegram", str(admin)))
    assert found is None


async def test_a_bound_group_keeps_its_digest_when_it_becomes_a_supergroup(
    street_on_any: Street,
) -> None:
    street = street_on_any
    world = street.api.world
    admin = world.person("群主")
    group = world.group("幸福里", admins=[admin])
    await vouched(street)
    world.text(group, f"/bind {CODE}", sender=admin)
    street.run()
    await answers(street, group, 1)
    new = world.migrate(group)
    await street.acknowledged()
    assert [each.chat for each in await groups(street)] == [str(new)]
    assert await street.channel.admins(str(new)) == [str(admin)]
    with pytest.raises(DeliveryError) as moved:
        await street.channel.admins(str(group))
    assert moved.value.moved_to == str(new)


@pytest.mark.parametrize(
    ("fault", "permanent"), [("kicked", True), ("no_chat", True), ("server", False)]
)
async def test_admins_that_cannot_be_asked_for(street: Street, fault: str, permanent: bool) -> None:
    group = street.api.world.group("幸福里", admins=[street.api.world.person()])
    street.api.faults.append(Fault(fault, method="getChatAdministrators"))
    with pytest.raises(DeliveryError) as refused:
        await street.channel.admins(str(group))
    assert refused.value.permanent is permanent
