"""The cast of the storage tests."""

from datetime import UTC, datetime, timedelta

from casework.conversation import Conversation
from casework.desk.conversations import open_conversation
from casework.organisation import Officer, Place, Role, Unit
from casework.ports import Store, Transaction
from casework.turn import Inbound

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def line(text: str, key: str, chat: str = "42", channel: str = "telegram") -> Inbound:
    """A resident's line."""
    return Inbound(channel, key, chat, NOON, text=text, sender_name="李")


async def cast(store: Store) -> None:
    """A street with one grid; an officer on each level."""

    def work(tx: Transaction) -> None:
        tx.people.add_unit(Unit("s", "street", "青禾街道"))
        tx.people.add_unit(Unit("g", "grid", "第一网格", "s"))
        tx.people.add_place(Place("翠湖花园", "g", ("翠湖",)))
        tx.people.add_officer(Officer("zhou", "zhou", "周小兰", Role.GRID, "g"))
        tx.people.add_officer(Officer("he", "he", "何敏", Role.STREET, "s"))

    await store.write(work)


async def conversation(store: Store, chat: str = "42", channel: str = "telegram") -> Conversation:
    """An open conversation."""
    return await store.write(lambda tx: open_conversation(tx, channel, chat, "李", NOON))
