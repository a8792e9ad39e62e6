"""Two leave at once, beside residents who write: PostgreSQL finds nobody waiting in a circle."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from casework.case import SlotValue
from casework.desk import cases as desk
from casework.desk import leaving
from casework.desk.assigning import Whereabouts
from casework.desk.conversations import open_conversation, receive
from casework.organisation import Officer, Role, Unit
from casework.ports import Transaction
from casework.turn import Inbound
from config.load import Book
from storage import schema
from storage.engine import SqlStore, open_store
from tests.storage.people import NOON

CHATS = 16


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[SqlStore]:
    await schema.upgrade(postgres_url)
    opened = open_store(postgres_url)
    yield opened
    await opened.close()


def crossed(tx: Transaction, book: Book) -> None:
    """Two officers own one case each of every resident: the first's in one order, the second's in
    the other."""
    tx.people.add_unit(Unit("s", "street", "青禾街道"))
    for unit, officer in (("g", "ann"), ("h", "bea")):
        tx.people.add_unit(Unit(unit, "grid", unit, "s"))
        tx.people.add_officer(Officer(officer, officer, officer, Role.GRID, unit))
    tx.people.add_officer(Officer("he", "he", "何敏", Role.STREET, "s"))
    order = [*range(CHATS), *reversed(range(CHATS))]
    for turn, chat in enumerate(order):
        talk = open_conversation(tx, "webchat", str(chat), "李", NOON)
        where = Whereabouts("g" if turn < CHATS else "h")
        slots = {"issue": SlotValue("电梯坏了")}
        opening = desk.Opening("property_management", slots, "电梯坏了", where=where)
        desk.file(tx, desk.draft(tx, talk, opening, NOON).number, book, NOON)


async def test_nobody_waits_in_a_circle(store: SqlStore, book: Book) -> None:
    await store.write(lambda tx: crossed(tx, book))

    tries: list[str] = []

    async def leaves(officer: str) -> int:
        def work(tx: Transaction) -> int:
            tries.append(officer)
            return leaving.leave(tx, officer, book, NOON).cases

        return await store.write(work)

    async def writes(chat: int) -> None:
        def work(tx: Transaction) -> None:
            talk, _, _ = receive(tx, Inbound("webchat", f"w{chat}", str(chat), NOON, "在吗"))
            for case in tx.cases.of_conversation(talk.id):
                desk.urge(tx, case.number, NOON)

        await store.write(work)

    left = await asyncio.gather(leaves("ann"), leaves("bea"), *map(writes, range(CHATS)))
    assert left[:2] == [CHATS, CHATS]
    # A store tries again what was ended for waiting in a circle: nobody had to be.
    assert sorted(tries) == ["ann", "bea"]
    owners = await store.read(
        lambda tx: (
            {case.owner_id for case in tx.cases.of_owner("he")}
            | {case.owner_id for who in ("ann", "bea") for case in tx.cases.of_owner(who)}
        )
    )
    assert owners == {"he"}
    assert len(await store.read(lambda tx: tx.cases.of_owner("he"))) == 2 * CHATS
