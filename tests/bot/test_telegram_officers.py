"""An officer's own chat: linked with a one-time code, and told when it is their turn."""

from __future__ import annotations

from casework.alerts import Alert, Procedure
from casework.desk import alerts as desk
from casework.desk.conversations import open_conversation
from casework.desk.digests import vouch
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from config.load import load_book
from tests.bot.telegram_street import Street

CODE = "WXYZ2345"


async def vouched(street: Street) -> None:
    """The street's officer on duty has made a code at the console."""

    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("s", "street", "青禾街道"))
        tx.people.add_officer(Officer("he", "he", "何敏", Role.STREET, "s"))
        vouch(tx, tx.people.officer("he"), CODE, street.clock())

    await street.store.write(work)


async def test_the_called_officer_reads_it_in_their_own_chat(street: Street) -> None:
    duty = street.api.world.person("何敏")
    await vouched(street)
    street.api.world.text(duty, f"/bind {CODE.lower()}")
    street.run()
    (linked,) = await street.hears(1, duty)
    assert "已收到" in linked.text

    def work(tx: Transaction) -> Alert:
        talk = open_conversation(tx, "webchat", "somebody", "李女士", street.clock())
        how = desk.Response(Procedure(), load_book().response.words)
        return desk.raise_alert(tx, talk, desk.Danger("R3", "self_harm"), how, street.clock())

    await street.store.write(work)
    _, told = await street.hears(2, duty)
    assert "R3" in told.text
    assert "李女士" not in told.text


async def test_a_wrong_code_links_nobody_and_is_no_complaint(street: Street) -> None:
    stranger = street.api.world.person("路人")
    await vouched(street)
    street.api.world.text(stranger, "/bind AAAA2222")
    street.run()
    (refused,) = await street.hears(1, stranger)
    assert "绑定码不对" in refused.text
    assert await street.store.read(lambda tx: tx.alerts.chats_of("he")) == []
    found = await street.store.read(lambda tx: tx.conversations.of_chat("telegram", str(stranger)))
    assert found is None
